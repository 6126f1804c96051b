//! Every refusal the web gives, in ONE table: status, stable code, title, and
//! what to tell a person. docs/problems.md is this table, compared in a test.

use std::fmt;

use actix_web::{HttpResponse, ResponseError, http::StatusCode, http::header};
use qiyema_protocol::{
    problem::{Change, FieldProblem, Problem},
    text::Text,
    verb::Verb,
};

/// Stable code of a problem. Programs branch on it; it never changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the table below says what each one means")]
pub enum Code {
    SealMalformed,
    SealVersionUnknown,
    SealKeyUnknown,
    SealKeyRetired,
    SealSignatureFalse,
    CodeUnknown,
    CodeRevoked,
    CodeReplaced,
    CodeSuspended,
    CodeNotSuspended,
    CountDiffers,
    ImportOver,
    IssueUnknown,
    PinWrong,
    TooManyAttempts,
    RateLimited,
    DeviceUnknown,
    RatingClosed,
    AlreadyRated,
    RatingNotOpen,
    InvalidInput,
    MalformedBody,
    IdempotencyKeyReused,
    Unauthenticated,
    PresentPasswordWrong,
    SecondFactorRequired,
    EnrolmentRequired,
    SecondFactorWrong,
    AlreadyEnrolled,
    LinkDead,
    LastAdministrator,
    OwnAccount,
    UsernameTaken,
    InUse,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    PayloadTooLarge,
    UnsupportedMediaType,
    VersionConflict,
    TransitionRefused,
    AskedAlready,
    NothingAsked,
    NotContacted,
    NothingToAdd,
    EnterpriseExists,
    UsccUnconfirmed,
    UnknownReference,
    OriginRefused,
    Busy,
    Internal,
    PublicUrlUnset,
    RequestTimeout,
    UriTooLong,
    ReferenceTaken,
    UrgedAlready,
    AppealedAlready,
    AttachmentUnknown,
    AttachmentsFull,
    OutcomeUnknown,
    SealKeyAbsent,
    AnotherOfficer,
    RuleUnmet,
    LetterPrinted,
    PinNotPrintable,
    RunOver,
    StaffDevice,
    ReceiptFalse,
    LogBroken,
    ReadOnly,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Which problem.
    pub code: Code,
    /// HTTP status.
    pub status: u16,
    /// The code as it is written on the wire.
    pub name: &'static str,
    /// Short title.
    pub title: &'static str,
    /// For a person, Chinese.
    pub zh: &'static str,
    /// For a person, English.
    pub en: &'static str,
}

const fn row(
    code: Code,
    status: u16,
    name: &'static str,
    title: &'static str,
    words: (&'static str, &'static str),
) -> Row {
    Row { code, status, name, title, zh: words.0, en: words.1 }
}

const INTERNAL: Row = row(
    Code::Internal,
    500,
    "internal",
    "Internal error",
    ("系统出错，我们已记录。请稍后再试。", "Something failed here and was recorded. Please try again later."),
);

