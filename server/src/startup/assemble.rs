//! From settings to everything a handler may ask for.

use std::{num::NonZeroU32, sync::Arc};

use anyhow::{Context, bail};
use moka::sync::Cache;
use qiyema_protocol::{board::Centre, seal::Host, text::Text};
use secrecy::ExposeSecret;

use super::figures;
use crate::{
    actions::Rules,
    clock::{Clock, Ids},
    config::Config,
    domain::calendar::{Calendar, DayKind},
    secrets::{
        files,
        keystore::KeyStore,
        password::Gate,
        token::{SessionSecret, StaffTokens},
    },
    store::{
        Store, StoreError,
        connection::{Db, Target},
        directory, migrate,
    },
    web::{Shared, shared::Trust, throttle::Throttle},
};

/// Verified seals that are remembered.
const REMEMBERED: u64 = 20_000;
/// Days a device that proved its PIN is remembered.
const DEVICE_DAYS: u32 = 90;

/// Opens the store, the keys and the calendar. `migrate` brings the schema up to
/// date; without it, a schema that is behind stops the start.
pub fn assemble(config: Config, clock: &Clock, host: Host, migrate_first: bool) -> anyhow::Result<Shared> {
    files::private_folder(&config.paths.data)?;
    let url = config.database.url_or_default(&config.paths);
    let target = Target::parse(url.expose_secret())?;
    if migrate_first {
        migrate::run(&target)?;
    }
    migrate::check(&target)?;
    let store = Store::open(url.expose_secret(), config.database.pool.get())?;
    let calendar = calendar(&mut *store.connection()?)?;
    let trust = Arc::new(trust(&config, clock, host)?);
    let rules = Arc::new(rules(&config, calendar));
    let probe = store.clone();
    Ok(Shared {
        config: Arc::new(config),
        clock: clock.clone(),
        ready: Arc::new(move || probe.connection().map(drop).map_err(|error| error.to_string())),
        metrics: figures()?,
        store,
        rules,
        trust,
    })
}

fn trust(config: &Config, clock: &Clock, host: Host) -> anyhow::Result<Trust> {
    let keys = KeyStore::open_or_create(&config.paths.keys_dir(), clock.now())?;
    let secret = SessionSecret::open_or_create(&config.paths.keys_dir().join("session.key"), Ids)?;
    Ok(Trust {
        ring: keys.ring()?,
        jwks: keys.jwks(),
        signer: keys.signer()?,
        tokens: StaffTokens::new(&secret, host.as_str()),
        host,
        secret,
        gate: Gate::default(),
        scans: Throttle::per_minute(config.limits.scans_per_minute),
        ratings: Throttle::per_minute(config.limits.ratings_per_minute),
        verified: Cache::new(REMEMBERED),
    })
}

fn rules(config: &Config, calendar: Calendar) -> Rules {
    let limits = &config.limits;
    let both = |all: NonZeroU32, alone: NonZeroU32| (all.get(), alone.get());
    Rules {
        calendar,
        zone: config.centre.time_zone,
        centre: Centre {
            name: Text::new(&config.centre.name_zh, &config.centre.name_en),
            phone: config.centre.phone.clone(),
        },
        full_names: config.centre.show_full_names,
        rating_days: config.rating.window_days,
        device_days: DEVICE_DAYS,
        pin_limits: both(limits.pin_attempts_per_code, limits.pin_attempts_per_address),
        sign_in_limits: both(limits.sign_in_attempts, limits.sign_in_attempts),
    }
}

/// The calendar from the database; the official years are put there at the first start.
fn calendar(db: &mut Db) -> anyhow::Result<Calendar> {
    let mut rows = directory::workdays(db)?;
    if rows.is_empty() {
        let shipped = Calendar::from_csv(include_str!("../../seed/workdays.csv"))?;
        crate::store::transaction(db, |db| {
            for (day, kind) in shipped.overrides() {
                let word = if kind == DayKind::Holiday { "holiday" } else { "workday" };
                directory::insert_workday(db, day, word, "official")?;
            }
            Ok::<_, StoreError>(())
        })?;
        rows = directory::workdays(db)?;
    }
    let kind = |word: &str| if word == "holiday" { DayKind::Holiday } else { DayKind::Workday };
    Ok(Calendar::new(rows.into_iter().map(|(day, word)| (day, kind(&word)))))
}

/// The host that codes are sealed for: as set, else the address listened on,
/// which is fit for trying out only.
pub fn host(config: &Config, port: u16) -> anyhow::Result<Host> {
    if let Some(host) = config.http.public_host() {
        return Ok(host.clone());
    }
    let mut address = config.http.listen;
    address.set_port(port);
    match Host::from_origin(&format!("http://{address}")) {
        Some(host) => Ok(host),
        None => bail!("set http.public_url: {address} cannot stand in a code"),
    }
}

/// Binds the listening socket first, so that the port is known when codes are sealed.
pub fn bind(config: &Config) -> anyhow::Result<std::net::TcpListener> {
    let address = config.http.listen;
    std::net::TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))
}
