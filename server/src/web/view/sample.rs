//! A board to look at: twenty issues, every lamp, every kind of closure. For
//! tests, screenshots and whoever wants to see the page without a server.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use qiyema_protocol::{
    beside::{ConferenceView, DeferralView, RectificationView},
    board::{
        Board, Card, ClosureView, Code, Enterprise, ExtensionReason, Lamp, Outcome, OwnerView, Promise,
        PromiseChange, Responsible, State, Step,
    },
    history::HistoryEntry,
    rating::{RatingTag, RatingTags, Tier, Verdict},
    staff::Supervision,
    text::Text,
};

use crate::domain::wording::Wording;

/// The sample day: 2026-11-24, 15:30 in Huzhou.
#[must_use]
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_505_400, 0).unwrap_or_default()
}

/// Sentences in a centre's own words.
#[must_use]
pub fn wording() -> Wording {
    Wording {
        home_lead: Text::new("扫一扫企业码，办事进度一目了然", "Scan the enterprise code"),
        board_empty: Text::new("如需反映问题，请致电服务中心。", "To raise an issue, please call."),
        pin_why: Text::new("输入企业口令，可查看全文和答复。", "Enter the PIN to see full texts."),
        thanks: Text::new("感谢评价。您的评价已收到。", "Thank you. Your rating was received."),
        thanks_bad: Text::new("您的评价已收到，我们将与您联系。", "Received. We will contact you."),
        mail_closing: Text::new("", ""),
    }
}

/// Twenty issues, as a passer-by (`Unverified`) or the enterprise sees them.
#[must_use]
pub fn board(tier: Tier) -> Board {
    let owner = tier == Tier::Owner;
    let mut issues = vec![
        Card { supervision: Supervision::Supervised, ..open(0, State::InProgress, Lamp::Overdue, -2) },
        conferring(open(1, State::CaseConference, Lamp::Red, 0)),
        Card { round: 2, ..open(2, State::InProgress, Lamp::Yellow, 1) },
        extended(open(3, State::InProgress, Lamp::Green, 6)),
        provisional(open(4, State::Assigned, Lamp::Green, 30)),
        deferred(paused(open(5, State::Deferred, Lamp::Off, 9))),
        unassigned(open(6, State::Accepted, Lamp::Green, 4)),
        submitted(7),
        open(8, State::PendingReview, Lamp::Yellow, 1),
        rectifying(open(9, State::Rectifying, Lamp::Green, 5)),
        closed(10, Outcome::Resolved, true, None, None),
        closed(11, Outcome::PartlyResolved, owner, None, Some(Verdict::Bad)),
        closed(12, Outcome::Resolved, false, Some(Verdict::Good), None),
        closed(13, Outcome::Explained, false, Some(Verdict::Bad), Some(Verdict::Good)),
        expired(closed(14, Outcome::Planned, false, None, None)),
        closed(15, Outcome::Unfounded, true, None, None),
        closed(16, Outcome::Resolved, true, None, None),
        closed(17, Outcome::Resolved, false, Some(Verdict::Good), None),
        closed(18, Outcome::PartlyResolved, true, None, None),
        closed(19, Outcome::Withdrawn, false, None, None),
    ];
    if owner {
        for card in &mut issues {
            card.owner = Some(story(card));
        }
    }
    Board {
        at: now(),
        today: now().date_naive(),
        tier,
        centre: super::home::sample(),
        enterprise: Enterprise {
            name: "湖州南太湖精密制造有限公司".into(),
            uscc: owner.then(|| "91330500MA2TEXT16M".into()),
        },
        code: Code { id: "k7q2m9xw4tbn8r3d".into(), kid: 1, issued_at: ago(40) },
        open_count: 10,
        closed_count: 37,
        page: 1,
        pages: 3,
        issues,
    }
}

/// An enterprise without issues.
#[must_use]
pub fn empty() -> Board {
    Board { open_count: 0, closed_count: 0, pages: 1, issues: Vec::new(), ..board(Tier::Unverified) }
}

