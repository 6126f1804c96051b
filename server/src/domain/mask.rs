//! Masking (脱敏) of people.

const COMPOUND_SURNAMES: [&str; 16] = [
    "欧阳", "司马", "诸葛", "上官", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "端木",
    "南宫", "轩辕", "长孙",
];

/// `张三` and `科长` → `张科长`; compound surnames stay whole.
pub fn surname_and_post(name: &str, post: &str) -> String {
    let compound =
        COMPOUND_SURNAMES.iter().find(|surname| name.starts_with(**surname) && name.chars().count() > 2);
    match compound {
        Some(surname) => format!("{surname}{post}"),
        None => name.chars().take(1).collect::<String>() + post,
    }
}

#[cfg(test)]
mod tests {
    use super::surname_and_post;

    #[test]
    fn surnames_keep_their_length() {
        assert_eq!(surname_and_post("张三丰", "科长"), "张科长");
        assert_eq!(surname_and_post("欧阳修", "主任"), "欧阳主任");
        assert_eq!(surname_and_post("欧阳", "主任"), "欧主任");
    }
}
