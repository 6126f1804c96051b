//! One use case a file; a transaction begins and ends with it, and each leaves
//! one event. An action is a plain function over a connection, a question and a
//! moment: the phone page, the console and the JSON API call the same one.

pub mod account;
pub mod admin;
pub mod appeal;
pub mod audit;
pub mod calendar;
pub mod code;
pub mod console;
pub mod delivery;
pub mod desk;
pub mod device;
pub mod enterprise;
pub mod figures;
pub mod inbox;
pub mod intake;
pub mod invite;
pub mod issue;
pub mod job;
pub mod ledger;
pub mod notice;
pub mod owner;
pub mod rate;
pub mod receipt;
pub mod registers;
pub mod rights;
pub mod scan;
pub mod session;
pub mod sweep;
pub mod timed;

use std::{num::NonZeroU32, sync::Arc};

use chrono::NaiveDate;
use chrono_tz::Tz;
use qiyema_protocol::{
    board::{Centre, State},
    problem::{Change, FieldProblem},
    staff::Role,
    text::Text,
    verb::Verb,
};

use crate::{
    clock::{Ids, Timestamp},
    config::Net,
    domain::{
        calendar::Calendar, clocks::Limits, event::Kind, figures as figures_of_review, grade, guard::Guard,
        ladder::Ladders, rating::Catalogues, urging::Urging, wording::Wording,
    },
    store::{Fallible, QueryError, StoreError, columns, connection::Db, events},
};

/// What an administrator has set, as the actions need it.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Working days.
    pub calendar: Calendar,
    /// Working days of every limit but the promise.
    pub limits: Limits,
    /// When the clock reminds, supervises, escalates and gives notice.
    pub urging: Urging,
    /// Local time of the centre.
    pub zone: Tz,
    /// The centre as shown.
    pub centre: Centre,
    /// Sentences in the centre's own words.
    pub wording: Wording,
    /// Show a handler's full name, or surname and post.
    pub full_names: bool,
    /// Days a closure can be rated.
    pub rating_days: u32,
    /// Days after which an owner who has not rated is reminded once; never, if absent.
    pub reminder_days: Option<NonZeroU32>,
    /// Networks of the offices: a rating from one is flagged.
    pub offices: Vec<Net>,
    /// Which ratings are flagged otherwise.
    pub guard: Guard,
    /// Days a device is remembered.
    pub device_days: u32,
    /// How fast PINs may be guessed.
    pub pin: Ladders,
    /// How fast passwords may be guessed.
    pub sign_in: Ladders,
    /// How long what has served its time is kept.
    pub kept: sweep::Kept,
    /// Roles that need a second factor.
    pub second_factor: Vec<Role>,
    /// How long sessions of staff last.
    pub sessions: Sessions,
    /// Limits that the grades suggest.
    pub grades: grade::Limits,
    /// The tags that ratings carry, version by version.
    pub tags: Arc<Catalogues>,
    /// What the centre set about its figures.
    pub figures: figures_of_review::Terms,
    /// Keys that were retired: a code that one of them signed is void, whatever else is known of it.
    pub void_keys: Vec<i32>,
}

/// How long sessions of staff last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sessions {
    /// Minutes without a request.
    pub idle_minutes: NonZeroU32,
    /// Hours in all.
    pub hours: NonZeroU32,
    /// Hours a one-time link lasts.
    pub link_hours: NonZeroU32,
}

impl Rules {
    /// The local day of a moment.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// When the local day of a moment began.
    #[must_use]
    pub fn morning(&self, at: Timestamp) -> Timestamp {
        let midnight = self.day(at).and_time(chrono::NaiveTime::MIN);
        midnight
            .and_local_timezone(self.zone)
            .earliest()
            .map_or(at, |local| local.with_timezone(&chrono::Utc))
    }
}

