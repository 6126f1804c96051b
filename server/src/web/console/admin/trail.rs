//! The trail of administration.

use actix_web::{HttpResponse, web::Query};
use qiyema_protocol::directory::AdminEvent;
use serde::Deserialize;

use crate::{
    actions::admin::trail,
    web::{
        api::audit as api,
        console::ConsoleStaff,
        problem::Refusal,
        view::console::{
            audit::details,
            sheet::{Cell, Part, Sheet, Table},
        },
        words::lang::Lang,
    },
};

/// Which page.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    before: Option<String>,
}

/// `GET /console/admin/trail`.
pub async fn show(staff: ConsoleStaff, ask: Query<Ask>) -> Result<HttpResponse, Refusal> {
    let before = ask.into_inner().before.filter(|id| !id.contains('\0'));
    let page = staff.read(move |db, actor, _, _| trail::list(db, actor, None, before.as_deref())).await?;
    let (lang, rules) = (staff.lang, staff.shared.rules());
    let row = |event: &AdminEvent| {
        vec![
            Cell::text(event.at.with_timezone(&rules.zone).format("%Y-%m-%d %H:%M:%S").to_string()),
            Cell::text(&event.by),
            Cell::text(kind(&event.kind, lang)),
            Cell::text(
                event
                    .subject_name
                    .clone()
                    .or_else(|| named(&event.detail))
                    .unwrap_or_else(|| event.subject.clone()),
            ),
            Cell::text("").small(details(lang, &event.detail)),
        ]
    };
    let table = Table {
        heads: [
            lang.pick("时间", "When"),
            lang.pick("操作人", "By"),
            lang.pick("操作", "Deed"),
            lang.pick("对象", "What"),
            lang.pick("详情", "Details"),
        ]
        .map(ToOwned::to_owned)
        .to_vec(),
        rows: page.events.iter().map(row).collect(),
        empty: lang.pick("还没有记录。", "Nothing yet.").to_owned(),
    };
    let mut sheet = Sheet::new(staff.frame(), lang.pick("管理日志", "Trail of administration"))
        .lead(lang.pick(
            "谁在何时改了人员、目录、日历、设置和令牌。只增不改。",
            "Who changed people, directory, calendar, settings and tokens. Only ever added to.",
        ))
        .button("/console/admin/trail.csv", "CSV")
        .button("/console/admin/trail.xlsx", "XLSX")
        .with(Part::Table(table));
    if let Some(next) = &page.next {
        sheet =
            sheet.button(format!("/console/admin/trail?before={next}"), lang.pick("更早的记录", "Earlier"));
    }
    Ok(staff.page(sheet.render()))
}

/// `GET /console/admin/trail.csv`.
pub async fn csv(staff: ConsoleStaff) -> Result<HttpResponse, Refusal> {
    api::exported_events_csv(&staff.shared, staff.actor)
}

/// `GET /console/admin/trail.xlsx`.
pub async fn xlsx(staff: ConsoleStaff) -> Result<HttpResponse, Refusal> {
    api::exported_events_xlsx(&staff.shared, staff.actor).await
}

/// The name that a record gives to what it is about.
fn named(detail: &str) -> Option<String> {
    let facts: serde_json::Value = serde_json::from_str(detail).ok()?;
    facts.get("name")?.as_str().map(ToOwned::to_owned)
}

/// A kind in words; one that is not known stands as it is.
fn kind(kind: &str, lang: Lang) -> &str {
    let (zh, en) = match kind {
        "first_administrator_made" => ("创建首位系统管理员", "First administrator made"),
        "person_made" => ("新建人员", "Person made"),
        "person_edited" => ("修改人员", "Person edited"),
        "person_disabled" => ("停用账号", "Account disabled"),
        "person_enabled" => ("启用账号", "Account enabled"),
        "password_link_made" => ("生成密码链接", "Password link made"),
        "password_set_by_link" => ("通过链接设置密码", "Password set by link"),
        "refresh_token_reused" => {
            ("登录令牌被重复使用,会话已终止", "A refresh token came twice; its session ended")
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
        "setting_changed" => ("修改设置", "Setting changed"),
        "token_made" => ("创建令牌", "Token made"),
        "code_run_begun" => ("开始批量签发企业码", "Issuing codes for many begun"),
        "code_run_stopped" => ("停止批量签发", "Issuing for many stopped"),
        "code_run_printed" => ("打印签发批次", "Part of a run printed"),
        "webhook_added" => ("添加推送系统", "Webhook added"),
        "webhook_secret_changed" => ("更换推送密钥", "Webhook's secret changed"),
        "webhook_paused" => ("暂停推送", "Webhook paused"),
        "webhook_resumed" => ("恢复推送", "Webhook resumed"),
        "webhook_removed" => ("移除推送系统", "Webhook removed"),
        "webhook_sent_again" => ("重试推送", "Message tried again"),
        "webhook_tested" => ("发送测试消息", "Test sent"),
        "ledger_accepted" => ("确认从备份恢复", "Went on from a restored copy"),
        "token_revoked" => ("撤销令牌", "Token revoked"),
        other => return other,
    };
    lang.pick(zh, en)
}
