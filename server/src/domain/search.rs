//! How an enterprise is found as one types: by a piece of its name, by pinyin in
//! full or by initials, by its USCC. All of it stands in one key per enterprise;
//! the pieces have no blanks, one blank separates them, so that nothing typed
//! can match across two pieces and a blank before the text means "begins with".

use pinyin::ToPinyin;
use unicode_normalization::UnicodeNormalization;

/// Keys made by an older rule are made again at the start of the server.
pub const VERSION: i32 = 1;

/// Readings kept of one name; a name with more alternatives keeps the first ones.
const MOST_READINGS: usize = 8;

/// Characters of names that are read in more than one way, the commoner first:
/// surnames (单 解 曾 查 盖 仇 区 任 乐 翟 尉 缪 葛 覃 朴), places and words of
/// trade names. The crate's full list has readings nobody types.
const POLYPHONIC: [(char, &[&str]); 46] = [
    ('重', &["zhong", "chong"]),
    ('长', &["chang", "zhang"]),
    ('行', &["hang", "xing"]),
    ('乐', &["le", "yue"]),
    ('厦', &["sha", "xia"]),
    ('单', &["dan", "shan"]),
    ('解', &["jie", "xie"]),
    ('曾', &["zeng", "ceng"]),
    ('查', &["cha", "zha"]),
    ('盖', &["gai", "ge"]),
    ('仇', &["chou", "qiu"]),
    ('区', &["qu", "ou"]),
    ('朴', &["pu", "piao"]),
    ('翟', &["zhai", "di"]),
    ('尉', &["wei", "yu"]),
    ('缪', &["miao", "miu"]),
    ('覃', &["qin", "tan"]),
    ('万', &["wan", "mo"]),
    ('种', &["zhong", "chong"]),
    ('车', &["che", "ju"]),
    ('都', &["du", "dou"]),
    ('调', &["tiao", "diao"]),
    ('传', &["chuan", "zhuan"]),
    ('藏', &["cang", "zang"]),
    ('蕃', &["fan", "bo"]),
    ('大', &["da", "dai"]),
    ('会', &["hui", "kuai"]),
    ('纪', &["ji"]),
    ('六', &["liu", "lu"]),
    ('模', &["mo", "mu"]),
    ('屏', &["ping", "bing"]),
    ('铅', &["qian", "yan"]),
    ('省', &["sheng", "xing"]),
    ('石', &["shi", "dan"]),
    ('率', &["lv", "shuai"]),
    ('绿', &["lv", "lu"]),
    ('系', &["xi", "ji"]),
    ('校', &["xiao", "jiao"]),
    ('叶', &["ye", "xie"]),
    ('柏', &["bai", "bo"]),
    ('薄', &["bo", "bao"]),
    ('台', &["tai"]),
    ('拓', &["tuo", "ta"]),
    ('浒', &["xu", "hu"]),
    ('埔', &["pu", "bu"]),
    ('泊', &["bo", "po"]),
];

/// What is kept for an enterprise: name, each reading in full, the initials of
/// each reading, USCC.
#[must_use]
pub fn key(name: &str, uscc: &str) -> String {
    let name = query(name);
    let mut pieces = vec![name.clone()];
    for reading in readings(&name) {
        for piece in [reading.concat(), initials(&reading)] {
            if !pieces.contains(&piece) {
                pieces.push(piece);
            }
        }
    }
    pieces.push(query(uscc));
    pieces.join(" ")
}

/// A text as the key has it: compatibility forms folded (full width to half
/// width), lower case, letters and digits only.
#[must_use]
pub fn query(text: &str) -> String {
    // ü is typed as v on every Chinese keyboard.
    text.nfkc()
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ü' { 'v' } else { c })
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// The number of an issue, if the text is a whole one as people type it: in any
/// case, with full-width signs, with blanks around it.
#[must_use]
pub fn issue_number(text: &str) -> Option<String> {
    let typed: String = text.trim().nfkc().flat_map(char::to_uppercase).collect();
    let (day, running) = typed.strip_prefix('Q')?.split_once('-')?;
    let digits = |text: &str, least: usize| text.len() >= least && text.bytes().all(|b| b.is_ascii_digit());
    (day.len() == 8 && digits(day, 8) && digits(running, 4)).then_some(typed)
}

/// One word a character, in up to [`MOST_READINGS`] alternatives; what is no
/// Chinese character stands for itself.
fn readings(name: &str) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    for character in name.chars() {
        let alternatives = alternatives(character);
        let room = all.len() * alternatives.len() <= MOST_READINGS;
        let kept = if room { alternatives.len() } else { 1 };
        all = alternatives
            .iter()
            .take(kept)
            .flat_map(|word| {
                all.iter().map(move |reading| [reading.as_slice(), std::slice::from_ref(word)].concat())
            })
            .collect();
    }
    all
}

