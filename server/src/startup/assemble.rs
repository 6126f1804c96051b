//! From settings to everything a handler may ask for.

use std::{num::NonZeroU32, path::Path, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use chrono::TimeDelta;
use qiyema_protocol::{board::Centre, seal::Host, text::Text};
use secrecy::ExposeSecret;

use super::figures;
use crate::{
    actions::{Rules, Sessions, account::second_factor, admin::settings, ledger, sweep::Kept, timed::fill},
    clock::{Clock, Ids},
    config::Config,
    domain::{
        calendar::{self, Calendar},
        grade,
        guard::Guard,
        ladder::{Ladder, Ladders},
    },
    picture::paper::logo::Logo,
    secrets::{
        files,
        folder::KeyFolder,
        keyset::LiveKeys,
        keystore::KeyStore,
        log_key::LogKey,
        password::Gate,
        pin::PinKey,
        token::{SessionSecret, StaffTokens},
        vault::Vault,
    },
    store::{
        Store, StoreError,
        connection::{Db, Target},
        directory, enterprises, imports, migrate, owners, vault,
    },
    web::{
        Shared,
        pressroom::PressRoom,
        shared::{Live, Trust},
        throttle::Throttle,
        uploads::Files,
    },
};

/// Between two looks at the key folder.
pub const LOOK_AT_KEYS: Duration = Duration::from_secs(2);
/// Rounds of 500 search keys at one start.
const KEY_ROUNDS: u32 = 1_000;

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
    let mut db = store.connection()?;
    // Before anything but its schema is written.
    let trust = Arc::new(trust(&config, clock, host)?);
    ledger::stands(&mut db, &trust.log).map_err(|refused| anyhow::anyhow!("{refused}"))??;
    ship_calendar(&mut db)?;
    renew_search_keys(&mut db)?;
    let base = rules(&config);
    let in_force = settings::in_force(&mut db, &base)?;
    fill_limits(&mut db, &in_force)?;
    end_unproved(&mut db, &in_force, clock)?;
    if owners::orphans(&mut db, trust.pin_key.mark())? {
        tracing::error!(
            "PINs in the database were derived from another pin.key than this one: they open nothing and cannot be printed; put the file back from a backup, or reset them"
        );
    }
    watch_keys(&trust);
    let files = vault::Vault::open(&config.paths.data).context("the folder of attachments")?;
    forget_imports(&mut db, &files)?;
    drop(db);
    let logo = logo(&config.centre.logo)?;
    let probe = store.clone();
    Ok(Shared {
        config: Arc::new(config),
        clock: clock.clone(),
        ready: Arc::new(move || probe.connection().map(drop).map_err(|error| error.to_string())),
        log: Arc::default(),
        metrics: figures()?,
        store,
        live: Arc::new(Live::new(base, in_force)),
        trust,
        files: Arc::new(Files::new(files)),
        tally: Arc::default(),
        logo,
        presses: PressRoom::default(),
    })
}

/// Tables of imports that were broken off between the disk and the database: no import will ask for
/// them, or none will any more. A young one may be about to be named by another server.
fn forget_imports(db: &mut Db, files: &vault::Vault) -> anyhow::Result<()> {
    let left = files.long_aside().context("the folder of imports")?;
    for some in left.chunks(500) {
        let open = imports::open_among(db, some.to_vec())?;
        for name in some.iter().filter(|name| !open.contains(name)) {
            match files.forget(name) {
                Ok(()) => tracing::info!(name, "a file that no import needs was removed"),
                Err(error) => tracing::warn!(%error, name, "the file of an import could not be removed"),
            }
        }
    }
    Ok(())
}

/// The emblem on plaques. One that cannot be printed stops the start, not the printing.
fn logo(path: &Path) -> anyhow::Result<Option<Arc<Logo>>> {
    if path == Path::new("") {
        return Ok(None);
    }
    let named = || format!("centre.logo: {}", path.display());
    let file = std::fs::read(path).with_context(named)?;
    Ok(Some(Arc::new(Logo::of(&file).with_context(named)?)))
}

/// Follows the key folder for as long as anybody holds the keys: `key rotate` and
/// `key retire` work on a running server.
fn watch_keys(trust: &Arc<Trust>) {
    let watched = Arc::downgrade(trust);
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(LOOK_AT_KEYS);
            let Some(trust) = watched.upgrade() else { return };
            match trust.keys.refresh() {
                Ok(false) => {}
                Ok(true) => tracing::info!(signs = trust.keys.now().signer.kid(), "the keys changed"),
                Err(error) => tracing::error!(%error, "the key folder cannot be read; the keys stay"),
            }
        }
    });
}

/// The key folder, with its passphrase if it has one.
#[must_use]
pub fn key_folder(config: &Config) -> KeyFolder {
    KeyFolder::new(config.paths.keys_dir(), &config.keys.passphrase)
}

