//! Raising an issue from the phone page.

use qiyema_protocol::{
    owner::{NewOwnerIssue, OwnerChoices, OwnerDone},
    staff::Choice,
    text::Text,
};

use super::{
    super::{
        Refused, Rules,
        intake::{
            attach::{Hand, Kept, add},
            enter::{Entry, Words, enter},
        },
    },
    Asked, OWNER, done, prove,
};
use crate::{
    clock::Timestamp,
    domain::text::problem,
    store::{columns::column, connection::Db, directory, intake},
};

/// The channel of what comes through a code.
pub const CHANNEL: &str = "code";
/// Issues that one enterprise may raise by itself in a day; the window takes any number.
const MOST_A_DAY: i64 = 10;

/// Raises an issue with the files that came along; its number is the receipt.
pub fn raise(
    db: &mut Db,
    asked: &Asked,
    new: &NewOwnerIssue,
    files: &[Kept],
    rules: &Rules,
    at: Timestamp,
) -> Result<OwnerDone, Refused> {
    let opened = prove(db, asked, at)?;
    let enterprise = &opened.code.enterprise_id;
    let words = words(new)?;
    let morning = rules.morning(at);
    if intake::submitted(db, enterprise, OWNER, column(morning))? >= MOST_A_DAY {
        let until = (morning + chrono::Duration::days(1)) - at;
        return Err(Refused::TooManyAttempts {
            retry_after: u64::try_from(until.num_seconds()).unwrap_or(1),
        });
    }
    let entry = Entry {
        enterprise,
        category: &new.category,
        channel: CHANNEL,
        words: &words,
        by: OWNER,
        detail: serde_json::json!({ "code": opened.code.id, "files": files.len() }),
    };
    let issue = enter(db, &entry, rules, at)?;
    if !files.is_empty() {
        add(db, &issue, files, Hand { by: OWNER, for_owner: true }, at)?;
    }
    done(
        &issue,
        Text::new(
            format!("已提交，编号{}。我们将在1个工作日内答复是否受理。", issue.number),
            format!(
                "Submitted as {}. You will hear within one working day whether it is accepted.",
                issue.number
            ),
        ),
    )
}

/// What was typed; every fault is named at once, also that nothing was chosen.
fn words(new: &NewOwnerIssue) -> Result<Words, Refused> {
    let words = Words::parse(&new.subject, &new.body, new.contact.as_ref(), None, None);
    if !new.category.is_empty() {
        return words.map_err(Refused::Invalid);
    }
    let mut faults = vec![problem("category", "请选择问题类别", "choose a category")];
    faults.extend(words.err().unwrap_or_default());
    Err(Refused::Invalid(faults))
}

/// What an owner may choose from.
pub fn choices(db: &mut Db, asked: &Asked, at: Timestamp) -> Result<OwnerChoices, Refused> {
    prove(db, asked, at)?;
    let categories = directory::categories(db)?
        .into_iter()
        .map(|row| Choice { id: row.id, name: Text::new(row.name_zh, row.name_en) });
    Ok(OwnerChoices { categories: categories.collect() })
}
