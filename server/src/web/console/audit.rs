//! The audit trail, readable and as a file.

use actix_web::{HttpResponse, web::Query};
use serde::Deserialize;

use super::{
    export,
    issues::{encoded, file},
    staff::ConsoleStaff,
};
use crate::{
    actions::audit::{self, Ask, Record},
    domain::event::Kind,
    web::{
        problem::Refusal,
        refusals::internal,
        view::console::{audit::AuditPage, form::Choice, issues::Pick},
        words::console::{issue as said, list::ListWords, registers::RegisterWords},
    },
};

/// Records on one page.
const PAGE: usize = 100;
/// Records in a file at most.
const MOST: usize = 10_000;

/// The filter as it stands in the address.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Find {
    number: Option<String>,
    username: Option<String>,
    kind: Option<String>,
    day: Option<String>,
    after: Option<String>,
}

impl Find {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("number", &self.number),
            ("username", &self.username),
            ("kind", &self.kind),
            ("day", &self.day),
        ];
        let set = all.into_iter().filter_map(|(name, value)| Some((name, value.clone()?.trim().to_owned())));
        set.filter(|(_, value)| !value.is_empty()).collect()
    }

    fn value(&self, name: &str) -> Option<String> {
        self.pairs().into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    fn ask(&self) -> Ask {
        Ask {
            number: self.value("number"),
            username: self.value("username"),
            kind: self.value("kind").and_then(|word| serde_json::from_value(word.into()).ok()),
            day: self.value("day").and_then(|day| day.parse().ok()),
            after: self.after.as_deref().and_then(|key| {
                let (micros, id) = key.split_once('.')?;
                Some((chrono::DateTime::from_timestamp_micros(micros.parse().ok()?)?, id.to_owned()))
            }),
        }
    }
}

/// Kinds that can be asked for, in the order of the workflow.
const KINDS: [Kind; 32] = [
    Kind::Submitted,
    Kind::Accepted,
    Kind::Rejected,
    Kind::SupplementAsked,
    Kind::Assigned,
    Kind::SignedFor,
    Kind::ReturnRequested,
    Kind::ReturnRuled,
    Kind::Progressed,
    Kind::Extended,
    Kind::ConferenceHeld,
    Kind::Deferred,
    Kind::Reported,
    Kind::SentBack,
    Kind::Closed,
    Kind::Rated,
    Kind::RatingAppealed,
    Kind::AppealDecided,
    Kind::RatingExcluded,
    Kind::RectificationStarted,
    Kind::Reopened,
    Kind::Archived,
    Kind::Withdrawn,
    Kind::Merged,
    Kind::EnterpriseRegistered,
    Kind::EnterpriseRenamed,
    Kind::CodeIssued,
    Kind::CodeRevoked,
    Kind::CodeSuspended,
    Kind::CodeResumed,
    Kind::CodePrinted,
    Kind::PinReset,
];

/// `GET /console/audit`.
pub async fn list(staff: ConsoleStaff, find: Query<Find>) -> Result<HttpResponse, Refusal> {
    let find = find.into_inner();
    let ask = find.ask();
    let (records, more) =
        staff.read(move |db, actor, rules, _| audit::page(db, actor, &ask, PAGE, rules)).await?;
    let lang = staff.lang;
    let any = Choice::new("", ListWords::of(lang).any);
    let kinds = KINDS.into_iter().map(|kind| {
        Choice::new(crate::store::columns::word(kind).unwrap_or_default(), said::event(lang, kind))
    });
    let kind = Pick {
        name: "kind",
        label: RegisterWords::of(lang).kind,
        value: find.value("kind").unwrap_or_default(),
        choices: std::iter::once(any).chain(kinds).collect(),
    };
    let key = |record: &Record| format!("{}.{}", record.at.timestamp_micros(), record.id);
    let page = AuditPage {
        frame: staff.frame(),
        next: if more { records.last().map(key) } else { None },
        records,
        number: find.value("number").unwrap_or_default(),
        username: find.value("username").unwrap_or_default(),
        day: find.value("day").unwrap_or_default(),
        kind,
        query: encoded(&find.pairs()),
        later: find.after.is_some(),
        zone: staff.shared.rules().zone,
    };
    Ok(staff.page(page.render()))
}

/// `GET /console/audit.csv`.
pub async fn csv(staff: ConsoleStaff, find: Query<Find>) -> Result<HttpResponse, Refusal> {
    let ask = Ask { after: None, ..find.ask() };
    let (records, _) =
        staff.read(move |db, actor, rules, _| audit::page(db, actor, &ask, MOST, rules)).await?;
    let w = RegisterWords::of(staff.lang);
    let head = ["id", w.when, w.who, w.what, "kind", w.on, "seq", "state", w.details, "detail"];
    let mut table: export::Table = vec![head.map(ToOwned::to_owned).to_vec()];
    for record in records {
        table.push(vec![
            record.id,
            record.at.to_rfc3339(),
            record.by,
            said::event(staff.lang, record.kind),
            crate::store::columns::word(record.kind).unwrap_or_default(),
            record.number.or(record.enterprise).unwrap_or_default(),
            record.seq.to_string(),
            record.state.unwrap_or_default(),
            record.note.unwrap_or_default(),
            record.detail,
        ]);
    }
    let text = export::csv(&table).map_err(|error| internal(&error))?;
    Ok(file("text/csv; charset=utf-8", "audit.csv", text))
}
