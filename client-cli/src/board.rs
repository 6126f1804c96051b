//! The board for people at a terminal: of each issue who is responsible, how far it is, and when it closes.

use chrono::NaiveDate;
use qiyema_protocol::{
    board::{Board, Card, ClosureView, Lamp, OwnerView, Promise, State},
    rating::{Tier, Verdict},
    staff::Supervision,
    text::Text,
};

use crate::{
    args::Lang,
    clock,
    exit::Failure,
    output::{clean, line, lines},
};

/// Prints a board.
pub fn show(lang: Lang, board: &Board) -> Result<(), Failure> {
    line(&clean(&board.enterprise.name))?;
    let tier = match board.tier {
        Tier::Owner => lang.of("企业已验证", "PIN proved"),
        Tier::Unverified | Tier::CallBack => lang.of("未验证", "code only"),
    };
    line(&format!(
        "{} {} · {} {} · {tier} · {}",
        lang.of("办理中", "open"),
        board.open_count,
        lang.of("已办结", "closed"),
        board.closed_count,
        clock::minute(board.at),
    ))?;
    if board.issues.is_empty() {
        line(lang.of("暂无正在办理的问题", "nothing is being handled"))?;
    }
    for issue in &board.issues {
        card(lang, board, issue)?;
    }
    if board.pages > 1 {
        let next = if board.page < board.pages { board.page + 1 } else { 1 };
        let (page, pages) = (board.page, board.pages);
        line(&format!("\n{} {page}/{pages}: --page {next}", lang.of("页", "page")))?;
    }
    line(&format!("\n{} {}", pick(lang, &board.centre.name), clean(&board.centre.phone)))
}

fn card(lang: Lang, board: &Board, card: &Card) -> Result<(), Failure> {
    line(&format!("\n{} {}  {}", clean(&card.number), pick(lang, &card.category), lamp(lang, card.lamp)))?;
    let who = match &card.responsible {
        Some(r) => {
            let (unit, office) = (pick(lang, &r.unit), pick(lang, &r.office));
            let person = clean(r.person.as_deref().unwrap_or_default());
            let parts = [unit, office, person, clean(&r.phone)];
            parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ")
        }
        None => match card.state {
            State::NeedInfo => lang.of("等待企业补充材料", "waiting for what the enterprise adds").to_owned(),
            State::Rejected | State::Withdrawn | State::Merged => pick(lang, &board.centre.name),
            _ => lang.of("待指派", "not assigned yet").to_owned(),
        },
    };
    line(&format!("  {}: {who}", lang.of("谁在负责", "Who")))?;
    let (state, action) = (pick(lang, &card.state_text), pick(lang, &card.last_action));
    let last = clock::minute(card.last_at);
    line(&format!("  {}: {state} ({action}, {last})", lang.of("办到哪一步", "How far")))?;
    for (term, text) in beside(lang, board, card) {
        line(&format!("    {term}: {text}"))?;
    }
    let when = match (&card.closure, &card.promise) {
        (Some(closure), _) => closed(lang, closure),
        // While an issue is deferred no promise holds.
        (None, _)
            if let Some(deferral) = card.deferral.as_ref().filter(|_| card.state == State::Deferred) =>
        {
            let term = if deferral.review_on < board.today {
                lang.of("本应复核 ", "review was due ")
            } else {
                lang.of("下次复核 ", "next review ")
            };
            [term, &day(lang, deferral.review_on)].concat()
        }
        (None, _) if matches!(card.state, State::Rejected | State::Withdrawn) => {
            lang.of("不再办理", "not handled any further").to_owned()
        }
        (None, Some(p)) => promised(lang, p),
        (None, None) => unpromised(lang, board, card),
    };
    line(&format!("  {}: {when}", lang.of("什么时候办结", "When")))?;
    for change in card.promise.iter().flat_map(|p| &p.changes) {
        let why = pick(lang, &change.reason_text);
        line(&format!("    {} {} → {}: {why}", lang.of("延期", "moved"), change.from, change.to))?;
    }
    if let Some(closure) = &card.closure {
        rating(lang, &card.number, closure)?;
    }
    card.owner.as_ref().map_or(Ok(()), |o| owner(lang, o))
}

