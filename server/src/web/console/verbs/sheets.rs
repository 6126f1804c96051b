//! The sheets themselves: which inputs a verb asks for, under the names of its wire body.

use qiyema_protocol::verb::Verb;

/// How an input is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A text of at most so many characters.
    Text(u32),
    /// One line of at most so many characters.
    Line(u32),
    /// A whole number up to this.
    Number(u32),
    /// A unit.
    Unit,
    /// Any units.
    Units,
    /// 同意 or 不同意.
    Decision,
    /// 不予受理的原因.
    RejectReason,
    /// A category in use.
    Category,
    /// A handler, under the name of the unit.
    Handler,
    /// A day.
    Day,
    /// 是 or 否.
    YesNo,
    /// 是否解决.
    Solved,
    /// 满意度.
    Level,
    /// 办结结果.
    Outcome,
    /// 延期原因.
    ExtensionReason,
}

/// One input of a sheet.
#[derive(Debug, Clone, Copy)]
pub struct Input {
    /// Name in the body.
    pub name: &'static str,
    /// Which words it has.
    pub words: &'static str,
    /// How it is filled in.
    pub of: Of,
    /// It must be.
    pub required: bool,
}

const fn must(name: &'static str, words: &'static str, of: Of) -> Input {
    Input { name, words, of, required: true }
}

const fn may(name: &'static str, words: &'static str, of: Of) -> Input {
    Input { name, words, of, required: false }
}

/// What a verb asks for.
#[derive(Debug, Clone, Copy)]
pub struct Sheet {
    /// The verb.
    pub verb: Verb,
    /// Its inputs.
    pub inputs: &'static [Input],
}

/// What an owner said on the telephone.
const OWNERS_WORDS: &[Input] = &[must("note", "owners_words", Of::Text(2000))];
/// The same, and a word is not needed.
const OWNERS_WISH: &[Input] = &[may("note", "owners_words", Of::Text(500))];

