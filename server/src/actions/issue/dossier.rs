//! All that staff see of one issue on one page: the facts, the clocks, every
//! event with its author, and the card exactly as the owner sees it.

use std::collections::HashMap;

use qiyema_protocol::{board::Card, intake::AttachmentView, staff::IssueView, text::Text};

use super::{
    super::{Refused, Rules, intake::attach, rate::call_back, scan},
    barred, read,
};
use crate::{
    actions::rights::{Actor, Deed},
    clock::Timestamp,
    domain::event::Kind,
    store::{
        attachments,
        columns::{moment, unword},
        connection::Db,
        desk, directory, enterprises, events, issues, timed,
    },
};

/// Something that happened, as staff read it.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Entry {
    pub kind: Kind,
    pub at: Timestamp,
    /// Full name, `owner` or `clock`.
    pub by: String,
    /// The id of whoever that is.
    pub writer: String,
    pub note: Option<String>,
    /// All that was recorded of it.
    pub detail: serde_json::Value,
    /// Facts of the record, ids resolved to names: key and value.
    pub facts: Vec<(String, String)>,
}

/// One issue.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Dossier {
    pub view: IssueView,
    pub card: Card,
    pub uscc: String,
    pub category: Text,
    pub grade: String,
    pub channel: Text,
    pub level: String,
    pub unit: Option<Text>,
    pub handler: Option<String>,
    /// Whose account was disabled: another one has to be named.
    pub handler_gone: bool,
    pub assisting: Vec<Text>,
    /// Names of all units, by id.
    pub units: HashMap<String, Text>,
    /// Oldest first.
    pub entries: Vec<Entry>,
    /// Files, oldest first, each with who attached it.
    pub files: Vec<(AttachmentView, String)>,
    /// The reader may enter what the enterprise says on the telephone.
    pub call_back: bool,
    /// Why the next step, which the reader's role has, is not for the reader.
    pub barred: Option<Text>,
}

/// Reads it; somebody else's is unknown.
pub fn dossier(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<Dossier, Refused> {
    actor.may(Deed::ReadIssues)?;
    let view = read::one(db, actor, number, rules, at)?;
    let (issue, ..) = issues::by_number(db, number)?.ok_or(Refused::IssueUnknown)?;
    let enterprise = enterprises::find(db, &issue.enterprise_id)?.ok_or(Refused::EnterpriseUnknown)?;
    let names = Names::read(db)?;
    let category =
        directory::category(db, &issue.category_id)?.ok_or(Refused::ReferenceUnknown("category"))?;
    let rows = events::of_issues(db, &issue.enterprise_id, std::slice::from_ref(&issue.id))?;
    let details: Vec<serde_json::Value> =
        rows.iter().map(|row| serde_json::from_str(&row.detail).unwrap_or_default()).collect();
    let mut people: Vec<String> =
        rows.iter().map(|row| row.by.clone()).chain(issue.handler_id.clone()).collect();
    let files = attachments::of_issues(db, &issue.enterprise_id, std::slice::from_ref(&issue.id))?;
    people.extend(files.iter().map(|file| file.by.clone()));
    people.extend(details.iter().filter_map(|detail| detail.get("handler")?.as_str().map(ToOwned::to_owned)));
    let people: HashMap<String, String> = desk::staff_names(db, people)?.into_iter().collect();
    let entries = rows.into_iter().zip(details).map(|(row, detail)| {
        Ok(Entry {
            kind: unword(&row.kind)?,
            at: moment(row.at),
            by: people.get(&row.by).cloned().unwrap_or_else(|| row.by.clone()),
            writer: row.by,
            note: row.note,
            facts: names.facts(&detail, &people),
            detail,
        })
    });
    let entries = entries.collect::<Result<_, Refused>>()?;
    let files = files.into_iter().map(|row| {
        let by = people.get(&row.by).cloned().unwrap_or_else(|| row.by.clone());
        Ok((attach::view(row)?, by))
    });
    let assisting = issues::assisting(db, &issue.enterprise_id, &issue.id)?;
    let handler_gone = match &issue.handler_id {
        Some(handler) => !timed::works(db, handler)?,
        None => false,
    };
    let barred = barred::why(db, actor, &issue, (view.state, &view.verbs), rules)?;
    Ok(Dossier {
        barred,
        handler_gone,
        call_back: call_back::due(db, actor, &view, &issue)?,
        card: scan::owner_card(db, &issue.enterprise_id, number, rules, at)?,
        uscc: enterprise.uscc,
        category: Text::new(category.name_zh, category.name_en),
        grade: category.grade,
        channel: Names::of(&names.channels, &issue.channel_id),
        level: issue.level,
        unit: issue.lead_unit_id.as_deref().map(|id| Names::of(&names.units, id)),
        handler: issue.handler_id.and_then(|id| people.get(&id).cloned()),
        assisting: assisting.iter().map(|id| Names::of(&names.units, id)).collect(),
        entries,
        files: files.collect::<Result<_, Refused>>()?,
        units: names.units,
        view,
    })
}

/// Names of the directory, by id.
struct Names {
    units: HashMap<String, Text>,
    channels: HashMap<String, Text>,
    categories: HashMap<String, Text>,
}

impl Names {
    fn read(db: &mut Db) -> Result<Self, Refused> {
        let units = directory::units(db)?.into_iter();
        let channels = directory::channels(db)?.into_iter();
        // Those out of use among them: an issue may have been of one.
        let categories = directory::edit::categories(db)?.into_iter();
        Ok(Self {
            units: units.map(|row| (row.id, Text::new(row.name_zh, row.name_en))).collect(),
            categories: categories.map(|row| (row.id, Text::new(row.name_zh, row.name_en))).collect(),
            channels: channels.map(|row| (row.id, Text::new(row.name_zh, row.name_en))).collect(),
        })
    }

    fn of(names: &HashMap<String, Text>, id: &str) -> Text {
        names.get(id).cloned().unwrap_or_else(|| Text::new(id, id))
    }

    /// The facts that a person can read; ids of records are for the audit trail.
    fn facts(&self, detail: &serde_json::Value, people: &HashMap<String, String>) -> Vec<(String, String)> {
        let Some(all) = detail.as_object() else { return Vec::new() };
        let read = |(key, value): (&String, &serde_json::Value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
            let text = match &**key {
                "unit" | "lead" | "assisting_ended" => Self::of(&self.units, &text).zh,
                "category_from" | "category_to" => Self::of(&self.categories, &text).zh,
                "handler" => people.get(&text).cloned()?,
                "from" | "to" | "due_on" | "review_on" | "working_days" | "result" | "reason"
                | "decision" | "limits" | "reached" | "contacted" | "solved" | "satisfaction" => text,
                _ => return None,
            };
            Some((key.clone(), text))
        };
        all.iter().filter(|(_, value)| !value.is_null()).filter_map(read).collect()
    }
}
