//! A visitor looks around: industries, a questionnaire, vendors, the sample report, and some of it a second time.

use serde_json::Value;

use super::{chosen, text};
use crate::caller::{Answer, Call, Expect};
use crate::visit::{Step, Stop, Visit};

const OK: Expect = Expect::Status(200);

pub async fn travel(visit: &mut Visit<'_>) -> Step {
    let industries = visit.call(Call::new("industry_list", OK)).await?;
    let list = read(&industries).await?;
    let slugs: Vec<&str> =
        list["items"].as_array().into_iter().flatten().filter_map(|item| item["slug"].as_str()).collect();
    let Some(industry) = chosen(visit, &slugs).map(|slug| (*slug).to_owned()) else {
        visit.world.ledger.schema_fault("the list of industries is empty".to_owned());
        return Err(Stop::Wrong);
    };
    visit.think(1.0..=3.0).await?;
    let questionnaire = visit.call(Call::new("questionnaire_view", OK).at("industry", &industry)).await?;
    visit.think(1.0..=3.0).await?;
    visit.call(Call::new("tier_list", OK)).await?;
    visit.think(0.5..=1.5).await?;
    let vendors = visit.call(Call::new("vendor_list", OK).query("industry", industry.as_str())).await?;
    let page = read(&vendors).await?;
    visit.think(1.0..=3.0).await?;
    let items = page["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    if let Some(vendor) = chosen(visit, items) {
        let slug = text(visit, vendor, "slug")?;
        visit.call(Call::new("vendor_view", OK).at("slug", &slug)).await?;
        visit.think(1.0..=3.0).await?;
    }
    visit.call(Call::new("report_sample_view", OK)).await?;
    visit.think(2.0..=4.0).await?;
    // Back again: the browser holds these already.
    again(visit, Call::new("industry_list", Expect::Status(304)), &industries).await?;
    visit.think(0.5..=1.5).await?;
    let call = Call::new("questionnaire_view", Expect::Status(304)).at("industry", &industry);
    again(visit, call, &questionnaire).await?;
    visit.think(1.0..=3.0).await
}

async fn again(visit: &mut Visit<'_>, call: Call<'_>, held: &Answer) -> Step {
    let Some(tag) = held.tag() else {
        visit.world.ledger.fault("no_tag", format!("{} came without an ETag", call.name()));
        return Err(Stop::Wrong);
    };
    visit.call(call.labelled("unchanged").header("if-none-match", tag)).await.map(drop)
}

async fn read(answer: &Answer) -> Step<Value> {
    // A body that is no JSON breaks its schema, and the first of each kind is held against that.
    answer.json().await.map_err(|_| Stop::Wrong)
}
