//! Call-backs (回访): one begins, and its outcome is what [`archive`](super::archive)
//! and [`reopen`](super::reopen) record. Nobody checks his own work.

use qiyema_protocol::{
    board::State,
    problem::FieldProblem,
    rating::{Level, Solved, Verdict},
    staff::{CallBack, FollowUp, IssueView},
    text::Text,
    verb::Verb,
};

use super::{
    super::{Refused, Rules, rights::Actor},
    apart::apart,
    attempt, find, maybe, read,
    step::{Doer, Step, step},
};
use crate::{
    clock::{Ids, Timestamp},
    domain::text::{Typed, problem},
    store::{
        closures,
        columns::{column, word},
        connection::Db,
        follow_ups::{self, FollowUpRow},
        issues::{self, IssueRow},
        ratings, rectifications,
    },
};

/// Begins a call-back about a closure.
pub fn follow_up(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &FollowUp,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::FollowUp, number, ask.version)?;
    independent(db, actor, &issue)?;
    let detail = serde_json::json!({ "closure": issue.closure_id });
    let what = Step { verb: Verb::FollowUp, to: State::FollowUp, note: None, detail };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}

/// What a call-back leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    /// It ends here.
    Archived,
    /// It is handled again.
    Reopened,
}

/// What the event of a call-back says of it, besides its note.
pub(super) fn answers(issue: &IssueRow, ask: &CallBack) -> serde_json::Value {
    serde_json::json!({
        "closure": issue.closure_id, "reached": ask.reached, "contacted": ask.contacted,
        "solved": ask.solved, "satisfaction": ask.satisfaction,
    })
}

/// Adds the record of a call-back; gives its note.
pub(super) fn record(
    db: &mut Db,
    actor: &Actor,
    issue: &IssueRow,
    ask: &CallBack,
    decision: Decision,
    rules: &Rules,
    at: Timestamp,
) -> Result<Option<Typed>, Refused> {
    let closure_id = issue.closure_id.clone().ok_or(Refused::ReferenceUnknown("closure"))?;
    independent(db, actor, issue)?;
    let note = maybe("note", ask.note.as_deref(), 1000)?;
    let spurned = ratings::fix_rated_bad(db, &issue.enterprise_id, &closure_id)?;
    let mut faults = faults(ask, note.is_some(), spurned, decision);
    if !ask.reached {
        faults.extend(unreached(db, issue, &closure_id, decision, rules, at)?);
    }
    if !faults.is_empty() {
        return Err(Refused::Invalid(faults));
    }
    let row = FollowUpRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        closure_id,
        reached: ask.reached,
        contacted: ask.contacted.map(|yes| if yes { "yes" } else { "no" }.to_owned()),
        solved: ask.solved.map(word).transpose()?,
        satisfaction: ask.satisfaction.map(word).transpose()?,
        note: note.as_ref().map(|note| note.as_str().to_owned()),
        decision: match decision {
            Decision::Archived => "archived".to_owned(),
            Decision::Reopened => "reopened".to_owned(),
        },
        at: column(at),
        by: actor.id.clone(),
    };
    follow_ups::insert(db, &row)?;
    Ok(note)
}

/// What was called bad is not archived, and what the owner has not rated is not handled again, before the enterprise was
/// reached, or called in vain often enough: with a new start nobody can rate this result any more, so that a bad rating
/// could be forestalled by it.
fn unreached(
    db: &mut Db,
    issue: &IssueRow,
    closure: &str,
    decision: Decision,
    rules: &Rules,
    at: Timestamp,
) -> Result<Option<FieldProblem>, Refused> {
    let free = match decision {
        Decision::Archived => rectifications::of_closure(db, &issue.enterprise_id, closure)?.is_none(),
        Decision::Reopened => {
            let rated = ratings::of_closures(db, &issue.enterprise_id, &[closure.to_owned()])?;
            rated.iter().any(|(_, tier, _)| tier == "owner")
        }
    };
    if free {
        return Ok(None);
    }
    let (needed, called) = (rules.limits.call_attempts, attempt::days(db, issue, rules, at)?);
    let enough = usize::try_from(needed).is_ok_and(|needed| called >= needed);
    let (zh, en) = match decision {
        Decision::Archived => {
            ("差评或异议整改后，须回访到企业方可归档", "what was called bad and put right is archived")
        }
        Decision::Reopened => (
            "企业尚未评价，重新办理后本次结果不能再评价，须先回访到企业",
            "the enterprise has not rated this result, and cannot once it is handled again: that is done",
        ),
    };
    let zh =
        format!("{zh}；确实联系不上的，须在{needed}个不同的工作日各登记一次未接通（含今天，目前{called}个）");
    let en = format!(
        "{en} when the enterprise was reached, or called in vain on {needed} working days (with today: {called})"
    );
    Ok((!enough).then(|| problem("reached", zh, en)))
}

