//! `qiyema issue …`. Every verb sends the version the officer saw: given, or read just before.

use std::io::Read as _;

use qiyema_protocol::{
    clocks::ClockKind,
    staff::{Accept, Assign, Close, Extend, IssueList, IssueView, NewIssue, Progress, Report},
};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Context, enterprise, import, staff};
use crate::{
    args::staff::{Issue, Which},
    board, clock,
    exit::Failure,
    output,
};

/// Runs an issue verb.
pub fn run(c: &Context, verb: Issue) -> Result<(), Failure> {
    match verb {
        Issue::Register { enterprise, subject, body, category, channel } => {
            let id = enterprise::id(c, &enterprise)?;
            let new = NewIssue { subject, body: text(body)?, category, channel, ..NewIssue::default() };
            show(c, &staff::post(c, &format!("enterprises/{id}/issues"), &new)?)
        }
        Issue::Import { file, channel, dry_run, failures } => {
            import::run(c, &import::Wish { file, channel, dry_run, failures })
        }
        Issue::List { state, query, after } => list(c, state, query, after),
        Issue::Show { number } => show(c, &read(c, &number)?),
        Issue::Accept(which) => send(c, &which, "acceptance", |version| Accept { version }),
        Issue::Assign { which, unit, handler, assisting } => {
            send(c, &which, "assignment", |version| Assign { version, unit, handler, assisting })
        }
        Issue::Step { which, verb, set } => {
            let mut body = fields(set)?;
            send(c, &which, verb.noun(), |version| {
                body.insert("version".to_owned(), version.into());
                body
            })
        }
        Issue::Progress { which, note } => {
            let note = text(note)?;
            send(c, &which, "progress", |version| Progress { version, note })
        }
        Issue::Extend { which, days, reason, note } => {
            send(c, &which, "extension", |version| Extend { version, working_days: days, reason, note })
        }
        Issue::Report { which, result, reply } => {
            let reply = text(reply)?;
            send(c, &which, "result", |version| Report { version, result, reply })
        }
        Issue::Close(which) => send(c, &which, "closure", |version| Close { version }),
    }
}

fn send<B: Serialize>(
    c: &Context,
    which: &Which,
    noun: &str,
    body: impl FnOnce(i32) -> B,
) -> Result<(), Failure> {
    let number = super::segment("NUMBER", &which.number)?;
    let version = match which.version {
        Some(version) => version,
        None => read(c, number)?.version,
    };
    show(c, &staff::post(c, &format!("issues/{number}/{noun}"), &body(version))?)
}

fn read(c: &Context, number: &str) -> Result<IssueView, Failure> {
    staff::get(c, &format!("issues/{}", super::segment("NUMBER", number)?))
}

fn list(
    c: &Context,
    state: Option<qiyema_protocol::board::State>,
    query: Option<String>,
    after: Option<String>,
) -> Result<(), Failure> {
    let state = state.map(word).transpose()?.unwrap_or_default();
    let (query, after) = (query.unwrap_or_default(), after.unwrap_or_default());
    let asked = [("state", state.as_str()), ("q", &query), ("after", &after)];
    let page: IssueList = staff::get(c, &super::with_query("issues", &asked)?)?;
    if c.json {
        return output::json(&page);
    }
    let mut rows = Vec::new();
    for issue in page.issues {
        let promise = issue.promise.map(|d| d.to_string()).unwrap_or_default();
        let mut lamp = board::lamp_word(c.lang, issue.lamp).to_owned();
        // Which limit the lamp is of.
        if let Some(first) = issue.clocks.iter().find(|one| one.kind != ClockKind::Rate) {
            lamp = format!("{lamp} {}", word(first.kind)?);
        }
        let unit = issue.unit.unwrap_or_default();
        rows.push(vec![
            issue.number,
            word(issue.state)?,
            lamp,
            promise,
            unit,
            issue.enterprise_name,
            issue.subject,
        ]);
    }
    let zh = ["编号", "状态", "亮灯", "承诺", "单位", "企业", "问题"];
    let en = ["Number", "State", "Lamp", "Promise", "Unit", "Enterprise", "Subject"];
    super::table(if c.lang == crate::args::Lang::Zh { &zh } else { &en }, rows)?;
    if let Some(next) = page.next {
        output::people(&format!("{}: --after {}", c.lang.of("下一页", "next page"), output::clean(&next)));
    }
    Ok(())
}

