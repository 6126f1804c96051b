//! Appeals against ratings: when the decisions of people outside the unit make
//! an outcome.

use qiyema_protocol::appeal::Judgement;

/// Two equal decisions are the outcome; two that differ are settled by a third
/// person, so that neither a single voice excludes a rating nor a single voice
/// keeps an appeal from being heard.
#[must_use]
pub fn outcome(decisions: &[Judgement]) -> Option<Judgement> {
    [Judgement::Accepted, Judgement::Rejected]
        .into_iter()
        .find(|wanted| decisions.iter().filter(|one| *one == wanted).count() >= 2)
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::appeal::Judgement::{Accepted, Rejected};

    use super::outcome;

    #[test]
    fn one_decides_nothing_two_alike_do_and_a_third_settles() {
        assert_eq!(outcome(&[]), None);
        assert_eq!(outcome(&[Accepted]), None);
        assert_eq!(outcome(&[Accepted, Accepted]), Some(Accepted));
        assert_eq!(outcome(&[Rejected, Rejected]), Some(Rejected));
        assert_eq!(outcome(&[Accepted, Rejected]), None);
        assert_eq!(outcome(&[Accepted, Rejected, Rejected]), Some(Rejected));
        assert_eq!(outcome(&[Rejected, Accepted, Accepted]), Some(Accepted));
    }
}