/// Every refusal that a caller can cause, and the one failure that it cannot.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the table of problems documents each for callers")]
pub enum Refused {
    #[error("no such code")]
    CodeUnknown,
    #[error("the code is revoked")]
    CodeRevoked,
    #[error("the code was replaced")]
    CodeReplaced,
    #[error("the code is suspended")]
    CodeSuspended,
    #[error("the code is not suspended")]
    CodeNotSuspended,
    #[error("{found} codes are concerned, not as many as were confirmed")]
    CountDiffers { found: u32 },
    #[error("the run is over")]
    RunOver,
    #[error("the import is over, or not there yet")]
    ImportOver,
    #[error("no such issue")]
    IssueUnknown,
    #[error("there is no such thing")]
    NotThere,
    #[error("a code of the second factor is needed")]
    SecondFactorRequired,
    #[error("a second factor must be enrolled first")]
    EnrolmentRequired,
    #[error("the code of the second factor is wrong or was used")]
    SecondFactorWrong,
    #[error("a second factor is enrolled already")]
    AlreadyEnrolled,
    #[error("the link does not work, or no longer")]
    LinkDead,
    #[error("the last administrator stays")]
    LastAdministrator,
    #[error("somebody else must do that to one's own account")]
    OwnAccount,
    #[error("the user name is taken")]
    UsernameTaken,
    #[error("people or open issues are still there")]
    InUse,
    #[error("no such enterprise")]
    EnterpriseUnknown,
    #[error("the issue is not closed, there is nothing to rate yet")]
    RatingNotOpen,
    #[error("the rating window is over")]
    RatingClosed,
    #[error("this closure is rated already")]
    AlreadyRated,
    #[error("the idempotency key was used for another body")]
    KeyReused,
    #[error("the letter of this PIN was printed already")]
    LetterPrinted,
    #[error("the text of this PIN cannot be had any more")]
    PinNotPrintable,
    #[error("wrong PIN")]
    PinWrong,
    #[error("too many attempts")]
    TooManyAttempts { retry_after: u64 },
    #[error("the device is not remembered")]
    DeviceUnknown,
    #[error("user name or password is wrong, or the session has ended")]
    Unauthenticated,
    #[error("not allowed")]
    Forbidden,
    #[error("somebody was faster")]
    VersionConflict { current: i32, changes: Vec<Change> },
    #[error("not possible from this state")]
    Transition { from: State, legal: Vec<Verb> },
    #[error("to be decided by somebody else")]
    AnotherOfficer,
    #[error("{}", .0.en)]
    OwnWork(Text),
    #[error("{}", .0.en)]
    Unmet(Text),
    #[error("the centre has not ruled on the last request yet")]
    AskedAlready,
    #[error("nothing was asked for")]
    NothingAsked,
    #[error("there is no rating to add to, or nothing that was put right")]
    NothingToAdd,
    #[error("the enterprise was not contacted yet")]
    NotContacted,
    #[error("invalid input")]
    Invalid(Vec<FieldProblem>),
    #[error("the enterprise is registered already")]
    EnterpriseExists,
    #[error("the check character does not fit")]
    UsccUnconfirmed { expected: char },
    #[error("{0} names nothing known")]
    ReferenceUnknown(&'static str),
    #[error("the channel's reference is taken")]
    ReferenceTaken,
    #[error("urged today already")]
    UrgedAlready,
    #[error("appealed already")]
    AppealedAlready,
    #[error("no such attachment")]
    AttachmentUnknown,
    #[error("no more attachments on this issue")]
    AttachmentsFull,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Fallible for Refused {
    fn failure(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<QueryError> for Refused {
    fn from(error: QueryError) -> Self {
        Self::Store(StoreError::Query(error))
    }
}

/// One event to add.
struct Deed<'a> {
    enterprise: &'a str,
    subject: &'a str,
    kind: Kind,
    state: Option<State>,
    note: Option<&'a str>,
    detail: serde_json::Value,
    by: &'a str,
    at: Timestamp,
}

/// Adds the event of an action to the same transaction.
fn record(db: &mut Db, deed: &Deed<'_>) -> Result<(), Refused> {
    let row = events::EventRow {
        id: Ids.row(),
        enterprise_id: deed.enterprise.to_owned(),
        subject_id: deed.subject.to_owned(),
        seq: events::next_seq(db, deed.enterprise, deed.subject)?,
        kind: columns::word(deed.kind)?,
        state: deed.state.map(columns::word).transpose()?,
        note: deed.note.map(ToOwned::to_owned),
        detail: deed.detail.to_string(),
        at: columns::column(deed.at),
        by: deed.by.to_owned(),
    };
    events::insert(db, &row)?;
    notice::tell(db, &row, deed.kind, &deed.detail)
}
