//! The kinds of rows that are in the log: their tables, what names a row, what
//! tells when it was made, and what persons wrote in it.

/// A kind of row that is in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// When the log began to take in a kind.
    Openings,
    /// What happened to issues, enterprises and codes.
    Events,
    /// Closures: who is judged by the ratings.
    Closures,
    /// Ratings.
    Ratings,
    /// What stood behind ratings that neither the code alone nor the PIN proved.
    Proofs,
    /// Why reviewers should look at ratings.
    Flags,
    /// Who was responsible.
    Assignments,
    /// Promises that were moved.
    Extensions,
    /// Promises that a calendar still had to confirm.
    Promises,
    /// Call-backs: what enterprises answered.
    CallBacks,
    /// Grade and leader, frozen with closures.
    ClosureFacts,
    /// Grade and leader, frozen with assignments of lead units.
    AssignmentFacts,
    /// Appeals against ratings.
    Appeals,
    /// What single people decided on them.
    Decisions,
    /// What came of them: what leaves a rating out.
    Outcomes,
    /// Codes that were issued.
    Codes,
    /// How codes ended: revoked, or replaced by others.
    Endings,
    /// Codes that were suspended.
    Suspensions,
    /// Suspensions that ended.
    Resumptions,
    /// Invitations to rate.
    Invitations,
    /// Rectifications that bad ratings opened.
    Rectifications,
    /// What was done in them.
    RectificationSteps,
    /// How many working days they had.
    RectificationLimits,
    /// What units asked the centre for: more time, a return, a deferral.
    Requests,
    /// How the centre ruled on it.
    Rulings,
    /// Issues that were deferred.
    Deferrals,
    /// Deferred issues that went on.
    Continuations,
    /// What handlers reported.
    Reports,
    /// What the rows of issues said after each step.
    IssueFacts,
    /// What rows of settings, people, units and their like said after each deed.
    StateFacts,
    /// Steps of the chain that urges units.
    Supervisions,
    /// The catalogues of tags that ratings are given by.
    Tags,
    /// Deeds of administration: people and roles, calendar, settings.
    Administration,
}

/// What tells when a row was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// Its name: an id that begins with the time (UUIDv7), its own or that of the row it is written with.
    ByName,
    /// A column.
    ByColumn(&'static str),
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 33] = [
        Self::Openings,
        Self::Events,
        Self::Closures,
        Self::Ratings,
        Self::Proofs,
        Self::Flags,
        Self::Assignments,
        Self::Extensions,
        Self::Promises,
        Self::CallBacks,
        Self::ClosureFacts,
        Self::AssignmentFacts,
        Self::Appeals,
        Self::Decisions,
        Self::Outcomes,
        Self::Codes,
        Self::Endings,
        Self::Suspensions,
        Self::Resumptions,
        Self::Invitations,
        Self::Rectifications,
        Self::RectificationSteps,
        Self::RectificationLimits,
        Self::Requests,
        Self::Rulings,
        Self::Deferrals,
        Self::Continuations,
        Self::Reports,
        Self::IssueFacts,
        Self::StateFacts,
        Self::Supervisions,
        Self::Tags,
        Self::Administration,
    ];

    /// The table, which names the kind in the log.
    #[must_use]
    pub const fn table(self) -> &'static str {
        match self {
            Self::Openings => "ledger_openings",
            Self::Events => "events",
            Self::Closures => "closures",
            Self::Ratings => "ratings",
            Self::Proofs => "rating_proofs",
            Self::Flags => "rating_flags",
            Self::Assignments => "assignments",
            Self::Extensions => "extensions",
            Self::Promises => "promises",
            Self::CallBacks => "follow_ups",
            Self::ClosureFacts => "closure_facts",
            Self::AssignmentFacts => "assignment_facts",
            Self::Appeals => "rating_appeals",
            Self::Decisions => "appeal_decisions",
            Self::Outcomes => "appeal_outcomes",
            Self::Codes => "codes",
            Self::Endings => "code_endings",
            Self::Suspensions => "code_suspensions",
            Self::Resumptions => "code_resumptions",
            Self::Invitations => "rating_invitations",
            Self::Rectifications => "rectifications",
            Self::RectificationSteps => "rectification_steps",
            Self::RectificationLimits => "rectification_limits",
            Self::Requests => "requests",
            Self::Rulings => "rulings",
            Self::Deferrals => "deferrals",
            Self::Continuations => "resumptions",
            Self::Reports => "reports",
            Self::IssueFacts => "issue_facts",
            Self::StateFacts => "state_facts",
            Self::Supervisions => "supervisions",
            Self::Tags => "rating_tags",
            Self::Administration => "admin_events",
        }
    }

    /// The kind of a table.
    #[must_use]
    pub fn of(table: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.table() == table)
    }

    /// The columns that name a row; of several, the name is their values with `/` between.
    #[must_use]
    pub const fn key(self) -> &'static [&'static str] {
        match self {
            Self::Openings => &["kind"],
            Self::Outcomes | Self::Proofs => &["rating_id"],
            Self::Endings => &["code_id"],
            Self::ClosureFacts => &["closure_id"],
            Self::AssignmentFacts => &["assignment_id"],
            Self::Resumptions => &["suspension_id"],
            Self::RectificationLimits => &["rectification_id"],
            Self::Rulings => &["request_id"],
            Self::Tags => &["version", "id"],
            _ => &["id"],
        }
    }

    /// What tells when a row was made. Only names that begin with the time can be relied on in full: a moment is a
    /// column like any other.
    #[must_use]
    pub const fn made(self) -> Made {
        match self {
            Self::Openings
            | Self::Outcomes
            | Self::Endings
            | Self::Resumptions
            | Self::Rulings
            | Self::Tags => Made::ByColumn("at"),
            Self::Codes => Made::ByColumn("issued_at"),
            _ => Made::ByName,
        }
    }

    /// Columns that persons wrote in, and those that are not for everybody to whom an entry is shown.
    #[must_use]
    pub const fn personal(self) -> &'static [&'static str] {
        match self {
            Self::Events => &["note", "detail"],
            // Whoever holds a receipt is shown the entry: all but what the receipt says.
            Self::Ratings => &["comment", "enterprise_id", "issue_id", "code_id", "level", "solved", "tags"],
            Self::Closures | Self::Reports => &["reply"],
            Self::Appeals | Self::Decisions | Self::Endings | Self::Suspensions | Self::Deferrals => {
                &["reason"]
            }
            Self::Requests => &["reason", "note"],
            Self::Extensions
            | Self::CallBacks
            | Self::RectificationSteps
            | Self::Rulings
            | Self::Supervisions => &["note"],
            Self::Administration => &["detail"],
            // A short text can be guessed from its hash.
            Self::IssueFacts => &["words"],
            Self::StateFacts => &["row_key", "content"],
            _ => &[],
        }
    }
}
