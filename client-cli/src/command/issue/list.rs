//! Many issues: lists by the filters of the console, files of them, and how much waits.

use std::path::Path;

use qiyema_protocol::{
    clocks::ClockKind,
    staff::{DeskView, IssueList, IssueView},
    words,
};

use super::{
    super::{Context, enterprise, names::Names, register, staff, table, with_query},
    said, word,
};
use crate::{
    args::{Lang, issue::Filter},
    board,
    exit::Failure,
    output,
};

/// The filter as the route takes it.
fn asked(c: &Context, filter: &Filter) -> Result<Vec<(&'static str, String)>, Failure> {
    let tick = |yes: bool, value: &str| if yes { value.to_owned() } else { String::new() };
    let given = |text: &Option<String>| text.clone().unwrap_or_default();
    let of = match &filter.enterprise {
        Some(text) => enterprise::id(c, text)?,
        None => String::new(),
    };
    Ok(vec![
        ("open", tick(filter.all, "all")),
        ("mine", tick(filter.mine, "1")),
        ("assisting", tick(filter.assisting, "1")),
        ("waiting", tick(filter.waiting, "1")),
        ("state", filter.state.map(word).transpose()?.unwrap_or_default()),
        ("lamp", filter.lamp.map(word).transpose()?.unwrap_or_default()),
        ("unit", given(&filter.unit)),
        ("handler", given(&filter.handler)),
        ("category", given(&filter.category)),
        ("channel", given(&filter.channel)),
        ("grade", filter.grade.map(word).transpose()?.unwrap_or_default()),
        ("level", filter.level.map(word).transpose()?.unwrap_or_default()),
        ("enterprise", of),
        ("q", given(&filter.query)),
        ("sort", tick(filter.newest, "newest")),
    ])
}

fn path(route: &str, asked: &[(&'static str, String)]) -> Result<String, Failure> {
    let asked: Vec<(&str, &str)> = asked.iter().map(|(name, value)| (*name, value.as_str())).collect();
    with_query(route, &asked)
}

/// A page of a list.
pub fn list(c: &Context, filter: &Filter, after: Option<&str>) -> Result<(), Failure> {
    let mut asked = asked(c, filter)?;
    asked.push(("after", after.unwrap_or_default().to_owned()));
    let page: IssueList = staff::get(c, &path("issues", &asked)?)?;
    if c.json {
        return output::json(&page);
    }
    let names = if page.issues.is_empty() { Names::default() } else { Names::ask(c) };
    let row = |issue: IssueView| {
        let promise = issue.promise.map(|d| d.to_string()).unwrap_or_default();
        let mut lamp = board::lamp_word(c.lang, issue.lamp).to_owned();
        // Which limit the lamp is of.
        if let Some(first) = issue.clocks.iter().find(|one| one.kind != ClockKind::Rate) {
            lamp = [lamp.as_str(), said(c, words::clock(first.kind))].join(" ");
        }
        let unit = issue.unit.as_deref().map(|unit| names.unit(c, unit)).unwrap_or_default();
        let state = said(c, words::state(issue.state)).to_owned();
        vec![issue.number, state, lamp, promise, unit, issue.enterprise_name, issue.subject]
    };
    let rows = page.issues.into_iter().map(row).collect();
    let zh = ["编号", "状态", "亮灯", "承诺", "单位", "企业", "问题"];
    let en = ["Number", "State", "Lamp", "Promise", "Unit", "Enterprise", "Subject"];
    table(if c.lang == Lang::Zh { &zh } else { &en }, rows)?;
    if let Some(next) = page.next {
        output::people(&format!("{}: --after {}", c.lang.of("下一页", "next page"), output::clean(&next)));
    }
    Ok(())
}

/// All of a list as a file.
pub fn export(c: &Context, filter: &Filter, file: &Path) -> Result<(), Failure> {
    let book = file.extension().is_some_and(|end| end.eq_ignore_ascii_case("xlsx"));
    let mut asked = asked(c, filter)?;
    asked.push(("lang", if c.lang == Lang::En { "en".to_owned() } else { String::new() }));
    let path = path(if book { "staff/issues.xlsx" } else { "staff/issues.csv" }, &asked)?;
    if file.as_os_str() == "-" {
        return staff::download(c, &path, &mut std::io::stdout());
    }
    register::save(c, &path, file)
}

/// How much waits.
pub fn desk(c: &Context) -> Result<(), Failure> {
    let view: DeskView = staff::get(c, "desk")?;
    if c.json {
        return output::json(&view);
    }
    let rows = view.lists.iter().map(|list| {
        let more = if list.count >= view.most { "+" } else { "" };
        let own = if list.own { "*" } else { "" };
        let name = c.lang.of(&list.name.zh, &list.name.en).to_owned();
        vec![own.to_owned(), name, format!("{}{more}", list.count), list.query.clone()]
    });
    let head = ["", c.lang.of("清单", "List"), c.lang.of("件数", "Issues"), c.lang.of("筛选", "Filter")];
    table(&head, rows.collect())
}
