//! Every sample page, in both languages: whole, small, readable, and asking nothing of another host.

use std::io::Write as _;

use chrono_tz::Asia::Shanghai;
use flate2::{Compression, write::GzEncoder};
use qiyema_protocol::{
    board::{Board, Card, State},
    rating::Tier,
};

use super::{
    STYLE,
    board::{BoardPage, Flash},
    home::{self, HomePage},
    notice::{self, NoticePage},
    owner::{Frame, Typed},
    rating::RatingPage,
    sample,
};
use crate::{domain::workflow, web::words::Words};

const LANGUAGES: [&str; 2] = ["zh", "en"];

fn page(board: &Board, lang: &str, flash: Option<Flash>) -> String {
    BoardPage {
        words: Words::of(lang),
        care: false,
        wording: &sample::wording(),
        board,
        seal_path: "/c/sample",
        flash,
        receipt: flash.map(|_| sample::RECEIPT),
        tz: Shanghai,
    }
    .render()
    .unwrap()
}

/// The form of the first closure that can be rated.
fn rating(lang: &str, typed: &[(String, String)]) -> String {
    let board = sample::board(Tier::Unverified);
    let rateable = |card: &&Card| card.closure.as_ref().is_some_and(|closure| closure.rateable);
    let card = board.issues.iter().find(rateable).unwrap();
    let frame = Frame {
        words: Words::of(lang),
        care: false,
        centre: &board.centre,
        seal_path: "/c/sample",
        here: "/issues/1/ratings",
    };
    let (closure, tags) = (card.closure.as_ref().unwrap(), sample::rating_tags());
    let typed = Typed { fields: typed, faults: &[] };
    let below = "/issues/1/ratings";
    RatingPage { frame, card, closure, tags: &tags, typed, below, counts: false, board: true }
        .render()
        .unwrap()
}

fn all_pages(lang: &str) -> Vec<String> {
    let words = Words::of(lang);
    let centre = home::sample();
    vec![
        page(&sample::board(Tier::Unverified), lang, None),
        page(&sample::board(Tier::Owner), lang, Some(Flash::Rated)),
        page(&sample::empty(), lang, Some(Flash::PinWrong)),
        rating(lang, &[]),
        HomePage {
            words,
            centre: &centre,
            lead: &sample::wording().home_lead,
            base_url: "https://qy.example.cn",
        }
        .render()
        .unwrap(),
        NoticePage::of(&notice::sample(), words).render().unwrap(),
    ]
}

#[test]
fn every_issue_answers_the_three_questions() {
    let asked = [
        ["谁在负责", "办到哪一步", "什么时候办结"],
        ["Who is responsible", "How far it is", "When it closes"],
    ];
    for (lang, questions) in LANGUAGES.into_iter().zip(asked) {
        let html = page(&sample::board(Tier::Unverified), lang, None);
        for question in questions {
            assert_eq!(html.matches(&format!("<h3>{question}</h3>")).count(), 20, "{question}");
        }
    }
}

#[test]
fn the_board_says_the_count_the_first_promise_and_the_reason() {
    let html = page(&sample::board(Tier::Unverified), "zh", None);
    for sentence in [
        "已超期2个工作日",
        "今天到期",
        "临期（剩余1个工作日）",
        "还剩6个工作日",
        "暂停计时",
        "已延期至2026年12月2日（周三），原承诺2026年11月20日（周五），原因：需现场勘查或检测",
        "预计日期：国务院放假安排公布后将重新核算",
        "受理后将公布承诺办结时间",
        "正在确定牵头单位",
        "评价完全自愿。承办单位和考核员看得到评的是哪件问题、评了什么，看不到是谁评的",
        "评价截止：2026年12月20日（周日）",
        "评价期已过，记为未评价",
        "href=\"tel:0572-2398610\"",
    ] {
        assert!(html.contains(sentence), "{sentence}");
    }
}

#[test]
fn a_promise_in_hours_says_the_hour_and_one_in_days_does_not() {
    let mut board = sample::board(Tier::Unverified);
    board.issues.truncate(1);
    board.issues[0].promise.as_mut().unwrap().current = "2026-11-26".parse().unwrap();
    for (due, said) in [
        ("2026-11-26T13:24:00Z", "<p class=\"a\">2026年11月26日（周四） 21:24</p>"),
        ("2026-11-26T15:59:59Z", "<p class=\"a\">2026年11月26日（周四）</p>"),
    ] {
        board.issues[0].promise.as_mut().unwrap().due_at = due.parse().unwrap();
        let html = page(&board, "zh", None);
        assert!(html.contains(said), "{html}");
    }
}

