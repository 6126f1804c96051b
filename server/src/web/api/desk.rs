//! Many issues, as JSON and as files: the list with the filters that the console
//! has in its address, under the same names, and how much waits for whoever asks.

use actix_web::{
    HttpResponse, get,
    web::{Data, Json, Query},
};
use futures_util::stream;
use qiyema_protocol::{
    administration::Grade,
    board::{Lamp, State},
    intake::IssueLevel,
    problem::FieldProblem,
    staff::{DeskList, DeskView, IssueList},
    text::Text,
};
use serde::{Deserialize, Deserializer};

use crate::{
    actions::{
        Refused, Rules,
        desk::{self, Ask, Page, Row},
        issue::read,
        rights::{Actor, Deed},
    },
    clock::Timestamp,
    domain::{text::problem, workflow},
    store::{
        columns::{column, moment, word},
        desk::{Key, Order},
    },
    web::{
        callers::Staff,
        console::home,
        problem::Refusal,
        refusals::{Refusals, internal},
        shared::Shared,
        tables::{Book, MARK, csv as sent, lines_of, workbook},
        view::console::{home::MOST, issues::until},
        words::{
            console::{issue as said, list::ListWords, terms},
            lang::Lang,
        },
    },
};

/// Issues read at once for a file.
pub const PIECE: usize = 1_000;

/// Open issues, or all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Open {
    /// Settled ones too.
    All,
}

/// In which order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// What has to be done first, by the limits that run.
    #[default]
    Due,
    /// Newest first.
    Newest,
}

/// Which issues. Without any filter: the open ones, most urgent first.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Find {
    /// `all`: settled ones too. Without it, open ones, and what is in the state asked for.
    #[param(inline)]
    pub open: Option<Open>,
    /// `1`: those that the reader handles.
    #[serde(default, deserialize_with = "ticked")]
    #[param(value_type = Option<String>, max_length = 5)]
    pub mine: bool,
    /// `1`: those with which the reader's units assist, led by another.
    #[serde(default, deserialize_with = "ticked")]
    #[param(value_type = Option<String>, max_length = 5)]
    pub assisting: bool,
    /// `1`: those with a request that waits for a ruling.
    #[serde(default, deserialize_with = "ticked")]
    #[param(value_type = Option<String>, max_length = 5)]
    pub waiting: bool,
    /// Only in this state.
    pub state: Option<State>,
    /// Only with this light of the first limit that runs.
    pub lamp: Option<Lamp>,
    /// Lead unit id.
    #[param(max_length = 40)]
    pub unit: Option<String>,
    /// Handler's user name, or id.
    #[param(max_length = 64)]
    pub handler: Option<String>,
    /// Category id.
    #[param(max_length = 40)]
    pub category: Option<String>,
    /// Channel id.
    #[param(max_length = 40)]
    pub channel: Option<String>,
    /// Grade of the category.
    pub grade: Option<Grade>,
    /// Whose matter it is.
    pub level: Option<IssueLevel>,
    /// Enterprise id.
    #[param(max_length = 40)]
    pub enterprise: Option<String>,
    /// Number or subject holds this, or the enterprise is found by it.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// Order.
    #[param(inline)]
    pub sort: Option<Sort>,
    /// `next` of the page before.
    #[param(max_length = 80)]
    pub after: Option<String>,
    /// Language of a file's headings and words: `zh`, unless it says `en`.
    #[param(max_length = 8)]
    pub lang: Option<String>,
}

/// A box of a filter, ticked or not, as the console's address has it.
fn ticked<'de, D: Deserializer<'de>>(field: D) -> Result<bool, D::Error> {
    match String::deserialize(field)?.as_str() {
        "1" | "true" => Ok(true),
        "" | "0" | "false" => Ok(false),
        _ => Err(serde::de::Error::custom("1 or 0")),
    }
}

impl Find {
    fn ask(self) -> Result<Ask, Refusal> {
        let (state, all) = (self.state, self.open == Some(Open::All));
        let after = match self.after {
            None => None,
            Some(text) => Some(key(&text).ok_or_else(|| Refusal::fields(vec![no_key()]))?),
        };
        Ok(Ask {
            open: opened(all, state),
            deferred: all || state.is_some(),
            states: state.into_iter().collect(),
            lamp: self.lamp,
            mine: self.mine,
            assisting: self.assisting,
            waiting: self.waiting,
            unit: self.unit,
            handler: self.handler,
            category: self.category,
            channel: self.channel,
            level: self.level.map(word).transpose().map_err(|error| internal(&error))?,
            grade: self.grade.map(word).transpose().map_err(|error| internal(&error))?,
            enterprise: self.enterprise,
            text: self.q.filter(|text| !text.trim().is_empty()),
            order: match self.sort.unwrap_or_default() {
                Sort::Due => Order::Due,
                Sort::Newest => Order::Newest,
            },
            after,
        })
    }