fn show(c: &Context, issue: &IssueView) -> Result<(), Failure> {
    if c.json {
        return output::json(issue);
    }
    let (lamp, state) = (board::lamp(c.lang, issue.lamp), word(issue.state)?);
    output::line(&format!("{}  {state}  {lamp}  v{}", output::clean(&issue.number), issue.version))?;
    output::line(&output::clean(&format!("{} ({})", issue.enterprise_name, issue.enterprise)))?;
    output::line(&output::clean(&issue.subject))?;
    output::line(&output::lines(&issue.body))?;
    let submitted = clock::minute(issue.submitted_at);
    let source = [issue.category.as_str(), issue.channel.as_str(), submitted.as_str()].join(" · ");
    output::line(&output::clean(&source))?;
    let (unit, handler) = (issue.unit.as_deref().unwrap_or("-"), issue.handler.as_deref().unwrap_or("-"));
    output::line(&output::clean(&format!("{}: {unit} {handler}", c.lang.of("谁在负责", "Who"))))?;
    if let (Some(first), Some(promise)) = (issue.first_promise, issue.promise) {
        let guess = if issue.provisional { c.lang.of("（预计）", " (provisional)") } else { "" };
        let (label, before) = (c.lang.of("承诺办结", "Promise"), c.lang.of("首次", "first"));
        output::line(&format!("{label}: {promise}{guess} ({before} {first})"))?;
    }
    if let Some(review) = issue.review_on {
        output::line(&format!("{}: {review}", c.lang.of("下次评估", "Next review")))?;
    }
    for clock in &issue.clocks {
        let (kind, lamp) = (word(clock.kind)?, board::lamp(c.lang, clock.lamp));
        let late = clock.hours_over.map(|hours| [" ", &board::hours_over(c.lang, hours)].concat());
        output::line(&format!(
            "  {kind}: {}  {lamp}{}",
            clock::minute(clock.due_at),
            late.unwrap_or_default()
        ))?;
    }
    if !issue.verbs.is_empty() {
        let verbs = issue.verbs.iter().map(|verb| word(*verb)).collect::<Result<Vec<_>, _>>()?;
        output::line(&format!("{}: {}", c.lang.of("您可以", "You may"), verbs.join(", ")))?;
    }
    let next = issue.next.iter().map(|s| word(*s)).collect::<Result<Vec<_>, _>>()?;
    output::line(&format!("{}: {}", c.lang.of("下一步", "Next"), next.join(", ")))
}

/// The wire name of a value.
fn word(value: impl Serialize) -> Result<String, Failure> {
    Ok(serde_json::to_value(value)?.as_str().unwrap_or_default().to_owned())
}

/// The fields of a verb: JSON where it is JSON, else text.
pub fn fields(set: Vec<(String, String)>) -> Result<Map<String, Value>, Failure> {
    let mut body = Map::new();
    for (key, value) in set {
        let value = match serde_json::from_str(&value) {
            Ok(Value::Object(_)) | Err(_) => Value::String(text(value)?),
            Ok(json) => json,
        };
        body.insert(key, value);
    }
    Ok(body)
}

/// A text, or `-` for standard input.
fn text(given: String) -> Result<String, Failure> {
    if given != "-" {
        return Ok(given);
    }
    let mut all = String::new();
    std::io::stdin().take(64 * 1024).read_to_string(&mut all)?;
    Ok(all.trim().to_owned())
}
