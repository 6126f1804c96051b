//! Settings that an administrator changes at run time. They lie over the rules
//! of the settings file; a value that no longer fits is passed over, so that a
//! bad row can never stop a start.

use std::{num::NonZeroU32, sync::Arc};

use chrono::TimeDelta;
use qiyema_protocol::{
    directory::{SettingView, Settings},
    staff::Role,
};
use serde::{Deserialize, Serialize};

use super::{
    super::{
        Refused, Rules,
        account::second_factor,
        rights::{Actor, Area, Deed},
    },
    Subject, record,
};
use crate::{
    clock::Timestamp,
    config::Net,
    domain::{
        calendar::Calendar,
        grade,
        text::{Typed, problem},
    },
    store::{
        QueryResult,
        columns::{column, unword, word},
        connection::Db,
        directory, settings, tags,
    },
};

/// Characters of a sentence.
const SENTENCE: usize = 200;

/// What can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Key {
    CentreNameZh,
    CentreNameEn,
    CentrePhone,
    HomeLeadZh,
    HomeLeadEn,
    BoardEmptyZh,
    BoardEmptyEn,
    PinWhyZh,
    PinWhyEn,
    ThanksZh,
    ThanksEn,
    ThanksBadZh,
    ThanksBadEn,
    MailClosingZh,
    MailClosingEn,
    ShowFullNames,
    SecondFactorRoles,
    IdleMinutes,
    SessionHours,
    DaysImmediate,
    DaysSimple,
    DaysGeneral,
    DaysComplex,
    DaysCrossDepartment,
    OfficeNetworks,
    BurstRatings,
    BurstMinutes,
    DeviceEnterprises,
    CountUnverified,
}

impl Key {
    /// Every key, in the order they are shown.
    pub const ALL: [Self; 29] = [
        Self::CentreNameZh,
        Self::CentreNameEn,
        Self::CentrePhone,
        Self::HomeLeadZh,
        Self::HomeLeadEn,
        Self::BoardEmptyZh,
        Self::BoardEmptyEn,
        Self::PinWhyZh,
        Self::PinWhyEn,
        Self::ThanksZh,
        Self::ThanksEn,
        Self::ThanksBadZh,
        Self::ThanksBadEn,
        Self::MailClosingZh,
        Self::MailClosingEn,
        Self::ShowFullNames,
        Self::SecondFactorRoles,
        Self::IdleMinutes,
        Self::SessionHours,
        Self::DaysImmediate,
        Self::DaysSimple,
        Self::DaysGeneral,
        Self::DaysComplex,
        Self::DaysCrossDepartment,
        Self::OfficeNetworks,
        Self::BurstRatings,
        Self::BurstMinutes,
        Self::DeviceEnterprises,
        Self::CountUnverified,
    ];
}

/// The rules of the settings file with what the database holds laid over them.
pub fn in_force(db: &mut Db, base: &Rules) -> Result<Rules, Refused> {
    let mut rules = base.clone();
    rules.calendar = Calendar::new(directory::workdays(db)?);
    rules.tags = Arc::new(tags::all(db)?);
    for (key, value) in settings::all(db)? {
        let applied = unword(&key).map(|key| apply(&mut rules, key, &value));
        if !matches!(applied, Ok(Ok(()))) {
            tracing::warn!(key, "a setting in the database does not fit and is passed over");
        }
    }
    Ok(rules)
}

/// All settings with their values in force.
pub fn list(db: &mut Db, actor: &Actor, rules: &Rules) -> Result<Settings, Refused> {
    actor.may(Deed::Inspect(Area::Settings))?;
    let changed = settings::all(db)?;
    let view = |key: Key| {
        let name = word(key)?;
        Ok(SettingView {
            changed: changed.iter().any(|(known, _)| *known == name),
            key: name,
            value: value(rules, key)?,
        })
    };
    let settings = Key::ALL.into_iter().map(view).collect::<QueryResult<_>>()?;
    Ok(Settings { settings })
}

