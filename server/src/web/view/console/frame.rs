//! What every console page stands in: the centre's name, where one may go, who
//! one is, and the token that each form carries.

use qiyema_protocol::staff::Role;

use super::{
    assets::{SCRIPT, STYLE},
    nav::{Group, Link, links},
};
use crate::web::words::{
    console::frame::{FrameWords, role},
    lang::Lang,
};

/// A message on top of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// The sentence.
    pub text: String,
    /// Good news, or what went wrong.
    pub good: bool,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// Full name.
    pub name: String,
    /// Roles in words.
    pub roles: String,
}

/// The frame of a page.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Language.
    pub lang: Lang,
    /// Its words.
    pub w: &'static FrameWords,
    /// Name of the centre.
    pub centre: String,
    /// Who is signed in.
    pub who: Option<Who>,
    /// Links under their headings.
    pub nav: Vec<(&'static str, Vec<Link>)>,
    /// The hidden field `csrf` of every form.
    pub csrf: String,
    /// This page in the other language; empty where asking again would lose what is shown once.
    pub other: String,
    /// A message.
    pub flash: Option<Flash>,
    /// Notices that are not read.
    pub unread: u32,
    /// What an administrator should see to: a sentence, and where.
    pub care: Option<(String, &'static str)>,
}

impl Frame {
    /// For a person (or nobody yet) at this address (path and query).
    #[must_use]
    pub fn new(lang: Lang, centre: &str, person: Option<(&str, &[Role])>, csrf: &str, here: &str) -> Self {
        let w = FrameWords::of(lang);
        let path = here.split('?').next().unwrap_or_default();
        let nav = person.map_or_else(Vec::new, |(_, roles)| {
            [
                (w.work, Group::Work),
                (w.oversight, Group::Oversight),
                (w.administration, Group::Administration),
            ]
            .into_iter()
            .map(|(name, group)| (name, links(group, roles, lang, path)))
            .filter(|(_, links)| !links.is_empty())
            .collect()
        });
        Self {
            lang,
            w,
            centre: centre.to_owned(),
            who: person.map(|(name, roles)| Who {
                name: name.to_owned(),
                roles: roles.iter().map(|one| role(lang, *one)).collect::<Vec<_>>().join(" · "),
            }),
            nav,
            csrf: csrf.to_owned(),
            other: in_language(here, lang.other()),
            flash: None,
            unread: 0,
            care: None,
        }
    }

    /// With so many notices that are not read.
    #[must_use]
    pub const fn noting(mut self, unread: u32) -> Self {
        self.unread = unread;
        self
    }

    /// With a message on top.
    #[must_use]
    pub fn saying(mut self, flash: Option<Flash>) -> Self {
        self.flash = flash;
        self
    }

    /// Of an answer to a form: asked for again, by a change of the language, it would show something else,
    /// and what is shown once would be gone.
    #[must_use]
    pub fn answering(mut self, posted: bool) -> Self {
        if posted {
            self.other.clear();
        }
        self
    }

    /// The style sheet.
    #[must_use]
    pub fn style(&self) -> String {
        STYLE.href()
    }

    /// The script.
    #[must_use]
    pub fn script(&self) -> String {
        SCRIPT.href()
    }

    /// A frame to look at: somebody of every role.
    #[must_use]
    pub fn sample(lang: Lang, here: &str) -> Self {
        let roles = [Role::IntakeOfficer, Role::Dispatcher, Role::Auditor];
        let centre = lang.pick("湖州市企业综合服务中心", "Huzhou Enterprise Service Centre");
        Self::new(lang, centre, Some(("徐丽", &roles)), "csrf-token", here).noting(2)
    }
}

/// An address with its `lang` replaced.
fn in_language(here: &str, lang: Lang) -> String {
    let (path, query) = here.split_once('?').unwrap_or((here, ""));
    let kept = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("lang=") && !pair.starts_with("done="));
    let mut pairs: Vec<String> = kept.map(ToOwned::to_owned).collect();
    pairs.push(format!("lang={}", lang.code()));
    format!("{path}?{}", pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use super::{Frame, in_language};
    use crate::web::words::lang::Lang;

    #[test]
    fn switching_the_language_keeps_the_filter_and_drops_the_message() {
        assert_eq!(
            in_language("/console/issues?state=closed&lang=zh&done=1", Lang::En),
            "/console/issues?state=closed&lang=en"
        );
        assert_eq!(in_language("/console", Lang::Zh), "/console?lang=zh");
    }

    #[test]
    fn a_page_below_a_place_belongs_to_it_and_home_is_only_home() {
        let frame = Frame::sample(Lang::En, "/console/issues/Q1?x=1");
        let here: Vec<_> = frame.nav.iter().flat_map(|(_, links)| links).filter(|link| link.here).collect();
        assert_eq!(here.len(), 1);
        assert_eq!(here[0].href, "/console/issues");
    }
}
