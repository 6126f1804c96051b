//! The files of figures, read back: each cell of a CSV and of a workbook is what the API says of the same query, under
//! the heading that says so, and nothing that is withheld stands in them.

use std::{collections::BTreeSet, io::Cursor};

use calamine::{Data, Reader, Xlsx};
use qiyema_protocol::figures::{Figure, Standing};
use qiyema_server::{
    domain::figures::said,
    web::words::{console::figures::sentences, lang::Lang},
};
use serde_json::{Value, json};

use crate::{
    appeals::of_the_bureau,
    console::Browser,
    figures_away::get,
    harness::{BOTH, Town},
};

/// Groupings, in the order of the sheets.
const BY: [(&str, &str, &str); 7] = [
    ("unit", "责任单位", "Unit"),
    ("handler", "承办人", "Person"),
    ("leader", "分管领导", "Leader in charge"),
    ("category", "问题类别", "Category"),
    ("channel", "受理渠道", "Channel"),
    ("level", "层级", "Level"),
    ("grade", "难易程度", "Grade"),
];
const RATINGS: [(&str, &str, &str); 8] = [
    ("received", "收到", "received"),
    ("counted", "计入", "counted"),
    ("unverified", "未验证身份", "unverified"),
    ("superseded", "已被企业评价取代", "superseded by the owner's"),
    ("excluded", "申诉成立不计入", "left out by appeal"),
    ("flagged", "其中待核查（有标记）", "of these flagged for review"),
    ("not_rated", "未评价", "not rated"),
    ("open", "尚可评价", "can still be rated"),
];
const HOW: [(&str, &str, &str); 5] = [
    ("pin", "企业凭口令", "owner with the PIN"),
    ("invitation", "企业凭邀评链接", "owner by invitation"),
    ("call_back", "电话回访", "by call-back"),
    ("code", "仅凭码", "with the code only"),
    ("excluded", "申诉剔除", "left out by appeal"),
];
/// What tells how owners rated, whatever else is rare.
const TELL: [Figure; 6] =
    [Figure::Good, Figure::GoodRaw, Figure::Bad, Figure::BadRaw, Figure::AtOnce, Figure::AtOnceRaw];
static NOTHING: Value = Value::Null;

/// A cell as it should be.
#[derive(Debug)]
enum Told {
    Rate(f64),
    Number(f64),
    Text(String),
    Nothing,
}

/// Cells under their headings.
type Line = Vec<(String, Told)>;

/// What a line is of.
struct Row<'a> {
    rank: &'a Value,
    name: String,
    figures: &'a Value,
    before: &'a Value,
    standings: [&'a Value; 2],
    changes: &'a Value,
}

fn rate(of: &Value) -> Told {
    of.as_f64().map_or(Told::Nothing, Told::Rate)
}

fn number(of: &Value) -> Told {
    of.as_f64().map_or(Told::Nothing, Told::Number)
}

fn standing(lang: Lang, of: &Value) -> Told {
    let known = serde_json::from_value::<Standing>(of.clone());
    known.map_or(Told::Nothing, |known| Told::Text(sentences::standing(lang, known).to_owned()))
}

fn change(lang: Lang, of: &Value) -> Told {
    let known = serde_json::from_value::<Standing>(of.clone());
    known.map_or(Told::Nothing, |known| Told::Text(sentences::change(lang, known).to_owned()))
}

/// A figure as the API names it.
fn key(figure: Figure) -> String {
    serde_json::to_value(figure).unwrap().as_str().unwrap().to_owned()
}

fn name(lang: Lang, figure: Figure) -> String {
    lang.say(&said::name(figure)).to_owned()
}

/// A share; of the period before without its part.
fn share(name: &str, share: &Value, part: bool) -> Line {
    let mut line = vec![(name.to_owned(), rate(&share["rate"]))];
    if part {
        line.push((format!("{name} k"), number(&share["part"])));
    }
    line.push((format!("{name} n"), number(&share["whole"])));
    line.push((format!("{name} 95 % −"), rate(&share["low"])));
    line.push((format!("{name} 95 % +"), rate(&share["high"])));
    line
}

