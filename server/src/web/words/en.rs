//! English.

use super::Words;

/// English.
pub(super) static EN: Words = Words {
    tag: "en",
    code: "en",
    other_tag: "zh-CN",
    other_code: "zh",
    other_lang: "中文",
    brand: "Qiyema",
    title: "Issue progress",
    verified: "Official signature verified",
    view: "Display",
    care_on: "Large text",
    care_off: "Standard text",
    open_count: "In hand",
    closed_count: "Closed",
    receipt: "Rating receipt",
    receipt_check: "See whether this rating still stands",
    receipt_help: "Keep it: the signed receipt proves that your rating was received.",
    empty: "No issues are being handled",
    call: "Call",
    who: "Who is responsible",
    office: "Office",
    person: "Handler",
    unassigned: "The lead unit is being decided",
    how_far: "How far it is",
    progress: "Progress",
    updated: "Last update",
    when: "When it closes",
    promised: "Promised",
    closed_on: ("Closed ", ""),
    result: "Result",
    unpromised: "A date will be promised once the issue is accepted",
    never_rejected: "Not accepted: it is not handled any further",
    never_withdrawn: "Withdrawn: it is not handled any further",
    never_merged: "Handled together with the issue it was merged into",
    accept_by: |day, over| {
        if over {
            format!("Whether it is accepted should have been said by {day}; it has not been said yet")
        } else {
            format!("Whether it is accepted is said by {day}")
        }
    },
    accept_over: "Acceptance overdue",
    yours: "Waiting for what the enterprise adds",
    supplement_by: |day, over| {
        if over {
            format!("The time to add information ended on {day}; the issue is looked at again")
        } else {
            format!("Add what is asked for by {day}; then it goes on")
        }
    },
    provisional: "Expected date; it will be recomputed when the official holiday calendar is published",
    expected: "expected",
    extended: "Extended to ",
    extended_from: ", first promised ",
    reason: "; reason: ",
    normal: "On track",
    due_today: "Due today",
    overdue: "Overdue",
    closed: "Closed",
    paused: "Clock stopped",
    round: "Round",
    pressing: "Urged",
    pressed: ["Reminded", "Under supervision", "Escalated", "Circular notice given"],
    review: "Next review",
    first_contact: "First contact",
    conference: "Conference",
    rectification: "Being put right",
    contacted: "the enterprise was contacted",
    fixed: "put right",
    comma: ", ",
    second_rated: "second rating",
    rectification_rated: "Rating of how it was put right",
    rate_rectification: "Please rate how it was put right",
    owner_rated: "The enterprise's rating",
    called_back: "Entered after a telephone call",
    called_back_see: "What was entered, and its receipt",
    called_back_help: "A follow-up officer entered this in your name after a call. It is shown apart and does not replace your own rating. If it is not what you said, rate yourself or call the service centre.",
    unverified_rated: "Unverified rating",
    not_counted: "not counted in the figures",
    good: "Good",
    bad: "Bad",
    rate: "Please rate how this was handled",
    free: "Rating is entirely voluntary. The unit and the reviewers see which issue was rated and what was said, never which person rated",
    rate_until: "Open until: ",
    unrated: "The rating window is over; recorded as not rated",
    rate_as_scan: "You have not proved the enterprise's PIN: this rating is shown apart and not counted",
    more: "Say more (optional)",
    level: "How satisfied are you?",
    solved: "Was it solved?",
    tags: "Tags (at most 6)",
    comment: "Comment (up to 500 characters)",
    submit: "Submit rating",
    details: "Full text and history",
    subject: "Issue",
    reply: "Reply",
    history: "History",
    paging: "Pages",
    prev: "Previous",
    next: "Next",
    pin_title: "Are you from this enterprise?",
    pin: "Enterprise PIN (6 to 12 digits)",
    pin_send: "Confirm",
    owner_title: "Enterprise identity proved",
    owner_why: "This device sees full texts and its ratings count. On a shared device, leave when you have finished.",
    forget: "Forget this device",
    code_id: "Code",
    key: "Signing key",
    issued: "Issued",
    as_of: "As of",
    follows: "Follows",
    flash_rated_unverified: "Your rating was received. Without the PIN it is shown apart and not counted.",
    flash_pin_ok: "PIN accepted; full details are shown",
    flash_pin_wrong: "Wrong PIN. Please check it and try again",
    flash_forgotten: "This device has been forgotten",
    flash_already: "This issue has already been rated",
    request_id: "If you need help, quote this number",
    back: "Back to the issues",
    home_who: "The unit, office and telephone behind every issue",
    home_how: "The current step and the latest update",
    home_when: "The promised date, and the reason for every change",
    home_how_title: "How to use it",
    home_scan: "Scan the code with your phone: no app, no account.",
    home_check: "After scanning, check that the address begins with:",
    home_rate: "Once an issue is closed you may rate it good or bad; it is entirely voluntary.",
    home_links: "For developers and staff",
    home_docs: "API documentation",
    home_console: "Staff console",
    steps: ["Sent", "Accepted", "In hand", "Closed", "Rated"],
    levels: [
        ("very_satisfied", "Very satisfied"),
        ("satisfied", "Satisfied"),
        ("basically_satisfied", "Basically satisfied"),
        ("dissatisfied", "Dissatisfied"),
        ("very_dissatisfied", "Very dissatisfied"),
    ],
    solved_choices: [("yes", "Solved"), ("partly", "Partly solved"), ("no", "Not solved")],
    soon: |n| format!("Due soon ({} left)", days(n)),
    left: |n| format!("{} left", days(n)),
    over: |n| format!("{} overdue", days(n)),
    over_hours: |n| match n {
        0 => "overdue by less than an hour".into(),
        1 => "1 hour overdue".into(),
        _ => format!("{n} hours overdue"),
    },
    wait: |n| format!("Too many tries. Please try again in {n} seconds."),
    page_of: |page, pages| format!("Page {page} of {pages}"),
    nth: |n| format!("handled for the {n}{} time", ordinal(n)),
    planned: |day, over| {
        if over {
            format!("was planned for {day}; no outcome is recorded yet")
        } else {
            format!("planned for {day}")
        }
    },
    held: |day| format!("held on {day}"),
    settled: |unit, day, over| {
        if over { format!("{unit} was to act on it by {day}") } else { format!("{unit} acts on it by {day}") }
    },
    reached: |at| format!("the unit was in touch, {at}"),
    reach_by: |at, over| {
        if over {
            format!("the unit should have been in touch by {at}; it has not been yet")
        } else {
            format!("the unit is to be in touch by {at}")
        }
    },
    contact_by: |day, over| {
        if over {
            format!("we should have contacted you by {day}; we have not yet")
        } else {
            format!("we contact you by {day}")
        }
    },
    fix_by: |day, over| {
        if over {
            format!("should have been put right by {day}; it has not been yet")
        } else {
            format!("put right by {day}")
        }
    },
    check_by: |day, over| {
        if over {
            format!("should have been checked by {day}; it has not been yet")
        } else {
            format!("we check by {day}")
        }
    },
    contacted_on: |day| format!("the enterprise was contacted on {day}"),
    fixed_on: |day| format!("put right on {day}"),
    review_on: |day, over| {
        if over { format!("should have been on {day}; it has not taken place yet") } else { day.to_owned() }
    },
    rate_again: |day| format!("You may add one more rating (until {day})"),
    day: |d| d.format("%a %-d %b %Y").to_string(),
    notices,
};

