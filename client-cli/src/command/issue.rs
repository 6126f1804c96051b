//! `qiyema issue …`. Every verb sends the version the officer saw: given, or read just before.

mod files;
mod list;
mod several;

use std::io::Read as _;

use qiyema_protocol::{
    intake::Contact,
    staff::{
        Accept, Assign, AssignSeveral, Close, Extend, IssueView, NewIssue, Progress, RemindSeveral, Report,
    },
    verb::Verb,
    words,
};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Context, enterprise, import, names::Names, staff};
use crate::{
    args::issue::{Issue, Which},
    board, clock,
    exit::Failure,
    output,
};

/// Runs an issue verb.
pub fn run(c: &Context, verb: Issue) -> Result<(), Failure> {
    match verb {
        Issue::Register {
            enterprise,
            subject,
            body,
            category,
            channel,
            reference,
            level,
            contact_name,
            contact_phone,
            contact_email: email,
        } => {
            let id = enterprise::id(c, &enterprise)?;
            let contact = contact_name.zip(contact_phone);
            let contact = contact.map(|(name, phone)| Contact { name, phone, email });
            let body = text(body)?;
            let new = NewIssue { subject, body, category, channel, reference, level, contact };
            show(c, &staff::post(c, &format!("enterprises/{id}/issues"), &new)?)
        }
        Issue::Import { file, channel, dry_run, failures } => {
            import::run(c, &import::Wish { file, channel, dry_run, failures })
        }
        Issue::List { filter, after } => list::list(c, &filter, after.as_deref()),
        Issue::Export { file, filter } => list::export(c, &filter, &file),
        Issue::Desk => list::desk(c),
        Issue::AssignMany { numbers, unit, handler, assisting } => {
            let issues = several::seen(c, &numbers)?;
            several::send(c, "issues/assignments", &AssignSeveral { issues, unit, handler, assisting })
        }
        Issue::RemindMany { numbers, note } => {
            let issues = several::seen(c, &numbers)?;
            several::send(c, "issues/reminders", &RemindSeveral { issues, note })
        }
        Issue::Attach { number, files, for_owner } => files::attach(c, &number, &files, for_owner),
        Issue::Files { number, save } => files::list(c, &number, save.as_deref()),
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

fn show(c: &Context, issue: &IssueView) -> Result<(), Failure> {
    if c.json {
        return output::json(issue);
    }
    let names = Names::ask(c);
    let (lamp, state) = (board::lamp(c.lang, issue.lamp), said(c, words::state(issue.state)));
    output::line(&format!("{}  {state}  {lamp}  v{}", output::clean(&issue.number), issue.version))?;
    output::line(&output::clean(&format!("{} ({})", issue.enterprise_name, issue.enterprise)))?;
    output::line(&output::clean(&issue.subject))?;
    output::line(&output::lines(&issue.body))?;
    let submitted = clock::minute(issue.submitted_at);
    let source =
        [names.category(c, &issue.category), names.channel(c, &issue.channel), submitted].join(" · ");
    output::line(&output::clean(&source))?;
    let kind = [said(c, words::grade(issue.grade)), said(c, words::level(issue.level))].join(" · ");
    output::line(&kind)?;
    let unit = issue.unit.as_deref().map_or_else(|| "-".to_owned(), |unit| names.unit(c, unit));
    let handler = issue.handler.as_deref().map_or_else(|| "-".to_owned(), |who| names.handler(who));
    output::line(&output::clean(&format!("{}: {unit} {handler}", c.lang.of("谁在负责", "Who"))))?;
    if let (Some(first), Some(promise)) = (issue.first_promise, issue.promise) {
        let guess = if issue.provisional { c.lang.of("（预计）", " (provisional)") } else { "" };
        let (label, before) = (c.lang.of("承诺办结", "Promise"), c.lang.of("首次", "first"));
        output::line(&format!("{label}: {promise}{guess} ({before} {first})"))?;
    }
    if let Some(review) = issue.review_on {
        output::line(&format!("{}: {review}", c.lang.of("复核期限", "Review due")))?;
    }
    for clock in &issue.clocks {
        let (kind, lamp) = (said(c, words::clock(clock.kind)), board::lamp(c.lang, clock.lamp));
        let late = clock.hours_over.map(|hours| [" ", &board::hours_over(c.lang, hours)].concat());
        let (until, late) = (clock::minute(clock.due_at), late.unwrap_or_default());
        let guess = if clock.provisional { c.lang.of("（预计）", " (provisional)") } else { "" };
        output::line(&format!("  {kind}: {until}{guess}  {lamp}{late}"))?;
    }
    if !issue.verbs.is_empty() {
        // The word is for reading, the identifier for `issue step`.
        let verb = |verb: &Verb| Ok(format!("{} ({})", said(c, words::verb(*verb)), word(*verb)?));
        let verbs = issue.verbs.iter().map(verb).collect::<Result<Vec<_>, Failure>>()?;
        output::line(&format!("{}: {}", c.lang.of("您可以", "You may"), verbs.join(c.lang.of("、", ", "))))?;
    }
    let next: Vec<&str> = issue.next.iter().map(|state| said(c, words::state(*state))).collect();
    output::line(&format!("{}: {}", c.lang.of("下一步", "Next"), next.join(c.lang.of("、", ", "))))
}

/// A word in the reader's language.
const fn said(c: &Context, (zh, en): words::Pair) -> &'static str {
    c.lang.of(zh, en)
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
