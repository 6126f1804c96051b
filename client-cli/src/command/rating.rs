//! `qiyema rating …`: ratings as staff read them, and appeals against them.

use std::path::Path;

use qiyema_protocol::{
    appeal::{Judgement, NewAppeal, NewDecision, PinDeedKind, RatingList, RatingView, RoleGiven},
    exchange::Exchange,
    rating::{Flag, NewRating, Proof, Round, Tier, Verdict},
};

use super::{Context, staff};
use crate::{args::staff::Rating, clock, exit::Failure, output};

/// Runs a rating verb.
pub fn run(c: &Context, verb: Rating) -> Result<(), Failure> {
    match verb {
        Rating::List { show, before } => {
            let asked = [("show", show.as_str()), ("before", before.as_deref().unwrap_or_default())];
            let list: RatingList = staff::get(c, &super::with_query("ratings", &asked)?)?;
            if c.json { output::json(&list) } else { table(c, list) }
        }
        Rating::Show { rating } => show(c, &staff::get(c, &path(&rating, "")?)?),
        Rating::CallBack { number, good, bad: _, level, solved, tags, comment } => {
            let verdict = if good { Verdict::Good } else { Verdict::Bad };
            let new = NewRating { verdict, level, tags, comment, solved, round: Round::First };
            let number = super::segment("NUMBER", &number)?;
            show(c, &staff::post(c, &format!("issues/{number}/call-back-rating"), &new)?)
        }
        Rating::Appeal { rating, ground, reason } => {
            show(c, &staff::post(c, &path(&rating, "/appeal")?, &NewAppeal { ground, reason })?)
        }
        Rating::Exchange { coding, period, from, to, save } => {
            let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
            let coded = serde_json::to_value(coding)?;
            let (period, from, to) = (period.unwrap_or_default(), day(from), day(to));
            let asked = [
                ("period", period.as_str()),
                ("from", &from),
                ("to", &to),
                ("coding", coded.as_str().unwrap_or_default()),
            ];
            exchange(c, &asked, save.as_deref())
        }
        Rating::Decide { rating, accept, reject: _, reason } => {
            let judgement = if accept { Judgement::Accepted } else { Judgement::Rejected };
            show(c, &staff::post(c, &path(&rating, "/decisions")?, &NewDecision { judgement, reason })?)
        }
    }
}

/// All pages as one document.
fn exchange(c: &Context, asked: &[(&str, &str)], save: Option<&Path>) -> Result<(), Failure> {
    let page = |after: &str| -> Result<Exchange, Failure> {
        let asked = [asked, &[("after", after)]].concat();
        staff::get_either(c, &super::with_query("ratings/exchange", &asked)?)
    };
    let mut all = page("")?;
    while let Some(after) = all.next.take() {
        let mut more = page(&after)?;
        all.ratings.append(&mut more.ratings);
        all.next = more.next;
    }
    let Some(file) = save else { return output::json(&all) };
    let told = |e: std::io::Error| Failure::failed(format!("{}: {e}", file.display()));
    std::fs::write(file, serde_json::to_vec_pretty(&all)?).map_err(told)?;
    output::people(&format!("→ {} ({})", file.display(), all.ratings.len()));
    Ok(())
}

fn path(rating: &str, rest: &str) -> Result<String, Failure> {
    Ok(format!("ratings/{}{rest}", super::segment("RATING", rating)?))
}

fn table(c: &Context, list: RatingList) -> Result<(), Failure> {
    let head = [
        c.lang.of("编号", "Id"),
        c.lang.of("问题", "Issue"),
        c.lang.of("评价", "Rating"),
        c.lang.of("依据", "Proof"),
        c.lang.of("时间", "When"),
        c.lang.of("申诉", "Appeal"),
    ];
    let next = list.next.clone();
    let rows = list.ratings.into_iter().map(|one| {
        let appeal = appeal(c, &one).to_owned();
        vec![
            one.id,
            one.issue,
            verdict(c, one.verdict).to_owned(),
            tier(c, one.tier).to_owned(),
            clock::minute(one.at),
            appeal,
        ]
    });
    super::table(&head, rows.collect())?;
    if let Some(next) = next {
        output::people(&format!("{} --before {}", c.lang.of("下一页", "next page"), output::clean(&next)));
    }
    Ok(())
}

