//! What each verb of the workflow asks for, as one sheet a verb: a new verb is one
//! entry. A sheet becomes the fields of a form; what comes back becomes the body
//! that the JSON API takes as well, so that both call the same action alike.

use qiyema_protocol::{
    board::{ExtensionReason, Outcome},
    staff::{Decision, IssueView, RejectReason},
    verb::Verb,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::{issues::Choices, staff::ConsoleForm};
use crate::{
    actions::{
        Refused, Rules,
        issue::{
            accept, add_assisting, add_facts, appeal, ask_supplement, assign, assist, close, extend,
            hand_over, merge, progress, refuse_extension, reject, report, request_extension, request_return,
            rule_return, sign_for, supplement, urge, withdraw,
        },
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
    /// One line of at most so many characters.
    Line(u32),
    /// A whole number up to this.
    Number(u32),
    /// A unit.
    Unit,
    /// Any units.
    Units,
    /// 同意 or 不同意.
    Decision,
    /// 不予受理的原因.
    RejectReason,
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

/// What an owner said on the telephone.
const OWNERS_WORDS: &[Input] = &[must("note", "owners_words", Of::Text(2000))];
/// The same, and a word is not needed.
const OWNERS_WISH: &[Input] = &[may("note", "owners_words", Of::Text(500))];

/// All verbs that staff use in the console.
pub const SHEETS: &[Sheet] = &[
    // the window
    Sheet { verb: Verb::Accept, inputs: &[] },
    Sheet {
        verb: Verb::Reject,
        inputs: &[
            must("reason", "reject_reason", Of::RejectReason),
            must("right_channel", "right_channel", Of::Line(100)),
            must("note", "note_owner", Of::Text(500)),
        ],
    },
    Sheet { verb: Verb::AskSupplement, inputs: &[must("note", "missing", Of::Text(500))] },
    Sheet { verb: Verb::Supplement, inputs: OWNERS_WORDS },
    Sheet { verb: Verb::Appeal, inputs: OWNERS_WORDS },
    Sheet { verb: Verb::AddFacts, inputs: OWNERS_WORDS },
    Sheet { verb: Verb::Urge, inputs: OWNERS_WISH },
    Sheet { verb: Verb::Withdraw, inputs: OWNERS_WISH },
    Sheet {
        verb: Verb::Merge,
        inputs: &[must("parent", "parent", Of::Line(40)), may("note", "note_staff", Of::Text(500))],
    },
    Sheet {
        verb: Verb::Assign,
        inputs: &[
            must("unit", "unit", Of::Unit),
            may("handler", "handler_later", Of::Handler),
            may("assisting", "assisting", Of::Units),
        ],
    },
    // the responsible unit
    Sheet { verb: Verb::SignFor, inputs: &[may("handler", "handler_self", Of::Handler)] },
    Sheet {
        verb: Verb::HandOver,
        inputs: &[must("handler", "handler", Of::Handler), may("note", "note_staff", Of::Text(500))],
    },
    Sheet {
        verb: Verb::RequestReturn,
        inputs: &[must("reason", "return_reason", Of::Text(500)), may("unit", "unit_instead", Of::Unit)],
    },
    Sheet {
        verb: Verb::RuleReturn,
        inputs: &[
            must("decision", "decision", Of::Decision),
            may("unit", "unit_now", Of::Unit),
            may("handler", "handler_later", Of::Handler),
            must("note", "note_units", Of::Text(500)),
        ],
    },
    Sheet {
        verb: Verb::RequestExtension,
        inputs: &[
            must("working_days", "days", Of::Number(10)),
            must("reason", "extension_reason", Of::ExtensionReason),
            may("note", "note_staff", Of::Text(500)),
        ],
    },
    Sheet { verb: Verb::RefuseExtension, inputs: &[must("note", "note_units", Of::Text(500))] },
    Sheet {
        verb: Verb::AddAssisting,
        inputs: &[must("unit", "assisting_unit", Of::Unit), may("note", "wanted", Of::Text(500))],
    },
    Sheet { verb: Verb::Assist, inputs: &[must("reply", "assist_reply", Of::Text(2000))] },
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
        Verb::Reject => ask.of(reject::reject),
        Verb::AskSupplement => ask.of(ask_supplement::ask_supplement),
        Verb::Supplement => ask.of(supplement::supplement),
        Verb::Appeal => ask.of(appeal::appeal),
        Verb::AddFacts => ask.of(add_facts::add_facts),
        Verb::Urge => ask.of(urge::urge),
        Verb::Withdraw => ask.of(withdraw::withdraw),
        Verb::Merge => ask.of(merge::merge),
        Verb::SignFor => ask.of(sign_for::sign_for),
        Verb::HandOver => ask.of(hand_over::hand_over),
        Verb::RequestReturn => ask.of(request_return::request_return),
        Verb::RuleReturn => ask.of(rule_return::rule_return),
        Verb::RequestExtension => ask.of(request_extension::request_extension),
        Verb::RefuseExtension => ask.of(refuse_extension::refuse_extension),
        Verb::AddAssisting => ask.of(add_assisting::add_assisting),
        Verb::Assist => ask.of(assist::assist),
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
        Of::Line(most) => Field::line(input.name, label).most(most),
        Of::Number(most) => Field::new(Kind::Number, input.name, label).most(most),
        Of::Unit => {
            let units = choices.units.iter().map(|(id, ..)| Choice::new(id, unit_name(id)));
            Field::select(input.name, label, units.collect())
        }
        Of::Units => {
            let units = choices.units.iter().map(|(id, ..)| Choice::new(id, unit_name(id)));
            Field::new(Kind::Checks, input.name, label).choices(units.collect())
        }
        Of::Decision => Field::new(Kind::Radio, input.name, label).choices(decisions(lang)),
        Of::RejectReason => Field::select(input.name, label, rejections(lang)),
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

fn decisions(lang: Lang) -> Vec<Choice> {
    let all = [(Decision::Granted, ("同意", "Granted")), (Decision::Refused, ("不同意", "Refused"))];
    all.into_iter()
        .map(|(one, (zh, en))| Choice::new(word(one).unwrap_or_default(), lang.pick(zh, en)))
        .collect()
}

fn rejections(lang: Lang) -> Vec<Choice> {
    RejectReason::ALL
        .into_iter()
        .map(|one| Choice::new(word(one).unwrap_or_default(), words::rejection(lang, one)))
        .collect()
}

/// What was sent, as the body of the JSON API. An empty field is absent.
#[must_use]
pub fn body(sheet: &Sheet, form: &ConsoleForm, version: i32) -> Value {
    let mut body = Map::new();
    body.insert("version".into(), json!(version));
    for input in sheet.inputs {
        if input.of == Of::Units {
            let chosen: Vec<String> =
                form.all(input.name).into_iter().filter(|one| !one.is_empty()).collect();
            if !chosen.is_empty() {
                body.insert(input.name.into(), json!(chosen));
            }
            continue;
        }
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