/// The tags of the national catalogue.
#[must_use]
pub fn rating_tags() -> RatingTags {
    let tag = |(id, score, zh, en): &(&str, u8, &str, &str)| RatingTag {
        id: (*id).into(),
        score: *score,
        text: Text::new(*zh, *en),
    };
    RatingTags { version: 1, tags: TAGS.iter().map(tag).collect() }
}

/// A receipt of realistic length.
pub const RECEIPT: &str = "eyJ0eXAiOiJxaXllbWEtcmVjZWlwdCtqd3QiLCJhbGciOiJFZERTQSIsImtpZCI6IjEifQ.eyJpc3MiOiJodHRwczovL3F5LmV4YW1wbGUuY24iLCJpc3N1ZSI6IlEyMDI2MTExNC0wMDExIiwidmVyZGljdCI6Imdvb2QiLCJpYXQiOjE3OTU1MDU0MDB9.c2FtcGxlLXNpZ25hdHVyZS1zYW1wbGUtc2lnbmF0dXJlLXNhbXBsZS1zaWduYXR1cmUtc2FtcGxlLXNpZ25hdHVyZQ";

fn open(i: usize, state: State, lamp: Lamp, left: i32) -> Card {
    let (step, state_text, last) = match state {
        State::Accepted => (Step::Accepted, ("已受理", "Accepted"), ("中心已受理", "Accepted by the centre")),
        State::Assigned => (
            Step::Handling,
            ("已交办至牵头单位", "Assigned to the lead unit"),
            ("已交办牵头单位", "Assigned to the lead unit"),
        ),
        State::CaseConference => (
            Step::Handling,
            ("多部门会商中", "Departments are conferring"),
            ("召开多部门会商", "A case conference was called"),
        ),
        State::Deferred => (
            Step::Handling,
            ("暂不具备解决条件，已纳入跟踪", "Cannot be solved yet; being followed up"),
            ("经中心批准挂账", "Deferred with the centre's approval"),
        ),
        State::PendingReview => (
            Step::Handling,
            ("办理完成，正在审核", "Handled; the result is being reviewed"),
            ("承办单位提交办理结果", "The unit reported its result"),
        ),
        State::Rectifying => {
            (Step::Closed, ("正在整改", "Being put right"), ("差评整改已启动", "Rectification has begun"))
        }
        _ => {
            (Step::Handling, ("办理中", "In hand"), ("承办单位阶段性答复", "The unit sent an interim reply"))
        }
    };
    let weekends = if left < 0 { -2 } else { 2 * ((left + 1) / 5) };
    let current = day(i64::from(left + weekends));
    Card {
        number: format!("Q20261103-{:04}", i + 1),
        category: pick(&CATEGORIES, i),
        step,
        state,
        state_text: Text::new(state_text.0, state_text.1),
        submitted_at: ago(21),
        responsible: Some(responsible(i)),
        last_action: Text::new(last.0, last.1),
        last_at: ago(1),
        promise: Some(Promise {
            first: current,
            current,
            due_at: current.and_time(NaiveTime::MIN).and_utc(),
            provisional: false,
            working_days_left: Some(left),
            hours_over: None,
            changes: Vec::new(),
        }),
        lamp,
        round: 1,
        supervision: Supervision::None,
        follows: None,
        step_until: None,
        deferral: None,
        first_contact: None,
        conference: None,
        rectification: None,
        closure: None,
        owner: None,
    }
}

fn conferring(card: Card) -> Card {
    let conference = ConferenceView { planned_on: day(2), held_on: None, unit: None, due_on: None };
    Card { conference: Some(conference), ..card }
}

fn deferred(card: Card) -> Card {
    Card { deferral: Some(DeferralView { review_on: day(45) }), ..card }
}

fn rectifying(card: Card) -> Card {
    let rectification = RectificationView {
        contacted: true,
        contacted_on: Some(day(-1)),
        fixed: false,
        fixed_on: None,
        contact_until: None,
        fix_until: Some(day(6)),
        check_until: None,
        provisional: false,
    };
    Card { rectification: Some(rectification), ..card }
}

