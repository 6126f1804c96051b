//! The list of ratings: so much is looked through for a page, and it says so; each filter holds each rating once, over all
//! pages; what cannot be read is said.

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use serde_json::Value;

use crate::{
    console::Browser,
    figures_away::get,
    harness::{BOTH, Town},
};

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

fn words(town: &Town, sql: &str) -> Vec<String> {
    let mut db = town.shared.store.connection().unwrap();
    sql_query(sql).load::<Word>(&mut **db).unwrap().into_iter().map(|row| row.word).collect()
}

fn run(town: &Town, sql: &str) {
    let mut db = town.shared.store.connection().unwrap();
    assert!(sql_query(sql).execute(&mut **db).unwrap() > 0, "{sql}");
}

/// Ids of the ratings of a filter, over all its pages, and how long these are.
async fn listed(town: &Town, token: &str, find: &str) -> (Vec<String>, Vec<usize>) {
    let (mut ids, mut pages, mut before) = (Vec::new(), Vec::new(), String::new());
    loop {
        let (status, page) = get(town, token, &format!("/api/v1/staff/ratings?{find}{before}")).await;
        assert_eq!(status, 200, "{find}: {page}");
        let ratings = page["ratings"].as_array().unwrap();
        ids.extend(ratings.iter().map(|one| one["id"].as_str().unwrap().to_owned()));
        pages.push(ratings.len());
        let Some(next) = page["next"].as_str() else { return (ids, pages) };
        before = format!("&before={next}");
    }
}

