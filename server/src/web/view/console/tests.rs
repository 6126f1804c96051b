//! The console's style and pages without a server: nothing inline, nothing of
//! another host, every colour readable, small enough to be read at once.

use super::{assets, home::HomePage, sign_in::SignInPage};
use crate::web::words::lang::Lang;

fn pages(lang: Lang) -> [String; 2] {
    [SignInPage::sample(lang).render().unwrap(), HomePage::sample(lang).render().unwrap()]
}

#[test]
fn no_page_runs_inline_code_or_asks_another_host() {
    for html in [Lang::Zh, Lang::En].into_iter().flat_map(pages) {
        for forbidden in ["<style", " style=", " onclick=", "=\"//", "=\"http", "<script>"] {
            assert!(!html.contains(forbidden), "{forbidden} in {html}");
        }
        assert!(html.contains(&assets::STYLE.href()) && html.contains(&assets::SCRIPT.href()));
        assert!(html.contains(&format!(
            "<html lang=\"{}\">",
            if html.contains("zh-CN\"><head") { "zh-CN" } else { "en" }
        )));
    }
}

#[test]
fn a_chinese_page_holds_no_english_sentence_and_the_other_way_round() {
    let [sign_in, home] = pages(Lang::En);
    for html in [sign_in, home] {
        let text = html.replace("中文", "").replace('企', "").replace("徐丽", "");
        let chinese: String = text.chars().filter(|c| ('\u{4E00}'..='\u{9FFF}').contains(c)).collect();
        assert!(chinese.is_empty(), "{chinese}");
    }
    assert!(pages(Lang::Zh)[0].contains("用户名或密码不正确"));
}

#[test]
fn an_empty_home_says_what_comes_next_and_late_things_are_red() {
    let html = pages(Lang::Zh)[1].clone();
    assert!(html.contains("没有等待您办理的问题") && html.contains("99+"));
    assert!(html.contains("class=\"zero\""));
}

#[test]
fn the_style_is_small_and_each_ink_is_readable_on_its_paper() {
    let css = std::str::from_utf8(&assets::STYLE.bytes).unwrap();
    assert!(css.len() < 16_000, "{} bytes", css.len());
    let colour = |name: &str| {
        let (_, rest) = css.split_once(&format!("--{name}:")).unwrap();
        rest.split([';', '}']).next().unwrap().to_owned()
    };
    for (ink, paper) in [
        ("a", "c"),
        ("a", "p"),
        ("a2", "at"),
        ("t", "c"),
        ("t", "p"),
        ("m", "c"),
        ("m", "p"),
        ("g", "c"),
        ("g", "p"),
        ("g2", "gt"),
        ("r", "c"),
        ("r", "rt"),
        ("y", "yt"),
        ("c", "a"),
        ("c", "r"),
        ("t", "yt"),
        ("t", "rt"),
        ("t", "gt"),
    ] {
        let ratio = contrast(&colour(ink), &colour(paper));
        assert!(ratio >= 4.5, "{ink} on {paper} is {ratio:.2}:1");
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