/// The table.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    row(Code::SealMalformed, 400, "seal_malformed", "Not an enterprise code", ("该二维码不完整或不是企业码，请重新扫描。", "This is not a complete enterprise code; please scan it again.")),
    row(Code::SealVersionUnknown, 400, "seal_version_unknown", "Unknown code version", ("该企业码的版本本系统不认识。", "This code has a layout version unknown here.")),
    row(Code::SealKeyUnknown, 404, "seal_key_unknown", "Signed with an unknown key", ("该二维码无效或已停用，请向企业服务专员重新申领。", "This code was not signed with a key trusted here.")),
    row(Code::SealKeyRetired, 410, "seal_key_retired", "Signed with a retired key", ("该二维码的签名密钥已停用，请向企业服务专员重新申领。", "The key that signed this code was retired; please ask for a new code.")),
    row(Code::SealSignatureFalse, 404, "seal_signature_false", "False signature", ("该二维码未通过官方签名核验，请勿继续使用。", "The signature of this code is false; do not use it.")),
    row(Code::CodeUnknown, 404, "code_unknown", "Unknown code", ("该二维码无效或已停用，请向企业服务专员重新申领。", "This code is not in use here.")),
    row(Code::CodeSuspended, 410, "code_suspended", "Code suspended", ("该二维码已暂停使用。如有疑问，请联系企业服务专员。", "This code is suspended for the time being; please ask the service centre.")),
    row(Code::CodeNotSuspended, 409, "code_not_suspended", "Code not suspended", ("该企业码没有暂停，无需恢复。", "This code is not suspended; there is nothing to resume.")),
    row(Code::CountDiffers, 409, "count_differs", "Not as many as confirmed", ("涉及的企业码数目与您确认的不符，请重新预览。", "Not as many codes as you confirmed; look at the preview again.")),
    row(Code::ImportOver, 409, "import_over", "Not possible at this stage of the import", ("该导入已结束或不在可操作的阶段，请刷新后再看。", "The import is over, or not at the stage where this is possible; look at it again.")),
    row(Code::CodeRevoked, 410, "code_revoked", "Code revoked", ("该二维码已停用，请向企业服务专员重新申领。", "This code was revoked; please ask for a new one.")),
    row(Code::CodeReplaced, 410, "code_replaced", "Code replaced", ("该二维码已更换，请使用新的企业码。", "This code was replaced; please use the newer one.")),
    row(Code::IssueUnknown, 404, "issue_unknown", "Unknown issue", ("没有找到这个问题。", "There is no such issue here.")),
    row(Code::PinWrong, 403, "pin_wrong", "Wrong PIN", ("企业口令不正确。", "The PIN is wrong.")),
    row(Code::TooManyAttempts, 429, "too_many_attempts", "Too many attempts", ("尝试次数过多，请稍后再试。", "Too many attempts; please wait and try again.")),
    row(Code::RateLimited, 429, "rate_limited", "Too many requests", ("访问过于频繁，请稍后再试。", "Too many requests; please wait a moment.")),
    row(Code::DeviceUnknown, 401, "device_unknown", "Device not remembered", ("本设备未通过企业口令验证或已失效，请重新输入。", "This device is not, or no longer, remembered; please enter the PIN again.")),
    row(Code::RatingClosed, 409, "rating_closed", "Rating period over", ("评价期限已过。", "The time to rate this issue is over.")),
    row(Code::AlreadyRated, 409, "already_rated", "Already rated", ("本次办理结果已评价，原评价不会被覆盖。", "This closure was already rated; a rating is never overwritten.")),
    row(Code::RatingNotOpen, 409, "rating_not_open", "Not open for rating", ("该问题尚未办结，暂不能评价。", "This issue is not closed yet and cannot be rated.")),
    row(Code::InvalidInput, 422, "invalid_input", "Invalid input", ("填写的内容有误，请按提示修改。", "Some of the input is not acceptable; see the list of fields.")),
    row(Code::MalformedBody, 400, "malformed_body", "Malformed request", ("请求内容无法读取。", "The request could not be read.")),
    row(Code::IdempotencyKeyReused, 422, "idempotency_key_reused", "Idempotency-Key reused", ("同一 Idempotency-Key 已用于不同的内容。", "This Idempotency-Key was used with another body.")),
    row(Code::Unauthenticated, 401, "unauthenticated", "Not signed in", ("请先登录。", "Please sign in.")),
    row(Code::PresentPasswordWrong, 403, "present_password_wrong", "Present password wrong", ("当前密码不正确。", "The present password is wrong.")),
    row(Code::SecondFactorRequired, 401, "second_factor_required", "Second factor required", ("请同时提供身份验证器的6位动态码。", "Send the six digits of your authenticator app as well.")),
    row(Code::EnrolmentRequired, 403, "enrolment_required", "Second factor not enrolled", ("您的角色须先启用两步验证，请在控制台或用 qiyema login 登录并按提示设置。", "Your role needs a second factor; sign in at the console or with qiyema login and set it up.")),
    row(Code::SecondFactorWrong, 401, "second_factor_wrong", "Wrong or used code", ("动态码不正确或已使用，请等待下一个动态码。", "The code is wrong or was used; wait for the next one.")),
    row(Code::AlreadyEnrolled, 409, "already_enrolled", "Already enrolled", ("您已启用两步验证。", "A second factor is enrolled already.")),
    row(Code::LinkDead, 410, "link_dead", "Link does not work", ("该链接无效、已使用或已过期。", "This link is wrong, used, or expired.")),
    row(Code::LastAdministrator, 409, "last_administrator", "The last administrator", ("系统至少要有一名可用的系统管理员。", "At least one administrator must stay.")),
    row(Code::OwnAccount, 403, "own_account", "Not on your own account", ("不能对自己的账号进行此操作，请由另一名系统管理员办理。", "You cannot do this to your own account; another administrator must.")),
    row(Code::UsernameTaken, 409, "username_taken", "User name taken", ("该用户名已被使用。", "This user name is taken.")),
    row(Code::InUse, 409, "in_use", "Still in use", ("仍有人员、在办问题或下级类别使用它，请先调整。", "People, open issues or categories below it still use it; move them first.")),
    row(Code::Forbidden, 403, "forbidden", "Forbidden", ("您没有权限进行此操作。", "You may not do this.")),
    row(Code::NotFound, 404, "not_found", "Not found", ("没有这个页面。", "There is nothing at this address.")),
    row(Code::MethodNotAllowed, 405, "method_not_allowed", "Method not allowed", ("该地址不支持此请求方法。", "This address does not take this method.")),
    row(Code::PayloadTooLarge, 413, "payload_too_large", "Body too large", ("提交的内容过大。", "The body is too large.")),
    row(Code::UnsupportedMediaType, 415, "unsupported_media_type", "Unsupported media type", ("不支持这种内容类型。", "This content type is not taken here.")),
    row(Code::VersionConflict, 409, "version_conflict", "Changed meanwhile", ("该问题已被他人更新，请刷新后再试。", "Somebody changed this meanwhile; read it again.")),
    row(Code::TransitionRefused, 409, "transition_refused", "Step not possible now", ("当前状态下不能进行此操作。", "This step is not possible in the present state.")),
    row(Code::AskedAlready, 409, "asked_already", "Asked already", ("已有申请等待审定，请等待中心答复。", "A request is waiting for the centre; wait for its ruling.")),
    row(Code::NothingAsked, 409, "nothing_asked", "Nothing was asked for", ("没有待审定的申请。", "No request is waiting for a ruling.")),
    row(Code::NotContacted, 409, "not_contacted", "Enterprise not contacted", ("请先联系企业并记录联系情况，再提交整改结果。", "Contact the enterprise and record it first, then hand in what was put right.")),
    row(Code::NothingToAdd, 409, "nothing_to_add", "Nothing to add to", ("尚无可追加的评价，或整改尚未完成。", "There is no first rating to add to, or nothing was put right yet.")),
    row(Code::EnterpriseExists, 409, "enterprise_exists", "Enterprise exists", ("该统一社会信用代码已登记。", "This unified social credit code is already registered.")),
    row(Code::UsccUnconfirmed, 409, "uscc_unconfirmed", "Check character does not fit", ("统一社会信用代码校验位不符，请核对并确认。", "The check character does not fit; check the code and confirm it.")),
    row(Code::UnknownReference, 422, "unknown_reference", "Unknown reference", ("引用的单位、人员、类别或渠道不存在。", "A unit, person, category or channel that was named does not exist.")),
    row(Code::OriginRefused, 403, "origin_refused", "Sent from another site", ("请从本页面提交。", "Please send the form from this site's own page.")),
    row(Code::Busy, 503, "busy", "Busy", ("系统繁忙，请稍后再试。", "The server is busy; please try again in a moment.")),
    INTERNAL,
    row(Code::PublicUrlUnset, 409, "public_url_unset", "No address to print", ("本系统现在用的是试用地址（http，不是https），印出的企业码手机打不开或无法核验，因此不印。请在服务器设置 http.public_url 为手机能打开的https网址并重启；仅试印时请勾选“试印”（命令行 --trial）。", "This server has an address for trying out (http, not https), which phones cannot open or verify, so nothing is printed. Set http.public_url on the server to the https address that phones open and restart it; for a trial print say so (--trial).")),
    row(Code::RequestTimeout, 408, "request_timeout", "Request took too long", ("请求内容未能及时送达。", "The request did not arrive in time.")),
    row(Code::OutcomeUnknown, 503, "outcome_unknown", "Outcome unknown", ("系统中断，不确定是否已保存。请先刷新查看，再决定是否重新提交。", "The connection broke while saving: it may be stored or not. Look before you send it again.")),
    row(Code::LogBroken, 503, "log_broken", "Not what was signed", ("数据库与已签名的防篡改日志不符，日志已停止。请在服务器上执行 qiyema-server ledger verify。", "The database is not what the tamper-evident log signed, and the log has stopped. Run qiyema-server ledger verify on the server.")),
    row(Code::ReadOnly, 503, "read_only", "Reading only", ("系统数据与已签名的防篡改日志不符，暂停一切提交，只能查看；刚才提交的内容没有保存。请联系服务中心，由系统管理员恢复正确的数据库。", "The data here is not what the tamper-evident log signed, so nothing is taken for now and you can only read. What you just sent was not saved. Please ask the service centre: the administrator has to restore the right database.")),
    row(Code::SealKeyAbsent, 409, "signing_key_absent", "Signing key not here", ("签发该企业码的私钥已不在本系统，不能重新绘制，请换发新码。", "The private key that signed this code is no longer here, so it cannot be drawn again; issue a new code.")),
    row(Code::UriTooLong, 414, "uri_too_long", "Address too long", ("网址过长。", "The address is too long.")),
    row(Code::ReferenceTaken, 409, "reference_taken", "Reference taken", ("该渠道编号已登记过问题。", "The channel's reference belongs to an issue already.")),
    row(Code::UrgedAlready, 409, "urged_already", "Urged already", ("每个问题每个工作日可催办一次，今天已催办。", "An issue can be urged once a working day; today it was.")),
    row(Code::AppealedAlready, 409, "appealed_already", "Appealed already", ("每个问题只能申诉一次。", "An issue can be appealed once.")),
    row(Code::AttachmentUnknown, 404, "attachment_unknown", "Unknown attachment", ("没有找到这个附件。", "There is no such attachment here.")),
    row(Code::AttachmentsFull, 409, "attachments_full", "Too many attachments", ("该问题的附件已达上限（20个）。", "This issue has as many attachments as it may (20).")),
    row(Code::AnotherOfficer, 403, "another_officer", "Somebody else decides", ("须由其他人员决定。", "Somebody else has to decide this.")),
    row(Code::RunOver, 409, "run_over", "The run is over", ("该批次已结束，不能再取消。", "The run is over; there is nothing to stop.")),
    row(Code::LetterPrinted, 409, "letter_printed", "Letter printed already", ("该企业的企业口令信已打印过。确需重印请明确选择“重新打印”，操作将记入审计。", "The letter with this PIN was printed already. To print it again say so; it is recorded.")),
    row(Code::PinNotPrintable, 409, "pin_not_printable", "PIN cannot be printed", ("该企业没有可打印的企业口令（未设置，或推导密钥已不在本系统）。请重置企业口令后再打印。", "This enterprise has no PIN that can be printed: none was set, or its key is not here. Reset the PIN first.")),
    row(Code::StaffDevice, 403, "staff_device", "A device of staff", ("本设备登录过工作人员控制台，不能代企业评价。请用企业自己的手机或电脑打开此页评价。", "Staff signed in to the console on this device, so it may not rate for an enterprise. Please rate on a phone or computer of the enterprise's own.")),
    row(Code::ReceiptFalse, 422, "receipt_false", "Not a genuine receipt", ("该回执不是本站出具的真实回执：签名不符、内容不完整或来自其他网站。", "This is not a genuine receipt of this site: the signature is false, something is missing, or another site gave it.")),
    row(Code::RuleUnmet, 409, "rule_unmet", "A rule stands against it", ("不符合办理规则。", "A rule of the workflow stands against it; see `detail`.")),
];

