//! Settings that change at run time, in three groups.

use actix_web::{HttpResponse, web::Query};
use qiyema_protocol::directory::SettingView;

use super::{Said, back, caller, changes, on_the_form, refused};
use crate::{
    actions::{admin::settings, rights::Area},
    domain::roles,
    store::columns::word,
    web::{
        api::admin::settings as api,
        console::{ConsoleForm, ConsoleStaff},
        problem::Refusal,
        view::console::{
            form::{Choice, Field, Form, Kind},
            sheet::{Part, Sheet},
        },
        words::console::{frame::role, settings as said},
    },
};

const PLACE: &str = "/console/admin/settings";

/// The group of sentences; an empty one is the settings file's again.
const WORDING: &str = "wording";

/// The groups: heading, note, and their keys.
const GROUPS: [(&str, (&str, &str), &[&str]); 6] = [
    (
        "centre",
        ("中心名称与显示", "The centre and what is shown"),
        &["centre_name_zh", "centre_name_en", "centre_phone", "show_full_names"],
    ),
    (
        WORDING,
        ("文案", "Wording"),
        &[
            "home_lead_zh",
            "home_lead_en",
            "board_empty_zh",
            "board_empty_en",
            "pin_why_zh",
            "pin_why_en",
            "thanks_zh",
            "thanks_en",
            "thanks_bad_zh",
            "thanks_bad_en",
            "mail_closing_zh",
            "mail_closing_en",
        ],
    ),
    ("sign_in", ("登录安全", "Signing in"), &["second_factor_roles", "idle_minutes", "session_hours"]),
    (
        "guard",
        ("评价核查（只标记，不影响统计）", "Ratings to look at (flagged only; no figure changes)"),
        &["office_networks", "burst_ratings", "burst_minutes", "device_enterprises"],
    ),
    ("figures", ("考核数据", "Figures"), &["count_unverified"]),
    (
        "grades",
        ("各难度的通常时限（工作日）", "Usual limits of the grades (working days)"),
        &["days_immediate", "days_simple", "days_general", "days_complex", "days_cross_department"],
    ),
];

/// `GET /console/admin/settings`.
pub async fn show(staff: ConsoleStaff, said: Query<Said>) -> Result<HttpResponse, Refusal> {
    let list = staff.read(|db, actor, rules, _| settings::list(db, actor, rules)).await?.settings;
    Ok(staff.page(sheet(&staff, &said, &list, None)))
}

fn sheet(
    staff: &ConsoleStaff,
    said: &Said,
    list: &[SettingView],
    mut again: Option<(String, Form)>,
) -> Result<String, askama::Error> {
    let lang = staff.lang;
    let mut sheet = Sheet::new(said.frame(staff), lang.pick("系统设置", "Settings")).lead(lang.pick(
        "保存后立即生效，并记入管理日志；其余设置在配置文件中。",
        "In force at once, and in the trail; everything else is in the settings file.",
    ));
    for (id, (zh, en), keys) in GROUPS {
        let heading = lang.pick(zh, en);
        if !changes(staff, Area::Settings) {
            let facts = list.iter().filter(|one| keys.contains(&&*one.key));
            let facts =
                facts.map(|one| (said::label(&one.key, lang).0.to_owned(), one.value.clone())).collect();
            sheet = sheet.with(Part::Heading(heading.to_owned())).with(Part::Facts(facts));
            continue;
        }
        let kept = again.take_if(|(group, _)| group == id).map(|(_, form)| form);
        let form = kept.unwrap_or_else(|| form(staff, id, keys, list));
        let note = if id == WORDING {
            lang.pick(
                "留空恢复默认文案。问题状态、日期、评价及“评价自愿”的提示由系统说明，不能改写。",
                "Empty: the default again. What states, dates and ratings say, and that rating is voluntary, cannot be reworded.",
            )
        } else {
            ""
        };
        sheet = sheet.form(heading, note, &form)?;
    }
    sheet.render()
}

fn form(staff: &ConsoleStaff, id: &str, keys: &[&str], list: &[SettingView]) -> Form {
    let lang = staff.lang;
    let mut form = Form::new(lang, &staff.csrf, PLACE, lang.pick("保存", "Save"))
        .id(id)
        .with(Field::hidden("group", id));
    for key in keys {
        let value = list.iter().find(|one| one.key == *key).map_or("", |one| &one.value);
        let (label, help) = said::label(key, lang);
        form = form.with(match *key {
            "show_full_names" => Field {
                choices: vec![
                    Choice::new("false", lang.pick("姓氏和职务", "Surname and post")),
                    Choice::new("true", lang.pick("全名", "Full name")),
                ],
                ..Field::new(Kind::Radio, *key, label).value(value).help(help)
            },
            "count_unverified" => Field {
                choices: vec![
                    Choice::new("false", lang.pick("单列，不计入", "are shown apart and do not count")),
                    Choice::new("true", lang.pick("企业没有评价的，计入", "count where the owner gave none")),
                ],
                ..Field::new(Kind::Radio, *key, label).value(value).help(help)
            },
            "second_factor_roles" => Field {
                choices: roles::ALL
                    .into_iter()
                    .filter_map(|one| Some(Choice::new(word(one).ok()?, role(lang, one))))
                    .collect(),
                ..Field::new(Kind::Checks, *key, label).value(value.replace(' ', ",")).help(help)
            },
            "office_networks" => Field::line(*key, label).value(value).most(2000).optional().help(help),
            "centre_phone" => Field::line(*key, label).value(value).most(40).optional().help(help),
            "centre_name_zh" | "centre_name_en" => Field::line(*key, label).value(value).most(120).help(help),
            _ if id == WORDING => Field::line(*key, label).value(value).most(200).optional().help(help),
            _ => Field::new(Kind::Number, *key, label).value(value).most(1440).help(help),
        });
    }
    form
}

/// `POST /console/admin/settings`: one group, each key an action of its own.
pub async fn save(staff: ConsoleStaff, typed: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let group = typed.text("group").to_owned();
    let Some((id, _, keys)) = GROUPS.into_iter().find(|(id, ..)| *id == group) else {
        return Ok(back(PLACE));
    };
    for key in keys {
        let value =
            if *key == "second_factor_roles" { typed.all(key).join(" ") } else { typed.text(key).to_owned() };
        let value = Some(value).filter(|text| id != WORDING || !text.trim().is_empty());
        match api::change(&staff.shared, caller(&staff), key, value).await {
            Ok(()) => {}
            Err(refusal) if on_the_form(&refusal) => {
                let list = staff.read(|db, actor, rules, _| settings::list(db, actor, rules)).await?.settings;
                let mut faults = refusal.problem(None).errors;
                for fault in &mut faults {
                    (*key).clone_into(&mut fault.field);
                }
                let again = form(&staff, id, keys, &list).typed(&typed.0);
                let again = refused(again, &Refusal::fields(faults));
                return Ok(staff.form_again(sheet(&staff, &Said::default(), &list, Some((group, again)))));
            }
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(back(PLACE))
}