fn extended(mut card: Card) -> Card {
    if let Some(promise) = &mut card.promise {
        promise.first = day(-4);
        promise.changes = vec![PromiseChange {
            from: promise.first,
            to: promise.current,
            reason: Some(ExtensionReason::FieldWork),
            reason_text: Text::new("需现场勘查或检测", "a site survey or test is needed"),
            at: ago(5),
        }];
    }
    card
}

fn provisional(mut card: Card) -> Card {
    if let Some(promise) = &mut card.promise {
        promise.current = day(44);
        promise.first = promise.current;
        promise.provisional = true;
    }
    card
}

fn paused(mut card: Card) -> Card {
    if let Some(promise) = &mut card.promise {
        promise.working_days_left = None;
    }
    card
}

fn unassigned(mut card: Card) -> Card {
    card.responsible = None;
    card
}

fn submitted(i: usize) -> Card {
    Card {
        step: Step::Submitted,
        state_text: Text::new("已提交，等待受理", "Submitted, waiting to be accepted"),
        responsible: None,
        last_action: Text::new("企业提交问题", "Submitted by the enterprise"),
        promise: None,
        ..open(i, State::Submitted, Lamp::Off, 1)
    }
}

fn closed(i: usize, result: Outcome, rateable: bool, own: Option<Verdict>, other: Option<Verdict>) -> Card {
    let (zh, en) = match result {
        Outcome::Resolved => ("已解决", "Resolved"),
        Outcome::PartlyResolved => ("部分解决", "Partly resolved"),
        Outcome::Explained => ("政策解释说明", "Policy explained"),
        Outcome::Planned => ("列入计划", "Planned"),
        Outcome::Unfounded => ("情况不实", "Unfounded"),
        Outcome::Withdrawn => ("企业撤回", "Withdrawn by the enterprise"),
    };
    let mut card = paused(open(i, State::Closed, Lamp::Off, 0));
    card.step = if own.is_some() { Step::Rated } else { Step::Closed };
    card.state_text = if rateable {
        Text::new("已办结，请评价", "Closed; please rate it")
    } else {
        Text::new("已办结", "Closed")
    };
    card.last_at = ago(4);
    card.last_action = Text::new("办理结果审核通过", "The result passed review");
    card.closure = Some(ClosureView {
        result,
        result_text: Text::new(zh, en),
        at: ago(4),
        rate_until: day(26),
        rateable,
        second_until: own.map(|_| day(20)),
        rectification_rateable: false,
        call_back_verdict: None,
        owner_second: None,
        unverified_second: None,
        owner_rectification: None,
        owner_verdict: own,
        unverified_verdict: other,
    });
    card
}

fn expired(mut card: Card) -> Card {
    if let Some(closure) = &mut card.closure {
        closure.at = ago(60);
        closure.rate_until = day(-30);
    }
    card
}

fn responsible(i: usize) -> Responsible {
    const OFFICES: [(&str, &str, &str); 4] = [
        ("企业服务科", "Enterprise Services Section", "张科长"),
        ("行政审批科", "Permits Section", "沈科长"),
        ("产业发展科", "Industry Section", "陆副科长"),
        ("综合执法二中队", "Enforcement Team 2", "费队长"),
    ];
    let (zh, en, person) = OFFICES.get(i % OFFICES.len()).copied().unwrap_or(("", "", ""));
    Responsible {
        unit: pick(&UNITS, i),
        office: Text::new(zh, en),
        person: (i % 5 != 4).then(|| person.into()),
        phone: format!("0572-23986{:02}", i + 10),
    }
}

fn story(card: &Card) -> OwnerView {
    let step = |days, zh: &str, en: &str, note: Option<&str>| HistoryEntry {
        at: ago(days),
        what: Text::new(zh, en),
        note: note.map(Into::into),
    };
    OwnerView {
        subject: "厂区北侧道路夜间无照明，员工下班不安全".into(),
        body: "我公司北门外约400米道路自9月起路灯不亮。\n三班倒员工夜间骑车通行，10月已发生两起摔伤。\n请尽快协调修复，并明确后续养护单位。".into(),
        reply: card.closure.as_ref().map(|_| "路灯线缆已更换，11月22日晚亮灯。\n后续由区市政养护中心每周巡查。".into()),
        history: vec![
            step(21, "企业提交问题", "Submitted by the enterprise", None),
            step(20, "中心已受理", "Accepted by the centre", None),
            step(20, "已交办牵头单位", "Assigned to the lead unit", None),
            step(6, "承办单位阶段性答复", "The unit sent an interim reply", Some("已现场查勘，确认线缆被盗，正在采购。")),
        ],
        asked: None,
        refused: None,
        deeds: crate::domain::workflow::owner_deeds(card.state),
        attachments: vec![],
    }
}

