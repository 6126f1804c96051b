//! One deed for several issues.

use qiyema_protocol::staff::{OneDone, SeenIssue, SeveralDone};
use serde::Serialize;

use super::{
    super::{Context, segment, staff, table},
    read,
};
use crate::{exit::Failure, output};

/// The issues with the versions they have now.
pub fn seen(c: &Context, numbers: &[String]) -> Result<Vec<SeenIssue>, Failure> {
    let one = |number: &String| {
        let number = segment("NUMBER", number)?;
        Ok(SeenIssue { number: number.to_owned(), version: read(c, number)?.version })
    };
    numbers.iter().map(one).collect()
}

/// Does it, and says what became of each.
pub fn send(c: &Context, path: &str, body: &impl Serialize) -> Result<(), Failure> {
    let done: SeveralDone = staff::post(c, path, body)?;
    if c.json {
        output::json(&done)?;
    } else {
        let row = |one: &OneDone| {
            let said = match &one.problem {
                None => c.lang.of("已完成", "done").to_owned(),
                Some(problem) => c.lang.of(&problem.detail.zh, &problem.detail.en).to_owned(),
            };
            vec![one.number.clone(), said]
        };
        let head = [c.lang.of("编号", "Number"), c.lang.of("结果", "Result")];
        table(&head, done.results.iter().map(row).collect())?;
    }
    match done.refused {
        0 => Ok(()),
        refused => Err(Failure::failed(format!("{refused}件未完成 / {refused} refused"))),
    }
}
