//! What is said of a poll: for how long it is open, how it is counted, and why one cannot go out as it is. Separate because the
//! composer, whoever agrees, the kit and the engine's own pages say the very same.

use domain::poll::Misfit;

use crate::Lang;

/// For how long, in the largest unit of which it is a whole number.
pub fn poll_open(lang: Lang, minutes: u32) -> String {
    match minutes {
        days if days % 1_440 == 0 => lang.poll_days(days / 1_440),
        hours if hours % 60 == 0 => lang.poll_hours(hours / 60),
        minutes => lang.poll_minutes(minutes),
    }
}

/// How long it is open, how many answers one may choose, and whether the count is hidden: a sentence each.
pub fn poll_terms(lang: Lang, minutes: u32, several: bool, hidden: bool) -> String {
    let chosen = if several { lang.poll_several() } else { lang.poll_one() };
    let open = lang.poll_open(poll_open(lang, minutes));
    let mut said = [&open, " ", chosen].concat();
    if hidden {
        said.push(' ');
        said.push_str(lang.poll_hidden());
    }
    said
}

/// What changed in its terms.
pub fn poll_changed(lang: Lang, before: Option<&domain::Poll>, after: Option<&domain::Poll>) -> String {
    let said = |poll: Option<&domain::Poll>| match poll {
        Some(poll) => poll_terms(lang, poll.minutes, poll.several, poll.hidden),
        None => lang.difference_none().to_owned(),
    };
    lang.poll_changed(said(after), said(before))
}

/// Why it cannot go out as it is.
pub(crate) fn misfit(lang: Lang, misfit: Misfit) -> String {
    // A limit that is no whole number of days is said as the days that fit into it.
    let within = |limit: u32| poll_open(lang, if limit > 1_440 { limit - limit % 1_440 } else { limit });
    match misfit {
        Misfit::NotTaken => lang.poll_not_taken().to_owned(),
        Misfit::Beside => lang.poll_beside().to_owned(),
        Misfit::Few { limit, count } => lang.poll_few(count, limit),
        Misfit::Many { limit, count } => lang.poll_many(count, limit),
        Misfit::Long { place, limit, count } => lang.poll_long(count, limit, place),
        Misfit::Twice => lang.poll_twice().to_owned(),
        Misfit::Uneven => lang.poll_uneven().to_owned(),
        Misfit::Sooner { limit } => lang.poll_sooner(poll_open(lang, limit)),
        Misfit::Later { limit } => lang.poll_later(within(limit)),
        Misfit::Several => lang.poll_not_several().to_owned(),
        Misfit::Shown => lang.poll_not_hidden().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_is_said_in_the_unit_that_people_use() {
        let said = |minutes| poll_open(Lang::En, minutes);
        assert_eq!(
            [5, 60, 360, 1_440, 10_080, 90].map(said),
            ["5 minutes", "1 hour", "6 hours", "1 day", "7 days", "90 minutes"]
        );
        assert!(misfit(Lang::Es, Misfit::Later { limit: 43_829 }).contains("30 días"));
        assert!(misfit(Lang::Es, Misfit::Sooner { limit: 5 }).contains("5 minutos"));
    }

    #[test]
    fn its_terms_are_said_whole() {
        let said = poll_terms(Lang::Es, 4_320, true, true);
        assert!(said.contains("3 días") && said.contains("varias") && said.contains("oculto"), "{said}");
        assert!(!poll_terms(Lang::Es, 4_320, false, false).contains("oculto"));
    }
}