    fn lang(&self) -> Lang {
        Lang::of(self.lang.as_deref().unwrap_or("zh"))
    }
}

/// Whether only open issues are asked for: not all, and no state in which an issue is settled.
pub fn opened(all: bool, state: Option<State>) -> Option<bool> {
    if all || state.is_some_and(|state| !workflow::is_open(state)) { None } else { Some(true) }
}

fn no_key() -> FieldProblem {
    problem("after", "请使用上一页给出的next", "the `next` of the page before")
}

/// Reads the key of a page.
pub fn key(text: &str) -> Option<Key> {
    let (at, id) = text.split_once('.')?;
    let at = match at {
        "none" => None,
        micros => Some(column(chrono::DateTime::from_timestamp_micros(micros.parse().ok()?)?)),
    };
    (id.len() <= 40 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
        .then(|| Key { at, id: id.to_owned() })
}

/// Writes it.
pub fn key_text(key: &Key) -> String {
    let at = key.at.map_or_else(|| "none".to_owned(), |at| moment(at).timestamp_micros().to_string());
    format!("{at}.{}", key.id)
}

/// Issues, most urgent first; people of a unit see those that their units lead, or with `assisting` assist with.
#[utoipa::path(tag = "staff", params(Find), security(("staff" = [])),
    responses((status = 200, body = IssueList), Refusals))]
#[get("/api/v1/staff/issues")]
pub async fn list(staff: Staff, find: Query<Find>, shared: Data<Shared>) -> Result<Json<IssueList>, Refusal> {
    let (ask, rules, at) = (find.into_inner().ask()?, shared.rules(), shared.clock.now());
    let found: Result<_, Refused> =
        shared.store.read(move |db| read::list(db, &staff.0, &ask, &rules, at)).await;
    let (issues, next) = found?;
    Ok(Json(IssueList { issues, next: next.as_ref().map(key_text) }))
}

/// All issues of a filter, as CSV.
#[utoipa::path(tag = "staff", params(Find), security(("staff" = [])),
    responses((status = 200, content_type = "text/csv", body = String), Refusals))]
#[get("/api/v1/staff/issues.csv")]
pub async fn csv(staff: Staff, find: Query<Find>, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    let (lang, ask) = (find.lang(), find.into_inner().ask()?);
    exported_csv(&shared, staff.0, ask, lang, PIECE)
}

/// All issues of a filter, as XLSX.
#[utoipa::path(tag = "staff", params(Find), security(("staff" = [])),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body = Vec<u8>), Refusals))]
#[get("/api/v1/staff/issues.xlsx")]
pub async fn xlsx(staff: Staff, find: Query<Find>, shared: Data<Shared>) -> Result<HttpResponse, Refusal> {
    let (lang, ask) = (find.lang(), find.into_inner().ask()?);
    exported_xlsx(&shared, staff.0, ask, lang, PIECE).await
}

/// How much waits for whoever asks: the lists of the console's first page.
#[utoipa::path(tag = "staff", security(("staff" = [])),
    responses((status = 200, body = DeskView), Refusals))]
#[get("/api/v1/staff/desk")]
pub async fn waiting(staff: Staff, shared: Data<Shared>) -> Result<Json<DeskView>, Refusal> {
    let own = home::own(&staff.0);
    let queries = home::with_everybodys(&own);
    let asks: Vec<Ask> = queries.iter().map(|query| home::asked(query)).collect();
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let (rules, at) = (shared.rules(), shared.clock.now());
    let counted: Result<Vec<usize>, Refused> =
        shared.store.read(move |db| desk::counts(db, &staff.0, &asks, most, &rules, at)).await;
    let [zh, en] = [Lang::Zh, Lang::En].map(|lang| ListWords::of(lang).tabs);
    let name = |query: &str| {
        let of = |tabs: &[(&'static str, &'static str)]| {
            tabs.iter().find(|(tab, _)| *tab == query).map_or("", |(_, name)| *name)
        };
        Text::new(of(&zh), of(&en))
    };
    let lists = queries.iter().zip(counted?).map(|(query, count)| DeskList {
        query: (*query).to_owned(),
        name: name(query),
        count,
        own: own.contains(query),
    });
    Ok(Json(DeskView { lists: lists.collect(), most: MOST }))
}