fn line(lang: Lang, heading: &str, row: &Row<'_>) -> Line {
    let l = |zh, en| lang.pick(zh, en).to_owned();
    let f = row.figures;
    let mut line = vec![
        (l("名次", "Rank"), number(row.rank)),
        (heading.to_owned(), Told::Text(row.name.clone())),
        (l("办结件数", "Closures"), number(&f["closed"])),
        (l("受理件数", "Accepted"), number(&f["accepted"])),
        (l("平均办理工作日", "Working days to close"), number(&f["days"]["value"])),
        (l("首次响应（工作小时）", "First contact (working hours)"), number(&f["first_word"]["value"])),
        (l("首次响应（工作小时） n", "First contact (working hours) n"), number(&f["first_word"]["n"])),
    ];
    for figure in Figure::ALL {
        line.extend(share(&name(lang, figure), &f[key(figure)], true));
    }
    line.extend(RATINGS.map(|(key, zh, en)| (l(zh, en), number(&f["ratings"][key]))));
    let how = lang.pick("办结件是怎样评价的", "How closures were rated");
    line.extend(HOW.map(|(key, zh, en)| (format!("{how} · {}", l(zh, en)), number(&f["how"][key]))));
    let before = lang.pick("上期", "before");
    line.push((format!("{before} · {}", l("办结件数", "Closures")), number(&row.before["closed"])));
    for figure in [Figure::Good, Figure::OnTime, Figure::Rated, Figure::AtOnce] {
        let name = format!("{before} · {}", name(lang, figure));
        line.extend(share(&name, &row.before[key(figure)], false));
    }
    let [good, on_time] = row.standings;
    line.push((l("好评率与其余相比", "Good ratings beside the rest"), standing(lang, good)));
    line.push((l("按时办结率与其余相比", "Closed in time beside the rest"), standing(lang, on_time)));
    let changed = lang.pick("与上期相比", "Since the period before");
    for figure in [Figure::Good, Figure::OnTime, Figure::OnTimeFirst, Figure::Rated] {
        let told = change(lang, &row.changes[key(figure)]);
        line.push((format!("{changed} · {}", name(lang, figure)), told));
    }
    line
}

/// What a file of this answer holds: all, each group, and the period before.
fn lines(view: &Value, lang: Lang) -> Vec<Line> {
    let (_, zh, en) = BY.into_iter().find(|(by, ..)| view["by"] == *by).unwrap();
    let heading = lang.pick(zh, en);
    let none = [&NOTHING, &NOTHING];
    let all = Row {
        rank: &NOTHING,
        name: lang.pick("总体", "all").to_owned(),
        figures: &view["all"],
        before: &view["before"],
        standings: none,
        changes: &view["changes"],
    };
    let mut told = vec![line(lang, heading, &all)];
    for group in view["groups"].as_array().unwrap() {
        let row = Row {
            rank: &group["rank"],
            name: group["name"][lang.pick("zh", "en")].as_str().unwrap().to_owned(),
            figures: &group["figures"],
            before: &group["before"],
            standings: [&group["standing"], &group["standing_on_time"]],
            changes: &NOTHING,
        };
        told.push(line(lang, heading, &row));
    }
    let day = |key: &str| view[key].as_str().unwrap();
    let name = format!("{} {} – {}", lang.pick("上期", "before"), day("before_from"), day("before_to"));
    let (figures, rank) = (&view["before"], &NOTHING);
    let before = Row { rank, name, figures, before: &NOTHING, standings: none, changes: &NOTHING };
    told.push(line(lang, heading, &before));
    told
}

/// To the last digit but one: what reads JSON may differ from what wrote it in the last.
fn near(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-12 * other.abs().max(1.0)
}

/// Compares a CSV with an answer; gives how many numbers it holds.
fn same_csv(text: &str, view: &Value, lang: Lang, at: &str) -> usize {
    let told = lines(view, lang);
    let mut csv = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let heads: Vec<String> = csv.headers().unwrap().iter().map(ToOwned::to_owned).collect();
    let wanted: Vec<&String> = told[0].iter().map(|(heading, _)| heading).collect();
    assert_eq!(heads.iter().collect::<Vec<_>>(), wanted, "{at}");
    assert_eq!(wanted.iter().collect::<BTreeSet<_>>().len(), wanted.len(), "{at}: no heading stands twice");
    let rows: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), told.len(), "{at}");
    let mut numbers = 0;
    for (row, line) in rows.iter().zip(&told) {
        assert_eq!(row.len(), line.len(), "{at}");
        for (cell, (heading, told)) in row.iter().zip(line) {
            let same = match told {
                Told::Rate(value) | Told::Number(value) => {
                    numbers += 1;
                    cell.parse::<f64>().is_ok_and(|cell| near(cell, *value))
                }
                Told::Text(text) => cell == text,
                Told::Nothing => cell.is_empty(),
            };
            assert!(same, "{at}: {} {heading}: {cell:?}, not {told:?}", &row[1]);
        }
    }
    numbers
}