/// Changes one setting. `None` takes the value of the settings file again. Where more roles need a second factor
/// from now on, their holders who have none sign in anew and enrol, whoever sets it among them.
pub fn set(
    db: &mut Db,
    actor: &Actor,
    key: Key,
    new: Option<&str>,
    (rules, base): (&Rules, &Rules),
    at: Timestamp,
) -> Result<(), Refused> {
    actor.may(Deed::Administer(Area::Settings))?;
    let before = value(rules, key)?;
    let name = word(key)?;
    match new {
        None if !settings::all(db)?.iter().any(|(known, _)| *known == name) => return Ok(()),
        None => settings::unset(db, &name)?,
        Some(text) => {
            let text = text.trim();
            let mut after = rules.clone();
            apply(&mut after, key, text)
                .map_err(|(zh, en)| Refused::Invalid(vec![problem("value", zh, en)]))?;
            if value(&after, key)? == before {
                return Ok(());
            }
            settings::set(db, &name, text, column(at), &actor.id)?;
        }
    }
    let ended = match key {
        Key::SecondFactorRoles => {
            let mut asked = in_force(db, base)?.second_factor;
            asked.retain(|role| !rules.second_factor.contains(role));
            second_factor::end_unproved_of(db, &asked, at)?
        }
        _ => 0,
    };
    let ended = Some(ended).filter(|ended| *ended > 0);
    let detail = serde_json::json!({ "from": before, "to": new, "sessions_ended": ended });
    record(db, Subject { kind: "setting", id: &name }, "setting_changed", &detail, &actor.id, at)
}

type Fault = (&'static str, &'static str);

fn apply(rules: &mut Rules, key: Key, text: &str) -> Result<(), Fault> {
    match key {
        Key::CentreNameZh => rules.centre.name.zh = line(text, 2, 60)?,
        Key::CentreNameEn => rules.centre.name.en = line(text, 2, 120)?,
        Key::CentrePhone => rules.centre.phone = line(text, 0, 40)?,
        Key::HomeLeadZh => rules.wording.home_lead.zh = line(text, 2, SENTENCE)?,
        Key::HomeLeadEn => rules.wording.home_lead.en = line(text, 2, SENTENCE)?,
        Key::BoardEmptyZh => rules.wording.board_empty.zh = line(text, 2, SENTENCE)?,
        Key::BoardEmptyEn => rules.wording.board_empty.en = line(text, 2, SENTENCE)?,
        Key::PinWhyZh => rules.wording.pin_why.zh = line(text, 2, SENTENCE)?,
        Key::PinWhyEn => rules.wording.pin_why.en = line(text, 2, SENTENCE)?,
        Key::ThanksZh => rules.wording.thanks.zh = line(text, 2, SENTENCE)?,
        Key::ThanksEn => rules.wording.thanks.en = line(text, 2, SENTENCE)?,
        Key::ThanksBadZh => rules.wording.thanks_bad.zh = line(text, 2, SENTENCE)?,
        Key::ThanksBadEn => rules.wording.thanks_bad.en = line(text, 2, SENTENCE)?,
        Key::MailClosingZh => rules.wording.mail_closing.zh = line(text, 0, SENTENCE)?,
        Key::MailClosingEn => rules.wording.mail_closing.en = line(text, 0, SENTENCE)?,
        Key::ShowFullNames => rules.full_names = yes_or_no(text)?,
        Key::CountUnverified => rules.figures.unverified = yes_or_no(text)?,
        Key::SecondFactorRoles => rules.second_factor = roles(text)?,
        Key::IdleMinutes => rules.sessions.idle_minutes = number(text, 5, 24 * 60)?,
        Key::SessionHours => rules.sessions.hours = number(text, 1, 24 * 30)?,
        Key::DaysImmediate => rules.grades.immediate = number(text, 1, 250)?,
        Key::DaysSimple => rules.grades.simple = number(text, 1, 250)?,
        Key::DaysGeneral => rules.grades.general = number(text, 1, 250)?,
        Key::DaysComplex => rules.grades.complex = number(text, 1, 250)?,
        Key::DaysCrossDepartment => rules.grades.cross_department = number(text, 1, 250)?,
        Key::OfficeNetworks => rules.offices = networks(text)?,
        Key::BurstRatings => rules.guard.burst = number(text, 2, 1000)?.get(),
        Key::BurstMinutes => {
            rules.guard.within = TimeDelta::minutes(number(text, 1, 24 * 60)?.get().into());
        }
        Key::DeviceEnterprises => rules.guard.enterprises = number(text, 2, 1000)?.get(),
    }
    Ok(())
}

