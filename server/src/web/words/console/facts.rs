//! What a record holds, in the reader's words: names of facts, and their values with
//! the name beside an id and the town's own time.

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use qiyema_protocol::clocks::ClockKind;
use serde_json::{Map, Value};

use super::{frame, issue as said, ratings, terms};
use crate::{
    actions::audit::names::Names, domain::event::Kind, store::columns::unword, web::words::lang::Lang,
};

/// The facts of a record, readable; nothing for an empty one.
#[must_use]
pub fn details(l: Lang, zone: Tz, names: &Names, json: &str) -> String {
    let facts: Map<String, Value> = serde_json::from_str(json).unwrap_or_default();
    let read = |(key, fact): (&String, &Value)| {
        let label = match (key.as_str(), fact.as_str().map(str::parse::<NaiveDate>)) {
            // Of a promise they are days; of a setting, what it was and is.
            ("from", Some(Err(_))) => l.pick("改前", "before"),
            ("to", Some(Err(_))) => l.pick("改后", "after"),
            // A category has one above it; an issue is merged into another.
            ("parent", _) if fact.as_str().is_some_and(|id| names.name(key, id).is_some()) => {
                l.pick("上级", "above")
            }
            // Of an issue they are requests; of an account, how many sessions.
            ("ended", _) if fact.is_array() => l.pick("随之终止的申请", "requests that ended with it"),
            _ => name(l, key),
        };
        format!("{label}{}{}", l.pick("：", ": "), value(l, zone, names, key, fact))
    };
    let all = facts.iter().filter(|(_, fact)| !is_nothing(fact));
    all.map(read).collect::<Vec<_>>().join(" · ")
}

fn is_nothing(fact: &Value) -> bool {
    fact.is_null() || fact.as_array().is_some_and(Vec::is_empty) || fact.as_str().is_some_and(str::is_empty)
}

fn value(l: Lang, zone: Tz, names: &Names, key: &str, fact: &Value) -> String {
    match fact {
        Value::Bool(true) => l.pick("是", "yes").to_owned(),
        Value::Bool(false) => l.pick("否", "no").to_owned(),
        Value::Array(all) => {
            let each = all.iter().map(|one| value(l, zone, names, key, one));
            each.collect::<Vec<_>>().join(l.pick("、", ", "))
        }
        Value::String(text) => written(l, zone, names, key, text),
        other => other.to_string(),
    }
}

/// A value that stands as a text.
#[must_use]
pub fn written(l: Lang, zone: Tz, names: &Names, key: &str, text: &str) -> String {
    if let Some(name) = names.name(key, text) {
        let name = l.say(&name);
        // A person's id says nothing to anybody; a unit's is what it is called elsewhere.
        let short = text.len() < 20 && name != text;
        return if short { l.bracketed(name, text) } else { name.to_owned() };
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string();
    }
    word(l, key, text).unwrap_or_else(|| text.to_owned())
}

/// The word of an enum as a sentence.
fn word(l: Lang, key: &str, text: &str) -> Option<String> {
    let of = |word: &'static str| Some(word.to_owned());
    match key {
        "clock" => unword::<ClockKind>(text).ok().and_then(|clock| of(said::clock(l, clock))),
        "grade" => Some(l.say(&crate::domain::words::grade(text)).to_owned()),
        "state" => unword(text).ok().and_then(|state| of(terms::state(l, state))),
        "tier" => unword(text).ok().and_then(|tier| of(ratings::tier(l, tier))),
        "verdict" => unword(text).ok().and_then(|verdict| of(ratings::verdict(l, verdict))),
        "round" => unword(text).ok().and_then(|round| of(ratings::round(l, round))),
        "solved" => unword(text).ok().and_then(|solved| of(ratings::solved(l, solved))),
        "ground" => unword(text).ok().and_then(|ground| of(ratings::ground(l, ground))),
        "judgement" => unword(text).ok().and_then(|judged| of(ratings::judgement(l, judged))),
        "satisfaction" | "level" => match unword(text) {
            Ok(level) => of(ratings::level(l, level)),
            Err(_) => Some(terms::level(l, text)).filter(|word| *word != "—").map(ToOwned::to_owned),
        },
        "roles" => unword(text).ok().and_then(|role| of(frame::role(l, role))),
        "proof" => match text {
            "invitation" => of(l.pick("评价邀请链接", "the link of an invitation")),
            "call_back" => of(l.pick("电话回访", "a call-back")),
            _ => None,
        },
        "kind" => unword::<Kind>(text).ok().map(|kind| said::event(l, kind)),
        "kinds" if text == "*" => of(webhooks_all(l)),
        "from" | "to" => {
            let roles: Option<Vec<_>> = text.split(' ').map(|word| unword(word).ok()).collect();
            let said: Vec<_> = roles?.into_iter().map(|role| frame::role(l, role)).collect();
            Some(said.join(l.pick("、", ", ")))
        }
        "kinds" => {
            let each = text.split(' ').map(|kind| {
                unword::<Kind>(kind).map_or_else(|_| kind.to_owned(), |kind| said::event(l, kind))
            });
            Some(each.collect::<Vec<_>>().join(l.pick("、", ", ")))
        }
        _ => Some(said::fact_value(l, key, text)),
    }
}

fn webhooks_all(l: Lang) -> &'static str {
    super::webhooks::WebhookWords::of(l).all
}

