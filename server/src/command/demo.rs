//! `demo`: a fictitious centre in a temporary or named folder, served at once.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Args;

use super::seed;
use crate::{
    clock::Clock,
    config::Config,
    picture,
    startup::{Application, assemble, jobs::Jobs, logging},
    web::{Shared, tally},
};

/// Flags of `demo`.
#[derive(Debug, Args)]
#[command(after_help = "Example:  qiyema-server demo --data-dir /tmp/try --listen 127.0.0.1:8080")]
pub struct Demo {
    /// 只输出一份 JSON · Print one JSON document instead of text.
    #[arg(long)]
    pub json: bool,
    /// 数据目录（空） · Empty folder for the data; a temporary one if not given.
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// 往年问题 · So many more issues of the last twelve months, for the figures.
    #[arg(long, default_value_t = 700, value_name = "N")]
    pub past: usize,
    /// 监听地址 · Address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: String,
}

/// Seeds, prints and serves until stopped.
pub fn run(
    ask: &Demo,
    config: impl Fn(Vec<(String, String)>) -> anyhow::Result<Config>,
) -> anyhow::Result<()> {
    let temporary = if ask.data_dir.is_none() { Some(tempfile::tempdir()?) } else { None };
    let folder = match (&ask.data_dir, &temporary) {
        (Some(named), _) => named.clone(),
        (None, Some(temporary)) => temporary.path().join("data"),
        (None, None) => PathBuf::from("data"),
    };
    let mut config = config(vec![
        ("http.listen".to_owned(), ask.listen.clone()),
        ("paths.data".to_owned(), folder.display().to_string()),
        ("centre.name_zh".to_owned(), "湖州市企业综合服务中心".to_owned()),
        ("centre.name_en".to_owned(), "Huzhou Enterprise Service Centre".to_owned()),
        ("centre.phone".to_owned(), "0572-5550000".to_owned()),
    ])?;
    // Somebody reads what is printed below; the first look of the clocks alone would say
    // hundreds of lines after it. Whoever wants them names a filter of his own.
    if !ask.json && config.log.filter == "info" {
        "warn".clone_into(&mut config.log.filter);
    }
    logging::start(&config.log)?;
    let listener = assemble::bind(&config)?;
    let host = assemble::host(&config, listener.local_addr()?.port())?;
    let clock = Clock::System;
    let shared = assemble::assemble(config, &clock, host, true)?;
    let seeded = seed::demo::fill_with(&shared, clock.now(), ask.past)?;
    announce(ask.json, &shared, &seeded, &folder)?;
    let drain = Duration::from_secs(shared.config.http.drain_seconds);
    actix_web::rt::System::new().block_on(async {
        let jobs = Jobs::start(&shared).map_err(anyhow::Error::msg)?;
        Application::build(&shared, listener)?.run_until_stopped().await?;
        jobs.stop(drain).await;
        if let Err(error) = tally::flush(&shared).await {
            tracing::warn!(%error, "the last scans were not counted");
        }
        Ok(())
    })
}

fn announce(json: bool, shared: &Shared, seeded: &seed::demo::Seeded, folder: &Path) -> anyhow::Result<()> {
    let host = &shared.trust.host;
    let seal = shared.trust.keys.now().signer.seal(host, seeded.code)?;
    let text = seal.text(host);
    let scan_url = format!("{}/c/{}", host.origin(), seal.segment());
    let symbol = picture::symbol::symbol(&text)?;
    let png = folder.join("enterprise-code.png");
    std::fs::write(
        &png,
        picture::png::png(&symbol, picture::png::Dots { a_module: 8, dpi: None }, Some(host.as_str()))?,
    )?;
    let origin = host.origin();
    if json {
        let staff: Vec<_> = seeded
            .staff
            .iter()
            .map(|(role, username)| {
                serde_json::json!({ "role": role, "username": username, "password": seeded.password })
            })
            .collect();
        println!(
            "{}",
            serde_json::json!({
                "base_url": origin, "scan_url": scan_url, "seal_text": text, "pin": seeded.pin,
                "png": png, "console_url": format!("{origin}/console"), "staff": staff,
            })
        );
        return Ok(());
    }
    println!("{}", picture::terminal::terminal(&symbol));
    println!("企业 Enterprise  {}", seeded.enterprise);
    println!("手机页 Phone     {scan_url}");
    println!("企业口令 PIN     {}", seeded.pin);
    println!("图片 Picture     {}", png.display());
    println!("控制台 Console   {origin}/console");
    println!("接口 API         {origin}/docs/");
    println!("人员 Staff       (password {})", seeded.password);
    for (role, username) in &seeded.staff {
        println!("                 {username} ({role})");
    }
    println!("\n先用手机页评价，再登录控制台：登录过控制台的设备不能评价。");
    println!("Rate on the phone page before you sign in at the console: a device that did cannot rate.");
    println!("\n试试 Try next (in another terminal):");
    println!("  cargo run --release --bin qiyema -- keys trust {origin} --yes");
    println!("  cargo run --release --bin qiyema -- scan {}", png.display());
    println!("  (installed: qiyema scan {})", png.display());
    Ok(())
}