/// What does not fit together in the outcome of a call-back. `spurned`: the owner
/// rated bad how a bad rating was put right.
fn faults(ask: &CallBack, noted: bool, spurned: bool, decision: Decision) -> Vec<FieldProblem> {
    let mut faults = Vec::new();
    let asked = [
        ("contacted", ask.contacted.is_some()),
        ("solved", ask.solved.is_some()),
        ("satisfaction", ask.satisfaction.is_some()),
    ];
    for (field, answered) in asked {
        if answered && !ask.reached {
            faults.push(problem(
                field,
                "未联系上企业，不应有回答",
                "nobody was reached, so nobody answered this",
            ));
        }
        if !answered && ask.reached {
            faults.push(problem(
                field,
                "已联系上企业，此项必填",
                "somebody was reached; this has to be asked",
            ));
        }
    }
    let pleased = ask.satisfaction.map(Level::verdict) == Some(Verdict::Good);
    let well = ask.solved == Some(Solved::Yes) && pleased;
    let archivable = well && !spurned;
    match decision {
        Decision::Reopened if archivable => faults.push(problem(
            "solved",
            "企业表示已解决且满意，不能二次交办",
            "the enterprise is satisfied and it is solved; there is nothing to reopen",
        )),
        Decision::Reopened if !noted => {
            faults.push(problem(
                "note",
                "请写明重新办理的原因，供重新办理的单位了解",
                "say why it is reopened, for the unit that handles it again",
            ));
        }
        Decision::Archived if !noted && !archivable => faults.push(problem(
            "note",
            "未解决、不满意、未联系上或整改被评为差评而归档，须说明原因",
            "say why this is archived although it is not solved, not satisfying, nobody was reached, or the \
             rectification was rated bad",
        )),
        _ => {}
    }
    faults
}

/// Whoever handled, reported, contacted or fixed does not check it, nor anybody of a unit that had it.
pub(super) fn independent(db: &mut Db, actor: &Actor, issue: &IssueRow) -> Result<(), Refused> {
    let mut involved: Vec<String> = issue.handler_id.iter().cloned().collect();
    involved.extend(issues::latest_report(db, &issue.enterprise_id, &issue.id)?.map(|report| report.by));
    if let Some(closure) = &issue.closure_id {
        involved.extend(closures::find(db, &issue.enterprise_id, closure)?.map(|closure| closure.handler_id));
        if let Some(opened) = rectifications::of_closure(db, &issue.enterprise_id, closure)? {
            let steps = rectifications::steps(db, &issue.enterprise_id, &opened.id)?;
            involved.extend(steps.into_iter().map(|step| step.by));
        }
    }
    if involved.contains(&actor.id) {
        return Err(Refused::OwnWork(Text::new(
            "回访人不能参与过该问题的办理或整改，请由其他回访员回访。",
            "Who handled it or put it right does not check it; somebody else calls back.",
        )));
    }
    apart(db, actor, issue)
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::{
        rating::{Level, Solved},
        staff::CallBack,
    };

    use super::{Decision, faults};

    const WELL: CallBack = CallBack {
        version: 1,
        reached: true,
        contacted: Some(true),
        solved: Some(Solved::Yes),
        satisfaction: Some(Level::Satisfied),
        note: None,
    };
    const NOBODY: CallBack =
        CallBack { reached: false, contacted: None, solved: None, satisfaction: None, ..WELL };

    fn fields(ask: &CallBack, noted: bool, decision: Decision) -> Vec<String> {
        faults(ask, noted, false, decision).into_iter().map(|fault| fault.field).collect()
    }

    #[test]
    fn whoever_was_reached_was_asked_everything_and_nobody_else_answered() {
        let silent = CallBack { contacted: None, satisfaction: None, ..WELL };
        assert_eq!(fields(&silent, true, Decision::Archived), ["contacted", "satisfaction"]);
        let ghost = CallBack { reached: false, ..WELL };
        assert_eq!(fields(&ghost, true, Decision::Archived), ["contacted", "solved", "satisfaction"]);
    }

    #[test]
    fn what_ended_well_is_archived_without_a_word_and_never_reopened() {
        assert!(fields(&WELL, false, Decision::Archived).is_empty());
        assert_eq!(fields(&WELL, true, Decision::Reopened), ["solved"]);
    }

    #[test]
    fn what_did_not_end_well_needs_a_reason_either_way() {
        let unsolved = CallBack { solved: Some(Solved::No), ..WELL };
        let displeased = CallBack { satisfaction: Some(Level::Dissatisfied), ..WELL };
        for ask in [unsolved, displeased, NOBODY] {
            for decision in [Decision::Archived, Decision::Reopened] {
                assert_eq!(fields(&ask, false, decision), ["note"], "{ask:?} {decision:?}");
                assert!(fields(&ask, true, decision).is_empty(), "{ask:?} {decision:?}");
            }
        }
    }

    #[test]
    fn a_rectification_that_was_rated_bad_is_not_archived_without_a_word() {
        let fields = |noted, decision| -> Vec<String> {
            faults(&WELL, noted, true, decision).into_iter().map(|fault| fault.field).collect()
        };
        assert_eq!(fields(false, Decision::Archived), ["note"]);
        assert!(fields(true, Decision::Archived).is_empty());
        assert!(fields(true, Decision::Reopened).is_empty(), "it may be handled again");
    }
}
