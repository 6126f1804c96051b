//! What a new centre still lacks, in the order in which it is set up. It stands on the
//! home page of who administers, until all of it is there.

use qiyema_protocol::{administration::PersonView, staff::Role};

use super::staff::ConsoleStaff;
use crate::{
    actions::{
        admin::{directory, people},
        enterprise,
        rights::{Area, Deed},
    },
    web::{
        problem::Refusal,
        view::console::home::FirstStep,
        words::{console::frame::role, lang::Lang},
    },
};

/// Without one of these an issue comes in and stays where it is.
const NEEDED: [Role; 5] =
    [Role::CodeIssuer, Role::IntakeOfficer, Role::Dispatcher, Role::Handler, Role::ClosureReviewer];

/// The steps; none for whom they do not concern, or once all are done.
pub async fn first_steps(staff: &ConsoleStaff) -> Result<Vec<FirstStep>, Refusal> {
    if staff.actor.may(Deed::Administer(Area::Staff)).is_err() {
        return Ok(Vec::new());
    }
    let (phone, offices_known, directory, people, enterprises) = staff
        .read(|db, actor, rules, _| {
            Ok((
                rules.centre.phone.clone(),
                !rules.offices.is_empty(),
                directory::show(db, actor)?,
                people::list(db, actor, rules)?,
                enterprise::search(db, actor, "", rules)?,
            ))
        })
        .await?;
    let standing = directory.units.iter().filter(|unit| unit.closed_at.is_none());
    let offices = standing.flat_map(|unit| &unit.offices).any(|office| office.closed_at.is_none());
    // Whoever has not set a password yet does nothing yet.
    let works = |who: &PersonView| who.disabled_at.is_none() && !who.awaits_set_up;
    let held = |one: &Role| people.iter().any(|who| works(who) && who.roles.contains(one));
    let missing: Vec<Role> = NEEDED.into_iter().filter(|one| !held(one)).collect();
    let codes = enterprises.iter().any(|one| !one.codes.is_empty());
    let lang = staff.lang;
    let steps = vec![
        FirstStep {
            href: "/console/admin/settings",
            name: lang.pick("中心名称和电话", "Name and telephone of the centre"),
            help: lang.pick("显示在每个扫码页上。", "They stand on every phone page.").to_owned(),
            done: !phone.is_empty(),
        },
        FirstStep {
            href: "/console/admin/units",
            name: lang.pick("单位与科室", "Units and offices"),
            help: lang
                .pick(
                    "承办问题的单位；企业看到的联系电话来自科室。",
                    "Who handles issues; owners call the telephone of the office.",
                )
                .to_owned(),
            done: offices,
        },
        FirstStep {
            href: "/console/admin/staff",
            name: lang.pick("人员", "People"),
            help: lacking(&missing, lang),
            done: missing.is_empty(),
        },
        FirstStep {
            href: "/console/admin/settings#guard",
            name: lang.pick("办公网段", "Networks of the offices"),
            help: lang
                .pick(
                    "没有填写，办公室里代企业作出的评价不会被标记。办公网络没有固定地址的，填 127.0.0.1/32。",
                    "Without them a rating given in an office for an enterprise bears no flag. Where the offices have no fixed address, write 127.0.0.1/32.",
                )
                .to_owned(),
            done: offices_known,
        },
        FirstStep {
            href: "/console/enterprises",
            name: lang.pick("企业与企业码", "Enterprises and their codes"),
            help: lang
                .pick(
                    "由发码员登记企业并签发企业码。",
                    "The code issuer registers them and issues the codes.",
                )
                .to_owned(),
            done: codes,
        },
    ];
    Ok(if steps.iter().all(|step| step.done) { Vec::new() } else { steps })
}

fn lacking(missing: &[Role], lang: Lang) -> String {
    if missing.is_empty() {
        return lang.pick("各个环节都有人。", "Somebody stands at every step.").to_owned();
    }
    let (comma, before) = (lang.pick("、", ", "), lang.pick("还缺：", "Nobody yet: "));
    let names: Vec<&str> = missing.iter().map(|one| role(lang, *one)).collect();
    format!("{before}{}", names.join(comma))
}
