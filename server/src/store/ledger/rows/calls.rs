//! Call-backs, as the log has them.

use diesel::prelude::*;

use super::{
    super::super::{connection::Db, follow_ups::FollowUpRow, schema::follow_ups},
    Row, at, row,
};

pub(super) fn after(db: &mut Db, id: &str, limit: i64) -> QueryResult<Vec<Row>> {
    let found = follow_ups::table.filter(follow_ups::id.gt(id)).order(follow_ups::id).limit(limit);
    Ok(found.load(db)?.into_iter().map(call_back).collect())
}

fn call_back(one: FollowUpRow) -> Row {
    row(
        one.id,
        [
            ("enterprise_id", one.enterprise_id.into()),
            ("issue_id", one.issue_id.into()),
            ("closure_id", one.closure_id.into()),
            ("reached", one.reached.into()),
            ("contacted", one.contacted.into()),
            ("solved", one.solved.into()),
            ("satisfaction", one.satisfaction.into()),
            ("note", one.note.into()),
            ("decision", one.decision.into()),
            ("at", at(one.at)),
            ("by", one.by.into()),
        ],
    )
}