/// All issues of a filter as a stream, so many read at once.
pub fn exported_csv(
    shared: &Shared,
    actor: Actor,
    ask: Ask,
    lang: Lang,
    piece: usize,
) -> Result<HttpResponse, Refusal> {
    actor.may(Deed::ReadIssues)?;
    let (shared, at) = (shared.clone(), shared.clock.now());
    let pages = stream::try_unfold(Some(Ask { after: None, ..ask }), move |ask| {
        let (shared, actor) = (shared.clone(), actor.clone());
        async move {
            let Some(ask) = ask else { return Ok(None) };
            let (asked, rules) = (ask.clone(), shared.rules());
            let own = rules.clone();
            let read: Result<Page, Refused> =
                shared.store.read(move |db| desk::list(db, &actor, &asked, piece, &own, at)).await;
            let page = read.map_err(std::io::Error::other)?;
            let lines = page.rows.iter().map(|row| line(row, lang, &rules)).collect();
            let next = page.next.map(|key| Ask { after: Some(key), ..ask });
            Ok(Some((lines_of(lines), next)))
        }
    });
    Ok(sent("issues.csv", &format!("{MARK}{}\n", head(lang).join(",")), pages))
}

/// The same as a workbook.
pub async fn exported_xlsx(
    shared: &Shared,
    actor: Actor,
    ask: Ask,
    lang: Lang,
    piece: usize,
) -> Result<HttpResponse, Refusal> {
    actor.may(Deed::ReadIssues)?;
    let (rules, at) = (shared.rules(), shared.clock.now());
    let mut book = Book::new(&head(lang))?;
    let mut ask = Ask { after: None, ..ask };
    // A connection for each piece, not for all: phones ask the same pool.
    loop {
        let (actor, asked, own) = (actor.clone(), ask.clone(), rules.clone());
        let read: Result<Page, Refused> =
            shared.store.read(move |db| desk::list(db, &actor, &asked, piece, &own, at)).await;
        let page = read?;
        for row in &page.rows {
            book.row(&line(row, lang, &rules))?;
        }
        let Some(next) = page.next else { break };
        ask.after = Some(next);
    }
    let written = actix_web::web::block(move || book.file()).await.map_err(|error| internal(&error))?;
    workbook("issues.xlsx", written?)
}

const fn head(lang: Lang) -> [&'static str; 15] {
    let w = ListWords::of(lang);
    [
        lang.pick("编号", "Number"),
        lang.pick("标题", "Subject"),
        w.enterprise,
        w.state,
        lang.pick("时限事项", "Limit"),
        w.lamp,
        lang.pick("时限", "Ends"),
        w.due,
        lang.pick("下次复核", "Review"),
        w.unit,
        w.handler,
        w.category,
        w.channel,
        w.level,
        w.registered,
    ]
}

fn line(row: &Row, lang: Lang, rules: &Rules) -> Vec<String> {
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let local = |at: Timestamp| at.with_timezone(&rules.zone).format("%Y-%m-%d %H:%M").to_string();
    vec![
        row.number.clone(),
        row.subject.clone(),
        row.enterprise.clone(),
        terms::state(lang, row.state).to_owned(),
        row.clock.map_or("", |clock| said::clock(lang, clock.kind)).to_owned(),
        row.clock
            .map_or_else(String::new, |clock| terms::limit(lang, clock.lamp, clock.left, clock.hours_over).1),
        row.clock.map_or_else(String::new, |clock| until(lang, &clock)),
        // Until a deferred issue is looked at again, no promise holds.
        day(row.due_on.filter(|_| row.review_on.is_none())),
        day(row.review_on),
        row.unit.as_ref().map_or("", |unit| lang.say(unit)).to_owned(),
        row.handler.clone().unwrap_or_default(),
        lang.say(&row.category).to_owned(),
        lang.say(&row.channel).to_owned(),
        terms::level(lang, &row.level).to_owned(),
        local(row.submitted_at),
    ]
}
