//! What an urging says: which limit was late, and who was reminded of it. The window, the reviewer or whoever calls
//! back is not the unit, and a unit is not told to have been late with what it had not been given yet. And what the end
//! of an appeal says of those who decided on it.

use qiyema_protocol::{clocks::ClockKind, text::Text};
use serde_json::Value;

use super::Kind;

impl Kind {
    /// One step of the urging chain.
    #[must_use]
    pub const fn urges(self) -> bool {
        matches!(self, Self::Reminded | Self::Supervised | Self::Escalated | Self::Notified)
    }

    /// Whether its facts say more than its kind.
    #[must_use]
    pub const fn says_more(self) -> bool {
        self.urges() || matches!(self, Self::RatingExcluded | Self::RatingUpheld)
    }

    /// The sentence of an event whose facts are known; the same as without them, but of an urging, and of an appeal on
    /// which people decided who got the role for it later.
    #[must_use]
    pub fn told(self, facts: &Value) -> Option<Text> {
        let plain = self.public_sentence()?;
        let later = facts.get("given_later").and_then(Value::as_u64).unwrap_or(0);
        if matches!(self, Self::RatingExcluded | Self::RatingUpheld) && later > 0 {
            return Some(later_than_the_appeal(&plain, later));
        }
        if !self.urges() {
            return Some(plain);
        }
        let clock = facts.get("clock").and_then(|clock| serde_json::from_value(clock.clone()).ok());
        Some(match (clock, facts.get("unit")) {
            (Some(clock), _) if self == Self::Reminded => reminded(clock),
            (Some(clock), _) => named(&plain, clock),
            // Somebody reminded by hand what no unit has yet.
            (None, Some(Value::Null)) if self == Self::Reminded => {
                Text::new("已提醒中心尽快办理", "The centre was reminded")
            }
            _ => plain,
        })
    }
}

/// That so many of those who decided were given the role for it after the appeal was filed.
fn later_than_the_appeal(plain: &Text, later: u64) -> Text {
    Text::new(
        format!("{}（其中{later}人在申诉提出后才取得复核资格）", plain.zh),
        format!("{} ({later} of them got the role for it after the appeal was filed)", plain.en),
    )
}

/// Who keeps this limit, and that he was reminded of it.
fn reminded(clock: ClockKind) -> Text {
    let (zh, en) = match clock {
        ClockKind::Accept => ("受理超期，已提醒受理窗口", "Acceptance is late; the window was reminded"),
        ClockKind::Ruling => {
            ("确认责任单位超期，已提醒中心", "Confirming the unit is late; the centre was reminded")
        }
        ClockKind::Review => {
            ("办结审核超期，已提醒审核人员", "The review is late; the reviewer was reminded")
        }
        ClockKind::DeferralReview => {
            ("挂账复核超期，已提醒中心", "The review of the deferral is late; the centre was reminded")
        }
        ClockKind::Recheck => {
            ("整改复核超期，已提醒回访人员", "The re-check is late; the follow-up officer was reminded")
        }
        ClockKind::Assist => ("协办答复超期，已催办协办单位", "The assisting unit was reminded to answer"),
        other => return named(&Text::new("已催办承办单位", "The unit was reminded"), other),
    };
    Text::new(zh, en)
}

/// A sentence with the limit that it is about.
fn named(plain: &Text, clock: ClockKind) -> Text {
    let (zh, en) = match clock {
        // What the unit asked for is not the owner's to read.
        ClockKind::Ruling => ("确认责任单位", "confirming the unit"),
        clock => qiyema_protocol::words::clock(clock),
    };
    Text::new(format!("{}（{zh}）", plain.zh), format!("{} ({en})", plain.en))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Kind;

    fn said(kind: Kind, facts: &Value) -> String {
        kind.told(facts).unwrap().zh
    }

    #[test]
    fn whoever_is_late_is_the_one_who_was_reminded() {
        let accept = json!({ "clock": "accept", "unit": null });
        assert_eq!(said(Kind::Reminded, &accept), "受理超期，已提醒受理窗口");
        assert_eq!(said(Kind::Escalated, &accept), "已提级协调（受理）");
        let contact = json!({ "clock": "first_contact", "unit": "gdj" });
        assert_eq!(said(Kind::Reminded, &contact), "已催办承办单位（首次联系企业）");
        assert_eq!(said(Kind::Reminded, &json!({ "clock": null, "unit": null })), "已提醒中心尽快办理");
        assert_eq!(said(Kind::Reminded, &json!({ "clock": null, "unit": "gdj" })), "已催办承办单位");
        assert!(!said(Kind::Notified, &json!({ "clock": "ruling" })).contains("退单"), "the owner reads it");
        assert_eq!(said(Kind::Closed, &json!({})), "问题已办结");
    }

    #[test]
    fn whoever_got_the_role_after_the_appeal_is_counted_aloud() {
        let plain = said(Kind::RatingExcluded, &json!({}));
        assert_eq!(plain, Kind::RatingExcluded.public_sentence().unwrap().zh);
        let later = said(Kind::RatingExcluded, &json!({ "given_later": 2 }));
        assert_eq!(later, format!("{plain}（其中2人在申诉提出后才取得复核资格）"));
    }
}
