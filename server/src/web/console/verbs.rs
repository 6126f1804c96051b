//! What each verb of the workflow asks for, as one sheet a verb: a new verb is one
//! entry. A sheet becomes the fields of a form; what comes back becomes the body
//! that the JSON API takes as well, so that both call the same action alike.

mod sheets;

use qiyema_protocol::{
    board::{ExtensionReason, Outcome},
    staff::{Decision, IssueView, RejectReason},
    verb::Verb,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

pub use self::sheets::{Input, Of, SHEETS, Sheet};
use super::{issues::Choices, staff::ConsoleForm};
use crate::{
    actions::{
        Refused, Rules,
        issue::{
            accept, add_assisting, add_facts, appeal, archive, ask_supplement, assign, assist, attempt,
            close, contact, defer, extend, fix, follow_up, hand_over, hold_conference, merge, object,
            open_conference, progress, reach, reclassify, refuse_deferral, refuse_extension, reject, reopen,
            report, request_deferral, request_extension, request_return, resume, review_deferral,
            rule_return, send_back, sign_for, supervise, supplement, urge, withdraw,
        },
        rights::Actor,
    },
    clock::Timestamp,
    domain::{text::problem, words as domain_words, workflow},
    store::{columns::word, connection::Db, directory::CategoryRow},
    web::{
        problem::Refusal,
        view::console::form::{Choice, Field, Kind},
        words::{Words, console::verbs as words, lang::Lang},
    },
};

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
        Verb::Reclassify => ask.of(reclassify::reclassify),
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
        Verb::Reach => ask.of(reach::reach),
        Verb::Progress => ask.of(progress::progress),
        Verb::Extend => ask.of(extend::extend),
        Verb::Report => ask.of(report::report),
        Verb::Close => ask.of(close::close),
        Verb::OpenConference => ask.of(open_conference::open_conference),
        Verb::HoldConference => ask.of(hold_conference::hold_conference),
        Verb::RequestDeferral => ask.of(request_deferral::request_deferral),
        Verb::Defer => ask.of(defer::defer),
        Verb::RefuseDeferral => ask.of(refuse_deferral::refuse_deferral),
        Verb::ReviewDeferral => ask.of(review_deferral::review_deferral),
        Verb::Resume => ask.of(resume::resume),
        Verb::SendBack => ask.of(send_back::send_back),
        Verb::Object => ask.of(object::object),
        Verb::Contact => ask.of(contact::contact),
        Verb::Fix => ask.of(fix::fix),
        Verb::FollowUp => ask.of(follow_up::follow_up),
        Verb::Attempt => ask.of(attempt::attempt),
        Verb::Archive => ask.of(archive::archive),
        Verb::Reopen => ask.of(reopen::reopen),
        Verb::Remind => ask.of(supervise::remind),
        Verb::Supervise => ask.of(supervise::supervise),
        Verb::Escalate => ask.of(supervise::escalate),
        Verb::Notify => ask.of(supervise::notify),
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
        Of::Category => {
            let named = |row: &CategoryRow| {
                Choice::new(&row.id, if lang == Lang::Zh { &row.name_zh } else { &row.name_en })
            };
            Field::select(input.name, label, choices.categories.iter().map(named).collect())
        }
        Of::Handler => {
            let people = choices.handlers.iter();
            let people =
                people.map(|(username, name, unit)| Choice::new(username, name).under(unit_name(unit)));
            Field::select(input.name, label, people.collect())
        }
        Of::Day => Field::new(Kind::Date, input.name, label),
        Of::YesNo => Field::new(Kind::Radio, input.name, label).choices(vec![
            Choice::new("true", lang.pick("是", "Yes")),
            Choice::new("false", lang.pick("否", "No")),
        ]),
        Of::Solved => {
            Field::new(Kind::Radio, input.name, label).choices(pairs(&words_of(lang).solved_choices))
        }
        Of::Level => Field::select(input.name, label, pairs(&words_of(lang).levels)),
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

fn pairs(pairs: &[(&str, &str)]) -> Vec<Choice> {
    pairs.iter().map(|(value, text)| Choice::new(*value, *text)).collect()
}

/// The owner's words for the same things.
fn words_of(lang: Lang) -> &'static Words {
    Words::of(lang.pick("zh", "en"))
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
            Of::YesNo => json!(text == "true"),
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
    words::on_behalf(lang, verb)
        .map_or_else(|| lang.say(&workflow::verb_name(verb)).to_owned(), ToOwned::to_owned)
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
    use crate::{
        domain::{event::Kind, workflow::RULES},
        web::{console::staff::ConsoleForm, words::lang::Lang},
    };

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
    fn every_verb_that_staff_may_use_has_one_sheet() {
        for rule in RULES.iter().filter(|rule| !rule.roles.is_empty()) {
            let sheets = super::SHEETS.iter().filter(|one| one.verb == rule.verb).count();
            assert_eq!(sheets, 1, "{:?}", rule.verb);
        }
    }

    /// Whoever is told that staff alone read what he types is told the truth, and so is whoever writes to an owner.
    #[test]
    fn the_help_below_a_text_says_who_reads_it() {
        let (mut inside, mut outside) = (0, 0);
        for sheet in super::SHEETS {
            for input in sheet.inputs.iter().filter(|input| matches!(input.of, super::Of::Text(_))) {
                let help = super::words::field(Lang::Zh, input.words).1;
                let reads = Kind::of(sheet.verb).note_is_for_owner();
                let cell = format!("{:?} {}: {help}", sheet.verb, input.name);
                if ["工作人员可见", "单位可见", "承办人会看到", "供牵头单位", "供中心"]
                    .iter()
                    .any(|who| help.contains(who))
                {
                    assert!(!reads, "{cell}: the owner reads it all the same");
                    inside += 1;
                } else if help.contains("办结后企业会看到") {
                    assert!(Kind::Closed.note_is_for_owner(), "{cell}");
                } else if ["企业会看到这段话", "企业本人可见", "代企业"].iter().any(|who| help.contains(who))
                {
                    assert!(reads, "{cell}: the owner does not read it");
                    outside += 1;
                }
            }
        }
        assert!(inside >= 15 && outside >= 14, "{inside} inside, {outside} outside");
    }

    #[test]
    fn every_sheet_is_found_by_its_noun() {
        for one in super::SHEETS {
            assert_eq!(of_noun(one.verb.noun()).unwrap().verb, one.verb);
        }
    }
}
