//! Where the two databases say it differently.

/// One of the two.
#[derive(Clone, Copy)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// Rows `n(i)` from one number up to another.
    pub(crate) fn numbers(self, from: u32, below: u32) -> String {
        self.steps(from, 1, below)
    }

    /// Rows `n(i)` so far apart, so that what one in a hundred has costs a hundredth.
    pub(crate) fn steps(self, from: u32, step: u32, below: u32) -> String {
        match self {
            Self::Sqlite => format!(
                "(WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + {step} FROM n WHERE i + {step} < {below}) \
                 SELECT i FROM n) n"
            ),
            Self::Postgres => format!("generate_series({from}, {}, {step}) n(i)", below - 1),
        }
    }

    /// An id of row `i`.
    pub(crate) fn id(self, of: char) -> String {
        self.again(0, of)
    }

    /// An id of row `i`, where a table has several of it.
    pub(crate) fn again(self, turn: u8, of: char) -> String {
        self.id_of("i", turn, of)
    }

    /// The same of another row.
    pub(crate) fn id_of(self, i: &str, turn: u8, of: char) -> String {
        match self {
            Self::Sqlite => format!("printf('%08x-0000-7000-8{turn:03}-{of}000%08x', {i}, {i})"),
            Self::Postgres => format!(
                "lpad(to_hex({i}), 8, '0') || '-0000-7000-8{turn:03}-{of}000' || lpad(to_hex({i}), 8, '0')"
            ),
        }
    }

    /// A moment so many days after another.
    pub(crate) fn moment(self, base: &str, days: &str) -> String {
        match self {
            Self::Sqlite => format!("datetime('{base}', '+' || ({days}) || ' days')"),
            Self::Postgres => format!("timestamp '{base}' + ({days}) * interval '1 day'"),
        }
    }

    /// The same with minutes.
    pub(crate) fn minute(self, base: &str, days: &str, minutes: &str) -> String {
        match self {
            Self::Sqlite => {
                format!("datetime('{base}', '+' || ({days}) || ' days', '+' || ({minutes}) || ' minutes')")
            }
            Self::Postgres => {
                format!("{} + ({minutes}) * interval '1 minute'", self.moment(base, days))
            }
        }
    }

    /// A day so many days after another.
    pub(crate) fn day(self, base: &str, days: &str) -> String {
        match self {
            Self::Sqlite => format!("date('{base}', '+' || ({days}) || ' days')"),
            Self::Postgres => format!("date '{base}' + ({days})"),
        }
    }

    /// Whether something is so, as a column says it.
    pub(crate) fn says(self, so: &str) -> String {
        match self {
            Self::Sqlite => format!("CASE WHEN {so} THEN 1 ELSE 0 END"),
            Self::Postgres => format!("({so})"),
        }
    }
}
