//! `serve`: settings, store, keys, and a listening server.

use std::time::Duration;

use clap::Args;

use super::{seed, staff};
use crate::{
    clock::{Clock, Timestamp},
    config::Config,
    startup::{Application, assemble, jobs::Jobs, logging},
    store::people,
    web::{Shared, tally},
};

/// Flags of `serve`; everything else is in the settings file or QIYEMA_… variables.
#[derive(Debug, Args)]
#[command(after_help = "Example:  QIYEMA_HTTP_PUBLIC_URL=https://qy.example.cn qiyema-server serve")]
pub struct Serve {
    /// 监听地址 · Address to listen on, for example 127.0.0.1:8080.
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// 数据目录 · Folder of database and keys.
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<String>,
}

impl Serve {
    /// The flags as settings.
    pub fn settings(&self) -> Vec<(String, String)> {
        let listen = self.listen.iter().map(|value| ("http.listen".to_owned(), value.clone()));
        listen.chain(self.data_dir.iter().map(|value| ("paths.data".to_owned(), value.clone()))).collect()
    }
}

/// Serves until stopped. SQLite is migrated at start; PostgreSQL wants `migrate`
/// first, because several servers may share it.
pub fn run(config: Config) -> anyhow::Result<()> {
    use secrecy::ExposeSecret;

    logging::start(&config.log)?;
    if config.http.public_host().is_some_and(|host| !host.is_plain_http())
        && config.http.trusted_proxies.is_empty()
    {
        // This program speaks no TLS, so something in front of it does.
        tracing::warn!("http.trusted_proxies is empty: every caller will have the proxy's address");
    }
    let listener = assemble::bind(&config)?;
    let host = assemble::host(&config, listener.local_addr()?.port())?;
    let embedded = config.database.url_or_default(&config.paths).expose_secret().starts_with("sqlite:");
    let clock = Clock::System;
    let shared = assemble::assemble(config, &clock, host, embedded)?;
    seed::directory(&mut *shared.store.connection()?)?;
    let origin = shared.trust.host.origin();
    eprintln!("console: {origin}/console   API: {origin}/docs");
    welcome(&shared, &origin, clock.now())?;
    let drain = Duration::from_secs(shared.config.http.drain_seconds);
    actix_web::rt::System::new().block_on(async {
        let jobs = Jobs::start(&shared).map_err(anyhow::Error::msg)?;
        Application::build(&shared, listener)?.run_until_stopped().await?;
        jobs.stop(drain).await;
        // Scans of the requests that were still answered.
        if let Err(error) = tally::flush(&shared).await {
            tracing::warn!(%error, "the last scans were not counted");
        }
        Ok(())
    })
}

/// While there is no administrator, a link by which the first one is made: it
/// works once, and a new start makes a new one.
fn welcome(shared: &Shared, origin: &str, at: Timestamp) -> anyhow::Result<()> {
    let mut db = shared.store.connection()?;
    if people::administrators(&mut db)? > 0 {
        return Ok(());
    }
    let rules = shared.rules();
    let link = staff::setup_link(&mut db, &rules, origin, at)?;
    let hours = rules.sessions.link_hours;
    eprintln!("set-up (once, within {hours} hours): {link}");
    eprintln!(
        "  a new link: qiyema-server staff setup-link   from the terminal: qiyema-server staff create --help"
    );
    Ok(())
}
