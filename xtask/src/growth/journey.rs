//! The whole journey, operation by operation, each timed by itself: buyer, reader, operator.

use std::cell::Cell;
use std::time::Instant;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::binaries::Measured;
use crate::buyer::Shop;
use crate::product::{self, Plan, Product};
use crate::{process, usage};

/// What an operation costs once.
pub struct Cost {
    pub name: &'static str,
    p50_ms: f64,
    product_ms: f64,
    postgres_ms: f64,
}

impl Cost {
    pub fn figures(&self) -> String {
        let Self { p50_ms, product_ms, postgres_ms, .. } = self;
        format!("{p50_ms:.2}, {product_ms:.2}, {postgres_ms:.2}")
    }

    pub fn told(&self) -> String {
        let Self { name, p50_ms, product_ms, postgres_ms } = self;
        format!("{name} | {p50_ms:.2} | {product_ms:.2} | {postgres_ms:.2}")
    }

    pub fn json(&self) -> Value {
        let Self { name, p50_ms, product_ms, postgres_ms } = self;
        json!({"operation": name, "p50_ms": p50_ms, "cpu_ms": product_ms, "postgres_cpu_ms": postgres_ms})
    }
}

/// Measures what is done again and again, and gives what each time gave.
struct Stopwatch {
    product: u32,
    postgres: u32,
    costs: Vec<Cost>,
}

impl Stopwatch {
    fn each<T, R>(&mut self, name: &'static str, over: &[T], act: impl Fn(&T) -> Result<R>) -> Result<Vec<R>> {
        let look =
            || Ok::<_, anyhow::Error>((usage::cpu_nanoseconds(self.product)?, usage::cpu_seconds(self.product)?));
        let before = (look()?, usage::family_nanoseconds(self.postgres)?);
        let mut times = Vec::new();
        let mut results = Vec::new();
        for one in over {
            let begin = Instant::now();
            results.push(act(one).with_context(|| name.to_owned())?);
            times.push(begin.elapsed().as_secs_f64() * 1000.0);
        }
        let after = (look()?, usage::family_nanoseconds(self.postgres)?);
        times.sort_by(f64::total_cmp);
        let count = over.len() as f64;
        self.costs.push(Cost {
            name,
            p50_ms: times[times.len() / 2],
            product_ms: usage::milliseconds_between(before.0, after.0) / count,
            postgres_ms: after.1.saturating_sub(before.1) as f64 / 1e6 / count,
        });
        Ok(results)
    }
}

pub fn walk(programs: &Measured, plan: &Plan, product: &Product, postgres: u32, repeats: usize) -> Result<Vec<Cost>> {
    let shop = product.shop();
    // What is made at a first request, connections above all, is not what grows.
    shop.buy()?;
    let mut watch = Stopwatch { product: product.id(), postgres, costs: Vec::new() };
    let turns: Vec<usize> = (0..repeats).collect();
    let quizzes = watch.each("session_create", &turns, |_| shop.begin())?;
    watch.each("session_answer", &quizzes, |quiz| shop.answer(quiz))?;
    watch.each("session_complete", &quizzes, |quiz| shop.finish(quiz))?;
    let read = |path: &str, token: &str| shop.call("GET", path, Some(token), None)?.of(200).map(drop);
    watch.each("session_view", &quizzes, |quiz| read(&format!("/quiz/sessions/{}", quiz.id), &quiz.token))?;
    watch.each("teaser_view", &quizzes, |quiz| read(&format!("/quiz/sessions/{}/teaser", quiz.id), &quiz.token))?;
    let orders = watch.each("order_create", &quizzes, |quiz| shop.order(quiz))?;
    // The report is written while the next one is paid for: paid and written are one figure.
    let pairs: Vec<_> = quizzes.iter().zip(&orders).collect();
    let reports = watch.each("payment and report", &pairs, |(quiz, order)| {
        shop.pay(order)?;
        let report = shop.bought(quiz, order)?;
        shop.await_ready(&report)?;
        Ok(report)
    })?;
    watch.each("order_view", &pairs, |(quiz, order)| read(&format!("/orders/{}", order.id), &quiz.token))?;
    watch.each("report_view", &reports, |report| read(&format!("/reports/{}", report.id), &report.token))?;
    watch.each("report_follow", &reports, |report| read(&format!("/reports/{}/events", report.id), &report.token))?;
    watch.each("report_download", &reports, |report| read(&format!("/reports/{}/pdf", report.id), &report.token))?;
    watch.each("report_resend", &reports, |report| {
        let path = format!("/reports/{}/resend", report.id);
        shop.call("POST", &path, Some(&report.token), None)?.of(202).map(drop)
    })?;
    watch.each("vendor_list", &turns, |_| vendors(shop))?;

    let token = admin_token(programs, plan, shop)?;
    for (name, path) in [
        ("admin_report_list", "/admin/reports"),
        ("admin_report_list, failed", "/admin/reports?status=failed"),
        ("admin_audit_list", "/admin/audit"),
        ("admin_stats_view", "/admin/stats"),
    ] {
        watch.each(name, &turns, |_| read(path, &token))?;
    }
    watch
        .each("admin_call_list", &reports, |report| read(&format!("/admin/reports/{}/llm-calls", report.id), &token))?;
    watch.each("health_detail", &turns, |_| {
        crate::call::call(shop.port, "GET", "/api/health/detailed", &[], None)?.of(200).map(drop)
    })?;
    Ok(watch.costs)
}

/// What reads the catalogue: a page of it that nobody has cached, and an order, which drafts a report by rule.
pub fn catalogue(product: &Product, postgres: u32, repeats: usize) -> Result<Vec<Cost>> {
    let shop = product.shop();
    shop.buy()?;
    let mut watch = Stopwatch { product: product.id(), postgres, costs: Vec::new() };
    let turns: Vec<usize> = (0..repeats).collect();
    watch.each("vendor_list", &turns, |_| vendors(shop))?;
    let limits = Cell::new(0);
    watch.each("vendor_list, never asked before", &turns, |_| {
        limits.set(limits.get() + 1);
        let path = format!("/vendors?query=a&limit={}", limits.get());
        shop.call("GET", &path, None, None)?.of(200).map(drop)
    })?;
    let quizzes = turns
        .iter()
        .map(|_| {
            let quiz = shop.answered()?;
            shop.finish(&quiz)?;
            Ok(quiz)
        })
        .collect::<Result<Vec<_>>>()?;
    watch.each("order_create", &quizzes, |quiz| shop.order(quiz))?;
    watch.each("a report, from quiz to ready", &turns, |_| shop.buy())?;
    Ok(watch.costs)
}

fn vendors(shop: &Shop) -> Result<()> {
    let gzip = [("Accept-Encoding", "gzip")];
    shop.call_with("GET", "/vendors", None, &gzip, None)?.of(200).map(drop)
}

fn admin_token(programs: &Measured, plan: &Plan, shop: &Shop) -> Result<String> {
    let mut command = product::crb(programs, plan, shop);
    let printed = process::output("crb admin-token", command.args(["admin-token", "--actor", "developer"]))?;
    let token = printed.lines().rev().map(str::trim).find(|line| !line.is_empty());
    Ok(token.context("crb admin-token printed nothing")?.to_owned())
}
