//! The post: messages of the outbox are claimed in one transaction, tried side
//! by side, and settled each in one of its own.

use std::time::Duration;

use chrono::TimeDelta;
use tokio::task::JoinSet;

use crate::{
    actions::{
        Refused,
        delivery::{self, Claimed, Errand, House, Settling},
    },
    clock::Ids,
    config::Delivery,
    courier::{
        Undelivered,
        hook::{self, Way},
        mail::Postman,
    },
    domain::backoff::Patience,
    web::Shared,
};

/// Messages on their way at once.
const SIDE_BY_SIDE: u32 = 16;

/// One round: true when there may be more to do at once.
pub async fn look(shared: &Shared, postman: Option<&Postman>) -> Result<bool, Refused> {
    let delivery = shared.config.delivery;
    let limit = i64::from(shared.config.jobs.batch.get().min(SIDE_BY_SIDE));
    let at = shared.clock.now();
    // A process that dies meanwhile leaves the message due again after this.
    let until = at + TimeDelta::seconds(i64::from(delivery.timeout_seconds.get()) * 3);
    let claimed: Result<Vec<Claimed>, Refused> =
        shared.store.write(move |db| delivery::claim(db, at, until, limit)).await;
    let claimed = claimed?;
    let full = i64::try_from(claimed.len()).is_ok_and(|found| found >= limit);
    let mut ways = JoinSet::new();
    for message in claimed {
        let (shared, postman) = (shared.clone(), postman.cloned());
        ways.spawn(async move {
            let outcome = carry(&shared, postman.as_ref(), &message).await;
            settle(&shared, message, outcome).await
        });
    }
    while let Some(settled) = ways.join_next().await {
        if let Ok(Err(error)) = settled {
            tracing::error!(%error, "a message could not be settled; it is tried again");
        }
    }
    Ok(full)
}

async fn carry(shared: &Shared, postman: Option<&Postman>, message: &Claimed) -> Result<(), Undelivered> {
    let at = shared.clock.now();
    let origin = shared.trust.host.origin();
    let house = House { origin: &origin, secret: &shared.trust.secret };
    match (&message.errand, postman) {
        (Errand::Hook { url, turn }, _) => {
            let parcel = delivery::parcel(message, url, *turn, house, at);
            let way = Way {
                allowed: shared.config.webhooks.allowed_networks.clone(),
                patience: patience(&shared.config.delivery),
            };
            hook::send(&parcel, &way).await
        }
        (Errand::Mail { address }, Some(postman)) => {
            let letter = delivery::letter(message, address, house, &shared.rules(), at)?;
            postman.send(&letter).await
        }
        (Errand::Barred, _) => Err(Undelivered::Barred),
        // No mail server is set: a letter kept until there is one would come too late to help.
        (Errand::Mail { .. }, None) | (Errand::Nowhere, _) => Err(Undelivered::Gone),
    }
}

async fn settle(shared: &Shared, message: Claimed, outcome: Result<(), Undelivered>) -> Result<(), Refused> {
    let config = &shared.config.delivery;
    let settling = Settling {
        patience: Patience {
            first: TimeDelta::seconds(config.first_retry_seconds.get().into()),
            in_all: TimeDelta::days(config.give_up_days.get().into()),
        },
        chance: Ids.bytes::<1>().map_or(128, |[chance]| chance),
        at: shared.clock.now(),
    };
    let (id, kind) = (message.row.id.clone(), if message.row.kind == "email" { "email" } else { "webhook" });
    let word = if outcome.is_ok() { "delivered" } else { "failed" };
    metrics::counter!("qiyema_deliveries_total", "kind" => kind, "outcome" => word).increment(1);
    let given_up: Result<bool, Refused> =
        shared.store.write(move |db| delivery::settle(db, &message.row, outcome, &settling)).await;
    if let Err(why) = outcome {
        if given_up? {
            tracing::error!(delivery = id, kind, %why, "a message was given up");
        } else {
            tracing::warn!(delivery = id, kind, %why, "a message did not arrive; it is tried again");
        }
        return Ok(());
    }
    given_up.map(drop)
}

fn patience(delivery: &Delivery) -> Duration {
    Duration::from_secs(delivery.timeout_seconds.get().into())
}
