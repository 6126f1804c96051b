//! The audit trail, readable and as a file.

use actix_web::{HttpResponse, web::Query};
use qiyema_protocol::problem::FieldProblem;
use serde::Deserialize;

use super::{issues::encoded, staff::ConsoleStaff};
use crate::{
    actions::{
        audit::{self, Ask, Asked, Page},
        rights::Deed,
    },
    domain::event::Kind,
    store::columns::word,
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
    from: Option<String>,
    to: Option<String>,
    after: Option<String>,
}

impl Find {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("number", &self.number),
            ("username", &self.username),
            ("kind", &self.kind),
            ("day", &self.day),
            ("from", &self.from),
            ("to", &self.to),
        ];
        let set = all.into_iter().filter_map(|(name, value)| Some((name, value.clone()?.trim().to_owned())));
        set.filter(|(_, value)| !value.is_empty()).collect()
    }

    fn value(&self, name: &str) -> Option<String> {
        self.pairs().into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    fn ask(&self) -> Result<Ask, Vec<FieldProblem>> {
        Ask::read(Asked {
            number: self.number.as_deref(),
            username: self.username.as_deref(),
            kind: self.kind.as_deref(),
            day: self.day.as_deref(),
            from: self.from.as_deref(),
            to: self.to.as_deref(),
            after: self.after.as_deref(),
        })
    }
}

/// `GET /console/audit`.
pub async fn list(staff: ConsoleStaff, find: Query<Find>) -> Result<HttpResponse, Refusal> {
    let find = find.into_inner();
    let (page, faults) = match find.ask() {
        Ok(ask) => {
            let read = staff.read(move |db, actor, rules, _| audit::page(db, actor, &ask, PAGE, rules));
            (read.await?, Vec::new())
        }
        // What cannot be read shows nothing: it never stands for everything.
        Err(faults) => {
            staff.actor.may(Deed::ReadHistory)?;
            (Page::default(), faults)
        }
    };
    let lang = staff.lang;
    let any = Choice::new("", ListWords::of(lang).any);
    let mut kinds: Vec<Choice> = Kind::ALL
        .into_iter()
        .map(|kind| Choice::new(word(kind).unwrap_or_default(), said::event(lang, kind)))
        .collect();
    kinds.insert(0, any);
    let kind = Pick {
        name: "kind",
        label: RegisterWords::of(lang).kind,
        value: find.value("kind").unwrap_or_default(),
        choices: kinds,
    };
    let wrong = !faults.is_empty();
    let drawn = AuditPage {
        frame: staff.frame(),
        next: if page.more { page.records.last().map(audit::key_text) } else { None },
        page,
        faults,
        number: find.value("number").unwrap_or_default(),
        username: find.value("username").unwrap_or_default(),
        from: find.value("from").or_else(|| find.value("day")).unwrap_or_default(),
        to: find.value("to").or_else(|| find.value("day")).unwrap_or_default(),
        kind,
        query: encoded(&find.pairs()),
        later: find.after.is_some(),
        zone: staff.shared.rules().zone,
    }
    .render();
    Ok(if wrong { staff.form_again(drawn) } else { staff.page(drawn) })
}

/// `GET /console/audit.csv`: what the page shows, to its end.
pub async fn csv(staff: ConsoleStaff, find: Query<Find>) -> Result<HttpResponse, Refusal> {
    let ask = find.ask().map_err(Refusal::fields)?;
    api::exported_csv(&staff.shared, staff.actor, ask, staff.lang)
}

/// `GET /console/audit.xlsx`.
pub async fn xlsx(staff: ConsoleStaff, find: Query<Find>) -> Result<HttpResponse, Refusal> {
    let ask = find.ask().map_err(Refusal::fields)?;
    api::exported_xlsx(&staff.shared, staff.actor, ask, staff.lang).await
}