fn alternatives(character: char) -> Vec<String> {
    if let Some((_, words)) = POLYPHONIC.iter().find(|(known, _)| *known == character) {
        return words.iter().map(|word| (*word).to_owned()).collect();
    }
    let word = character.to_pinyin().map_or_else(|| character.to_string(), |read| query(read.plain()));
    vec![word]
}

fn initials(reading: &[String]) -> String {
    reading.iter().filter_map(|word| word.chars().next()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{MOST_READINGS, issue_number, key, query, readings};

    const USCC: &str = "91330500MA2TEXT16M";

    fn found(name: &str, typed: &str) -> bool {
        key(name, USCC).contains(&query(typed))
    }

    #[test]
    fn a_whole_number_is_known_however_it_is_typed_and_a_part_of_one_is_a_text() {
        for typed in ["Q20261124-00071", " q20261124-00071 ", "Ｑ２０２６１１２４－０００７１"]
        {
            assert_eq!(issue_number(typed).as_deref(), Some("Q20261124-00071"), "{typed}");
        }
        for typed in ["20261124-00071", "Q20261124", "Q20261124-", "Q2026112-400071", "Q20261124-00x71", ""] {
            assert_eq!(issue_number(typed), None, "{typed}");
        }
    }

    #[test]
    fn an_enterprise_is_found_by_what_people_type() {
        let name = "湖州绿能(吴兴)科技有限公司";
        for typed in [
            "湖州",
            "绿能",
            "绿能(吴兴)",
            "科 技",
            "huzhou",
            "Hu Zhou",
            "lvneng",
            "lü neng",
            "luneng",
            "hzln",
            "HZLNWX",
            "kjyxgs",
            "91330500ma2",
            "ＭＡ２ＴＥＸＴ",
            "9133 0500 MA2TEXT16M",
        ] {
            assert!(found(name, typed), "{typed} in {}", key(name, USCC));
        }
        for typed in ["杭州", "hangzhou", "gs9133", "hzkj", "司huzhou"] {
            assert!(!found(name, typed), "{typed}");
        }
    }

    #[test]
    fn surnames_and_places_are_found_by_either_reading() {
        for (name, typed) in [
            ("单氏刀具厂", "shanshi"),
            ("单氏刀具厂", "danshi"),
            ("重庆长安", "chongqing"),
            ("重庆长安", "cqca"),
            ("解放乐器行", "yueqihang"),
            ("曾记食品", "zengji"),
            ("ABC电子(集团)2号", "abcdianzijituan2hao"),
            ("ABC电子(集团)2号", "abcdzjt2h"),
        ] {
            assert!(found(name, typed), "{name} by {typed}: {}", key(name, USCC));
        }
    }

    #[test]
    fn many_readings_stay_few() {
        assert_eq!(readings("单").len(), 2);
        assert_eq!(readings("重长行乐厦单解曾查").len(), MOST_READINGS);
        let long = key(&"重长行乐厦".repeat(20), USCC);
        assert!(long.len() < 8_000, "{} bytes", long.len());
    }

    proptest! {
        #[test]
        fn any_piece_of_a_name_finds_it(name in "[\\u{4e00}-\\u{4fff}a-zA-Z0-9() ]{2,30}", from in 0_usize..20, length in 1_usize..6) {
            let piece: String = name.chars().skip(from).take(length).collect();
            prop_assert!(found(&name, &piece));
        }

        #[test]
        fn no_text_breaks_the_key(name in "\\PC{0,100}") {
            prop_assert!(!query(&name).contains(' '));
            prop_assert!(key(&name, USCC).ends_with("91330500ma2text16m"));
        }
    }
}
