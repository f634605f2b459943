//! The 19 questions that every industry is asked, in words for a reader with a phone and five minutes.

use super::{Choice, Question, QuestionKind, Section};

/// The industry's own section bears its name.
pub(super) const fn section_title(section: Section, industry: &str) -> &str {
    match section {
        Section::Business => "Your business",
        Section::Day => "Your day",
        Section::Tools => "Your tools",
        Section::Plans => "Your plans",
        Section::Industry => industry,
    }
}

/// In the order in which they are asked. Which tools can be chosen depends on the industry.
pub(super) fn all(choices_of_tools: Vec<Choice>) -> Vec<Question> {
    [business(), day(), tools(choices_of_tools), plans()].concat()
}

fn business() -> Vec<Question> {
    use Section::Business;
    vec![
        text("company_name", Business, "What is your company called?", "As it should stand on the report.", 120, false),
        integer(
            "employee_count",
            Business,
            "How many people work there?",
            "Everyone counts, you and part-time staff included.",
            (1, 5_000),
            "people",
        ),
        select(
            "annual_revenue_band",
            Business,
            "What is your revenue in a year?",
            "A rough band is enough. It keeps our estimates in proportion to your business.",
            &[
                ("under_100k", "Under €100,000"),
                ("100k_500k", "€100,000 to €500,000"),
                ("500k_1m", "€500,000 to €1 million"),
                ("1m_5m", "€1 million to €5 million"),
                ("5m_20m", "€5 million to €20 million"),
                ("over_20m", "Over €20 million"),
                ("prefer_not_say", "I would rather not say"),
            ],
        ),
        Question {
            required: false,
            default: Some(50),
            ..integer(
                "hourly_cost_eur",
                Business,
                "What does one hour of your team's work cost you?",
                "Wage plus taxes and benefits, on average. Leave it open and we count 50 euros, and say so.",
                (10, 300),
                "EUR an hour",
            )
        },
    ]
}

fn day() -> Vec<Question> {
    use Section::Day;
    vec![
        integer(
            "admin_hours_week",
            Day,
            "How many hours a week go into paperwork and admin?",
            "The whole team together: phone, mail, forms, invoices, reminders, typing things twice.",
            (0, 500),
            "hours a week",
        ),
        multi(
            "pain_points",
            Day,
            "Where does work pile up?",
            "Choose one to five, the worst first.",
            (1, 5),
            choices(&[
                ("customer_communication", "Answering customers"),
                ("document_processing", "Forms and documents"),
                ("scheduling", "Appointments and scheduling"),
                ("reporting", "Reports and figures"),
                ("sales_pipeline", "Winning new customers"),
                ("onboarding", "Taking on new customers or staff"),
                ("operations", "Running the daily work"),
                ("billing", "Invoices and payments"),
                ("marketing", "Marketing and reviews"),
            ]),
        ),
        text(
            "biggest_challenge",
            Day,
            "What is the one thing you would fix tomorrow?",
            "In your own words; one or two sentences are plenty. The report quotes it.",
            600,
            true,
        ),
        Question {
            required: false,
            ..text(
                "past_attempts",
                Day,
                "What have you tried already?",
                "A tool you gave up, a project that got stuck: it keeps us from suggesting it again.",
                400,
                true,
            )
        },
        select(
            "process_maturity",
            Day,
            "How settled is the way you work?",
            "Think of a task that comes up every day.",
            &[
                ("ad_hoc", "Everyone does it their own way"),
                ("repeatable", "We mostly do it alike, from memory"),
                ("defined", "It is written down and we follow it"),
                ("managed", "It is written down and we measure it"),
                ("optimizing", "We measure it and keep improving it"),
            ],
        ),
    ]
}

