//! The clocks of an issue as shown.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::board::Lamp;

/// Which limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    /// 受理
    Accept,
    /// 等待补充材料
    Supplement,
    /// 签收
    Sign,
    /// 首次联系企业
    FirstContact,
    /// 退单审定
    Ruling,
    /// 阶段性答复
    Interim,
    /// 办结
    Close,
    /// 协办答复
    Assist,
    /// 办结审核
    Review,
    /// 挂账复核
    DeferralReview,
    /// 差评联系
    Contact,
    /// 差评整改
    Fix,
    /// 整改复核
    Recheck,
    /// 评价期
    Rate,
}

/// A limit that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClockView {
    /// Which.
    pub kind: ClockKind,
    /// Exact end (UTC).
    pub due_at: DateTime<Utc>,
    /// Local day.
    pub due_on: NaiveDate,
    /// Working days left; negative when over.
    pub working_days_left: i32,
    /// Whole hours since it passed, for a limit in hours that passed within a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours_over: Option<u32>,
    /// Traffic light.
    pub lamp: Lamp,
    /// The date touches a year without an official calendar.
    pub provisional: bool,
}
