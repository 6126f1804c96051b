//! The list of issues: its filter lives in the address, its pages go by key.

use actix_web::{HttpResponse, http::header, web::Query};
use qiyema_protocol::{
    board::{Lamp, State},
    verb::Verb,
};
use serde::Deserialize;

use super::{
    staff::{ConsoleForm, ConsoleStaff},
    verbs,
};
use crate::{
    actions::{
        Refused,
        desk::{self, Ask},
        enterprise,
        rights::Deed,
    },
    store::{desk::Order, directory},
    web::{
        api::{
            desk::{self as api, PIECE, key, key_text, opened},
            several::MOST,
        },
        problem::Refusal,
        view::console::{
            form::{Choice, Form},
            issues::{Bulk, IssuesPage, OutcomePage, Pick},
        },
        words::console::{list::ListWords, terms},
    },
};

/// Issues on one page.
const PAGE: usize = 50;

/// The filter as it stands in the address. Empty fields are no filter.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Find {
    open: Option<String>,
    mine: Option<String>,
    assisting: Option<String>,
    waiting: Option<String>,
    state: Option<String>,
    lamp: Option<String>,
    unit: Option<String>,
    handler: Option<String>,
    category: Option<String>,
    channel: Option<String>,
    grade: Option<String>,
    level: Option<String>,
    enterprise: Option<String>,
    q: Option<String>,
    sort: Option<String>,
    after: Option<String>,
}

impl Find {
    /// The fields that are set, in the order of the address; not the page's key.
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("open", &self.open),
            ("mine", &self.mine),
            ("assisting", &self.assisting),
            ("waiting", &self.waiting),
            ("state", &self.state),
            ("lamp", &self.lamp),
            ("unit", &self.unit),
            ("handler", &self.handler),
            ("category", &self.category),
            ("channel", &self.channel),
            ("grade", &self.grade),
            ("level", &self.level),
            ("enterprise", &self.enterprise),
            ("q", &self.q),
            ("sort", &self.sort),
        ];
        let set = all.into_iter().filter_map(|(name, value)| Some((name, value.clone()?.trim().to_owned())));
        set.filter(|(_, value)| !value.is_empty()).collect()
    }

    fn value(&self, name: &str) -> Option<String> {
        self.pairs().into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The query string, always written the same way, so that a saved filter knows itself.
    fn query(&self) -> String {
        let pairs = self.pairs();
        encoded(&pairs)
    }

    fn without(&self, name: &str) -> Vec<(&'static str, String)> {
        self.pairs().into_iter().filter(|(key, _)| *key != name).collect()
    }

    /// What is asked of the desk.
    pub fn ask(&self) -> Ask {
        let word = |name: &str| self.value(name).map(serde_json::Value::String);
        let state: Option<State> = word("state").and_then(|word| serde_json::from_value(word).ok());
        let lamp: Option<Lamp> = word("lamp").and_then(|word| serde_json::from_value(word).ok());
        let all = self.value("open").as_deref() == Some("all");
        Ask {
            open: opened(all, state),
            deferred: all || state.is_some(),
            states: state.into_iter().collect(),
            lamp,
            mine: self.value("mine").is_some(),
            assisting: self.value("assisting").is_some(),
            waiting: self.value("waiting").is_some(),
            unit: self.value("unit"),
            handler: self.value("handler"),
            category: self.value("category"),
            channel: self.value("channel"),
            level: self.value("level"),
            grade: self.value("grade"),
            enterprise: self.value("enterprise").filter(|id| !id.contains('\0')),
            text: self.value("q"),
            order: if self.value("sort").as_deref() == Some("newest") { Order::Newest } else { Order::Due },
            // A broken key is the first page.
            after: self.after.as_deref().and_then(key),
        }
    }
}