#[test]
fn what_is_not_accepted_is_neither_paused_nor_promised_and_says_why() {
    let card = |state, note: &str| {
        let mut board = sample::board(Tier::Owner);
        let mut card = board.issues.swap_remove(7);
        assert_eq!(card.state, State::Submitted);
        card.state = state;
        card.state_text = workflow::owner_sentence(state);
        let asked = state == State::NeedInfo;
        card.step_until = asked.then(|| "2026-12-02".parse().unwrap());
        let owner = card.owner.as_mut().unwrap();
        *(if asked { &mut owner.asked } else { &mut owner.refused }) = Some(note.to_owned());
        board.issues = vec![card];
        LANGUAGES.map(|lang| page(&board, lang, None))
    };
    for (state, [zh, en], [lamp, who, when, why]) in [
        (
            State::Rejected,
            card(State::Rejected, "属于人民法院管辖"),
            [
                "不予受理",
                "湖州市企业综合服务中心",
                "未受理，不再办理",
                "<h3>不予受理的理由</h3><p class=\"text\">属于人民法院管辖</p>",
            ],
        ),
        (
            State::NeedInfo,
            card(State::NeedInfo, "请补充合同"),
            [
                "请补充材料",
                "等待企业补充材料",
                "请在2026年12月2日（周三）前补充",
                "<h3>需要您补充</h3><p class=\"text\">请补充合同</p>",
            ],
        ),
    ] {
        for text in [
            &*format!("<p class=\"lamp off\">{lamp}"),
            when,
            why,
            &*format!("<p class=\"a\">{who}</p></section>"),
        ] {
            assert!(zh.contains(text), "{state:?}: {text}: {zh}");
        }
        for (page, never) in [
            (&zh, ["暂停计时", "承诺办结时间", "正在确定"]),
            (&en, ["stopped", "will be promised", "being decided"]),
        ] {
            for text in never {
                assert!(!page.contains(text), "{state:?}: {text}");
            }
        }
    }
}

#[test]
fn the_board_says_what_stands_beside_the_line() {
    let [zh, en] = LANGUAGES.map(|lang| page(&sample::board(Tier::Unverified), lang, None));
    for (chinese, english) in [
        ("<dt>办理次数</dt><dd>第2次办理</dd>", "<dt>Round</dt><dd>handled for the 2nd time</dd>"),
        ("<dt>督促情况</dt><dd>已督办</dd>", "<dt>Urged</dt><dd>Under supervision</dd>"),
        ("<dt>下次复核</dt><dd>2027年1月8日（周五）</dd>", "<dt>Next review</dt><dd>Fri 8 Jan 2027</dd>"),
        ("<dd>拟于2026年11月26日（周四）召开</dd>", "<dd>planned for Thu 26 Nov 2026</dd>"),
        (
            "<dd>已于2026年11月23日（周一）与您联系，2026年11月30日（周一）前完成整改</dd>",
            "<dd>the enterprise was contacted on Mon 23 Nov 2026, put right by Mon 30 Nov 2026</dd>",
        ),
        (
            ">您还可以追加一次评价（截止2026年12月14日（周一））</a>",
            ">You may add one more rating (until Mon 14 Dec 2026)</a>",
        ),
    ] {
        assert!(zh.contains(chinese), "{chinese}");
        assert!(en.contains(english), "{english}");
    }
}

#[test]
fn an_unverified_verdict_never_passes_for_the_enterprises_own() {
    let html = page(&sample::board(Tier::Unverified), "zh", None);
    let card = |number: &str| {
        let start = html.find(&format!("id=\"{number}\"")).unwrap();
        html.get(start..start + html.get(start..).unwrap().find("</article>").unwrap()).unwrap()
    };
    let unverified = "<dt>未验证身份的评价</dt><dd>差评<br><small>不计入统计</small></dd>";
    assert!(card("Q20261103-0012").contains(unverified));
    assert!(!card("Q20261103-0012").contains("<dt>企业评价</dt>"));
    assert!(card("Q20261103-0013").contains("<dt>企业评价</dt><dd>好评</dd>"));
    assert!(!card("Q20261103-0013").contains("未验证身份"));
}

#[test]
fn a_passer_by_reads_no_free_text_and_nothing_is_preselected() {
    let (scan, owner) = (sample::board(Tier::Unverified), sample::board(Tier::Owner));
    let (scan, owner) = (page(&scan, "zh", None), page(&owner, "zh", None));
    assert!(owner.contains("厂区北侧道路夜间无照明") && owner.contains("91330500MA2TEXT16M"));
    assert!(!scan.contains("厂区北侧道路夜间无照明") && !scan.contains("91330500MA2TEXT16M"));
    assert!(!scan.contains(" checked") && !owner.contains(" checked"));
    assert!(scan.contains("action=\"/c/sample/device?") && !scan.contains("/device/removal"));
    assert!(owner.contains("action=\"/c/sample/device/removal?"));
}

#[test]
fn a_centre_without_a_telephone_has_no_link_that_calls_nobody() {
    let (mut empty, mut full) = (sample::empty(), sample::board(Tier::Unverified));
    for board in [&mut empty, &mut full] {
        assert!(page(board, "zh", None).contains("href=\"tel:0572"));
        board.centre.phone.clear();
        assert!(!page(board, "zh", None).contains("href=\"tel:\""));
    }
}