/// The name of anything that a record holds; what has no name stands as it is.
#[must_use]
pub fn name(l: Lang, key: &str) -> &str {
    let (zh, en) = match key {
        "after" => ("页码", "page"),
        "appeal" => ("申诉编号", "appeal"),
        "assisting" => ("协办单位", "assisting units"),
        "before" => ("原经办人", "handler before"),
        "category" => ("类别", "category"),
        "category_from" => ("原类别", "category before"),
        "category_to" => ("更正为", "category now"),
        "channel" => ("渠道", "channel"),
        "clock" => ("时限", "limit"),
        "closure" => ("办结编号", "closure"),
        "code" => ("企业码编号", "code"),
        "comment" => ("评语", "comment"),
        "contacted" => ("承办单位联系过企业", "the unit had been in touch"),
        "conference" => ("会商编号", "conference"),
        "day" => ("日期", "day"),
        "days" => ("天数", "days"),
        "days_off" => ("改为放假", "days off"),
        "makeup_workdays" => ("改为上班", "make-up working days"),
        "removed" => ("恢复为平日", "ordinary again"),
        "deferral" => ("挂账编号", "deferral"),
        "contact_email" => ("联系人邮箱", "contact's e-mail"),
        "contact_name" => ("联系人", "contact"),
        "contact_phone" => ("联系电话", "contact's telephone"),
        "due_at" => ("到期", "due"),
        "enterprise" => ("企业", "enterprise"),
        "ended" | "sessions_ended" => ("结束的登录数", "sessions ended"),
        "entries" => ("条数", "entries"),
        "event" => ("事件编号", "event"),
        "expires_at" => ("有效期至", "until"),
        "file" | "files" => ("附件", "files"),
        "format" => ("格式", "format"),
        "grade" => ("难度", "grade"),
        "ground" => ("申诉理由", "ground"),
        "held_on" => ("召开日期", "held on"),
        "hours" => ("小时", "hours"),
        "import" => ("导入编号", "import"),
        "imported_row" => ("导入行", "imported row"),
        "invitation" => ("邀请编号", "invitation"),
        "issue" | "number" => ("问题编号", "issue"),
        "judgement" => ("复核意见", "decision"),
        "kid" => ("密钥编号", "key"),
        "kind" => ("种类", "kind"),
        "kinds" => ("事件", "events"),
        "lead_unit" => ("牵头单位", "lead unit"),
        "left" | "working_days_left" => ("剩余工作日", "working days left"),
        "level" => ("层级", "level"),
        "limit_at" => ("到期", "limit"),
        "message" => ("消息编号", "message"),
        "name" => ("名称", "name"),
        "office" => ("科室", "office"),
        "officer" => ("登记人", "officer"),
        "open_issues" => ("在办问题", "open issues"),
        "parent" => ("主问题", "main issue"),
        "phone" => ("电话", "telephone"),
        "pin" => ("企业口令编号", "PIN"),
        "place" => ("位次", "place"),
        "planned_on" => ("拟召开日期", "planned on"),
        "position" => ("排序", "place"),
        "post" => ("职务", "post"),
        "proof" => ("依据", "proof"),
        "provisional" => ("预计", "provisional"),
        "rated" => ("已评价", "rated"),
        "rating" => ("评价编号", "rating"),
        "reached" => ("已接通", "reached"),
        "reason_code" => ("原因", "reason"),
        "rectification" => ("整改编号", "rectification"),
        "replaces" => ("替换的企业码", "replaces"),
        "reference" => ("渠道编号", "channel's reference"),
        "report" => ("结果编号", "report"),
        "request" => ("申请编号", "request"),
        "right_channel" => ("正确渠道", "right channel"),
        "roles" => ("角色", "roles"),
        "round" => ("评价轮次", "round"),
        "run" => ("批次编号", "run"),
        "satisfaction" => ("满意度", "satisfaction"),
        "scopes" => ("权限", "scopes"),
        "session" => ("登录编号", "session"),
        "solved" => ("是否解决", "solved"),
        "state" => ("状态", "state"),
        "suggested_unit" => ("建议单位", "suggested unit"),
        "asked_by" => ("申请单位", "unit that asked"),
        "asker" => ("申请人", "asked by"),
        "tags" => ("标签", "tags"),
        "tier" => ("评价身份", "whose"),
        "token" => ("令牌编号", "token"),
        "units" => ("单位", "units"),
        "url" => ("网址", "address"),
        "username" => ("用户名", "user name"),
        "uscc" => ("信用代码", "USCC"),
        "value" => ("设置为", "set to"),
        "verdict" => ("评价", "verdict"),
        "webhook" => ("推送系统编号", "webhook"),
        "years" => ("年份", "years"),
        "unit" | "lead" | "handler" | "assisting_ended" | "limits" | "from" | "to" | "due_on"
        | "review_on" | "working_days" | "result" | "decision" | "reason" => return said::fact(l, key),
        other => return other,
    };
    l.pick(zh, en)
}

/// Who wrote a record, in words: a person's name, or what else writes.
#[must_use]
pub fn writer(l: Lang, by: &str) -> &str {
    match by {
        "owner" => l.pick("企业", "The enterprise"),
        "clock" => l.pick("系统", "System"),
        "scan" => l.pick("扫码人（未验证）", "Somebody who scanned, unverified"),
        "demo" => l.pick("演示数据", "Demonstration"),
        "command-line" => l.pick("服务器命令行", "The server's command line"),
        name => name,
    }
}

/// What a deed of administration was done to.
#[must_use]
pub fn subject(l: Lang, kind: &str) -> &str {
    let (zh, en) = match kind {
        "staff" => ("人员", "person"),
        "unit" => ("单位", "unit"),
        "office" => ("科室", "office"),
        "category" => ("问题类别", "category"),
        "channel" => ("渠道", "channel"),
        "calendar" => ("工作日历", "calendar"),
        "setting" => ("设置", "setting"),
        "tags" => ("评价标签", "tags"),
        "token" => ("接口令牌", "API token"),
        "webhook" => ("推送系统", "webhook"),
        "ledger" => ("存证日志", "log"),
        other => return other,
    };
    l.pick(zh, en)
}
