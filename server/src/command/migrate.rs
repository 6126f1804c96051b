//! `migrate`, and the part of `key` that needs the database.

use secrecy::ExposeSecret;

use super::{
    compromise,
    key::{self, KeyArgs, KeyCommand},
};
use crate::{
    clock::Clock,
    config::Config,
    secrets::files,
    startup::assemble,
    store::{codes, connection::Target, migrate},
};

/// Brings the schema up to date.
pub fn run(config: &Config) -> anyhow::Result<()> {
    files::private_folder(&config.paths.data)?;
    let ran = migrate::run(&Target::parse(config.database.url_or_default(&config.paths).expose_secret())?)?;
    for name in &ran {
        println!("{name}");
    }
    if ran.is_empty() {
        println!("up to date");
    }
    Ok(())
}

/// `key …`, telling how many standing codes a key has signed where the database knows.
pub fn keys(args: &KeyArgs, config: &Config) -> anyhow::Result<()> {
    files::private_folder(&config.paths.data)?;
    let url = config.database.url_or_default(&config.paths);
    if let KeyCommand::Compromise(ask) = &args.command {
        let mut db = Target::parse(url.expose_secret())?.connect()?;
        let keys = assemble::key_folder(config);
        return compromise::run(ask, args.json, &keys, &mut db, &Clock::System, &std::thread::sleep);
    }
    let count = |kid: u8| {
        let mut db = Target::parse(url.expose_secret()).ok()?.connect().ok()?;
        let standing = codes::count_standing(&mut db, i32::from(kid)).ok()?;
        u64::try_from(standing).ok()
    };
    key::run(args, &assemble::key_folder(config), Clock::System.now(), count)
}