fn tools(tools: Vec<Choice>) -> Vec<Question> {
    use Section::Tools;
    vec![
        multi(
            "current_tools",
            Tools,
            "Which of these do you use today?",
            "Up to twelve. Tick nothing if you use none of them.",
            (0, 12),
            tools,
        ),
        scale(
            "integration_level",
            Tools,
            "How well do your tools work together?",
            "1: we type everything twice. 10: data flows by itself.",
        ),
        select(
            "data_location",
            Tools,
            "Where does most of your business data live?",
            "Customers, appointments, jobs, invoices.",
            &[
                ("paper", "On paper"),
                ("spreadsheets", "In spreadsheets"),
                ("several_disconnected", "In several tools that do not talk to each other"),
                ("single_system", "In one main system"),
                ("several_connected", "In several tools that are connected"),
            ],
        ),
        scale(
            "technology_comfort",
            Tools,
            "How at ease is your team with new technology?",
            "1: we avoid it. 10: we try everything.",
        ),
        select(
            "ai_experience",
            Tools,
            "How far along are you with AI?",
            "Assistants, chat bots, automatic phone answering and the like.",
            &[
                ("none", "Not at all so far"),
                ("experimenting", "We have tried a few things"),
                ("using", "We use it regularly"),
                ("scaling", "It is part of how we work"),
            ],
        ),
    ]
}

fn plans() -> Vec<Question> {
    use Section::Plans;
    vec![
        select(
            "implementation_capability",
            Plans,
            "Who could set up something new?",
            "The most skilled person who would really have the time.",
            &[
                ("non_technical", "Nobody technical"),
                ("tutorial_follower", "Someone who can follow a tutorial"),
                ("automation_user", "Someone who builds automations, such as Zapier"),
                ("ai_coder", "Someone who builds small apps with AI"),
                ("has_developers", "We have developers"),
            ],
        ),
        select(
            "implementation_preference",
            Plans,
            "How would you rather get there?",
            "There is no wrong answer; it decides which way we weigh first.",
            &[
                ("buy", "Buy something that is ready"),
                ("connect", "Connect good tools with each other"),
                ("build", "Build it ourselves"),
                ("hire", "Have someone build it for us"),
            ],
        ),
        select(
            "budget_comfort",
            Plans,
            "What could you comfortably spend a month?",
            "On new tools, all together.",
            &[
                ("low", "Less than €50"),
                ("moderate", "€50 to €200"),
                ("comfortable", "€200 to €500"),
                ("high", "€500 or more"),
            ],
        ),
        select(
            "implementation_urgency",
            Plans,
            "When do you want to see a change?",
            "The first one, not the last.",
            &[
                ("this_week", "This week"),
                ("this_month", "This month"),
                ("this_quarter", "Within three months"),
                ("no_rush", "There is no rush"),
            ],
        ),
        select(
            "decision_maker",
            Plans,
            "Who decides?",
            "About buying or changing a tool.",
            &[
                ("me", "I do"),
                ("me_input", "I do, after hearing others"),
                ("team", "We decide together"),
                ("other", "Someone else"),
            ],
        ),
    ]
}

fn text(id: &str, section: Section, title: &str, help: &str, max_length: u32, multiline: bool) -> Question {
    Question {
        max_length: Some(max_length),
        multiline: Some(multiline),
        ..Question::new(id, section, QuestionKind::Text, title, help)
    }
}

fn integer(id: &str, section: Section, title: &str, help: &str, (min, max): (i64, i64), unit: &str) -> Question {
    Question {
        min: Some(min),
        max: Some(max),
        unit: Some(unit.to_owned()),
        ..Question::new(id, section, QuestionKind::Integer, title, help)
    }
}

fn scale(id: &str, section: Section, title: &str, help: &str) -> Question {
    Question { min: Some(1), max: Some(10), ..Question::new(id, section, QuestionKind::Scale, title, help) }
}

fn select(id: &str, section: Section, title: &str, help: &str, options: &[(&str, &str)]) -> Question {
    Question { options: choices(options), ..Question::new(id, section, QuestionKind::Select, title, help) }
}

fn multi(
    id: &str,
    section: Section,
    title: &str,
    help: &str,
    (min, max): (u32, u32),
    options: Vec<Choice>,
) -> Question {
    Question {
        min_items: Some(min),
        max_items: Some(max),
        options,
        ..Question::new(id, section, QuestionKind::Multi, title, help)
    }
}

fn choices(options: &[(&str, &str)]) -> Vec<Choice> {
    let choice = |&(value, label): &(&str, &str)| Choice { value: value.to_owned(), label: label.to_owned() };
    options.iter().map(choice).collect()
}
