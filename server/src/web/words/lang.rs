//! The two languages, and how one is picked.

use qiyema_protocol::text::Text;

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// 中文.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Chinese for any other than `en…`.
    #[must_use]
    pub fn of(tag: &str) -> Self {
        if tag.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("en")) { Self::En } else { Self::Zh }
    }

    /// What a browser likes best of the two (`Accept-Language`), if it names either.
    /// A weight of zero means "not this one"; of equal weights the first counts.
    #[must_use]
    pub fn accepted(list: &str) -> Option<Self> {
        let mut best: Option<(Self, f32)> = None;
        for range in list.split(',').take(32) {
            let mut parts = range.split(';').map(str::trim);
            let tag = parts.next().unwrap_or_default().to_ascii_lowercase();
            let lang = match tag.split('-').next().unwrap_or_default() {
                "zh" => Self::Zh,
                "en" => Self::En,
                _ => continue,
            };
            let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Ok(1.0), str::parse::<f32>);
            let weight = weight.unwrap_or(0.0).clamp(0.0, 1.0);
            if weight > 0.0 && best.is_none_or(|(_, so_far)| weight > so_far) {
                best = Some((lang, weight));
            }
        }
        best.map(|(lang, _)| lang)
    }

    /// A text with a smaller one in brackets, as the language writes them.
    #[must_use]
    pub fn bracketed(self, text: &str, within: &str) -> String {
        match self {
            Self::Zh => format!("{text}（{within}）"),
            Self::En => format!("{text} ({within})"),
        }
    }

    /// One of two texts.
    #[must_use]
    pub const fn pick(self, zh: &'static str, en: &'static str) -> &'static str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    /// A stored text in this language.
    #[must_use]
    pub fn say(self, text: &Text) -> &str {
        match self {
            Self::Zh => &text.zh,
            Self::En => &text.en,
        }
    }

    /// `zh` or `en`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.pick("zh", "en")
    }

    /// For the `lang` attribute.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        self.pick("zh-CN", "en")
    }

    /// The other language.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lang;

    #[test]
    fn the_browsers_weights_are_read() {
        for (list, wanted) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Some(Lang::Zh)),
            ("en;q=0.5, zh;q=0.9", Some(Lang::Zh)),
            ("zh;q=0.1, EN-gb;q=0.2", Some(Lang::En)),
            ("fr, de;q=0.9, en;q=0.1", Some(Lang::En)),
            ("zh;q=0, en;q=0.001", Some(Lang::En)),
            ("en, zh", Some(Lang::En)),
            ("en;q=nan, zh;q=0.1", Some(Lang::Zh)),
            ("enx, zhuang, fr", None),
            ("*", None),
            ("", None),
        ] {
            assert_eq!(Lang::accepted(list), wanted, "{list}");
        }
    }
}