/// So many more closures of one unit, a second apart before now, all rated bad by the owner; with a tag only the first.
fn rated(town: &Town, database: &str, like: &str, most: usize) {
    let now = town.shared.clock.now().naive_utc().format("%Y-%m-%d %H:%M:%S");
    let at = match database {
        "postgres" => format!("timestamp '{now}' - n * interval '1 second'"),
        _ => format!("strftime('%Y-%m-%d %H:%M:%S', '{now}', '-' || n || ' seconds')"),
    };
    let id = |series: u8| match database {
        "postgres" => format!("lpad(n::text, 8, '0') || '-0000-7000-800{series}-000000000000'"),
        _ => format!("printf('%08d', n) || '-0000-7000-800{series}-000000000000'"),
    };
    let numbers = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {most}) "
    );
    run(
        town,
        &format!(
            "{numbers} INSERT INTO closures (id, enterprise_id, issue_id, result, reply, at, by, unit_id, handler_id, \
             first_due_on, due_on, rate_until) SELECT {}, enterprise_id, issue_id, result, reply, {at}, by, unit_id, \
             handler_id, first_due_on, due_on, rate_until FROM closures CROSS JOIN numbers WHERE id = '{like}'",
            id(1)
        ),
    );
    run(
        town,
        &format!(
            "{numbers} INSERT INTO ratings (id, enterprise_id, issue_id, closure_id, tier, round, verdict, tags, \
             tags_version, at) SELECT {}, enterprise_id, issue_id, {}, 'owner', 'first', 'bad', \
             CASE WHEN n = {most} THEN '[\"passed_around\"]' ELSE '[]' END, 1, {at} FROM closures \
             CROSS JOIN numbers WHERE id = '{like}'",
            id(2),
            id(1)
        ),
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_could_not_look_at_everything_says_so_and_goes_on() {
    for database in BOTH {
        let town = Town::on(database);
        let like = words(&town, "SELECT id AS word FROM closures ORDER BY id LIMIT 1").remove(0);
        let unit =
            words(&town, &format!("SELECT unit_id AS word FROM closures WHERE id = '{like}'")).remove(0);
        rated(&town, database, &like, 12_000);
        let token = town.token("performance_reviewer").await;
        let tagged = "SELECT r.id AS word FROM ratings r JOIN closures c ON c.id = r.closure_id \
                      WHERE r.tags LIKE '%\"passed_around\"%' AND r.verdict = 'bad'";
        for (find, sql) in [
            ("verdict=bad&tag=passed_around".to_owned(), tagged.to_owned()),
            (
                format!("verdict=bad&tag=passed_around&unit={unit}"),
                format!("{tagged} AND c.unit_id = '{unit}'"),
            ),
            ("verdict=bad&tag=passed_around&from=2025-01-01&to=2027-06-30".to_owned(), tagged.to_owned()),
        ] {
            let (mut found, pages) = listed(&town, &token, &find).await;
            assert!(pages.len() > 1 && pages[0] == 0, "{database} {find}: {pages:?}");
            let mut wanted = words(&town, sql.as_str());
            wanted.sort();
            found.sort();
            assert_eq!(found, wanted, "{database} {find}");
        }
        let reviewer = Browser::signed_in(&town, "performance_reviewer").await;
        let path = "/console/ratings?verdict=bad&tag=passed_around";
        let (zh, en) = (reviewer.page(path).await, reviewer.page(&format!("{path}&lang=en")).await);
        assert!(
            zh.contains("后面还没有查完") && zh.contains("rel=\"next\"") && !zh.contains("没有评价"),
            "{zh}"
        );
        assert!(en.contains("there is more") && en.contains("rel=\"next\""), "{database}");
        let full = reviewer.page("/console/ratings").await;
        assert!(!full.contains("后面还没有查完") && full.contains("rel=\"next\""), "{database}: a full page");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_scope_holds_each_of_its_ratings_once() {
    for database in BOTH {
        let town = Town::with_past(database, 200);
        let ratings = words(&town, "SELECT id AS word FROM ratings ORDER BY id");
        // The first one was flagged first and last, and as many between as fill a page: told by each of its flags, it
        // would be on two pages.
        let between = (1..=55).map(|place| (place, "shared_device", "at"));
        for (place, reason, at) in [(0, "office_network", "'2020-01-01 00:00:00'")]
            .into_iter()
            .chain(between)
            .chain([(0, "burst_device", "'2029-01-01 00:00:00'")])
        {
            let (flag, rating) = (format!("flag-{place}-{reason}"), &ratings[place]);
            run(
                &town,
                &format!(
                    "INSERT INTO rating_flags (id, enterprise_id, rating_id, reason, at) \
                     SELECT '{flag}', enterprise_id, id, '{reason}', {at} FROM ratings WHERE id = '{rating}'"
                ),
            );
        }
        for place in [3, 70] {
            let (appeal, rating) = (format!("appeal-{place}"), &ratings[place]);
            run(
                &town,
                &format!(
                    "INSERT INTO rating_appeals (id, enterprise_id, rating_id, ground, reason, at, by) \
                     SELECT '{appeal}', enterprise_id, id, 'mistaken', 'r', at, 'x' FROM ratings WHERE id = '{rating}'"
                ),
            );
        }
        let concluded = "INSERT INTO appeal_outcomes (rating_id, enterprise_id, appeal_id, judgement, at) \
                         SELECT rating_id, enterprise_id, id, 'rejected', at FROM rating_appeals WHERE id = 'appeal-3'";
        run(&town, concluded);
        let token = town.token("performance_reviewer").await;
        let appealed = "SELECT rating_id AS word FROM rating_appeals a";
        let all = "SELECT r.id AS word FROM ratings r JOIN closures c ON c.id = r.closure_id";
        let unit = words(&town, "SELECT min(unit_id) AS word FROM closures").remove(0);
        for (find, sql, least) in [
            (String::new(), all.to_owned(), 101),
            ("from=2025-01-01".to_owned(), all.to_owned(), 101),
            (format!("unit={unit}"), format!("{all} WHERE c.unit_id = '{unit}'"), 2),
            ("show=appealed".to_owned(), appealed.to_owned(), 2),
            (
                "show=waiting".to_owned(),
                format!(
                    "{appealed} WHERE NOT EXISTS (SELECT 1 FROM appeal_outcomes o WHERE o.appeal_id = a.id)"
                ),
                1,
            ),
            ("show=flagged".to_owned(), "SELECT DISTINCT rating_id AS word FROM rating_flags".to_owned(), 56),
            (
                format!("show=appealed&verdict=bad&unit={unit}"),
                format!(
                    "{all} JOIN rating_appeals a ON a.rating_id = r.id WHERE c.unit_id = '{unit}' AND r.verdict = 'bad'"
                ),
                0,
            ),
        ] {
            let (mut found, pages) = listed(&town, &token, &find).await;
            let mut wanted = words(&town, &sql);
            wanted.sort();
            found.sort();
            assert!(wanted.len() >= least, "{database} {find}: {}", wanted.len());
            assert_eq!(found, wanted, "{database} {find}");
            assert!(pages.iter().rev().skip(1).all(|page| *page == 50), "{database} {find}: {pages:?}");
        }
        let (newest, _) = listed(&town, &token, "").await;
        let by_time = words(&town, "SELECT id AS word FROM ratings ORDER BY at DESC, id DESC");
        assert_eq!(newest, by_time, "{database}: the one given last comes first");
        // A place in one list is none in another.
        let page = get(&town, &token, "/api/v1/staff/ratings").await.1;
        let next = page["next"].as_str().unwrap();
        for wrong in
            [format!("unit={unit}&before={next}"), "before=x".to_owned(), format!("before={}", ratings[0])]
        {
            let (status, refused) = get(&town, &token, &format!("/api/v1/staff/ratings?{wrong}")).await;
            assert_eq!(
                (status, &refused["errors"][0]["field"]),
                (422, &"before".into()),
                "{database}: {refused}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_filter_stays_as_it_was_set_and_says_what_it_cannot_read() {
    for database in BOTH {
        let town = Town::on(database);
        // Confined to his unit, and asking for it all the same.
        let (_, list) = town.send("hanxue", "GET", "/api/v1/staff/ratings", Value::Null).await;
        let unit = list["ratings"][0]["unit"].as_str().unwrap().to_owned();
        let like =
            words(&town, &format!("SELECT min(id) AS word FROM closures WHERE unit_id = '{unit}'")).remove(0);
        rated(&town, database, &like, 60);
        let own = Browser::signed_in(&town, "hanxue").await;
        let page = own.page(&format!("/console/ratings?unit={unit}")).await;
        let next = page.split_once("rel=\"next\" href=\"").unwrap().1.split('"').next().unwrap();
        assert!(next.contains(&format!("unit={unit}")), "{database}: {next}");
        let next = next.replace("&#38;", "&").replace("&amp;", "&");
        assert!(own.page(&next).await.contains(&format!("value=\"{unit}\" selected")), "{database}");

        // A unit that is closed is still chosen.
        let reviewer = Browser::signed_in(&town, "performance_reviewer").await;
        run(&town, &format!("UPDATE units SET closed_at = '2026-01-01 00:00:00' WHERE id = '{unit}'"));
        let page = reviewer.page(&format!("/console/ratings?unit={unit}")).await;
        assert!(page.contains(&format!("value=\"{unit}\" selected")), "{database}: {page}");
        let page = reviewer.page("/console/ratings").await;
        assert!(!page.contains(&format!("value=\"{unit}\"")), "{database}: it is not offered");

        for (query, zh, en) in [
            ("from=yesterday", "没有这一天", "no such day"),
            ("to=2026-02-30", "没有这一天", "no such day"),
            (
                "from=2026-03-01&to=2026-02-01",
                "开始日期不能晚于结束日期",
                "the first day must not be after the last",
            ),
            ("from=1999-12-31", "2000年至2999年", "years 2000 to 2999"),
            ("before=x", "页码无法识别", "page cannot be found"),
        ] {
            for (lang, words) in [("zh", zh), ("en", en)] {
                let page = reviewer.get(&format!("/console/ratings?{query}&lang={lang}")).await;
                assert_eq!(page.status(), 422, "{database} {query}");
                let page = page.text().await.unwrap();
                assert!(page.contains(words) && !page.contains("<tbody>"), "{database} {query}: {page}");
            }
        }
        let token = town.token("performance_reviewer").await;
        for (query, field) in [
            ("from=-262143-01-01", "from"),
            ("to=%2B262142-12-31", "to"),
            ("from=2026-03-01&to=2026-02-01", "from"),
        ] {
            let (status, refused) = get(&town, &token, &format!("/api/v1/staff/ratings?{query}")).await;
            assert_eq!(
                (status, &refused["errors"][0]["field"]),
                (422, &field.into()),
                "{database}: {refused}"
            );
        }
    }
}
