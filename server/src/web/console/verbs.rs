//! What each verb of the workflow asks for, as one sheet a verb: a new verb is one
//! entry. A sheet becomes the fields of a form; what comes back becomes the body
//! that the JSON API takes as well, so that both call the same action alike.

use qiyema_protocol::{
    board::{ExtensionReason, Outcome},
    staff::IssueView,
    verb::Verb,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::{issues::Choices, staff::ConsoleForm};
use crate::{
    actions::{
        Refused, Rules,
        issue::{accept, assign, close, extend, progress, report},
        rights::Actor,
    },
    clock::Timestamp,
    domain::{text::problem, words as domain_words, workflow},
    store::{columns::word, connection::Db},
    web::{
        problem::Refusal,
        view::console::form::{Choice, Field, Kind},
        words::{console::verbs as words, lang::Lang},
    },
};

/// How an input is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A text of at most so many characters.
    Text(u32),
    /// A whole number up to this.
    Number(u32),
    /// A unit.
    Unit,
    /// A handler, under the name of the unit.
    Handler,
    /// 办结结果.
    Outcome,
    /// 延期原因.
    ExtensionReason,
}

/// One input of a sheet.
#[derive(Debug, Clone, Copy)]
pub struct Input {
    /// Name in the body.
    pub name: &'static str,
    /// Which words it has.
    pub words: &'static str,
    /// How it is filled in.
    pub of: Of,
    /// It must be.
    pub required: bool,
}

const fn must(name: &'static str, words: &'static str, of: Of) -> Input {
    Input { name, words, of, required: true }
}

const fn may(name: &'static str, words: &'static str, of: Of) -> Input {
    Input { name, words, of, required: false }
}

/// What a verb asks for.
#[derive(Debug, Clone, Copy)]
pub struct Sheet {
    /// The verb.
    pub verb: Verb,
    /// Its inputs.
    pub inputs: &'static [Input],
}

/// All verbs that staff use in the console.
pub const SHEETS: &[Sheet] = &[
    Sheet { verb: Verb::Accept, inputs: &[] },
    Sheet {
        verb: Verb::Assign,
        inputs: &[must("unit", "unit", Of::Unit), must("handler", "handler", Of::Handler)],
    },
    Sheet { verb: Verb::Progress, inputs: &[must("note", "progress", Of::Text(1000))] },
    Sheet {
        verb: Verb::Extend,
        inputs: &[
            must("working_days", "days", Of::Number(10)),
            must("reason", "extension_reason", Of::ExtensionReason),
            may("note", "note", Of::Text(500)),
        ],
    },
    Sheet {
        verb: Verb::Report,
        inputs: &[must("result", "result", Of::Outcome), must("reply", "reply", Of::Text(2000))],
    },
    Sheet { verb: Verb::Close, inputs: &[] },
];

/// The sheet of a verb.
#[must_use]
pub fn sheet(verb: Verb) -> Option<&'static Sheet> {
    SHEETS.iter().find(|sheet| sheet.verb == verb)
}

/// Does it. The version in the body is the one the person saw.
pub fn act(
    db: &mut Db,
    actor: &Actor,
    verb: Verb,
    number: &str,
    body: &Value,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let ask = Asked { db, actor, number, body, rules, at };
    match verb {
        Verb::Accept => ask.of(accept::accept),
        Verb::Assign => ask.of(assign::assign),
        Verb::Progress => ask.of(progress::progress),
        Verb::Extend => ask.of(extend::extend),
        Verb::Report => ask.of(report::report),
        Verb::Close => ask.of(close::close),
        _ => Err(Refused::Forbidden),
    }
}

struct Asked<'a> {
    db: &'a mut Db,
    actor: &'a Actor,
    number: &'a str,
    body: &'a Value,
    rules: &'a Rules,
    at: Timestamp,
}

type Action<B> = fn(&mut Db, &Actor, &str, &B, &Rules, Timestamp) -> Result<IssueView, Refused>;

impl Asked<'_> {
    fn of<B: DeserializeOwned>(self, action: Action<B>) -> Result<IssueView, Refused> {
        let body: B = serde_json::from_value(self.body.clone()).map_err(|error| misfit(&error))?;
        action(self.db, self.actor, self.number, &body, self.rules, self.at)
    }
}

/// Serde names the field between back-ticks, if it knows it.
fn misfit(error: &serde_json::Error) -> Refused {
    let message = error.to_string();
    let field = message.split('`').nth(1).unwrap_or_default();
    Refused::Invalid(vec![problem(field, "请填写此项", "fill this in")])
}