/// The value of a setting, written as [`apply`] reads it.
pub fn value(rules: &Rules, key: Key) -> QueryResult<String> {
    let grade::Limits { immediate, simple, general, complex, cross_department } = rules.grades;
    Ok(match key {
        Key::CentreNameZh => rules.centre.name.zh.clone(),
        Key::CentreNameEn => rules.centre.name.en.clone(),
        Key::CentrePhone => rules.centre.phone.clone(),
        Key::HomeLeadZh => rules.wording.home_lead.zh.clone(),
        Key::HomeLeadEn => rules.wording.home_lead.en.clone(),
        Key::BoardEmptyZh => rules.wording.board_empty.zh.clone(),
        Key::BoardEmptyEn => rules.wording.board_empty.en.clone(),
        Key::PinWhyZh => rules.wording.pin_why.zh.clone(),
        Key::PinWhyEn => rules.wording.pin_why.en.clone(),
        Key::ThanksZh => rules.wording.thanks.zh.clone(),
        Key::ThanksEn => rules.wording.thanks.en.clone(),
        Key::ThanksBadZh => rules.wording.thanks_bad.zh.clone(),
        Key::ThanksBadEn => rules.wording.thanks_bad.en.clone(),
        Key::MailClosingZh => rules.wording.mail_closing.zh.clone(),
        Key::MailClosingEn => rules.wording.mail_closing.en.clone(),
        Key::ShowFullNames => rules.full_names.to_string(),
        Key::SecondFactorRoles => {
            rules.second_factor.iter().map(word).collect::<QueryResult<Vec<_>>>()?.join(" ")
        }
        Key::IdleMinutes => rules.sessions.idle_minutes.to_string(),
        Key::SessionHours => rules.sessions.hours.to_string(),
        Key::DaysImmediate => immediate.to_string(),
        Key::DaysSimple => simple.to_string(),
        Key::DaysGeneral => general.to_string(),
        Key::DaysComplex => complex.to_string(),
        Key::DaysCrossDepartment => cross_department.to_string(),
        Key::OfficeNetworks => rules.offices.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        Key::BurstRatings => rules.guard.burst.to_string(),
        Key::BurstMinutes => rules.guard.within.num_minutes().to_string(),
        Key::DeviceEnterprises => rules.guard.enterprises.to_string(),
        Key::CountUnverified => rules.figures.unverified.to_string(),
    })
}

fn line(text: &str, least: usize, most: usize) -> Result<String, Fault> {
    Typed::line("value", text, least, most)
        .map(String::from)
        .map_err(|_| ("文字过短、过长或含有控制字符", "too short, too long, or with control characters"))
}

fn yes_or_no(text: &str) -> Result<bool, Fault> {
    text.parse().map_err(|_| ("填写 true 或 false", "true or false"))
}

fn number(text: &str, least: u32, most: u32) -> Result<NonZeroU32, Fault> {
    text.parse::<NonZeroU32>()
        .ok()
        .filter(|n| (least..=most).contains(&n.get()))
        .ok_or(("数值超出范围", "out of range"))
}

fn networks(text: &str) -> Result<Vec<Net>, Fault> {
    let networks: Option<Vec<Net>> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '、' | ';'))
        .filter(|word| !word.is_empty())
        .map(Net::parse)
        .collect();
    networks.filter(|networks| networks.len() <= 100).ok_or((
        "填写网段，用空格分隔，如 10.0.0.0/8 192.0.2.0/24",
        "networks with blanks between them: 10.0.0.0/8 192.0.2.0/24",
    ))
}

fn roles(text: &str) -> Result<Vec<Role>, Fault> {
    text.split_whitespace()
        .map(|word| unword(word).map_err(|_| ("有一个角色不存在", "there is no such role")))
        .collect()
}
