//! The sums behind the figures, as whoever holds the machine looks at them: counted
//! again from what happened, and named where they differ.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::town::{BOTH, Ran, Town};

/// What differs, as the command names it.
fn differences(told: &Ran) -> Vec<Value> {
    told.out.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_recount_says_that_all_is_equal_and_names_the_sum_that_was_bent() {
    for database in BOTH {
        let mut town = Town::on(database);
        let held = town.held();
        let recount = |more: &[&str]| held.run(&[&["figures", "recount"], more].concat());
        // Figures come after the log, a few seconds after what happened.
        let begun = Instant::now();
        loop {
            let told = recount(&[]);
            if told.exit == Some(0) && told.out.contains(", 0 wait to be counted") {
                break;
            }
            assert!(begun.elapsed() < Duration::from_mins(3), "{database:?}: {told:?}");
            sleep(Duration::from_secs(1));
        }
        town.fall();
        let told = recount(&[]).ok();
        assert!(told.out.contains("every sum is what a recount gives"), "{database:?}: {told:?}");
        assert!(!told.out.starts_with("0 days"), "{database:?}: {told:?}");

        let found =
            held.sql(&["SELECT day, member FROM figure_sums WHERE span = 'day' AND dimension = 'unit' \
             AND sums LIKE '%\"closed\":%' AND day NOT IN (SELECT day FROM figure_marks) \
             ORDER BY day, member LIMIT 1"]);
        let (day, member) = found.split_once('|').unwrap();
        let bent = format!(
            "UPDATE figure_sums SET sums = replace(sums, '\"closed\":', '\"closed\":1') \
             WHERE span = 'day' AND dimension = 'unit' AND day = '{day}' AND member = '{member}'"
        );
        held.sql(&[&bent]);
        let told = recount(&[]).exits(1);
        let all = differences(&told);
        let said = format!("{} sums are not what a recount gives", all.len());
        assert!(told.err.contains(&said), "{database:?}: {told:?}");
        // The month that it is a part of no longer is the sum of its days; nothing else differs.
        let of_it = |one: &&Value| one["dimension"] == "unit" && one["member"] == member;
        assert_eq!(all.iter().filter(of_it).count(), all.len(), "{database:?}: {all:?}");
        let days: Vec<&Value> = all.iter().filter(|one| one["span"] == "day").collect();
        assert!(days.len() == 1 && days[0]["day"] == day, "{database:?}: {all:?}");
        let closed = |side: &str| days[0][side]["n"]["closed"].as_u64().unwrap();
        assert_eq!(format!("1{}", closed("counted")), closed("kept").to_string(), "{database:?}");

        recount(&["--from", day, "--to", day]).exits(1);
        recount(&["--from", "2020-01-01", "--to", "2020-01-31"]).ok();
        let told = recount(&["--json"]).exits(1);
        let document: Value = serde_json::from_str(&told.out).unwrap();
        assert_eq!(document["differences"].as_array().unwrap(), &all, "{database:?}");

        held.run(&["figures", "rebuild"]).ok();
        recount(&[]).ok();
    }
}
