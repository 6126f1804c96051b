//! Objecting to the result (对办理结果有异议): what was closed is put right.

use qiyema_protocol::{board::State, owner::OwnerDone, text::Text, verb::Verb};

use super::{
    super::{Refused, Rules, intake::attach::Kept},
    Asked, OWNER, Said, act, done, find, needed,
};
use crate::{
    clock::{Ids, Timestamp},
    store::{columns::column, connection::Db, intake},
};

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
    let (Some(closure), Some(unit)) = (issue.closure_id.clone(), issue.lead_unit_id.clone()) else {
        return Err(Refused::IssueUnknown);
    };
    let row = intake::ObjectionRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        closure_id: closure,
        unit_id: unit,
        at: column(at),
        by: OWNER.to_owned(),
    };
    intake::add_objection(db, &row)?;
    let said = Said { text: Some(text.as_str()), files };
    let issue = act(db, issue, (Verb::Object, State::Rectifying), said, rules, at)?;
    done(
        &issue,
        Text::new(
            "异议已收到,已启动整改。我们将在1个工作日内与您联系。",
            "Your objection was received and rectification has begun. We will contact you within one working day.",
        ),
    )
}
