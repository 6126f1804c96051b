//! Whether the proof behind a rating was in the hands of staff: a PIN that they had just
//! set or printed, a link that went to an address of theirs. The rating is kept and counted
//! like any other; a reviewer looks at it. No address is written down for it.

use qiyema_protocol::{
    appeal::{PinDeed, PinDeedKind},
    rating::{Flag, Tier},
};

use super::{super::Refused, enter::Proven};
use crate::{
    clock::Timestamp,
    domain::{
        event::Kind,
        guard::{FRESH, MASS, SHARED_CONTACT, Shown, fresh_pin, house},
    },
    store::{
        code_runs,
        columns::{column, moment, unword, word},
        connection::Db,
        events::{self, EventRow},
        flow, intake,
        issues::IssueRow,
        notices, owners,
    },
};

/// By which staff come to see a PIN, while it is its enterprise's.
const SHOW: [Kind; 4] = [Kind::CodeIssued, Kind::CodeReplaced, Kind::PinReset, Kind::PinPrinted];
/// Deeds that are looked at, the newest first.
const MOST: i64 = 50;

/// What a reviewer should know of the proof of a rating that is given now.
pub(super) fn of(
    db: &mut Db,
    issue: &IssueRow,
    proven: &Proven<'_>,
    tier: Tier,
    at: Timestamp,
) -> Result<Option<Flag>, Refused> {
    Ok(match proven {
        Proven::Code(_, Some(device)) if tier == Tier::Owner => {
            fresh(db, issue, device, at)?.then_some(Flag::FreshPin)
        }
        // A link that a webhook carried went to wherever that system knows the enterprise.
        Proven::Invitation(_, None) => of_staff(db, issue)?.then_some(Flag::StaffAddress),
        _ => None,
    })
}

/// The last time before a rating that staff saw the PIN of its enterprise.
pub(in crate::actions) fn last_shown(
    db: &mut Db,
    enterprise: &str,
    rated: Timestamp,
) -> Result<Option<PinDeed>, Refused> {
    let Some((event, _)) = singly(db, enterprise, rated)?.into_iter().next() else { return Ok(None) };
    let names = flow::names(db, vec![event.by.clone()])?;
    let kind = match unword(&event.kind)? {
        Kind::PinPrinted => PinDeedKind::Printed,
        Kind::CodeIssued => PinDeedKind::Issued,
        _ => PinDeedKind::Reset,
    };
    let by = names.into_iter().next().map_or(event.by, |(_, name)| name);
    Ok(Some(PinDeed { kind, by, at: moment(event.at) }))
}

fn fresh(db: &mut Db, issue: &IssueRow, device: &str, at: Timestamp) -> Result<bool, Refused> {
    let enterprise = &issue.enterprise_id;
    let Some((proved, pin)) = owners::proved_by(db, enterprise, device)? else { return Ok(false) };
    // Whoever waits three days with the rating does not wait with the device: what is older than both says nothing.
    let first = !owners::pin_before(db, &pin)?;
    let late = issue.submitted_at <= pin.set_at;
    let mut shown = Vec::new();
    for (event, again) in singly(db, enterprise, at)? {
        // What was done with an earlier PIN opens nothing any more.
        if event.at >= pin.set_at && event.at >= column(moment(proved) - FRESH) {
            let again = again || !first;
            shown.push(Shown { at: moment(event.at), again });
        }
    }
    Ok(fresh_pin(&shown, moment(proved), at, late))
}

/// When somebody of staff came to see the PIN of this enterprise, and not of many: the newest first; true: it was
/// printed before.
fn singly(db: &mut Db, enterprise: &str, until: Timestamp) -> Result<Vec<(EventRow, bool)>, Refused> {
    let kinds = SHOW.map(word).into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut found = Vec::new();
    for event in events::until(db, enterprise, enterprise, &kinds, column(until), MOST)? {
        let detail: serde_json::Value = serde_json::from_str(&event.detail).unwrap_or_default();
        let says = |key: &str| detail.get(key).and_then(serde_json::Value::as_bool);
        if says("new_pin") == Some(false) {
            continue;
        }
        let again = says("again").unwrap_or_default();
        let many = match detail.get("run").and_then(serde_json::Value::as_str) {
            Some(run) => code_runs::find(db, run)?.map_or(0, |run| usize::try_from(run.issued).unwrap_or(0)),
            None => detail
                .get("letters")
                .and_then(serde_json::Value::as_u64)
                .map_or(1, |many| usize::try_from(many).unwrap_or(usize::MAX)),
        };
        // The letters of a run are printed once; who prints one again has a reason that a reviewer may ask for.
        if again || many < MASS {
            found.push((event, again));
        }
    }
    Ok(found)
}

/// Whether the contact who was sent the link is one of staff, of their house, or of too many enterprises.
fn of_staff(db: &mut Db, issue: &IssueRow) -> Result<bool, Refused> {
    let Some(address) = intake::contact_mail(db, &issue.id)? else { return Ok(false) };
    let (address, its_house) = (address.trim().to_lowercase(), house(&address));
    let staff = notices::addresses(db)?;
    let known = staff
        .iter()
        .any(|one| one.trim().to_lowercase() == address || (its_house.is_some() && house(one) == its_house));
    Ok(known || intake::is_contact_of(db, &address, SHARED_CONTACT)?)
}