const fn ordinal(n: u32) -> &'static str {
    match (n % 10, n % 100) {
        (1, tens) if tens != 11 => "st",
        (2, tens) if tens != 12 => "nd",
        (3, tens) if tens != 13 => "rd",
        _ => "th",
    }
}

fn days(n: u32) -> String {
    if n == 1 { "1 working day".into() } else { format!("{n} working days") }
}

fn notices(code: &str) -> (&'static str, &'static str) {
    match code {
        "seal_malformed" | "seal_version_unknown" => (
            "This code cannot be read",
            "Scan the whole enterprise code again; if it still fails, ask your enterprise officer for a new one.",
        ),
        "seal_key_unknown" | "seal_signature_false" => (
            "This code is not genuine",
            "It may be a forgery. Enter nothing, and tell the service centre where you saw it.",
        ),
        "seal_key_retired" | "code_unknown" | "code_revoked" => (
            "This code is no longer in use",
            "Please take it down. If you think this is a mistake, call the service centre.",
        ),
        "code_replaced" => {
            ("This code was replaced", "Please take the old one down, so that nobody scans it by mistake.")
        }
        "issue_unknown" | "not_found" => {
            ("Not found", "Check the address, or scan the enterprise code again.")
        }
        "pin_wrong" | "device_unknown" => (
            "Identity not proved",
            "Check the enterprise PIN and try again; if it is forgotten, your enterprise officer can reset it.",
        ),
        "too_many_attempts" | "rate_limited" => ("Too many tries", "Please try again in a while."),
        "rating_closed" | "rating_not_open" | "nothing_to_add" => {
            ("No rating is possible now", "Go back to the issues and look at the rating dates.")
        }
        "staff_device" => ("Not on this device", "Use a phone or computer of the enterprise's own."),
        "receipt_false" => (
            "Not a genuine receipt",
            "Paste the whole of it, with its two full stops; a receipt can be checked at the site that gave it only.",
        ),
        "already_rated" => ("Already rated", "Your rating is stored; there is no need to send it again."),
        "invalid_input" | "malformed_body" => {
            ("Something needs correcting", "Go back, correct what is named here and send it again.")
        }
        "unauthenticated" | "forbidden" => ("Not allowed", "Sign in with an account that may do this."),
        "origin_refused" => ("This page has expired", "Scan the enterprise code again, then send."),
        "read_only" => {
            ("Reading only for now", "Please call the service centre, and send it again once all is right.")
        }
        "busy" | "internal" | "request_timeout" => {
            ("Busy at the moment", "Please try again in a while; if it goes on, quote the number below.")
        }
        _ => ("This could not be done", "Go back and try again; if it goes on, call the service centre."),
    }
}
