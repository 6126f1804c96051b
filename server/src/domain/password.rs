//! What a password must be: long, not the user name, not one thing repeated.
//! No rules about digits and signs: they make people write passwords down.

use qiyema_protocol::{problem::FieldProblem, text::Text};

use super::text::problem;

/// Fewest characters.
pub const LEAST: usize = 12;
/// Most characters.
pub const MOST: usize = 128;
/// Fewest different characters.
const DIFFERENT: usize = 5;

/// The rule in a sentence, for the help below a field.
#[must_use]
pub fn rule() -> Text {
    Text::new(
        "至少12个字符，不得含用户名；几个不相关的词连起来最好记。",
        "At least 12 characters, without the user name; a few unrelated words are easy to remember.",
    )
}

/// Checks a new password of this person.
pub fn check(field: &str, password: &str, username: &str) -> Result<(), FieldProblem> {
    let count = password.chars().count();
    if !(LEAST..=MOST).contains(&count) {
        return Err(problem(
            field,
            format!("密码应为{LEAST}至{MOST}个字符，现为{count}个"),
            format!("a password needs {LEAST} to {MOST} characters, this one has {count}"),
        ));
    }
    if password.contains('\0') {
        return Err(problem(field, "含有不可见的控制字符", "contains invisible control characters"));
    }
    let (small, name) = (password.to_lowercase(), username.to_lowercase());
    if name.chars().count() >= 3 && small.contains(&name) {
        return Err(problem(field, "密码不得含用户名", "a password must not contain the user name"));
    }
    let mut letters: Vec<char> = small.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    if letters.len() < DIFFERENT {
        return Err(problem(field, "密码重复的字符过多", "too few different characters"));
    }
    Ok(())
}

/// A user name: 2 to 64 letters, digits, dots, hyphens or underscores.
pub fn username(field: &str, text: &str) -> Result<String, FieldProblem> {
    let text = text.trim();
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    if (2..=64).contains(&text.chars().count()) && text.chars().all(fits) {
        return Ok(text.to_owned());
    }
    Err(problem(
        field,
        "用户名为2至64个字母、数字、点、横线或下划线",
        "2 to 64 letters, digits, dots, hyphens or underscores",
    ))
}

#[cfg(test)]
mod tests {
    use super::{check, username};

    #[test]
    fn long_and_not_the_name() {
        for good in ["correct horse", "湖水青青草木深春风十里", "湖水青青草木深春风十里路"]
        {
            assert_eq!(check("password", good, "wangmin").is_ok(), good.chars().count() >= 12, "{good}");
        }
        for bad in ["short-of-12", "xxWangMin-2026", "aaaaaaaaaaaaaaaa", "abababababab", &"x1y2z".repeat(30)]
        {
            assert!(check("password", bad, "wangmin").is_err(), "{bad}");
        }
    }

    #[test]
    fn user_names_have_no_blanks_and_no_markup() {
        assert_eq!(username("username", " wang.min ").unwrap(), "wang.min");
        assert!(username("username", "王敏").is_ok());
        for bad in ["w", "wang min", "<b>", "a\u{0}b", &"w".repeat(65)] {
            assert!(username("username", bad).is_err(), "{bad}");
        }
    }
}
