//! The records behind an issue in words: what waits for a ruling, the result to
//! be reviewed, ratings, conferences, answers of assisting units.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use qiyema_protocol::{
    board::State,
    rating::{Level, Round, Solved, Tier, Verdict},
    staff::{
        AssignmentView, CallBackOutcome, CallBackRecord, ConferenceRecord, Decision, Part, RatedView,
        ReportView, RequestKind, RequestView,
    },
};

use crate::{
    actions::issue::dossier::Dossier,
    domain::words as domain_words,
    store::columns::unword,
    web::words::{Words, console::ratings as said, lang::Lang},
};

/// A heading with terms and texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub heading: String,
    /// Term and text.
    pub rows: Vec<(&'static str, String)>,
}

/// The latest report, if this round's review sent it back, and why.
#[must_use]
pub fn sent_back(latest: Option<&ReportView>, round: u32) -> Option<(&ReportView, &str)> {
    let report = latest.filter(|report| report.round == round)?;
    Some((report, report.review.as_ref().filter(|review| !review.closed)?.reason.as_deref()?))
}

/// Draws records in a language and a zone.
pub struct Records<'a> {
    /// The issue.
    pub dossier: &'a Dossier,
    /// The language.
    pub lang: Lang,
    /// Zone of times.
    pub zone: Tz,
}

