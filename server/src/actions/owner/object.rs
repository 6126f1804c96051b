//! Objecting to the result (对办理结果有异议): what was closed is put right.

use qiyema_protocol::{owner::OwnerDone, text::Text, verb::Verb};

use super::{
    super::{
        Refused, Rules,
        intake::attach::Kept,
        issue::{object::objected, step::Doer},
    },
    Asked, Said, detail, done, find, needed,
};
use crate::{clock::Timestamp, store::connection::Db};

/// Objects; the rectification of the closure is opened.
pub fn object(
    db: &mut Db,
    asked: &Asked,
    number: &str,
    (text, files): (&str, &[Kept]),
    rules: &Rules,
    at: Timestamp,
) -> Result<OwnerDone, Refused> {
    let text = needed(text)?;
    let issue = find(db, asked, number, Verb::Object, at)?;
    let detail = detail(db, &issue, Said { text: Some(text.as_str()), files }, at)?;
    let issue = objected(db, Doer::Owner, issue, (text.as_str(), detail), rules, at)?;
    done(
        &issue,
        Text::new(
            "异议已收到，已启动整改。我们将在1个工作日内与您联系。",
            "Your objection was received and rectification has begun. We will contact you within one working day.",
        ),
    )
}