#[test]
fn what_an_enterprise_is_called_is_text_and_never_markup() {
    let mut board = sample::empty();
    board.enterprise.name = "<script>alert(1)</script>".into();
    let html = page(&board, "zh", None);
    assert!(!html.contains("<script") && html.contains("&#60;script"));
}

#[test]
fn no_page_asks_anything_of_another_host_or_runs_a_script() {
    for html in LANGUAGES.into_iter().flat_map(all_pages) {
        for forbidden in
            ["<script", "<link", "<img", "<iframe", "@import", "url(", " style=", " onclick=", "=\"//"]
        {
            assert!(!html.contains(forbidden), "{forbidden}");
        }
        for attribute in ["href=\"http", "src=", "action=\"http"] {
            assert!(!html.contains(attribute), "{attribute}");
        }
        assert!(
            html.contains(&format!("<style>{STYLE}</style>")),
            "the style the policy allows is not the one sent"
        );
        assert!(!html.contains("user-scalable") && !html.contains("maximum-scale"));
    }
}

#[test]
fn ids_are_unique_and_every_label_finds_its_field() {
    let html = page(&sample::board(Tier::Owner), "en", Some(Flash::Rated));
    let values = |name: &str| -> Vec<&str> {
        html.split(&format!(" {name}=\"")).skip(1).filter_map(|rest| rest.split('"').next()).collect()
    };
    let ids = values("id");
    let unique: std::collections::HashSet<_> = ids.iter().collect();
    assert_eq!(ids.len(), unique.len());
    assert!(values("for").iter().all(|target| unique.contains(target)));
}

/// As many closures wait for a rating as a page has issues: the heaviest board
/// there is, packed as the server packs it.
#[test]
fn twenty_issues_weigh_at_most_fifteen_kilobytes_however_many_can_be_rated() {
    for (lang, tier) in
        [("zh", Tier::Unverified), ("zh", Tier::Owner), ("en", Tier::Unverified), ("en", Tier::Owner)]
    {
        let mut board = sample::board(tier);
        let rateable = |card: &Card| card.closure.as_ref().is_some_and(|closure| closure.rateable);
        let open = board.issues.iter().find(|card| rateable(card)).unwrap().closure.clone();
        for card in &mut board.issues {
            card.closure.clone_from(&open);
        }
        let html = page(&board, lang, None);
        assert_eq!(html.matches("name=\"verdict\" value=\"good\"").count(), 20, "{lang}");
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(html.as_bytes()).unwrap();
        let weight = packed.finish().unwrap().len();
        assert!(weight <= 15 * 1024, "{lang} {tier:?}: {weight} bytes");
    }
}

#[test]
fn nothing_is_chosen_for_the_owner_and_what_was_typed_is_kept() {
    for lang in LANGUAGES {
        assert_eq!(rating(lang, &[]).matches(" checked").count(), 0, "nothing is preselected");
        let typed = [("verdict", "bad"), ("level", "dissatisfied"), ("comment", "<b>没人联系")];
        let html = rating(lang, &typed.map(|(key, value)| (key.to_owned(), value.to_owned())));
        assert_eq!(html.matches(" checked").count(), 2);
        assert!(html.contains("&#60;b&#62;没人联系"), "{html}");
    }
}

#[test]
fn every_colour_is_readable_by_day_and_by_night() {
    let (day, night) = STYLE.split_once("@media(prefers-color-scheme:dark)").unwrap();
    let night = night.split_once("}}").unwrap().0;
    assert!(day.contains("--g:#018942") && day.contains("--r:#dc3636") && day.contains("--b:#576b95"));
    for (theme, vars) in [("day", day), ("night", night)] {
        let colour = |name: &str| {
            let (_, rest) = vars.split_once(&format!("--{name}:")).unwrap();
            rest.split([';', '}']).next().unwrap()
        };
        let pairs = [
            ("g", "c"),
            ("r", "c"),
            ("b", "c"),
            ("y", "c"),
            ("t", "c"),
            ("m", "c"),
            ("t", "p"),
            ("m", "p"),
            ("b", "p"),
            ("y", "ty"),
            ("on", "g"),
            ("on", "r"),
            ("on", "b"),
        ];
        for (ink, paper) in pairs {
            let ratio = contrast(colour(ink), colour(paper));
            assert!(ratio >= 4.5, "{theme}: {ink} on {paper} is {ratio:.2}:1");
        }
        for paper in ["h1", "h2"] {
            assert!(contrast("#fff", colour(paper)) >= 4.5, "{theme}: white on {paper}");
        }
    }
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(colour: &str) -> f64 {
    let digits = colour.trim_start_matches('#');
    let channel = |i: usize| {
        let text = match digits.len() {
            3 => digits.get(i..=i).unwrap().repeat(2),
            _ => digits.get(2 * i..2 * i + 2).unwrap().to_owned(),
        };
        let value = f64::from(u8::from_str_radix(&text, 16).unwrap()) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2)
}