impl Code {
    /// The row of this code.
    #[must_use]
    pub fn row(self) -> &'static Row {
        TABLE.iter().find(|row| row.code == self).unwrap_or(&INTERNAL)
    }

    /// The problem for a status that the framework chose by itself.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            401 => Self::Unauthenticated,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            405 => Self::MethodNotAllowed,
            408 => Self::RequestTimeout,
            413 => Self::PayloadTooLarge,
            414 => Self::UriTooLong,
            415 => Self::UnsupportedMediaType,
            429 => Self::RateLimited,
            503 => Self::Busy,
            400..=499 => Self::MalformedBody,
            _ => Self::Internal,
        }
    }
}

/// A refusal on its way out. Holds only what the caller may see: what went wrong
/// inside is logged where it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    code: Code,
    fields: Vec<FieldProblem>,
    retry_after: Option<u64>,
    more: Option<Box<More>>,
}

/// What a caller learns beyond the row of the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct More {
    /// Says it in place of the row's words.
    pub detail: Option<Text>,
    /// Verbs that are possible.
    pub legal: Vec<Verb>,
    /// The version now.
    pub version: Option<i32>,
    /// What happened meanwhile.
    pub changes: Vec<Change>,
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self { code, fields: Vec::new(), retry_after: None, more: None }
    }
}

