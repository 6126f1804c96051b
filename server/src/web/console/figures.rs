//! The figures for performance review: a page, and two files that hold the same.

use actix_web::{HttpResponse, web::Query};
use chrono::NaiveDate;
use qiyema_protocol::figures::{By, FiguresView};
use serde::Deserialize;

use super::{
    export,
    issues::{encoded, file},
    staff::ConsoleStaff,
};
use crate::{
    actions::figures::{self, Ask},
    store::columns::word,
    web::{
        problem::{Code, Refusal},
        refusals::internal,
        view::console::{
            figures::{FiguresPage, sheet},
            form::Choice,
            issues::Pick,
        },
        words::console::figures::{self as said, FigureWords},
    },
};

/// The filter as it stands in the address; an empty field is one not filled in.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Find {
    from: Option<String>,
    to: Option<String>,
    by: Option<String>,
    period: Option<String>,
}

impl Find {
    /// What is asked for; none if a day is no day.
    fn ask(&self) -> Option<Ask> {
        let day = |text: &Option<String>| -> Option<Option<NaiveDate>> {
            match text.as_deref().map(str::trim).unwrap_or_default() {
                "" => Some(None),
                text => text.parse().ok().map(Some),
            }
        };
        let by = self.by.clone().and_then(|by| serde_json::from_value(by.into()).ok());
        let period = self.period.as_deref().map(str::trim).filter(|text| !text.is_empty());
        Some(Ask {
            period: period.map(ToOwned::to_owned),
            from: day(&self.from)?,
            to: day(&self.to)?,
            by: by.unwrap_or_default(),
        })
    }
}

/// `GET /console/figures`.
pub async fn show(staff: ConsoleStaff, find: Query<Find>) -> Result<HttpResponse, Refusal> {
    let (lang, w) = (staff.lang, FigureWords::of(staff.lang));
    let asked = find.ask();
    let found = match asked.clone() {
        Some(ask) => found(&staff, ask).await,
        None => Err(Code::InvalidInput.into()),
    };
    let (view, error) = match found {
        Ok(view) => (view, None),
        Err(refusal) if refusal.code() == Code::InvalidInput => {
            let said = refusal.faults().first().map(|fault| lang.say(&fault.detail).to_owned());
            let by = asked.unwrap_or_default().by;
            (found_now(&staff, by).await?, Some(said.unwrap_or_else(|| w.bad_period.to_owned())))
        }
        Err(refusal) => return Err(refusal),
    };
    let choice = |by: By| Choice::new(word(by).unwrap_or_default(), said::by(lang, by));
    let by = Pick {
        name: "by",
        label: w.by,
        value: word(view.by).unwrap_or_default(),
        choices: By::ALL.into_iter().map(choice).collect(),
    };
    let query =
        encoded(&[("from", view.from.to_string()), ("to", view.to.to_string()), ("by", by.value.clone())]);
    let wrong = error.is_some();
    let page = FiguresPage { frame: staff.frame(), view, by, query, error }.render();
    Ok(if wrong { staff.form_again(page) } else { staff.page(page) })
}

/// `GET /console/figures.csv`.
pub async fn csv(staff: ConsoleStaff, find: Query<Find>) -> Result<HttpResponse, Refusal> {
    let (view, lang) = (asked_for(&staff, &find).await?, staff.lang);
    let text = export::csv(&sheet::table(&view, lang)).map_err(|error| internal(&error))?;
    Ok(file("text/csv; charset=utf-8", &name(&view, "csv"), text))
}

/// `GET /console/figures.xlsx`.
pub async fn xlsx(staff: ConsoleStaff, find: Query<Find>) -> Result<HttpResponse, Refusal> {
    let (view, lang) = (asked_for(&staff, &find).await?, staff.lang);
    let book = sheet::workbook(&view, lang).map_err(|error| internal(&error))?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(file(kind, &name(&view, "xlsx"), book))
}

fn name(view: &FiguresView, ending: &str) -> String {
    format!("figures-{}-{}.{ending}", view.from, view.to)
}

async fn asked_for(staff: &ConsoleStaff, find: &Find) -> Result<FiguresView, Refusal> {
    found(staff, find.ask().ok_or(Code::InvalidInput)?).await
}

async fn found_now(staff: &ConsoleStaff, by: By) -> Result<FiguresView, Refusal> {
    found(staff, Ask { by, ..Ask::default() }).await
}

async fn found(staff: &ConsoleStaff, ask: Ask) -> Result<FiguresView, Refusal> {
    Ok(staff.read(move |db, actor, rules, at| figures::read(db, actor, &ask, rules, at)).await?)
}
