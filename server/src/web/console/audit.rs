//! The audit trail, readable and as a file.

use actix_web::{HttpResponse, web::Query};
use serde::Deserialize;

use super::{issues::encoded, staff::ConsoleStaff};
use crate::{
    actions::audit::{self, Ask},
    domain::event::Kind,
    web::{
        api::audit as api,
        problem::Refusal,
        view::console::{audit::AuditPage, form::Choice, issues::Pick},
        words::console::{issue as said, list::ListWords, registers::RegisterWords},
    },
};

/// Records on one page.
const PAGE: usize = 100;

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
            after: self.after.as_deref().and_then(audit::key),
        }
    }
}

/// Kinds that can be asked for, in the order of the workflow.
const KINDS: [Kind; 33] = [
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
    Kind::PinPrinted,
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
    let page = AuditPage {
        frame: staff.frame(),
        next: if more { records.last().map(audit::key_text) } else { None },
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

/// `GET /console/audit.csv`: what the page shows, to its end.
pub async fn csv(staff: ConsoleStaff, find: Query<Find>) -> Result<HttpResponse, Refusal> {
    api::exported_csv(&staff.shared, staff.actor, find.ask(), staff.lang)
}

/// `GET /console/audit.xlsx`.
pub async fn xlsx(staff: ConsoleStaff, find: Query<Find>) -> Result<HttpResponse, Refusal> {
    api::exported_xlsx(&staff.shared, staff.actor, find.ask(), staff.lang).await
}
