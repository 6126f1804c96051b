//! What stands beside the figures of groups on the page and on paper: what appeals left out, and months as a table.

use serde_json::Value;

use crate::{
    console::Browser,
    figures::YEAR,
    figures_away::{get, lines},
    figures_files::left_out_one,
    harness::{BOTH, Town},
};

/// The table of groups: its headings, and the cells of each row.
fn table(page: &str) -> (Vec<String>, Vec<Vec<String>>) {
    // The only one with a column of standings.
    let table = page
        .split("<table>")
        .find(|rest| rest.split("</table>").next().unwrap().contains(">Good ratings beside the rest</th>"))
        .unwrap();
    let (head, body) = table.split("</table>").next().unwrap().split_once("</thead>").unwrap();
    let texts = |row: &str| -> Vec<String> {
        let cells = row.split("<t").filter(|cell| cell.starts_with("h ") || cell.starts_with('d'));
        cells.map(text).collect()
    };
    (texts(head), body.split("<tr>").skip(1).map(texts).collect())
}

/// What is read of a cell that begins within its tag.
fn text(cell: &str) -> String {
    let mut read = String::new();
    let mut inside = true;
    for c in cell.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => read.push(c),
            _ => {}
        }
    }
    read.trim().to_owned()
}

fn whole(share: &Value) -> String {
    let of = |key: &str| share[key].as_f64().unwrap() * 100.0;
    let (rate, low, high) = ((of("rate") * 10.0).round() / 10.0, of("low"), of("high"));
    format!("{rate:.1}\u{a0}% ({low:.0}\u{2060}–\u{2060}{high:.0}) n={}", share["whole"])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_says_what_appeals_left_out_and_what_it_was_before() {
    for database in BOTH {
        let town = Town::with_past(database, 200);
        let rating = left_out_one(&town).await;
        let reader = Browser::signed_in(&town, "auditor").await;
        let days = "from=2025-01-01&to=2027-06-30";
        let view = town.send("auditor", "GET", YEAR, Value::Null).await.1;
        let groups = view["groups"].as_array().unwrap();
        for page in ["figures", "figures/report"] {
            let html = reader.page(&format!("/console/{page}?{days}&lang=en")).await;
            let (heads, rows) = table(&html);
            let place = heads.iter().position(|head| head == "Left out by appeal").unwrap();
            assert_eq!(rows.len(), groups.len(), "{database} {page}");
            let mut told = 0;
            for (row, group) in rows.iter().zip(groups) {
                assert_eq!(row.len(), heads.len(), "{database} {page}: {row:?}");
                let f = &group["figures"];
                let wanted = match f["ratings"]["excluded"].as_u64().unwrap() {
                    0 => "0".to_owned(),
                    n => format!("{n} as received {}", whole(&f["good_raw"])),
                };
                assert_eq!(row[place], wanted, "{database} {page}: {group}");
                if wanted != "0" {
                    assert_eq!(group["id"], rating["unit"], "{database}");
                    assert_ne!(
                        row[place - 1],
                        whole(&f["good_raw"]),
                        "{database}: the adjusted one beside it"
                    );
                    told += 1;
                }
            }
            assert_eq!(told, 1, "{database} {page}");
        }
        // Of few, as on the day of its closure alone: how many were left out, and not how they rated.
        let (mut withheld, token) = (0, town.token("auditor").await);
        let unit = rating["unit"].as_str().unwrap();
        let down = format!("/api/v1/staff/figures/closures?{days}&member={unit}");
        let closed = lines(&town, &token, &down).await;
        for closure in closed.iter().filter(|one| one["number"] == rating["issue"]) {
            let day = closure["closed_on"].as_str().unwrap();
            let day = format!("from={day}&to={day}");
            let view = get(&town, &token, &format!("/api/v1/staff/figures?{day}")).await.1;
            let groups = view["groups"].as_array().unwrap();
            let (heads, rows) = table(&reader.page(&format!("/console/figures?{day}&lang=en")).await);
            let place = heads.iter().position(|head| head == "Left out by appeal").unwrap();
            let at = groups.iter().position(|group| group["id"] == unit).unwrap();
            let ratings = &groups[at]["figures"]["ratings"];
            // It may have been closed twice.
            if ratings["excluded"] == 1 {
                assert!(ratings["counted"].as_u64().unwrap() < 5, "{database}: {ratings}");
                assert_eq!(rows[at][place], "1 as received under 5, withheld", "{database} {day}");
                let telling = ["good_raw", "bad_raw", "at_once_raw"];
                assert!(
                    telling.iter().all(|key| groups[at]["figures"].get(key).is_none()),
                    "{database} {day}"
                );
                withheld += 1;
            }
        }
        assert_eq!(withheld, 1, "{database}: on the day of its closure few were rated");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_paper_the_months_stand_as_a_table_under_their_drawing() {
    let town = Town::with_past("sqlite", 200);
    let reader = Browser::signed_in(&town, "auditor").await;
    let path = "/api/v1/staff/figures/dashboard?period=last12";
    let board = town.send("auditor", "GET", path, Value::Null).await.1;
    let panel = async |page: &str| -> String {
        let page = reader.page(&format!("/console/{page}?period=last12&lang=en")).await;
        let (_, rest) = page.split_once("<div class=\"trend\">").unwrap();
        rest.split("</section>").next().unwrap().to_owned()
    };
    let report = panel("figures/report").await;
    assert!(!report.contains("<details") && !report.contains("noprint"), "nothing of it is folded: {report}");
    // On the page it is folded, and unfolded by the style where it is printed.
    let page = panel("figures").await;
    assert!(page.contains("<details class=\"unfolds\">") && !page.contains("noprint"), "{page}");
    let mut closed = 0;
    for panel in [report, page] {
        let body = panel.split_once("<tbody>").unwrap().1.split("</tbody>").next().unwrap();
        let rows: Vec<&str> = body.split("<tr>").skip(1).collect();
        let months = board["trend"].as_array().unwrap();
        assert_eq!((rows.len(), months.len()), (12, 12));
        for (row, month) in rows.iter().zip(months) {
            let cells: Vec<String> = row.split("<t").skip(1).map(text).collect();
            assert!(cells[0].starts_with(month["month"].as_str().unwrap()), "{cells:?}");
            assert_eq!(cells[1], month["figures"]["closed"].to_string(), "{cells:?}");
            closed += month["figures"]["closed"].as_u64().unwrap();
            let rated = &month["figures"]["rated"];
            assert_eq!(cells[4], if rated["rate"].is_null() { "—".to_owned() } else { whole(rated) });
        }
    }
    assert!(closed > 50, "{closed}");
    let css = include_str!("../../assets/console/figures.css");
    let (_, print) = css.split_once("@media print").unwrap();
    assert!(print.contains(".unfolds::details-content{content-visibility:visible"));
}
