//! Grades of difficulty and the limits they suggest: 即办 1 · 简易 3 · 一般 5 · 复杂 15 ·
//! 疑难跨部门 30 working days; the urgent ones run on the clock and their name says how long.

use std::num::NonZeroU32;

use qiyema_protocol::administration::Grade;

use super::deadline::Limit;

/// Working days of the grades that count them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the grades'")]
pub struct Limits {
    pub immediate: NonZeroU32,
    pub simple: NonZeroU32,
    pub general: NonZeroU32,
    pub complex: NonZeroU32,
    pub cross_department: NonZeroU32,
}

impl Limits {
    /// The limit of a grade.
    #[must_use]
    pub const fn of(&self, grade: Grade) -> Limit {
        match grade {
            Grade::Immediate => Limit::WorkingDays(self.immediate.get()),
            Grade::Simple => Limit::WorkingDays(self.simple.get()),
            Grade::General => Limit::WorkingDays(self.general.get()),
            Grade::Complex => Limit::WorkingDays(self.complex.get()),
            Grade::CrossDepartment => Limit::WorkingDays(self.cross_department.get()),
            Grade::Urgent2h => Limit::Hours(2),
            Grade::Urgent24h => Limit::Hours(24),
        }
    }
}