impl Refusal {
    /// Invalid input: these fields.
    #[must_use]
    pub fn fields(fields: Vec<FieldProblem>) -> Self {
        Self { fields, ..Code::InvalidInput.into() }
    }

    /// The row, and more.
    #[must_use]
    pub fn telling(code: Code, more: More) -> Self {
        Self { more: Some(Box::new(more)), ..code.into() }
    }

    /// Throttled: come back in so many seconds.
    #[must_use]
    pub fn wait(code: Code, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..code.into() }
    }

    /// Fields that were not acceptable.
    #[must_use]
    pub fn faults(&self) -> &[FieldProblem] {
        &self.fields
    }

    /// Which problem.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// The wire form.
    #[must_use]
    pub fn problem(&self, request_id: Option<String>) -> Problem {
        let row = self.code.row();
        let More { detail, legal, version, changes } = self.more.as_deref().cloned().unwrap_or_default();
        Problem {
            kind: format!("urn:qiyema:problem:{}", row.name),
            title: row.title.into(),
            status: row.status,
            code: row.name.into(),
            detail: detail.unwrap_or_else(|| Text::new(row.zh, row.en)),
            request_id,
            errors: self.fields.clone(),
            retry_after: self.retry_after,
            legal,
            version,
            changes,
        }
    }

    /// The problem document as an answer.
    #[must_use]
    pub fn respond(&self, request_id: Option<String>) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        if let Some(seconds) = self.retry_after {
            answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        let body = serde_json::to_string(&self.problem(request_id)).unwrap_or_default();
        answer.content_type("application/problem+json").body(body)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.row().name)
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.row().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        self.respond(None)
    }
}

