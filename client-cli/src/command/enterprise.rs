//! `qiyema enterprise …`.

use qiyema_protocol::{
    codes::NewPin,
    staff::{EnterpriseList, EnterpriseView, NewEnterprise},
};

use super::{Context, register, staff};
use crate::{args::staff::Enterprise, clock, exit::Failure, output};

/// Runs an enterprise verb.
pub fn run(c: &Context, verb: Enterprise) -> Result<(), Failure> {
    match verb {
        Enterprise::Register { uscc, name, confirm_check_character } => {
            let body = NewEnterprise { uscc, name, confirm_check_character };
            show(c, &staff::post(c, "enterprises", &body)?)
        }
        Enterprise::List { query } => {
            let list = list(c, &query.unwrap_or_default())?;
            if c.json {
                return output::json(&list);
            }
            let head = [c.lang.of("编号", "Id"), "USCC", c.lang.of("名称", "Name"), c.lang.of("码", "Codes")];
            let rows =
                list.enterprises.into_iter().map(|e| vec![e.id, e.uscc, e.name, e.codes.len().to_string()]);
            super::table(&head, rows.collect())
        }
        Enterprise::Import { file, dry_run, confirm_warnings, report } => {
            register::import(c, &register::Wish { file, dry_run, confirm_warnings, report })
        }
        Enterprise::ResetPin { enterprise } => {
            let id = id(c, &enterprise)?;
            let new: NewPin = staff::post(c, &format!("enterprises/{id}/pin"), &())?;
            if c.json {
                return output::json(&new);
            }
            let told = c.lang.of("新的企业口令（只显示这一次）", "New PIN (shown this once)");
            output::line(&format!("{told}: {}", output::clean(&new.pin)))
        }
        Enterprise::Export { file } => register::export(c, &file),
        Enterprise::Show { enterprise } => {
            let id = id(c, &enterprise)?;
            show(c, &staff::get(c, &format!("enterprises/{id}"))?)
        }
    }
}

/// The id of an enterprise that was named by its id or its unified social credit code.
pub fn id(c: &Context, named: &str) -> Result<String, Failure> {
    let named = super::segment("ENTERPRISE", named)?;
    if named.len() != 18 || named.contains('-') {
        return Ok(named.to_owned());
    }
    let found = list(c, named)?.enterprises.into_iter().find(|e| e.uscc.eq_ignore_ascii_case(named));
    found.map(|e| e.id).ok_or_else(|| Failure::new(5, format!("没有这家企业 / no such enterprise: {named}")))
}

fn list(c: &Context, query: &str) -> Result<EnterpriseList, Failure> {
    staff::get(c, &super::with_query("enterprises", &[("q", query)])?)
}

fn show(c: &Context, enterprise: &EnterpriseView) -> Result<(), Failure> {
    if c.json {
        return output::json(enterprise);
    }
    let registered = clock::minute(enterprise.registered_at);
    output::line(&output::clean(&format!("{}  {}  {registered}", enterprise.uscc, enterprise.name)))?;
    output::line(&output::clean(&enterprise.id))?;
    for code in &enterprise.codes {
        super::code::line(c, code)?;
    }
    Ok(())
}
