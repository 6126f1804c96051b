//! The log: JSON or text, to stderr, so that stdout stays a command's own. What
//! people typed, and the addresses they opened, must not get into it by any way.

use std::any::Any;

use anyhow::Context;
use tracing_subscriber::{EnvFilter, filter::Directive};

use crate::config::{Log, LogFormat};

/// At finer levels these write the heads of requests: the address holds the seal.
const QUIET: [&str; 3] = ["actix_http=info", "actix_web=info", "actix_server=info"];

/// Starts logging for the whole process.
pub fn start(log: &Log) -> anyhow::Result<()> {
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter(&log.filter)?).with_writer(std::io::stderr);
    match log.format {
        LogFormat::Json => builder.json().try_init(),
        LogFormat::Text => builder.try_init(),
    }
    .map_err(|cause| anyhow::anyhow!("cannot start the log: {cause}"))?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, says = said(panic.payload()), "a thread panicked");
    }));
    Ok(())
}

fn filter(wanted: &str) -> anyhow::Result<EnvFilter> {
    let filter = EnvFilter::try_new(wanted).context("setting log.filter is not a filter")?;
    QUIET.into_iter().try_fold(filter, |filter, quiet| {
        let quiet: Directive = quiet.parse().context("a built-in filter is not one")?;
        Ok(filter.add_directive(quiet))
    })
}

/// What a panic says: only words of the program's own. A message put together at
/// run time may quote what somebody typed.
fn said(payload: &(dyn Any + Send)) -> &'static str {
    payload.downcast_ref::<&'static str>().copied().unwrap_or("(a message with values, left out)")
}

#[cfg(test)]
mod tests {
    use super::{filter, said};

    #[test]
    fn a_panic_quotes_nobody() {
        let typed = String::from("电话13800008000");
        let caught = |panics: fn(&str)| {
            let typed = typed.clone();
            said(&*std::panic::catch_unwind(move || panics(&typed)).unwrap_err()).to_owned()
        };
        assert_eq!(caught(|_| panic!("the house's own words")), "the house's own words");
        assert!(!caught(|typed| panic!("{typed} is odd")).contains("138"));
        assert!(
            !caught(|typed| assert_eq!(typed.split_at(1), ("", ""))).contains("138"),
            "the library quotes the text"
        );
    }

    #[test]
    fn the_finest_filter_still_hides_the_heads_of_requests() {
        for wanted in ["trace", "info,actix_http=trace", "debug,actix_web=debug"] {
            let filter = filter(wanted).unwrap().to_string();
            assert!(filter.contains("actix_http=info") && filter.contains("actix_web=info"), "{filter}");
            assert!(!filter.contains("actix_http=trace") && !filter.contains("actix_web=debug"), "{filter}");
        }
        assert!(filter("=,=").is_err());
    }
}
