//! The figures for performance review: a dashboard, a report for paper, the
//! closures behind a figure, and two files that hold the same numbers.

use actix_web::{HttpResponse, web::Query};
use chrono::NaiveDate;
use qiyema_protocol::{
    dashboard::{Dashboard, Which},
    exchange::Coding,
    figures::{By, FiguresView},
};
use serde::Deserialize;

use super::{
    export,
    issues::{encoded, file},
    staff::ConsoleStaff,
};
use crate::{
    actions::figures::{self, Ask, closures, dashboard},
    domain::figures::period,
    store::columns::word,
    web::{
        api::figures as api,
        problem::{Code, Refusal},
        refusals::internal,
        view::console::{
            figures::{FiguresPage, closures::ClosuresPage, report::ReportPage, sheet},
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
    /// The period asked for by name: where no day is asked for either, twelve months, which are enough to compare.
    fn named(&self) -> Option<&str> {
        let said = |text: &'_ Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
        let period = self.period.as_deref().map(str::trim).filter(|text| !text.is_empty());
        period.or((!said(&self.from) && !said(&self.to)).then_some(period::LAST_TWELVE))
    }

    /// What is asked for; none if a day is no day.
    fn ask(&self) -> Option<Ask> {
        let day = |text: &Option<String>| -> Option<Option<NaiveDate>> {
            match text.as_deref().map(str::trim).unwrap_or_default() {
                "" => Some(None),
                text => text.parse().ok().map(Some),
            }
        };
        let by = self.by.clone().and_then(|by| serde_json::from_value(by.into()).ok());
        Some(Ask {
            period: self.named().map(ToOwned::to_owned),
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
        Some(ask) => board(&staff, ask).await,
        None => Err(Code::InvalidInput.into()),
    };
    let (board, error) = match found {
        Ok(board) => (board, None),
        Err(refusal) if refusal.code() == Code::InvalidInput => {
            let said = refusal.faults().first().map(|fault| lang.say(&fault.detail).to_owned());
            let period = Some(period::LAST_TWELVE.to_owned());
            let ask = Ask { period, by: asked.unwrap_or_default().by, ..Ask::default() };
            (board(&staff, ask).await?, Some(said.unwrap_or_else(|| w.bad_period.to_owned())))
        }
        Err(refusal) => return Err(refusal),
    };
    let choice = |by: By| Choice::new(word(by).unwrap_or_default(), said::by(lang, by));
    let by = Pick {
        name: "by",
        label: w.by,
        value: word(board.figures.by).unwrap_or_default(),
        choices: By::ALL.into_iter().map(choice).collect(),
    };
    let query = query(&board.figures);
    let rules = staff.shared.rules();
    let periods = period::presets(rules.day(staff.at), rules.figures.month_first_day);
    let presets = said::presets(lang).map(ToOwned::to_owned).into_iter().zip(periods).collect();
    let wrong = error.is_some();
    let period = find.named().unwrap_or_default().to_owned();
    let page = FiguresPage { frame: staff.frame(), board, by, presets, period, query, error }.render();
    Ok(if wrong { staff.form_again(page) } else { staff.page(page) })
}

/// `GET /console/figures/report`.
pub async fn report(staff: ConsoleStaff, find: Query<Find>) -> Result<HttpResponse, Refusal> {
    let board = board(&staff, find.ask().ok_or(Code::InvalidInput)?).await?;
    let query = query(&board.figures);
    Ok(staff.page(ReportPage { frame: staff.frame(), board, query }.render()))
}

/// Which closures, as it stands in the address.
#[derive(Debug, Default, Deserialize)]
pub struct Down {
    #[serde(default)]
    member: String,
    which: Option<Which>,
    after: Option<String>,
}

/// `GET /console/figures/closures`.
pub async fn closures(
    staff: ConsoleStaff,
    find: Query<Find>,
    down: Query<Down>,
) -> Result<HttpResponse, Refusal> {
    let Down { member, which, after } = down.into_inner();
    if member.contains('\0') || after.as_ref().is_some_and(|after| after.contains('\0')) {
        return Err(Code::NotFound.into());
    }
    let (ask, which) = (find.ask().ok_or(Code::InvalidInput)?, which.unwrap_or_default());
    let of = member.clone();
    let list = staff
        .read(move |db, actor, rules, at| {
            closures::closures(db, actor, &ask, (&of, which), after.as_deref(), rules, at)
        })
        .await?;
    let by = word(list.by).unwrap_or_default();
    let mut pairs = vec![("from", list.from.to_string()), ("to", list.to.to_string()), ("by", by)];
    let back = encoded(&pairs);
    pairs.push(("member", member));
    let page = ClosuresPage { frame: staff.frame(), list, which, query: (back, encoded(&pairs)) };
    Ok(staff.page(page.render()))
}

fn query(view: &FiguresView) -> String {
    let by = word(view.by).unwrap_or_default();
    encoded(&[("from", view.from.to_string()), ("to", view.to.to_string()), ("by", by)])
}

async fn board(staff: &ConsoleStaff, ask: Ask) -> Result<Dashboard, Refusal> {
    Ok(staff.read(move |db, actor, rules, at| dashboard::dashboard(db, actor, &ask, rules, at)).await?)
}

/// `GET /console/figures.csv`.
pub async fn csv(staff: ConsoleStaff, find: Query<Find>) -> Result<HttpResponse, Refusal> {
    let (view, lang) = (asked_for(&staff, &find).await?, staff.lang);
    let text = export::csv(&sheet::table(&view, lang)).map_err(|error| internal(&error))?;
    Ok(file("text/csv; charset=utf-8", &name(&view, "csv"), text))
}

/// `GET /console/figures.xlsx`: the grouping asked for first, then the others.
pub async fn xlsx(staff: ConsoleStaff, find: Query<Find>) -> Result<HttpResponse, Refusal> {
    let (ask, lang) = (find.ask().ok_or(Code::InvalidInput)?, staff.lang);
    let views: Vec<FiguresView> = staff
        .read(move |db, actor, rules, at| {
            let others = By::ALL.into_iter().filter(|by| *by != ask.by);
            let one = |by| figures::read(db, actor, &Ask { by, ..ask.clone() }, rules, at);
            std::iter::once(ask.by).chain(others).map(one).collect()
        })
        .await?;
    let name = views.first().map_or_else(String::new, |view| name(view, "xlsx"));
    let book = sheet::workbook(&views, lang).map_err(|error| internal(&error))?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(file(kind, &name, book))
}

/// Which coding, as it stands in the address.
#[derive(Debug, Default, Deserialize)]
pub struct Coded {
    #[serde(default)]
    coding: Coding,
}

/// `GET /console/figures/ratings.json`: the ratings of the period in one of the national codings.
pub async fn ratings(
    staff: ConsoleStaff,
    find: Query<Find>,
    coded: Query<Coded>,
) -> Result<HttpResponse, Refusal> {
    let ask = find.ask().ok_or(Code::InvalidInput)?;
    api::exchange_file(&staff.shared, staff.actor.clone(), ask, coded.coding).await
}

fn name(view: &FiguresView, ending: &str) -> String {
    format!("figures-{}-{}.{ending}", view.from, view.to)
}

async fn asked_for(staff: &ConsoleStaff, find: &Find) -> Result<FiguresView, Refusal> {
    found(staff, find.ask().ok_or(Code::InvalidInput)?).await
}

async fn found(staff: &ConsoleStaff, ask: Ask) -> Result<FiguresView, Refusal> {
    Ok(staff.read(move |db, actor, rules, at| figures::read(db, actor, &ask, rules, at)).await?)
}
