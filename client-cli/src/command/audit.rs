//! `qiyema audit`: who did what and when, on the screen or as a file.

use std::path::Path;

use qiyema_protocol::{audit::AuditList, directory::AdminTrail};

use super::{Context, register, staff};
use crate::{
    args::{Audit, Lang},
    clock,
    exit::Failure,
    output,
};

/// Asks and shows, or saves.
pub fn run(c: &Context, wish: &Audit) -> Result<(), Failure> {
    let written = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let [day, from, to] = [wish.day, wish.from, wish.to].map(written);
    let given = |text: &Option<String>| text.clone().unwrap_or_default();
    let (number, username, kind) = (given(&wish.number), given(&wish.username), given(&wish.kind));
    let mut asked = vec![
        ("number", number.as_str()),
        ("username", &username),
        ("kind", &kind),
        ("day", &day),
        ("from", &from),
        ("to", &to),
    ];
    if let Some(file) = &wish.save {
        let end = if is_book(file) { "xlsx" } else { "csv" };
        let path = if wish.administration {
            format!("admin/events.{end}")
        } else {
            asked.push(("lang", if c.lang == Lang::En { "en" } else { "" }));
            super::with_query(&format!("staff/audit.{end}"), &asked)?
        };
        if file.as_os_str() == "-" {
            return staff::download(c, &path, &mut std::io::stdout());
        }
        return register::save(c, &path, file);
    }
    let after = given(&wish.after);
    if wish.administration {
        return administration(c, &after);
    }
    asked.push(("after", &after));
    let page: AuditList = staff::get(c, &super::with_query("audit", &asked)?)?;
    if c.json {
        return output::json(&page);
    }
    let head = [
        c.lang.of("时间", "When"),
        c.lang.of("经手人", "Who"),
        c.lang.of("事项", "What"),
        c.lang.of("对象", "On"),
        c.lang.of("内容", "Note"),
    ];
    let rows = page.records.into_iter().map(|one| {
        let by = match one.by.as_str() {
            "owner" => c.lang.of("企业", "the owner").to_owned(),
            "clock" => c.lang.of("系统", "System").to_owned(),
            "scan" => c.lang.of("扫码人（未验证）", "somebody who scanned, unverified").to_owned(),
            _ => one.by,
        };
        let what = c.lang.of(&one.what.zh, &one.what.en).to_owned();
        let on = one.number.or(one.enterprise).unwrap_or_default();
        vec![clock::minute(one.at), by, what, on, one.note.unwrap_or_default()]
    });
    super::table(&head, rows.collect())?;
    more(c, page.next.as_deref());
    Ok(())
}

fn administration(c: &Context, before: &str) -> Result<(), Failure> {
    let path = super::with_query("admin/events", &[("before", before)])?;
    let page: AdminTrail = serde_json::from_slice(&staff::any(c, &reqwest::Method::GET, &path, None)?)?;
    if c.json {
        return output::json(&page);
    }
    let head = [
        c.lang.of("时间", "When"),
        c.lang.of("经手人", "Who"),
        c.lang.of("事项", "What"),
        c.lang.of("对象", "On"),
        c.lang.of("内容", "Note"),
    ];
    let rows = page.events.into_iter().map(|one| {
        let on = one.subject_name.unwrap_or(one.subject);
        vec![clock::minute(one.at), one.by, one.kind, on, one.detail]
    });
    super::table(&head, rows.collect())?;
    more(c, page.next.as_deref());
    Ok(())
}

fn more(c: &Context, next: Option<&str>) {
    if let Some(next) = next {
        output::people(&format!("{}: --after {}", c.lang.of("下一页", "next page"), output::clean(next)));
    }
}

fn is_book(file: &Path) -> bool {
    file.extension().is_some_and(|end| end.eq_ignore_ascii_case("xlsx"))
}
