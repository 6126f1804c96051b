//! How Chinese is written: full-width signs, and one name for one thing. The texts stand
//! in the sources, so the sources are read.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Names that were once used for what is called 企业口令.
const OTHER_NAMES: [&str; 5] = ["查询密码", "验证码", "密码函", "PIN码", "企业PIN"];

fn han(sign: Option<&char>) -> bool {
    sign.is_some_and(|sign| ('\u{3400}'..='\u{9fff}').contains(sign))
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
            into.push(path);
        }
    }
}

/// The texts between quotes, without those of tests and remarks.
fn texts(code: &str) -> Vec<String> {
    let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let mut found = Vec::new();
    let mut rest = code.chars().peekable();
    let mut before = ' ';
    while let Some(sign) = rest.next() {
        match sign {
            '/' if rest.peek() == Some(&'/') => drop(rest.by_ref().find(|sign| *sign == '\n')),
            // A quote as a character, plain or escaped, begins no text.
            '"' if before != '\'' => {
                let mut text = String::new();
                while let Some(sign) = rest.next() {
                    match sign {
                        '\\' => text.extend(rest.next()),
                        '"' => break,
                        _ => text.push(sign),
                    }
                }
                found.push(text);
            }
            _ => {}
        }
        before = if before == '\'' && sign == '\\' { '\'' } else { sign };
    }
    found
}

/// Signs of a Chinese text that are written as Latin ones.
fn half_width(text: &str) -> bool {
    let signs: Vec<char> = text.chars().collect();
    signs.iter().enumerate().any(|(at, sign)| {
        let before = at.checked_sub(1).and_then(|at| signs.get(at));
        let (next, after) = (signs.get(at + 1), signs.get(at + 2));
        let latin = next == Some(&' ') && after.is_some_and(char::is_ascii_alphabetic);
        match sign {
            ',' | ';' if latin => false,
            ':' if matches!(next, Some(':' | '/')) || before == Some(&':') => false,
            ',' | ';' | ':' | '?' | '!' | '(' | ')' => han(before) || han(next),
            _ => false,
        }
    })
}

#[test]
fn chinese_has_its_own_signs_and_the_pin_one_name() {
    let server = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in ["src", "protocol/src", "../client-cli/src"] {
        sources(&server.join(folder), &mut paths);
    }
    assert!(paths.len() > 200, "the sources were not found");
    let mut all: Vec<(PathBuf, String)> = Vec::new();
    for path in paths {
        let code = fs::read_to_string(&path).unwrap();
        all.extend(texts(&code).into_iter().map(|text| (path.clone(), text)));
    }
    for name in ["config/default.toml", "seed/demo.toml", "seed/directory.toml"] {
        let file = server.join(name);
        let lines = fs::read_to_string(&file).unwrap();
        let values = lines.lines().filter(|line| !line.starts_with('#'));
        all.extend(values.map(|line| (file.clone(), line.to_owned())));
    }
    let wrong =
        all.iter().filter(|(_, text)| half_width(text) || OTHER_NAMES.iter().any(|name| text.contains(name)));
    let wrong: Vec<String> = wrong.map(|(path, text)| format!("{}: {text}", path.display())).collect();
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_reader_sees_what_it_should() {
    let code = "let a = \"好,吗\"; // \"不,看\"\nlet b = ['\"', '\\\"'];\nlet c = \"x\\\"y\";\n#[cfg(test)]\nmod tests { \"测,试\"; }";
    assert_eq!(texts(code), ["好,吗", "x\"y"]);
    for bad in ["好,吗", "共{}件;请看", "原因:", "(预计)", "好吗?"] {
        assert!(half_width(bad), "{bad}");
    }
    for good in ["好，吗", "a, b", "http://甲", "中文, English", "10:30", "f(x)"] {
        assert!(!half_width(good), "{good}");
    }
}
