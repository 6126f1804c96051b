//! Words of the trail of administration.

use qiyema_protocol::directory::AdminEvent;

use super::{facts, settings};
use crate::{actions::audit::names::Names, web::words::lang::Lang};

/// What a deed was done to, by its name where it has one.
#[must_use]
pub fn object(lang: Lang, names: &Names, event: &AdminEvent) -> String {
    let listed = || names.name(&event.subject_kind, &event.subject).map(|name| lang.say(&name).to_owned());
    let said = event.subject_name.clone().or_else(listed).or_else(|| named(&event.detail));
    said.unwrap_or_else(|| match event.subject_kind.as_str() {
        "setting" => match settings::label(&event.subject, lang).0 {
            "" => event.subject.clone(),
            name => name.to_owned(),
        },
        // Of these there is one.
        "calendar" | "ledger" | "tags" => facts::subject(lang, &event.subject_kind).to_owned(),
        _ => event.subject.clone(),
    })
}

/// The name that a record gives to what it is about.
fn named(detail: &str) -> Option<String> {
    let facts: serde_json::Value = serde_json::from_str(detail).ok()?;
    facts.get("name")?.as_str().map(ToOwned::to_owned)
}

/// A kind in words; one that is not known stands as it is.
#[must_use]
pub fn deed(lang: Lang, kind: &str) -> &str {
    let (zh, en) = match kind {
        "first_administrator_made" => ("创建首位系统管理员", "First administrator made"),
        "person_made" => ("新建人员", "Person made"),
        "person_edited" => ("修改人员", "Person edited"),
        "person_disabled" => ("停用账号", "Account disabled"),
        "person_enabled" => ("启用账号", "Account enabled"),
        "password_link_made" => ("生成密码链接", "Password link made"),
        "password_set_by_link" => ("通过链接设置密码", "Password set by link"),
        "refresh_token_reused" => {
            ("登录令牌被重复使用，会话已终止", "A refresh token came twice; its session ended")
        }
        "password_changed" => ("修改密码", "Password changed"),
        "second_factor_enrolled" => ("启用两步验证", "Second factor enrolled"),
        "second_factor_given_up" => ("停用两步验证", "Second factor given up"),
        "second_factor_reset" => ("重置两步验证", "Second factor reset"),
        "recovery_code_used" => ("使用备用码", "Recovery code used"),
        "recovery_codes_renewed" => ("更换备用码", "Recovery codes renewed"),
        "session_ended" | "sessions_ended" => ("结束登录", "Sessions ended"),
        "unit_made" => ("添加单位", "Unit made"),
        "unit_edited" => ("修改单位", "Unit edited"),
        "unit_closed" => ("关闭单位", "Unit closed"),
        "unit_reopened" => ("重新启用单位", "Unit opened again"),
        "office_made" => ("添加科室", "Office made"),
        "office_edited" => ("修改科室", "Office edited"),
        "office_closed" => ("关闭科室", "Office closed"),
        "office_reopened" => ("重新启用科室", "Office opened again"),
        "category_made" => ("添加类别", "Category made"),
        "category_edited" => ("修改类别", "Category edited"),
        "category_retired" => ("停用类别", "Category retired"),
        "category_restored" => ("恢复类别", "Category restored"),
        "channel_made" => ("添加渠道", "Channel made"),
        "channel_edited" => ("修改渠道", "Channel edited"),
        "channel_retired" => ("停用渠道", "Channel retired"),
        "channel_restored" => ("恢复渠道", "Channel restored"),
        "calendar_imported" => ("导入日历", "Calendar imported"),
        "tags_published" => ("发布评价标签新版本", "New version of the tags published"),
        "setting_changed" => ("修改设置", "Setting changed"),
        "token_made" => ("创建令牌", "Token made"),
        "code_run_begun" => ("开始批量签发企业码", "Issuing codes for many begun"),
        "code_run_stopped" => ("停止批量签发", "Issuing for many stopped"),
        "code_run_printed" => ("打印签发批次", "Part of a run printed"),
        "webhook_added" => ("添加推送系统", "Webhook added"),
        "webhook_secret_changed" => ("更换推送密钥", "Webhook's secret changed"),
        "webhook_paused" => ("暂停推送", "Webhook paused"),
        "webhook_resumed" => ("恢复推送", "Webhook resumed"),
        "webhook_links_allowed" => ("批准推送评价链接", "Webhook may carry links to rate"),
        "webhook_links_withdrawn" => ("撤回推送评价链接的批准", "Webhook may carry links no longer"),
        "webhook_removed" => ("移除推送系统", "Webhook removed"),
        "webhook_sent_again" => ("重试推送", "Message tried again"),
        "webhook_tested" => ("发送测试消息", "Test sent"),
        "ledger_accepted" => ("确认从备份恢复", "Went on from a restored copy"),
        "token_revoked" => ("撤销令牌", "Token revoked"),
        other => return other,
    };
    lang.pick(zh, en)
}