fn show(c: &Context, one: &RatingView) -> Result<(), Failure> {
    if c.json {
        return output::json(one);
    }
    let say = |text: String| output::line(&output::clean(&text));
    say(format!("{}  {}  {}", one.id, one.issue, c.lang.of(&one.unit_name.zh, &one.unit_name.en)))?;
    let at = clock::minute(one.at);
    say(format!("{}  {}  {at}", verdict(c, one.verdict), tier(c, one.tier)))?;
    match (one.proof, &one.officer) {
        (Proof::Invitation, _) => match &one.webhook {
            None => say(c
                .lang
                .of("评价邀请链接（邮件）", "by the link of an invitation, sent by letter")
                .to_owned())?,
            Some(name) => say(format!(
                "{} {name}",
                c.lang.of(
                    "评价邀请链接，经推送系统发出：",
                    "by the link of an invitation, sent through the webhook"
                )
            ))?,
        },
        (Proof::CallBack, Some(officer)) => say(format!("{} {officer}", c.lang.of("回访人", "called by")))?,
        _ => {}
    }
    for tag in &one.tags {
        say(format!("# {}", c.lang.of(&tag.zh, &tag.en)))?;
    }
    for one in &one.flags {
        say(format!("! {}", flag(c, *one)))?;
    }
    if let Some(deed) = &one.pin_deed {
        say(format!("  {}  {}  {}", pin_deed(c, deed.kind), deed.by, clock::minute(deed.at)))?;
    }
    if let Some(comment) = &one.comment {
        say(comment.clone())?;
    }
    if let Some(day) = one.appeal_until {
        say(format!("{} {day}", c.lang.of("申诉最后一天", "last day to appeal")))?;
    }
    if let Some(appealed) = &one.appeal {
        say(format!("{}  {}  {}", appeal(c, one), appealed.by, appealed.reason))?;
        for decision in &appealed.decisions {
            say(format!("  {}  {}  {}", judged(c, decision.judgement), decision.by, decision.reason))?;
            if let Some(given) = &decision.role_given {
                say(format!("    {}", role_given(c, given)))?;
            }
        }
    }
    match (&one.barred, &one.role_given) {
        (Some(why), _) => say(c.lang.of(&why.zh, &why.en).to_owned()),
        (None, Some(given)) => say(format!("! {}", role_given(c, given))),
        (None, None) => Ok(()),
    }
}

/// Whoever decides got the role for it after the appeal was filed.
fn role_given(c: &Context, given: &RoleGiven) -> String {
    let word = c.lang.of(
        "在申诉提出后才取得复核资格，授予人",
        "got the role that decides after the appeal was filed, from",
    );
    format!("{word} {}  {}", given.by, clock::minute(given.at))
}

fn appeal<'t>(c: &Context, one: &RatingView) -> &'t str {
    match one.appeal.as_ref().map(|appeal| appeal.outcome) {
        None => "",
        Some(None) => c.lang.of("复核中", "being decided"),
        Some(Some(outcome)) => judged(c, outcome),
    }
}

fn flag<'t>(c: &Context, flag: Flag) -> &'t str {
    match flag {
        Flag::OfficeNetwork => c.lang.of("来自办公网络", "from a network of the offices"),
        Flag::BurstNetwork => c.lang.of("同一网络集中评价", "a burst from one network"),
        Flag::BurstDevice => c.lang.of("同一设备集中评价", "a burst from one device"),
        Flag::SharedDevice => {
            c.lang.of("同一设备为多家企业评价", "a device that rated for several enterprises")
        }
        Flag::FreshPin => c.lang.of(
            "评价前不久，工作人员刚设置或打印过该企业的口令",
            "staff had set or printed the PIN shortly before",
        ),
        Flag::StaffAddress => c.lang.of(
            "评价链接发到了工作人员、本单位或多家企业共用的邮箱",
            "the link went to a mailbox of staff, of their house, or of several enterprises",
        ),
    }
}

fn pin_deed<'t>(c: &Context, kind: PinDeedKind) -> &'t str {
    match kind {
        PinDeedKind::Issued => c.lang.of("签发企业码并生成口令", "issued a code with its PIN"),
        PinDeedKind::Reset => c.lang.of("重置口令", "reset the PIN"),
        PinDeedKind::Printed => c.lang.of("打印口令信", "printed a letter with the PIN"),
    }
}

fn judged<'t>(c: &Context, judgement: Judgement) -> &'t str {
    match judgement {
        Judgement::Accepted => c.lang.of("申诉成立，不计入", "accepted: not counted"),
        Judgement::Rejected => c.lang.of("申诉不成立", "rejected: it counts"),
    }
}

fn verdict<'t>(c: &Context, verdict: Verdict) -> &'t str {
    match verdict {
        Verdict::Good => c.lang.of("好评", "good"),
        Verdict::Bad => c.lang.of("差评", "bad"),
    }
}

fn tier<'t>(c: &Context, tier: Tier) -> &'t str {
    match tier {
        Tier::Owner => c.lang.of("企业", "owner"),
        Tier::Unverified => c.lang.of("未验证身份", "unverified"),
        Tier::CallBack => c.lang.of("电话回访", "by call-back"),
    }
}