fn trust(config: &Config, clock: &Clock, host: Host) -> anyhow::Result<Trust> {
    let folder = key_folder(config);
    let keys = KeyStore::open_or_create(folder.clone(), clock.now())?;
    let secret = SessionSecret::open_or_create(folder.clone(), Ids)?;
    Ok(Trust {
        keys: LiveKeys::open(folder.clone(), &keys)?,
        log: LogKey::open_or_create(folder.clone(), host.as_str(), Ids)?,
        tokens: StaffTokens::new(&secret, host.as_str()),
        host,
        vault: Vault::new(&secret)?,
        secret,
        pin_key: PinKey::open_or_create(folder, Ids)?,
        gate: Gate::default(),
        revocations: tokio::sync::Mutex::default(),
        scans: Throttle::per_minute(config.limits.scans_per_minute),
        ratings: Throttle::per_minute(config.limits.ratings_per_minute),
        deeds: Throttle::per_minute(config.limits.ratings_per_minute),
        log_reads: Throttle::per_minute(config.limits.log_reads_per_minute),
        guesses: Throttle::per_minute(config.limits.guesses_per_minute),
    })
}

/// The rules of the settings file; the calendar is the database's.
#[must_use]
pub fn rules(config: &Config) -> Rules {
    let (limits, kept) = (&config.limits, &config.retention);
    let ladders = |strangers: u32, alone: u32, minutes: NonZeroU32| {
        let longest = TimeDelta::minutes(minutes.get().into());
        Ladders { strangers: Ladder { free: strangers, longest }, alone: Ladder { free: alone, longest } }
    };
    let days = |days: u32| TimeDelta::days(days.into());
    Rules {
        calendar: Calendar::default(),
        limits: config.workflow,
        urging: config.urging,
        zone: config.centre.time_zone,
        centre: Centre {
            name: Text::new(&config.centre.name_zh, &config.centre.name_en),
            phone: config.centre.phone.clone(),
        },
        wording: config.wording.texts(),
        full_names: config.centre.show_full_names,
        rating_days: config.rating.window_days,
        reminder_days: NonZeroU32::new(config.rating.reminder_days),
        offices: config.rating.office_networks.clone(),
        guard: Guard {
            burst: config.rating.burst_ratings.get(),
            within: TimeDelta::minutes(config.rating.burst_minutes.get().into()),
            enterprises: config.rating.device_enterprises.get(),
        },
        device_days: limits.device_days.get(),
        pin: ladders(limits.pin_free_per_code, limits.pin_free_per_address, limits.pin_longest_wait_minutes),
        sign_in: ladders(
            limits.sign_in_free_per_name,
            limits.sign_in_free_per_address,
            limits.sign_in_longest_wait_minutes,
        ),
        kept: Kept {
            answers: TimeDelta::hours(kept.answer_hours.into()),
            attempts: days(kept.attempt_days.get()),
            sessions: days(kept.session_days),
            devices: days(kept.device_days),
            traces: days(kept.trace_days.get()),
        },
        second_factor: config.accounts.second_factor_roles.clone(),
        sessions: Sessions {
            idle_minutes: config.console.idle_minutes,
            hours: config.console.absolute_hours,
            link_hours: config.accounts.link_hours,
        },
        tags: Arc::default(),
        figures: config.figures.terms(),
        grades: grade::Limits {
            immediate: config.grades.immediate,
            simple: config.grades.simple,
            general: config.grades.general,
            complex: config.grades.complex,
            cross_department: config.grades.cross_department,
        },
        // The key folder says; see `Shared::rules`.
        void_keys: Vec::new(),
    }
}

/// Puts the published years into the database at the first start.
fn ship_calendar(db: &mut Db) -> anyhow::Result<()> {
    if !directory::workdays(db)?.is_empty() {
        return Ok(());
    }
    let shipped = calendar::overrides(include_str!("../../seed/workdays.csv"))?;
    crate::store::transaction(db, |db| {
        shipped.iter().try_for_each(|day| directory::insert_workday(db, *day)).map_err(StoreError::from)
    })?;
    Ok(())
}

/// Search keys that an older rule made are made again: after an upgrade, once.
/// What is beyond the bound is done at the next start.
fn renew_search_keys(db: &mut Db) -> anyhow::Result<()> {
    let mut renewed = 0;
    for _ in 0..KEY_ROUNDS {
        let some =
            crate::store::transaction(db, |db| enterprises::renew_keys(db, 500).map_err(StoreError::from))?;
        if some == 0 {
            break;
        }
        renewed += some;
    }
    if renewed > 0 {
        tracing::info!(renewed, "search keys were made again");
    }
    Ok(())
}

/// Lists go by when the first limit of an issue ends: after an upgrade that is filled in before anybody asks.
fn fill_limits(db: &mut Db, rules: &Rules) -> anyhow::Result<()> {
    let filled = fill::fill(db, rules).map_err(|refused| anyhow::anyhow!("{refused}"))?;
    if filled > 0 {
        tracing::info!(filled, "limits of issues were filled in for the lists");
    }
    Ok(())
}

/// The settings file may ask more people for a second factor than when they signed in.
fn end_unproved(db: &mut Db, rules: &Rules, clock: &Clock) -> anyhow::Result<()> {
    let asked = &rules.second_factor;
    let ended = crate::store::transaction(db, |db| second_factor::end_unproved_of(db, asked, clock.now()))
        .map_err(|refused| anyhow::anyhow!("{refused}"))?;
    if ended > 0 {
        tracing::info!(ended, "sessions ended of people whose role needs a second factor that they have not");
    }
    Ok(())
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