/// What is said where no date is promised.
fn unpromised(lang: Lang, board: &Board, card: &Card) -> String {
    let Some(until) = card.step_until else {
        return lang.of("受理后承诺", "promised once accepted").to_owned();
    };
    let term = match (card.state, until < board.today) {
        (State::NeedInfo, _) => lang.of("请补充材料，不晚于 ", "add what is asked for by "),
        (_, true) => lang.of("尚未答复是否受理，本应不晚于 ", "not accepted yet, was due by "),
        (_, false) => lang.of("答复是否受理，不晚于 ", "whether it is accepted is said by "),
    };
    [term, &day(lang, until)].concat()
}

/// What stands beside the line of phases: term and text.
fn beside(lang: Lang, board: &Board, card: &Card) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    rows.extend(card.follows.as_deref().map(|number| (lang.of("已并入", "Follows"), clean(number))));
    if card.round > 1 {
        rows.push((lang.of("办理轮次", "Round"), card.round.to_string()));
    }
    let pressed = match card.supervision {
        Supervision::None => None,
        Supervision::Reminded => Some(lang.of("已催办", "reminded")),
        Supervision::Supervised => Some(lang.of("已督办", "supervised")),
        Supervision::Escalated => Some(lang.of("已提级", "escalated")),
        Supervision::Reported => Some(lang.of("已通报", "reported in a circular")),
    };
    rows.extend(pressed.map(|text| (lang.of("督办", "Supervision"), text.to_owned())));
    rows.extend(card.first_contact.map(|one| match one.at {
        Some(at) => (lang.of("首次联系", "First contact"), clock::minute(at)),
        None if one.until < board.at => (
            lang.of("首次联系，尚未进行，本应不晚于", "First contact, not made yet, was due by"),
            clock::minute(one.until) + guess(lang, one.provisional),
        ),
        None => (
            lang.of("首次联系，不晚于", "First contact by"),
            clock::minute(one.until) + guess(lang, one.provisional),
        ),
    }));
    if let Some(conference) = &card.conference {
        let (term, on) = match conference.held_on {
            Some(held) => (lang.of("已会商", "Conference held"), held),
            None if conference.planned_on < board.today => (
                lang.of("原定会商，尚无结果", "Conference, no outcome yet, was planned for"),
                conference.planned_on,
            ),
            None => (lang.of("拟会商", "Conference planned"), conference.planned_on),
        };
        rows.push((term, day(lang, on)));
    }
    if let Some(steps) = &card.rectification {
        let until = steps.contact_until.or(steps.fix_until).or(steps.check_until);
        let term = if until.is_some_and(|until| until < board.today) {
            lang.of("整改，下一步尚未完成，本应不晚于", "Rectification, next step not done yet, was due by")
        } else {
            lang.of("整改，下一步不晚于", "Rectification, next step by")
        };
        let until = until.map(|until| day(lang, until)).unwrap_or_default();
        rows.push((term, until + guess(lang, steps.provisional)));
    }
    rows
}

/// A date that may still move is marked as one.
const fn guess(lang: Lang, provisional: bool) -> &'static str {
    if provisional { lang.of("（预计）", " (provisional)") } else { "" }
}

fn promised(lang: Lang, promise: &Promise) -> String {
    let mut text = day(lang, promise.current);
    text.push_str(guess(lang, promise.provisional));
    let hours = promise.hours_over.map(|hours| [lang.of("，", ", "), &hours_over(lang, hours)].concat());
    let left = match (promise.working_days_left, lang) {
        (Some(_), _) if hours.is_some() => hours.unwrap_or_default(),
        (Some(0), _) => lang.of("，今天到期", ", due today").to_owned(),
        (Some(days), Lang::Zh) if days > 0 => format!("，还剩{days}个工作日"),
        (Some(days), Lang::En) if days > 0 => format!(", {days} working day(s) left"),
        (Some(days), Lang::Zh) => format!("，已超期{}个工作日", days.unsigned_abs()),
        (Some(days), Lang::En) => format!(", overdue by {} working day(s)", days.unsigned_abs()),
        (None, _) => String::new(),
    };
    text.push_str(&left);
    if promise.first != promise.current {
        let first = day(lang, promise.first);
        text.push_str(&[lang.of("；首次承诺 ", "; first promised "), &first].concat());
    }
    text
}

