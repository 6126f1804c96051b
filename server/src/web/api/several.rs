//! One deed for several issues: each in a transaction of its own, by the same
//! action as for one, so that what is refused stops none of the others.

use actix_web::{
    post,
    web::{Data, Json},
};
use qiyema_protocol::{
    staff::{Assign, AssignSeveral, IssueView, OneDone, RemindSeveral, SeenIssue, SeveralDone, Supervise},
    verb::Verb,
};

use crate::{
    actions::{
        Refused, Rules,
        issue::{assign, supervise},
        rights::Actor,
    },
    clock::Timestamp,
    domain::text::problem,
    store::connection::Db,
    web::{callers::Staff, problem::Refusal, refusals::Refusals, shared::Shared},
};

/// Issues in one request.
pub const MOST: usize = 200;

/// Assign several issues to one unit; what became of each is in the answer.
#[utoipa::path(tag = "staff", request_body = AssignSeveral, security(("staff" = [])),
    responses((status = 201, body = SeveralDone), Refusals))]
#[post("/api/v1/staff/issues/assignments")]
pub async fn assignments(
    staff: Staff,
    body: Json<AssignSeveral>,
    shared: Data<Shared>,
) -> Result<actix_web::HttpResponse, Refusal> {
    let AssignSeveral { issues, unit, handler, assisting } = body.into_inner();
    let same = move |version| Assign {
        version,
        unit: unit.clone(),
        handler: handler.clone(),
        assisting: assisting.clone(),
    };
    each(&shared, &staff.0, Verb::Assign, issues, move |db, actor, seen, rules, at| {
        assign::assign(db, actor, &seen.number, &same(seen.version), rules, at)
    })
    .await
}

/// Remind those responsible for several issues; what became of each is in the answer.
#[utoipa::path(tag = "staff", request_body = RemindSeveral, security(("staff" = [])),
    responses((status = 201, body = SeveralDone), Refusals))]
#[post("/api/v1/staff/issues/reminders")]
pub async fn reminders(
    staff: Staff,
    body: Json<RemindSeveral>,
    shared: Data<Shared>,
) -> Result<actix_web::HttpResponse, Refusal> {
    let RemindSeveral { issues, note } = body.into_inner();
    each(&shared, &staff.0, Verb::Remind, issues, move |db, actor, seen, rules, at| {
        let ask = Supervise { version: seen.version, note: note.clone() };
        supervise::remind(db, actor, &seen.number, &ask, rules, at)
    })
    .await
}

async fn each<Deed>(
    shared: &Data<Shared>,
    actor: &Actor,
    verb: Verb,
    issues: Vec<SeenIssue>,
    deed: Deed,
) -> Result<actix_web::HttpResponse, Refusal>
where
    Deed: Fn(&mut Db, &Actor, &SeenIssue, &Rules, Timestamp) -> Result<IssueView, Refused>
        + Clone
        + Send
        + 'static,
{
    actor.may_ever(verb)?;
    if issues.is_empty() || issues.len() > MOST {
        let many = problem("issues", "一次1至200件", "1 to 200 at once");
        return Err(Refusal::fields(vec![many]));
    }
    let mut results = Vec::with_capacity(issues.len());
    for seen in issues {
        let (deed, actor, rules, at) = (deed.clone(), actor.clone(), shared.rules(), shared.clock.now());
        let number = seen.number.clone();
        let done: Result<IssueView, Refused> = if number.contains('\0') {
            Err(Refused::IssueUnknown)
        } else {
            shared.store.write(move |db| deed(db, &actor, &seen, &rules, at)).await
        };
        results.push(match done {
            Ok(issue) => OneDone { number, version: Some(issue.version), problem: None },
            Err(refused) => {
                OneDone { number, version: None, problem: Some(Refusal::from(refused).problem(None)) }
            }
        });
    }
    let done = results.iter().filter(|one| one.problem.is_none()).count();
    let refused = results.len().saturating_sub(done);
    Ok(actix_web::HttpResponse::Created().json(SeveralDone { done, refused, results }))
}
