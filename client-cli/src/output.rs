//! What is written: one JSON document a line, or text for people. A closed pipe is no error.

use std::io::Write as _;

use chrono::FixedOffset;
use qiyema_protocol::{
    board::{Board, Card, Lamp},
    rating::Tier,
    text::Text,
};
use serde::Serialize;

use crate::{args::Lang, exit::Failure};

/// Text to standard output.
pub fn line(text: &str) -> Result<(), Failure> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// One document on one line.
pub fn json(value: &impl Serialize) -> Result<(), Failure> {
    line(&serde_json::to_string(value)?)
}

/// Text to standard error; if even that is closed, nobody is reading.
pub fn people(text: &str) {
    drop(writeln!(std::io::stderr(), "{text}"));
}

/// Control characters from a server must not drive the terminal.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

fn pick(lang: Lang, text: &Text) -> String {
    clean(lang.of(&text.zh, &text.en))
}

fn lamp(lang: Lang, lamp: Lamp) -> String {
    let (colour, word) = match lamp {
        Lamp::Green => ("32", lang.of("● 绿灯 正常", "● green, on time")),
        Lamp::Yellow => ("33", lang.of("● 黄灯 临期", "● yellow, due soon")),
        Lamp::Red => ("31", lang.of("● 红灯 今天到期", "● red, due today")),
        Lamp::Overdue => ("31;1", lang.of("● 已超期", "● overdue")),
        Lamp::Off => ("2", lang.of("○ 未计时", "○ no clock runs")),
    };
    let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty())
        || !std::io::IsTerminal::is_terminal(&std::io::stdout());
    if plain { word.to_owned() } else { format!("\u{1b}[{colour}m{word}\u{1b}[0m") }
}

/// The board for people.
pub fn board(lang: Lang, board: &Board) -> Result<(), Failure> {
    line(&clean(&board.enterprise.name))?;
    let tier = match board.tier {
        Tier::Owner => lang.of("企业已验证", "PIN proved"),
        Tier::Unverified => lang.of("未验证", "code only"),
    };
    line(&format!(
        "{} {} · {} {} · {tier} · {}/{}",
        lang.of("办理中", "open"),
        board.open_count,
        lang.of("已办结", "closed"),
        board.closed_count,
        board.page,
        board.pages
    ))?;
    for issue in &board.issues {
        card(lang, issue)?;
    }
    line(&format!("\n{} {}", pick(lang, &board.centre.name), clean(&board.centre.phone)))
}

fn card(lang: Lang, card: &Card) -> Result<(), Failure> {
    line(&format!("\n{} {}  {}", clean(&card.number), pick(lang, &card.category), lamp(lang, card.lamp)))?;
    let who = match &card.responsible {
        Some(r) => {
            let person = r.person.as_deref().unwrap_or_default();
            let (unit, office) = (pick(lang, &r.unit), pick(lang, &r.office));
            format!("{unit} {office} {} {}", clean(person), clean(&r.phone))
        }
        None => lang.of("待指派", "not assigned yet").to_owned(),
    };
    line(&format!("  {}: {who}", lang.of("谁在负责", "Who")))?;
    let day = FixedOffset::east_opt(8 * 3600)
        .map_or_else(|| card.last_at.date_naive(), |zone| card.last_at.with_timezone(&zone).date_naive());
    let (state, action) = (pick(lang, &card.state_text), pick(lang, &card.last_action));
    line(&format!("  {}: {state} ({action}, {day})", lang.of("办到哪一步", "How far")))?;
    let when = match (&card.closure, &card.promise) {
        (Some(c), _) => format!("{} ({})", pick(lang, &c.result_text), c.at.date_naive()),
        (None, Some(p)) => {
            let guess = if p.provisional { lang.of(" (预计)", " (provisional)") } else { "" };
            let moved = if p.first == p.current {
                String::new()
            } else {
                format!(" ({} {})", lang.of("原承诺", "first promised"), p.first)
            };
            format!("{}{guess}{moved}", p.current)
        }
        (None, None) => lang.of("受理后承诺", "promised once accepted").to_owned(),
    };
    line(&format!("  {}: {when}", lang.of("什么时候办结", "When")))
}