/// A query string.
pub fn encoded(pairs: &[(&'static str, String)]) -> String {
    let encode = |text: &str| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~');
        text.bytes()
            .map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect::<String>()
    };
    pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}

/// `GET /console/issues`.
pub async fn list(staff: ConsoleStaff, find: Query<Find>) -> Result<HttpResponse, Refusal> {
    let find = find.into_inner();
    let ask = find.ask();
    let (page, choices, of) = staff
        .read(move |db, actor, rules, at| {
            let page = desk::list(db, actor, &ask, PAGE, rules, at)?;
            let of = match &ask.enterprise {
                Some(id) if actor.may(Deed::ReadEnterprises).is_ok() => {
                    Some(enterprise::show(db, actor, id, rules)?)
                }
                _ => None,
            };
            Ok((page, Choices::read(db)?, of))
        })
        .await?;
    let lang = staff.lang;
    let w = ListWords::of(lang);
    let picks = picks(&find, &choices, w, &staff);
    let shown: Vec<&str> = picks.iter().map(|pick| pick.name).chain(["q"]).collect();
    let html = IssuesPage {
        query: find.query(),
        text: find.value("q").unwrap_or_default(),
        more: picks.iter().skip(4).any(|pick| !pick.value.is_empty()),
        kept: find
            .pairs()
            .into_iter()
            .filter(|(name, _)| !shown.contains(name))
            .map(|(n, v)| (n.to_owned(), v))
            .collect(),
        picks,
        rows: page.rows,
        next: page.next.as_ref().map(key_text),
        later: find.after.is_some(),
        of: of.map(|one| (one.id, one.name, encoded(&find.without("enterprise")))),
        registers: staff.actor.may(Deed::RegisterIssue).is_ok(),
        bulk: bulk(&staff, &choices)?,
        frame: staff.frame(),
    }
    .render();
    Ok(staff.page(html))
}

/// What the drop-downs offer.
#[derive(Debug, Clone)]
pub struct Choices {
    /// Id, Chinese and English name of units.
    pub units: Vec<(String, String, String)>,
    /// User name, name and unit of handlers.
    pub handlers: Vec<(String, String, String)>,
    /// Staff id and name of handlers.
    handler_ids: Vec<(String, String)>,
    /// Categories.
    pub categories: Vec<directory::CategoryRow>,
    /// Channels.
    pub channels: Vec<directory::ChannelRow>,
}

impl Choices {
    /// From the directory.
    pub fn read(db: &mut crate::store::connection::Db) -> Result<Self, Refused> {
        Ok(Self {
            units: directory::units(db)?.into_iter().map(|row| (row.id, row.name_zh, row.name_en)).collect(),
            handlers: directory::handlers(db)?,
            handler_ids: crate::store::desk::handlers(db)?,
            categories: directory::categories(db)?,
            channels: directory::channels(db)?,
        })
    }
}

fn picks(find: &Find, choices: &Choices, w: &'static ListWords, staff: &ConsoleStaff) -> Vec<Pick> {
    let lang = staff.lang;
    let pick = |name: &'static str, label: &'static str, of: Vec<Choice>| {
        let choices = std::iter::once(Choice::new("", w.any)).chain(of).collect();
        Pick { name, label, value: find.value(name).unwrap_or_default(), choices }
    };
    let named =
        |pairs: &[(&'static str, &'static str)]| pairs.iter().map(|(k, v)| Choice::new(*k, *v)).collect();
    let states = State::ALL.into_iter().map(|state| {
        let word = crate::store::columns::word(state).unwrap_or_default();
        Choice::new(word, terms::state(lang, state))
    });
    let bilingual = |id: &str, zh: &str, en: &str| Choice::new(id, if lang.code() == "zh" { zh } else { en });
    let units = choices.units.iter().map(|(id, zh, en)| bilingual(id, zh, en)).collect();
    let handlers = choices.handler_ids.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let categories =
        choices.categories.iter().map(|row| bilingual(&row.id, &row.name_zh, &row.name_en)).collect();
    let channels =
        choices.channels.iter().map(|row| bilingual(&row.id, &row.name_zh, &row.name_en)).collect();
    let mut sort = pick("sort", w.sort, Vec::new());
    sort.choices = vec![Choice::new("", w.sort_due), Choice::new("newest", w.sort_newest)];
    let mut all = vec![pick("state", w.state, states.collect()), pick("lamp", w.lamp, named(&w.lamps))];
    if staff.actor.confined_to().is_none() {
        all.push(pick("unit", w.unit, units));
    }
    all.extend([
        sort,
        pick("category", w.category, categories),
        pick("handler", w.handler, handlers),
        pick("channel", w.channel, channels),
        pick("grade", w.grade, named(&terms::grades(lang))),
        pick("level", w.level, named(&terms::levels(lang))),
    ]);
    all
}

/// What may be done to several issues at once.
const BULK: [Verb; 2] = [Verb::Assign, Verb::Remind];

fn bulk(staff: &ConsoleStaff, choices: &Choices) -> Result<Vec<Bulk>, Refusal> {
    let mut all = Vec::new();
    for verb in BULK {
        let Some(sheet) = verbs::sheet(verb).filter(|_| staff.actor.may_ever(verb).is_ok()) else { continue };
        let mut form = Form::new(staff.lang, "", "", "").id(format!("bulk-{}", verb.noun()));
        form.fields = verbs::fields(sheet, staff.lang, choices);
        for field in &mut form.fields {
            // The fields of one action must not stop the other one.
            field.required = false;
            field.name = format!("{}-{}", verb.noun(), field.name);
        }
        let fields = form.fields_html().map_err(|error| crate::web::refusals::internal(&error))?;
        all.push(Bulk { noun: verb.noun(), name: verbs::name(verb, staff.lang), fields });
    }
    Ok(all)
}

/// `POST /console/issues/bulk`: each issue in a transaction of its own.
pub async fn several(staff: ConsoleStaff, form: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let verb = BULK.into_iter().find(|verb| verb.noun() == form.text("verb"));
    let sheet = verb.and_then(verbs::sheet).ok_or(crate::web::problem::Code::NotFound)?;
    let prefix = format!("{}-", sheet.verb.noun());
    let own =
        form.0.iter().filter_map(|(key, value)| Some((key.strip_prefix(&prefix)?.to_owned(), value.clone())));
    let own = ConsoleForm(own.collect());
    let w = ListWords::of(staff.lang);
    let mut rows = Vec::new();
    for chosen in form.all("issue").into_iter().take(MOST) {
        let Some((number, version)) = chosen.rsplit_once('.') else { continue };
        let (number, version) = (number.to_owned(), version.parse::<i32>().unwrap_or_default());
        let body = verbs::body(sheet, &own, version);
        let asked = number.clone();
        let done = staff
            .write(move |db, actor, rules, at| verbs::act(db, actor, sheet.verb, &asked, &body, rules, at))
            .await;
        match done {
            Ok(_) => rows.push((number, true, w.done.to_owned())),
            Err(refused) => rows.push((number, false, verbs::reason(refused, staff.lang))),
        }
    }
    let back = Some(form.text("back"))
        .filter(|back| back.starts_with("/console/issues"))
        .unwrap_or("/console/issues");
    let name = verbs::name(sheet.verb, staff.lang);
    Ok(staff.page(OutcomePage { frame: staff.frame(), name, rows, back: back.to_owned() }.render()))
}

/// `GET /console/issues.csv`.
pub async fn csv(staff: ConsoleStaff, find: Query<Find>) -> Result<HttpResponse, Refusal> {
    api::exported_csv(&staff.shared, staff.actor.clone(), find.ask(), staff.lang, PIECE)
}

/// `GET /console/issues.xlsx`.
pub async fn xlsx(staff: ConsoleStaff, find: Query<Find>) -> Result<HttpResponse, Refusal> {
    api::exported_xlsx(&staff.shared, staff.actor.clone(), find.ask(), staff.lang, PIECE).await
}

/// A file to keep.
pub fn file(kind: &str, name: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(kind.to_owned())
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(bytes)
}