impl Records<'_> {
    /// What the next step is about: requests that wait, and the result while it waits for review.
    #[must_use]
    pub fn waiting(&self) -> Vec<Block> {
        let Some(records) = &self.dossier.view.records else { return Vec::new() };
        let asked = records.requests.iter().filter(|one| one.decision.is_none());
        let mut blocks: Vec<Block> = asked.map(|one| self.request(one)).collect();
        blocks.extend(self.at_hand().map(|report| self.report(report)));
        blocks
    }

    /// Everything else.
    #[must_use]
    pub fn others(&self) -> Vec<Block> {
        let Some(records) = &self.dossier.view.records else { return Vec::new() };
        let mut blocks: Vec<Block> = records.ratings.iter().rev().map(|one| self.rating(one)).collect();
        blocks.extend(records.call_backs.iter().rev().map(|one| self.call_back(one)));
        blocks.extend(records.conferences.iter().rev().map(|one| self.conference(one)));
        blocks.extend(self.first_contact());
        blocks.extend(self.assistance());
        let at_hand = usize::from(self.at_hand().is_some());
        blocks.extend(records.reports.iter().rev().skip(at_hand).map(|one| self.report(one)));
        let ruled = records.requests.iter().rev().filter(|one| one.decision.is_some());
        blocks.extend(ruled.map(|one| self.request(one)));
        blocks
    }

    fn request(&self, one: &RequestView) -> Block {
        let l = self.lang;
        let heading = match one.kind {
            RequestKind::Extension => l.pick("申请延期", "An extension is asked for"),
            RequestKind::Return => l.pick("申请退单", "A return is asked for"),
            RequestKind::Deferral => l.pick("申请挂账", "A deferral is asked for"),
        };
        let reason = match one.kind {
            RequestKind::Extension => unword(&one.reason).map_or_else(
                |_| one.reason.clone(),
                |word| l.say(&domain_words::extension_reason(word)).to_owned(),
            ),
            _ => one.reason.clone(),
        };
        let by = format!("{} · {} · {}", self.unit(&one.unit), one.by, self.time(one.at));
        let mut rows = vec![(l.pick("申请人", "By"), by), (l.pick("理由", "Reason"), reason)];
        rows.extend(one.working_days.map(|days| {
            (l.pick("延长", "By so long"), format!("{days}{}", l.pick("个工作日", " working days")))
        }));
        rows.extend(one.review_on.map(|day| (l.pick("建议复核日", "Review on"), day.to_string())));
        rows.extend(
            one.suggested_unit.as_ref().map(|unit| (l.pick("建议单位", "Should go to"), self.unit(unit))),
        );
        rows.extend(one.note.clone().map(|note| (l.pick("说明", "Details"), note)));
        rows.extend(one.decision.map(|decision| {
            let said = match decision {
                Decision::Granted => l.pick("同意", "granted"),
                Decision::Refused => l.pick("不同意", "refused"),
            };
            let at = one.ruled_at.map(|at| self.time(at)).unwrap_or_default();
            let note = one.ruling_note.as_deref().map(|note| format!(": {note}")).unwrap_or_default();
            (l.pick("审定", "Ruling"), format!("{said} {at}{note}"))
        }));
        Block { heading: heading.to_owned(), rows }
    }

    /// The report that the next step is about: it waits for review, or was sent back.
    fn at_hand(&self) -> Option<&ReportView> {
        let (view, records) = (&self.dossier.view, self.dossier.view.records.as_ref()?);
        match view.state {
            State::PendingReview => records.reports.last(),
            State::InProgress => sent_back(records.reports.last(), view.round).map(|(report, _)| report),
            _ => None,
        }
    }

    fn report(&self, report: &ReportView) -> Block {
        let l = self.lang;
        let mut rows = vec![
            (l.pick("办理结果", "Result"), l.say(&domain_words::outcome(report.result)).to_owned()),
            (l.pick("答复内容", "Reply"), report.reply.clone()),
            (l.pick("提交人", "By"), format!("{} · {}", report.by, self.time(report.at))),
        ];
        rows.extend(report.review.as_ref().map(|review| {
            let term = if review.closed {
                l.pick("审核办结", "Closed")
            } else {
                l.pick("审核退回", "Sent back")
            };
            (term, format!("{} · {}", review.by, self.time(review.at)))
        }));
        let reason = report.review.as_ref().and_then(|review| review.reason.clone());
        rows.extend(reason.map(|reason| (l.pick("退回理由", "Why"), reason)));
        let heading = match (&report.review, self.dossier.view.state) {
            (None, State::PendingReview) => l.pick("请审核的办理结果", "The result to review").to_owned(),
            _ if self.dossier.view.round > 1 => {
                let round = report.round;
                format!("{}{round}{}", l.pick("办理结果（第", "Result (round "), l.pick("次办理）", ")"))
            }
            _ => l.pick("办理结果", "The result").to_owned(),
        };
        Block { heading, rows }
    }

    fn rating(&self, one: &RatedView) -> Block {
        let (l, words) = (self.lang, Words::of(self.lang.code()));
        let heading = match one.round {
            Round::First => l.pick("企业评价", "Rating"),
            Round::Second => l.pick("企业追评", "Second rating"),
            Round::Rectification => l.pick("对整改的评价", "Rating of the rectification"),
        };
        let verdict = match one.verdict {
            Verdict::Good => words.good,
            Verdict::Bad => words.bad,
        };
        let counted = match one.tier {
            Tier::Unverified => l.pick("（未验证身份，单列）", " (unverified, shown apart)"),
            Tier::CallBack => l.pick("（电话回访，单列）", " (by call-back, shown apart)"),
            Tier::Owner => "",
        };
        let mut rows =
            vec![(l.pick("评价", "Verdict"), format!("{verdict}{counted} · {}", self.time(one.at)))];
        if let Some(by) = said::proof(l, one.proof, one.officer.as_deref(), one.webhook.as_deref()) {
            rows.push((l.pick("依据", "Proof"), by));
        }
        rows.extend(one.level.map(|level| (l.pick("满意度", "Level"), self.level(level).to_owned())));
        rows.extend(one.solved.map(|solved| (l.pick("是否解决", "Solved"), self.solved(solved).to_owned())));
        let tags = one.tag_words.iter().map(|text| l.say(text));
        let tags = tags.collect::<Vec<_>>().join(l.pick("、", ", "));
        if !tags.is_empty() {
            rows.push((l.pick("标签", "Tags"), tags));
        }
        rows.extend(one.comment.clone().map(|comment| (l.pick("意见", "Comment"), comment)));
        Block { heading: heading.to_owned(), rows }
    }

    /// What the enterprise answered when it was called back.
    fn call_back(&self, one: &CallBackRecord) -> Block {
        let l = self.lang;
        let yes_no = |yes: bool| if yes { l.pick("是", "Yes") } else { l.pick("否", "No") }.to_owned();
        let by = format!("{} · {}", one.by, self.time(one.at));
        let mut rows =
            vec![(l.pick("回访员", "By"), by), (l.pick("是否接通", "Reached"), yes_no(one.reached))];
        rows.extend(
            one.contacted
                .map(|yes| (l.pick("承办单位联系过企业", "The unit had been in touch"), yes_no(yes))),
        );
        rows.extend(one.solved.map(|solved| (l.pick("是否解决", "Solved"), self.solved(solved).to_owned())));
        rows.extend(one.satisfaction.map(|level| (l.pick("满意度", "Level"), self.level(level).to_owned())));
        rows.extend(one.note.clone().map(|note| (l.pick("说明", "Note"), note)));
        let outcome = match one.outcome {
            CallBackOutcome::Archived => l.pick("归档", "archived"),
            CallBackOutcome::Reopened => l.pick("二次交办", "handled again"),
        };
        rows.push((l.pick("回访结论", "Outcome"), outcome.to_owned()));
        let heading = match (one.round, self.dossier.view.round > 1) {
            (round, true) => {
                format!("{}{round}{}", l.pick("回访（第", "Call-back (round "), l.pick("次办理）", ")"))
            }
            _ => l.pick("回访", "Call-back").to_owned(),
        };
        Block { heading, rows }
    }

    fn conference(&self, one: &ConferenceRecord) -> Block {
        let l = self.lang;
        let units: Vec<String> = one.units.iter().map(|unit| self.unit(unit)).collect();
        let mut rows = vec![
            (l.pick("议题", "Subject"), one.subject.clone()),
            (l.pick("参加单位", "Units"), units.join(l.pick("、", ", "))),
            (l.pick("拟定日期", "Planned for"), one.planned_on.to_string()),
        ];
        rows.extend(one.held_on.map(|day| (l.pick("召开日期", "Held on"), day.to_string())));
        rows.extend(one.minutes.clone().map(|minutes| (l.pick("会议纪要", "Minutes"), minutes)));
        rows.extend(one.unit.as_ref().map(|unit| {
            let due = one.due_on.map(|day| format!(" · {day}")).unwrap_or_default();
            (l.pick("落实单位", "To be done by"), format!("{}{due}", self.unit(unit)))
        }));
        Block { heading: l.pick("会商", "Conference").to_owned(), rows }
    }

    /// How the enterprise heard from the unit that has the issue.
    fn first_contact(&self) -> Option<Block> {
        let l = self.lang;
        let records = self.dossier.view.records.as_ref()?;
        // A round before has its own, which is over.
        let now = |one: &&AssignmentView| one.part == Part::Lead && one.round == self.dossier.view.round;
        let lead = records.assignments.iter().rfind(now)?;
        let mut rows = vec![
            (l.pick("单位", "Unit"), self.unit(&lead.unit)),
            (l.pick("期限", "Until"), self.until(lead, lead.due_at?)),
        ];
        let answer = lead.replied_at.map(|at| self.time(at));
        let answer = answer.unwrap_or_else(|| l.pick("尚未联系", "not yet").to_owned());
        rows.push((l.pick("已联系", "Made"), answer));
        Some(Block { heading: l.pick("首次联系企业", "First contact").to_owned(), rows })
    }

    fn assistance(&self) -> Vec<Block> {
        let l = self.lang;
        let Some(records) = &self.dossier.view.records else { return Vec::new() };
        let block = |one: &AssignmentView| {
            let mut rows = vec![(l.pick("单位", "Unit"), self.unit(&one.unit))];
            rows.extend(one.due_at.map(|at| (l.pick("答复期限", "Answers until"), self.until(one, at))));
            let answer = match (&one.reply, one.replied_at) {
                (Some(reply), Some(at)) => format!("{reply} · {}", self.time(at)),
                _ if one.ended_at.is_some() => l
                    .pick("已改为牵头单位，协办终止", "none: it was given the lead, so this ended")
                    .to_owned(),
                _ if one.round < self.dossier.view.round => {
                    l.pick("上一轮未答复", "none in the round before").to_owned()
                }
                _ => l.pick("尚未答复", "not yet").to_owned(),
            };
            rows.push((l.pick("协办意见", "Answer"), answer));
            Block { heading: l.pick("协办", "Assistance").to_owned(), rows }
        };
        records.assignments.iter().filter(|one| one.part == Part::Assisting).map(block).collect()
    }

    /// Until when a unit was asked to act, and whether that is certain.
    fn until(&self, one: &AssignmentView, at: DateTime<Utc>) -> String {
        let maybe = if one.provisional { self.lang.pick("（预计）", " (provisional)") } else { "" };
        format!("{}{maybe}", self.time(at))
    }

    fn unit(&self, id: &str) -> String {
        self.dossier.units.get(id).map_or_else(|| id.to_owned(), |name| self.lang.say(name).to_owned())
    }

    fn time(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone).format("%Y-%m-%d %H:%M").to_string()
    }

    const fn level(&self, level: Level) -> &'static str {
        let l = self.lang;
        match level {
            Level::VerySatisfied => l.pick("非常满意", "Very satisfied"),
            Level::Satisfied => l.pick("满意", "Satisfied"),
            Level::BasicallySatisfied => l.pick("基本满意", "Basically satisfied"),
            Level::Dissatisfied => l.pick("不满意", "Dissatisfied"),
            Level::VeryDissatisfied => l.pick("非常不满意", "Very dissatisfied"),
        }
    }

    const fn solved(&self, solved: Solved) -> &'static str {
        let l = self.lang;
        match solved {
            Solved::Yes => l.pick("已解决", "Yes"),
            Solved::Partly => l.pick("部分解决", "Partly"),
            Solved::No => l.pick("未解决", "No"),
        }
    }
}