/// Late by so many hours.
pub fn hours_over(lang: Lang, hours: u32) -> String {
    match (lang, hours) {
        (Lang::Zh, 0) => "已超期不足1小时".to_owned(),
        (Lang::Zh, hours) => format!("已超期{hours}小时"),
        (Lang::En, 0) => "overdue by less than an hour".to_owned(),
        (Lang::En, hours) => format!("overdue by {hours} hour(s)"),
    }
}

fn closed(lang: Lang, closure: &ClosureView) -> String {
    let at = day(lang, clock::local(closure.at).date_naive());
    format!("{at} {}: {}", lang.of("已办结", "closed"), pick(lang, &closure.result_text))
}

fn rating(lang: Lang, number: &str, closure: &ClosureView) -> Result<(), Failure> {
    let word = |verdict| match verdict {
        Verdict::Good => lang.of("好评", "good"),
        Verdict::Bad => lang.of("差评", "bad"),
    };
    if let Some(verdict) = closure.owner_verdict {
        line(&format!("  {}: {}", lang.of("企业评价", "Rated by the owner"), word(verdict)))?;
    }
    if let Some(verdict) = closure.unverified_verdict {
        line(&format!("  {}: {}", lang.of("未验证评价", "Rated, unverified"), word(verdict)))?;
    }
    if closure.rateable {
        let until = day(lang, closure.rate_until);
        let (please, number) = (lang.of("请评价，截止", "Please rate until"), clean(number));
        line(&format!("  {please} {until}: qiyema rate PHOTO --issue {number} --good | --bad"))?;
    }
    Ok(())
}

fn owner(lang: Lang, owner: &OwnerView) -> Result<(), Failure> {
    line(&format!("  {}: {}", lang.of("问题", "Issue"), clean(&owner.subject)))?;
    for part in lines(&owner.body).lines() {
        line(&format!("    {part}"))?;
    }
    if let Some(asked) = &owner.asked {
        line(&format!("  {}: {}", lang.of("请补充", "Please supply"), clean(asked)))?;
    }
    if let Some(refused) = &owner.refused {
        line(&format!("  {}: {}", lang.of("不予受理的理由", "Why it was not accepted"), clean(refused)))?;
    }
    if let Some(reply) = &owner.reply {
        line(&format!("  {}: {}", lang.of("答复", "Reply"), clean(reply)))?;
    }
    for entry in &owner.history {
        let note = entry.note.as_deref().map(|n| [": ", &clean(n)].concat()).unwrap_or_default();
        line(&format!("    {} {}{note}", clock::minute(entry.at), pick(lang, &entry.what)))?;
    }
    Ok(())
}

/// The lamp; colour is never the only signal.
#[must_use]
pub fn lamp(lang: Lang, lamp: Lamp) -> String {
    let colour = match lamp {
        Lamp::Green => "32",
        Lamp::Yellow => "33",
        Lamp::Red => "31",
        Lamp::Overdue => "31;1",
        Lamp::Off => "2",
    };
    let word = lamp_word(lang, lamp);
    let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty())
        || !std::io::IsTerminal::is_terminal(&std::io::stdout());
    if plain { word.to_owned() } else { format!("\u{1b}[{colour}m{word}\u{1b}[0m") }
}

/// The lamp without colour.
#[must_use]
pub const fn lamp_word(lang: Lang, lamp: Lamp) -> &'static str {
    match lamp {
        Lamp::Green => lang.of("● 正常", "● on time"),
        Lamp::Yellow => lang.of("● 临期", "● due soon"),
        Lamp::Red => lang.of("● 今天到期", "● due today"),
        Lamp::Overdue => lang.of("● 已超期", "● overdue"),
        Lamp::Off => lang.of("○ 未计时", "○ no clock runs"),
    }
}

fn day(lang: Lang, date: NaiveDate) -> String {
    date.format(lang.of("%Y年%-m月%-d日", "%Y-%m-%d")).to_string()
}

fn pick(lang: Lang, text: &Text) -> String {
    clean(lang.of(&text.zh, &text.en))
}