/// Compares a workbook with the answers of its groupings, sheet by sheet; gives how many numbers it holds.
pub fn same_workbook(bytes: Vec<u8>, views: &[Value], lang: Lang, at: &str) -> usize {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = |view: &Value| {
        let (_, zh, en) = BY.into_iter().find(|(by, ..)| view["by"] == *by).unwrap();
        lang.pick(zh, en).to_owned()
    };
    let mut names: Vec<String> = views.iter().map(sheet).collect();
    let how = lang.pick("如何计算", "How this is computed");
    names.push(how.to_owned());
    assert_eq!(book.sheet_names(), names, "{at}");
    let mut numbers = 0;
    for (sheet, view) in names.iter().zip(views) {
        let (range, styles) = (book.worksheet_range(sheet).unwrap(), book.worksheet_style(sheet).unwrap());
        let told = lines(view, lang);
        assert_eq!((range.height(), range.width()), (told.len() + 1, told[0].len()), "{at} {sheet}");
        let format = |place: (u32, u32)| {
            let style = styles.get(place).and_then(|style| style.number_format.as_ref());
            style.map(|format| format.format_code.as_str())
        };
        let bold = |place| {
            styles.get(place).and_then(|style| style.font.as_ref()).is_some_and(calamine::Font::is_bold)
        };
        for (column, (heading, _)) in (0_u32..).zip(&told[0]) {
            assert_eq!(range.get_value((0, column)), Some(&Data::String(heading.clone())), "{at} {sheet}");
            assert!(bold((0, column)), "{at} {sheet}: {heading}");
        }
        for (row, line) in (1_u32..).zip(&told) {
            for (column, (heading, told)) in (0_u32..).zip(line) {
                let place = (row, column);
                let cell = range.get_value(place).unwrap_or(&Data::Empty);
                // Whole numbers have no decimal point, and a share is read in per cent.
                let wanted = match told {
                    Told::Rate(value) => Some((*value, "0.0%")),
                    Told::Number(value) if value.fract() == 0.0 => Some((*value, "#,##0")),
                    Told::Number(value) => Some((*value, "#,##0.0#")),
                    Told::Text(_) | Told::Nothing => None,
                };
                let same = match (cell, told, wanted) {
                    (Data::Float(cell), _, Some((value, code))) => {
                        numbers += 1;
                        near(*cell, value) && format(place) == Some(code)
                    }
                    (Data::String(cell), Told::Text(text), _) => cell == text && (row > 1 || bold(place)),
                    (Data::Empty, Told::Nothing, _) => true,
                    _ => false,
                };
                let format = format(place);
                assert!(same, "{at} {sheet}: row {row}, {heading}: {cell:?} {format:?}, not {told:?}");
            }
        }
    }
    let range = book.worksheet_range(how).unwrap();
    let rows: Vec<(String, String)> =
        range.rows().map(|row| (row[0].to_string(), row[1].to_string())).collect();
    let day = |key: &str| views[0][key].as_str().unwrap();
    let of_when =
        format!("{} – {} · {} {}", day("from"), day("to"), lang.pick("截至", "as of"), day("as_of"));
    assert_eq!(rows[0], (lang.pick("考核数据", "Figures").to_owned(), of_when), "{at}");
    let counted = views[0]["unverified_count"] == true;
    let told = Figure::ALL.into_iter().map(|figure| (said::name(figure), said::formula(figure)));
    let told = told.chain(said::rules(counted));
    let told: Vec<(String, String)> =
        told.map(|(name, how)| (lang.say(&name).to_owned(), lang.say(&how).to_owned())).collect();
    assert_eq!(rows[1..], told, "{at}: each figure and each rule");
    assert!(told.iter().all(|(name, how)| !name.is_empty() && how.len() > 10), "{at}");
    numbers
}

