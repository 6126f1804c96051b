//! Every verb in every state in which the demo has an issue: what the table refuses is
//! refused with the legal verbs named, and what it allows is taken.

use std::collections::BTreeMap;

use qiyema_protocol::{board::State, staff::Role, verb::Verb};
use qiyema_server::{
    domain::{roles, workflow},
    store::columns::word,
};
use serde_json::{Value, json};

use super::{UNITS, Walk, routes};
use crate::{
    harness::BOTH,
    rights::{Part, declared},
};

#[tokio::test(flavor = "multi_thread")]
async fn in_every_state_illegal_verbs_name_the_legal_ones_and_legal_ones_are_taken() {
    for database in BOTH {
        let walk = Walk::on(database, &UNITS).await;
        let (mut walked, mut done) = (0, BTreeMap::new());
        for state in State::ALL {
            let mut left = standing(&walk, state).await;
            if left.is_empty() {
                continue;
            }
            walked += 1;
            let legal = workflow::legal(state);
            let (taken, refused): (Vec<_>, Vec<_>) =
                routes().into_iter().partition(|(verb, ..)| legal.contains(verb));
            for (verb, noun, body) in refused {
                let (status, said) = walk.act(one_who_may(verb), &left[0], noun, &body).await;
                let unit = walk.issue(&left[0]).await["unit"].clone();
                if roles::needs_unit(one_who_may(verb)) && (unit.is_null() || verb == Verb::Assist) {
                    // Nobody's issue is unknown to units; and whoever was not asked does not assist.
                    let expected = if unit.is_null() { 404 } else { 403 };
                    assert!(status == expected || status == 409, "{database} {verb:?} {state:?}: {said}");
                    continue;
                }
                let cell = format!("{database} {verb:?} in {state:?}: {status} {said}");
                assert_eq!((status, said["code"].as_str()), (409, Some("transition_refused")), "{cell}");
                assert_eq!(said.get("legal").cloned().unwrap_or(json!([])), json!(legal), "{cell}");
            }
            for (verb, noun, body) in taken {
                if left.is_empty() {
                    break;
                }
                let (status, said) = walk.act(one_who_may(verb), &left[0], noun, &body).await;
                let cell = format!("{database} {verb:?} in {state:?}: {status} {said}");
                assert_ne!(said["code"], "transition_refused", "{cell}");
                assert!(matches!(status, 201 | 403 | 409 | 422), "{cell}");
                if status == 201 {
                    *done.entry(word(verb).unwrap()).or_insert(0) += 1;
                    if said["state"] != json!(state) {
                        left.remove(0);
                    }
                }
            }
        }
        assert!(walked >= 15, "{database}: the demo stands in {walked} states only");
        assert!(done.len() >= 25, "{database}: {done:?}");
    }
}

/// The demo's issues in a state.
async fn standing(walk: &Walk, state: State) -> Vec<String> {
    let path = format!("staff/issues?state={}", word(state).unwrap());
    let (status, list) = walk.ask(Role::Supervisor, "GET", &path, &Value::Null).await;
    assert_eq!(status, 200, "{list}");
    list["issues"].as_array().unwrap().iter().map(|one| one["number"].as_str().unwrap().to_owned()).collect()
}

/// A role that has the verb.
fn one_who_may(verb: Verb) -> Role {
    if verb == Verb::Assist {
        return Role::Handler;
    }
    roles::ALL.into_iter().find(|role| declared(*role, verb, Part::Leads) == 201).unwrap()
}