/// All verbs that staff use in the console.
pub const SHEETS: &[Sheet] = &[
    // the window
    Sheet { verb: Verb::Accept, inputs: &[] },
    Sheet {
        verb: Verb::Reject,
        inputs: &[
            must("reason", "reject_reason", Of::RejectReason),
            must("right_channel", "right_channel", Of::Line(100)),
            must("note", "note_owner", Of::Text(500)),
        ],
    },
    Sheet { verb: Verb::AskSupplement, inputs: &[must("note", "missing", Of::Text(500))] },
    Sheet {
        verb: Verb::Reclassify,
        inputs: &[
            must("category", "category_now", Of::Category),
            must("reason", "category_reason", Of::Text(500)),
        ],
    },
    Sheet { verb: Verb::Supplement, inputs: OWNERS_WORDS },
    Sheet { verb: Verb::Appeal, inputs: OWNERS_WORDS },
    Sheet { verb: Verb::AddFacts, inputs: OWNERS_WORDS },
    Sheet { verb: Verb::Urge, inputs: OWNERS_WISH },
    Sheet { verb: Verb::Withdraw, inputs: &[must("note", "owners_words", Of::Text(500))] },
    Sheet {
        verb: Verb::Merge,
        inputs: &[must("parent", "parent", Of::Line(40)), must("note", "note_staff", Of::Text(500))],
    },
    Sheet {
        verb: Verb::Assign,
        inputs: &[
            must("unit", "unit", Of::Unit),
            may("handler", "handler_later", Of::Handler),
            may("assisting", "assisting", Of::Units),
        ],
    },
    // the responsible unit
    Sheet { verb: Verb::SignFor, inputs: &[may("handler", "handler_self", Of::Handler)] },
    Sheet {
        verb: Verb::HandOver,
        inputs: &[must("handler", "handler", Of::Handler), may("note", "note_staff", Of::Text(500))],
    },
    Sheet {
        verb: Verb::RequestReturn,
        inputs: &[must("reason", "return_reason", Of::Text(500)), may("unit", "unit_instead", Of::Unit)],
    },
    Sheet {
        verb: Verb::RuleReturn,
        inputs: &[
            must("decision", "decision", Of::Decision),
            may("unit", "unit_now", Of::Unit),
            may("handler", "handler_later", Of::Handler),
            must("note", "note_units", Of::Text(500)),
        ],
    },
    Sheet {
        verb: Verb::RequestExtension,
        inputs: &[
            must("working_days", "days", Of::Number(250)),
            must("reason", "extension_reason", Of::ExtensionReason),
            may("note", "note_staff", Of::Text(500)),
        ],
    },
    Sheet { verb: Verb::RefuseExtension, inputs: &[must("note", "note_units", Of::Text(500))] },
    Sheet {
        verb: Verb::AddAssisting,
        inputs: &[must("unit", "assisting_unit", Of::Unit), may("note", "wanted", Of::Text(500))],
    },
    Sheet { verb: Verb::Assist, inputs: &[must("reply", "assist_reply", Of::Text(2000))] },
    Sheet { verb: Verb::Reach, inputs: &[must("note", "reached_by_unit", Of::Text(1000))] },
    Sheet { verb: Verb::Progress, inputs: &[must("note", "progress", Of::Text(1000))] },
    Sheet {
        verb: Verb::Extend,
        inputs: &[
            must("working_days", "days", Of::Number(250)),
            must("reason", "extension_reason", Of::ExtensionReason),
            may("note", "note", Of::Text(500)),
        ],
    },
    Sheet {
        verb: Verb::Report,
        inputs: &[must("result", "result", Of::Outcome), must("reply", "reply", Of::Text(2000))],
    },
    Sheet { verb: Verb::Close, inputs: &[] },
    // several departments
    Sheet {
        verb: Verb::OpenConference,
        inputs: &[
            must("subject", "conference_subject", Of::Line(80)),
            must("units", "conference_units", Of::Units),
            must("planned_on", "planned_on", Of::Day),
        ],
    },
    Sheet {
        verb: Verb::HoldConference,
        inputs: &[
            must("held_on", "held_on", Of::Day),
            must("minutes", "minutes", Of::Text(4000)),
            must("unit", "conference_unit", Of::Unit),
            must("due_on", "conference_due", Of::Day),
        ],
    },
    // not solvable yet
    Sheet {
        verb: Verb::RequestDeferral,
        inputs: &[must("reason", "deferral_wish", Of::Text(500)), must("review_on", "review_on", Of::Day)],
    },
    Sheet { verb: Verb::Defer, inputs: DEFERRAL },
    Sheet { verb: Verb::RefuseDeferral, inputs: &[must("reason", "note_units", Of::Text(500))] },
    Sheet { verb: Verb::ReviewDeferral, inputs: DEFERRAL },
    Sheet { verb: Verb::Resume, inputs: &[may("note", "note_staff", Of::Text(500))] },
    // review
    Sheet { verb: Verb::SendBack, inputs: &[must("reason", "send_back", Of::Text(500))] },
    // after closing
    Sheet { verb: Verb::Object, inputs: &[must("reason", "owners_words", Of::Text(2000))] },
    Sheet { verb: Verb::Contact, inputs: &[must("note", "rectified", Of::Text(2000))] },
    Sheet { verb: Verb::Fix, inputs: &[must("note", "rectified", Of::Text(2000))] },
    Sheet { verb: Verb::FollowUp, inputs: &[] },
    Sheet { verb: Verb::Attempt, inputs: &[must("note", "attempt", Of::Text(500))] },
    Sheet { verb: Verb::Archive, inputs: CALL },
    Sheet { verb: Verb::Reopen, inputs: CALL },
    // urging
    Sheet { verb: Verb::Remind, inputs: URGING },
    Sheet { verb: Verb::Supervise, inputs: URGING },
    Sheet { verb: Verb::Escalate, inputs: URGING },
    Sheet { verb: Verb::Notify, inputs: URGING },
];

/// 挂账.
const DEFERRAL: &[Input] =
    &[must("reason", "deferral_reason", Of::Text(500)), must("review_on", "review_on", Of::Day)];
/// 回访结果.
const CALL: &[Input] = &[
    must("reached", "reached", Of::YesNo),
    may("contacted", "contacted", Of::YesNo),
    may("solved", "solved", Of::Solved),
    may("satisfaction", "satisfaction", Of::Level),
    may("note", "note_staff", Of::Text(500)),
];
/// 催办、督办、提级、通报.
const URGING: &[Input] = &[may("note", "note_units", Of::Text(500))];
