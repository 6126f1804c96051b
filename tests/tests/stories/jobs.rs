//! The clock at work in real servers: one is killed in the middle, two share a
//! database, and each timed job is done once.

use std::{
    net::SocketAddr,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use qiyema_e2e::{
    binaries::{Server, free_address},
    needs,
    postgres::Cluster,
};

fn ask(url: &str, sql: &str) -> i64 {
    let answer = Command::new(needs::program(needs::PSQL).unwrap())
        .args(["-XAtc", sql, url])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8(answer.stdout).unwrap();
    said.trim()
        .parse()
        .unwrap_or_else(|_| panic!("{sql}: {said} {}", String::from_utf8_lossy(&answer.stderr)))
}

/// What one server says it did by itself.
async fn deeds(address: SocketAddr) -> i64 {
    let asked = reqwest::Client::new().get(format!("http://{address}/metrics")).bearer_auth("watch");
    let page = asked.send().await.unwrap().error_for_status().unwrap().text().await.unwrap();
    page.lines()
        .filter(|line| line.starts_with("qiyema_timed_deeds_total"))
        .map(|line| line.rsplit(' ').next().unwrap().parse::<i64>().unwrap())
        .sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_killed_in_the_middle_and_two_others_finish_each_thing_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let database = Cluster::shared().unwrap().fresh().unwrap();
    let common = [
        ("QIYEMA_DATABASE_URL", database.as_str()),
        ("QIYEMA_HTTP_METRICS_TOKEN", "watch"),
        ("QIYEMA_JOBS_TICK_SECONDS", "1"),
        ("QIYEMA_JOBS_BATCH", "20"),
    ];
    let first = Server::demo(&data, "127.0.0.1:0", &common).unwrap();
    // Another job urges appeals and reminds who has not rated; it counts no deeds of issues.
    let by_clock = "SELECT count(*) FROM events WHERE \"by\" = 'clock' AND kind NOT IN ('appeal_urged', 'rating_reminded')";
    let begun = Instant::now();
    while ask(&database, by_clock) < 5 {
        assert!(begun.elapsed() < Duration::from_mins(1), "the clock does nothing");
        sleep(Duration::from_millis(20));
    }
    first.kill();
    let before = ask(&database, by_clock);
    let waiting = "SELECT count(*) FROM issues WHERE next_at <= now() AT TIME ZONE 'utc'";
    assert!(ask(&database, waiting) > 0, "it was done before it could be killed");

    let addresses = [free_address().unwrap(), free_address().unwrap()];
    let servers: Vec<Server> = addresses
        .iter()
        .map(|address| {
            let public = format!("http://{}", addresses[0]);
            let mut settings = common.to_vec();
            settings
                .extend([("QIYEMA_PATHS_DATA", data.to_str().unwrap()), ("QIYEMA_HTTP_PUBLIC_URL", &public)]);
            Server::serve(*address, &settings).unwrap()
        })
        .collect();
    let begun = Instant::now();
    while ask(&database, waiting) > 0 {
        assert!(begun.elapsed() < Duration::from_mins(2), "work is left over");
        sleep(Duration::from_millis(200));
    }
    sleep(Duration::from_secs(3));
    let done = ask(&database, by_clock) - before;
    let told = deeds(addresses[0]).await + deeds(addresses[1]).await;
    assert_eq!(told, done, "what the servers say they did is what stands");
    let doubled = "SELECT count(*) FROM (SELECT 1 FROM supervisions WHERE limit_at IS NOT NULL \
                   GROUP BY issue_id, kind, clock, unit_id, limit_at HAVING count(*) > 1) twice";
    assert_eq!(ask(&database, doubled), 0, "a step was made twice");
    let without = "SELECT count(*) FROM supervisions s WHERE limit_at IS NOT NULL AND NOT EXISTS \
                   (SELECT 1 FROM events e WHERE e.subject_id = s.issue_id AND e.at = s.at AND e.\"by\" = 'clock')";
    assert_eq!(ask(&database, without), 0, "half of a deed was kept");
    for server in servers {
        let begun = Instant::now();
        assert!(server.stop().unwrap().success());
        assert!(begun.elapsed() < Duration::from_secs(20), "the jobs stop with the server");
    }
}