/// docs/problems.md.
#[must_use]
pub fn document() -> String {
    let mut text = String::from(
        "# 错误代码 / Problem codes\n\nEvery refusal is an RFC 9457 problem document \
         (`application/problem+json`); branch on `code`, it is stable. This file is generated from \
         `server/src/web/problem.rs` and compared in a test (`UPDATE_DOCS=1` rewrites it).\n\n\
         | code | status | title | 说明 | meaning |\n|---|---|---|---|---|\n",
    );
    for Row { status, name, title, zh, en, .. } in TABLE {
        text.extend([format!("| `{name}` | {status} | {title} | {zh} | {en} |\n")]);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Code, Refusal, TABLE, document};

    #[test]
    fn every_code_has_one_row_and_one_name() {
        assert_eq!(TABLE.iter().map(|row| row.code).collect::<HashSet<_>>().len(), TABLE.len());
        assert_eq!(TABLE.iter().map(|row| row.name).collect::<HashSet<_>>().len(), TABLE.len());
        let source = include_str!("problem.rs").split_once("pub enum Code {").unwrap().1;
        let variants = source.split_once('}').unwrap().0;
        for variant in
            variants.lines().map(|line| line.trim().trim_end_matches(',')).filter(|v| !v.is_empty())
        {
            assert!(TABLE.iter().any(|row| format!("{:?}", row.code) == variant), "{variant} has no row");
        }
    }

    #[test]
    fn the_document_is_the_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/problems.md");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(path, document()).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap(), document());
    }

    #[test]
    fn a_throttled_caller_learns_how_long_to_wait() {
        let answer = Refusal::wait(Code::RateLimited, 7).respond(Some("r1".into()));
        assert_eq!(answer.status(), 429);
        assert_eq!(answer.headers().get("retry-after").unwrap(), "7");
        assert_eq!(answer.headers().get("content-type").unwrap(), "application/problem+json");
    }
}