/// The fields of a sheet.
#[must_use]
pub fn fields(sheet: &Sheet, lang: Lang, choices: &Choices) -> Vec<Field> {
    sheet.inputs.iter().map(|input| field(input, lang, choices)).collect()
}

fn field(input: &Input, lang: Lang, choices: &Choices) -> Field {
    let (label, help) = words::field(lang, input.words);
    let unit_name = |id: &str| {
        let found = choices.units.iter().find(|(unit, ..)| unit == id);
        found.map_or_else(String::new, |(_, zh, en)| if lang == Lang::Zh { zh.clone() } else { en.clone() })
    };
    let field = match input.of {
        Of::Text(most) => Field::lines(input.name, label).most(most),
        Of::Number(most) => Field::new(Kind::Number, input.name, label).most(most),
        Of::Unit => {
            let units = choices.units.iter().map(|(id, ..)| Choice::new(id, unit_name(id)));
            Field::select(input.name, label, units.collect())
        }
        Of::Handler => {
            let people = choices.handlers.iter();
            let people =
                people.map(|(username, name, unit)| Choice::new(username, name).under(unit_name(unit)));
            Field::select(input.name, label, people.collect())
        }
        Of::Outcome => Field::new(Kind::Radio, input.name, label).choices(outcomes(lang)),
        Of::ExtensionReason => Field::select(input.name, label, reasons(lang)),
    };
    let field = field.help(help);
    if input.required { field } else { field.optional() }
}

fn outcomes(lang: Lang) -> Vec<Choice> {
    let all = [
        Outcome::Resolved,
        Outcome::PartlyResolved,
        Outcome::Explained,
        Outcome::Planned,
        Outcome::Unfounded,
    ];
    all.into_iter()
        .map(|one| Choice::new(word(one).unwrap_or_default(), lang.say(&domain_words::outcome(one))))
        .collect()
}

fn reasons(lang: Lang) -> Vec<Choice> {
    let all = [
        ExtensionReason::HigherAuthority,
        ExtensionReason::CrossDepartment,
        ExtensionReason::FieldWork,
        ExtensionReason::ExpertReview,
        ExtensionReason::LegalProcedure,
        ExtensionReason::ForceMajeure,
    ];
    all.into_iter()
        .map(|one| Choice::new(word(one).unwrap_or_default(), lang.say(&domain_words::extension_reason(one))))
        .collect()
}

/// What was sent, as the body of the JSON API. An empty field is absent.
#[must_use]
pub fn body(sheet: &Sheet, form: &ConsoleForm, version: i32) -> Value {
    let mut body = Map::new();
    body.insert("version".into(), json!(version));
    for input in sheet.inputs {
        let Some(text) = form.filled(input.name) else { continue };
        let value = match input.of {
            Of::Number(_) => text.parse::<u32>().map_or(Value::Null, |number| json!(number)),
            _ => Value::String(text),
        };
        body.insert(input.name.into(), value);
    }
    Value::Object(body)
}

/// The verb of a noun.
#[must_use]
pub fn of_noun(noun: &str) -> Option<&'static Sheet> {
    SHEETS.iter().find(|sheet| sheet.verb.noun() == noun)
}

/// The name of a verb.
#[must_use]
pub fn name(verb: Verb, lang: Lang) -> String {
    lang.say(&workflow::verb_name(verb)).to_owned()
}

/// Why something was refused, in a sentence.
#[must_use]
pub fn reason(refused: Refused, lang: Lang) -> String {
    let problem = Refusal::from(refused).problem(None);
    if problem.errors.is_empty() {
        return lang.say(&problem.detail).to_owned();
    }
    problem.errors.iter().map(|fault| lang.say(&fault.detail)).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::verb::Verb;

    use super::{body, of_noun, sheet};
    use crate::web::console::staff::ConsoleForm;

    #[test]
    fn what_is_typed_becomes_the_body_of_the_api() {
        let sheet = sheet(Verb::Extend).unwrap();
        let typed = [("working_days", "3"), ("reason", "field_work"), ("note", " "), ("csrf", "x")];
        let form = ConsoleForm(typed.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec());
        assert_eq!(
            body(sheet, &form, 4),
            serde_json::json!({ "version": 4, "working_days": 3, "reason": "field_work" })
        );
    }

    #[test]
    fn every_sheet_is_found_by_its_noun() {
        for one in super::SHEETS {
            assert_eq!(of_noun(one.verb.noun()).unwrap().verb, one.verb);
        }
    }
}