fn pick(texts: &[(&str, &str)], i: usize) -> Text {
    let (zh, en) = texts.get(i % texts.len()).copied().unwrap_or_default();
    Text::new(zh, en)
}

fn day(offset: i64) -> NaiveDate {
    let today = now().date_naive();
    let moved = if offset < 0 {
        today.checked_sub_days(Days::new(offset.unsigned_abs()))
    } else {
        today.checked_add_days(Days::new(offset.unsigned_abs()))
    };
    moved.unwrap_or(today)
}

fn ago(days: i64) -> DateTime<Utc> {
    now() - TimeDelta::days(days) - TimeDelta::minutes(days * 7)
}

const CATEGORIES: [(&str, &str); 8] = [
    ("基础设施配套", "Infrastructure"),
    ("项目用地审批", "Land permits"),
    ("融资服务", "Finance"),
    ("用工与人才", "Labour and talent"),
    ("环保与排污许可", "Environment permits"),
    ("税费优惠兑现", "Tax relief"),
    ("用水用电用气", "Water, power and gas"),
    ("涉企行政执法", "Inspections"),
];

const UNITS: [(&str, &str); 8] = [
    ("湖州市住房和城乡建设局", "Huzhou Housing and Construction Bureau"),
    ("湖州市自然资源和规划局", "Huzhou Natural Resources and Planning Bureau"),
    ("湖州市人民政府金融工作办公室", "Huzhou Finance Office"),
    ("湖州市人力资源和社会保障局", "Huzhou Human Resources Bureau"),
    ("湖州市生态环境局", "Huzhou Ecology and Environment Bureau"),
    ("国家税务总局湖州市税务局", "Huzhou Tax Service"),
    ("国网湖州供电公司", "State Grid Huzhou"),
    ("湖州市综合行政执法局", "Huzhou Enforcement Bureau"),
];

const TAGS: [(&str, u8, &str, &str); 22] = [
    ("prompt_response", 5, "响应及时", "Prompt response"),
    ("fully_solved", 5, "问题彻底解决", "Fully solved"),
    ("came_to_us", 5, "主动上门服务", "Came to us"),
    ("well_coordinated", 5, "跨部门协调有力", "Well coordinated"),
    ("clear_explanation", 5, "解释清楚易懂", "Clearly explained"),
    ("good_attitude", 5, "服务态度好", "Good attitude"),
    ("mostly_solved", 3, "基本解决", "Mostly solved"),
    ("on_time", 3, "按承诺时间办结", "Closed as promised"),
    ("traceable", 3, "过程可查", "Could be followed"),
    ("needs_follow_up", 3, "仍需跟进", "Needs follow-up"),
    ("not_really_solved", 2, "问题未真正解决", "Not really solved"),
    ("late", 2, "未在承诺时间内办结", "Later than promised"),
    ("no_contact", 2, "没有人联系我", "Nobody contacted me"),
    ("rare_updates", 2, "进度更新不及时", "Late updates"),
    ("vague_reply", 2, "答复笼统不明确", "Vague reply"),
    ("stiff_attitude", 2, "服务态度生硬", "Stiff attitude"),
    ("closed_unsolved", 1, "问题未解决却被办结", "Closed though unsolved"),
    ("passed_around", 1, "部门之间推诿", "Passed around"),
    ("long_idle", 1, "长期无人处理", "Left idle"),
    ("asked_for_good", 1, "要求我给好评", "Asked me for a good rating"),
    ("leaked", 1, "泄露我的信息", "Leaked my information"),
    ("rude", 1, "服务态度差效率低", "Rude and slow"),
];