/// In a CSV itself: what tells how owners rated is not there where under five count; gives how many such lines it has.
fn few_are_withheld(text: &str, at: &str) -> usize {
    let mut csv = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let heads = csv.headers().unwrap().clone();
    let place = |heading: &str| heads.iter().position(|head| head == heading).unwrap();
    let telling = TELL.map(|figure| place(&name(Lang::En, figure)));
    let rows: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    let few = rows.iter().filter(|row| (1..5).contains(&row[place("counted")].parse::<u32>().unwrap()));
    let mut found = 0;
    for row in few {
        for first in telling {
            // Rate, part, n and both ends.
            let shown: Vec<&str> =
                (first..first + 5).map(|at| &row[at]).filter(|cell| !cell.is_empty()).collect();
            assert!(shown.is_empty(), "{at}: {} {} {shown:?}", &row[1], &heads[first]);
        }
        found += 1;
    }
    found
}

/// The unit appeals against a rating that counts, and two people outside it leave it out.
pub async fn left_out_one(town: &Town) -> Value {
    let ratings = of_the_bureau(town).await;
    let rating = ratings.into_iter().find(|one| one["tier"] == "owner").unwrap();
    let path = |rest: &str| format!("/api/v1/staff/ratings/{}/{rest}", rating["id"].as_str().unwrap());
    let appeal = json!({ "ground": "mistaken", "reason": "企业来电说明按错了，应为好评。" });
    let (status, said) = town.send("hanxue", "POST", &path("appeal"), appeal).await;
    assert_eq!(status, 201, "{said}");
    for who in ["performance_reviewer", "supervisor"] {
        let accepted = json!({ "judgement": "accepted", "reason": "录音核实为误评" });
        let (status, said) = town.send(who, "POST", &path("decisions"), accepted).await;
        assert_eq!(status, 201, "{said}");
    }
    town.count().await;
    rating
}

#[tokio::test(flavor = "multi_thread")]
async fn every_cell_of_a_file_is_what_the_api_says() {
    for database in BOTH {
        let town = Town::with_past(database, 200);
        left_out_one(&town).await;
        let token = town.token("auditor").await;
        let reader = Browser::signed_in(&town, "auditor").await;
        let today = town.shared.rules().day(town.shared.clock.now());
        let lately = format!("from={}&to={today}", today - chrono::Days::new(45));
        let (mut few, mut numbers) = (0, 0);
        for (period, first, lang) in [
            ("from=2025-01-01&to=2027-06-30", "unit", Lang::En),
            ("period=last12", "category", Lang::Zh),
            (&*lately, "handler", Lang::En),
        ] {
            let mut views = Vec::new();
            for (by, ..) in BY {
                let query = format!("{period}&by={by}");
                let at = format!("{database} {query}");
                let (status, view) = get(&town, &token, &format!("/api/v1/staff/figures?{query}")).await;
                assert_eq!((status, &view["waiting"]), (200, &json!(0)), "{at}: {view}");
                let file = format!("/console/figures.csv?{query}&lang={}", lang.pick("zh", "en"));
                numbers += same_csv(&reader.page(&file).await, &view, lang, &at);
                let english = reader.page(&format!("/console/figures.csv?{query}&lang=en")).await;
                few += few_are_withheld(&english, &at);
                views.push(view);
            }
            // The grouping that was asked for comes first.
            let place = views.iter().position(|view| view["by"] == first).unwrap();
            let asked = views.remove(place);
            views.insert(0, asked);
            let file = format!("/console/figures.xlsx?{period}&by={first}&lang={}", lang.pick("zh", "en"));
            let answer = reader.get(&file).await;
            assert_eq!(answer.status(), 200, "{file}");
            let bytes = answer.bytes().await.unwrap().to_vec();
            numbers += same_workbook(bytes, &views, lang, &format!("{database} {period}"));
            if first == "unit" {
                let out = |view: &Value| view["all"]["ratings"]["excluded"].as_u64();
                assert!(views.iter().all(|view| out(view) == Some(1)), "{database}: in every grouping");
            }
        }
        assert!(numbers > 10_000, "{database}: {numbers}");
        assert!(few >= 3, "{database}: {few} lines of few ratings");
    }
}
