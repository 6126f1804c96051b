//! `qiyema pin …`: prove the enterprise's PIN once, and take the device back.

use qiyema_protocol::device::{Device, NewDevice};
use reqwest::Method;

use super::{Context, source};
use crate::{
    args::Pin,
    clock,
    credentials::{self, Devices, Remembered},
    exit::Failure,
    keys::{self, Store},
    output,
};

const FILE: &str = "devices.json";

/// Runs a PIN verb.
pub fn run(c: &Context, verb: Pin) -> Result<(), Failure> {
    match verb {
        Pin::Enter { source, pin_stdin } => enter(c, &source, pin_stdin),
        Pin::Forget { source } => forget(c, source.as_deref()),
    }
}

/// The token of a device that proved the PIN of this code, if there is one.
pub fn remembered(code: &str) -> Result<Option<String>, Failure> {
    let devices: Devices = credentials::read(FILE)?.unwrap_or_default();
    Ok(devices.get(code).filter(|d| d.expires_at > clock::now()).map(|d| d.token.clone()))
}

/// The same where it cannot be done without.
pub fn needed(code: &str) -> Result<String, Failure> {
    remembered(code)?
        .ok_or_else(|| Failure::new(4, "本机未验证 / PIN not proved here: qiyema pin enter PHOTO"))
}

fn enter(c: &Context, source: &str, stdin: bool) -> Result<(), Failure> {
    let store = Store::load()?;
    let located = source::one(source, &store)?;
    let (trusted, verified) = store.verify(&located)?;
    keys::origin(&trusted.origin, c.insecure)?;
    let pin = super::secret(stdin, "--pin-stdin", c.lang.of("企业口令：", "PIN: "))?;
    let seal = located.seal.segment();
    let url = format!("{}/api/v1/scans/{seal}/devices", trusted.origin);
    let body = serde_json::to_value(NewDevice { pin })?;
    let device: Device = c.api.json(Method::POST, &url, None, Some(&body))?;
    let host = located.host.as_str().to_owned();
    let remembered = Remembered { token: device.token, expires_at: device.expires_at, host, seal };
    let mut devices: Devices = credentials::read(FILE)?.unwrap_or_default();
    devices.insert(verified.code().to_string(), remembered);
    credentials::write(FILE, &devices)?;
    let until = clock::minute(device.expires_at);
    output::people(&format!("{} {until}", c.lang.of("本机已记住，至", "this device is remembered until")));
    Ok(())
}

/// Tells the server and forgets here, even where the server cannot be told.
fn forget(c: &Context, source: Option<&str>) -> Result<(), Failure> {
    let store = Store::load()?;
    let mut devices: Devices = credentials::read(FILE)?.unwrap_or_default();
    let wanted: Vec<String> = match source {
        Some(source) => vec![store.verify(&source::one(source, &store)?)?.1.code().to_string()],
        None => devices.keys().cloned().collect(),
    };
    let mut told = Ok(());
    for code in wanted {
        let Some(device) = devices.remove(&code) else { continue };
        let Some(trusted) = store.hosts.get(&device.host) else { continue };
        let url = format!("{}/api/v1/scans/{}/devices/current", trusted.origin, device.seal);
        match c.api.bytes(Method::DELETE, &url, Some(&device.token), None) {
            Err(failure) if failure.code.as_deref() != Some("device_unknown") => {
                told = told.and(Err(failure));
            }
            _ => {}
        }
    }
    credentials::write(FILE, &devices)?;
    told
}
