//! What the plan promises and how it stands, as a person would say it. Separate from `names`: these are sentences, and
//! the page, its form and the record say the same promise in the same words.

use domain::promise::{Per, Progress};

use crate::Lang;

/// A promise with the names of what it speaks of.
#[derive(Debug, Clone, Copy)]
pub struct Promised<'a> {
    /// So many.
    pub count: u32,
    /// In which time.
    pub per: Per,
    /// The channel.
    pub channel: &'a str,
    /// The pillar.
    pub pillar: Option<&'a str>,
    /// The audience.
    pub audience: Option<&'a str>,
}

/// What is promised: "3 por semana en Instagram, sobre «Movilidad»".
pub fn promised(lang: Lang, promise: Promised<'_>) -> String {
    let Promised { count, per, channel, pillar, audience } = promise;
    let mut what = match per {
        Per::Week => lang.promise_week(channel, count),
        Per::Month => lang.promise_month(channel, count),
    };
    if let Some(pillar) = pillar {
        what = lang.promise_about(pillar, what);
    }
    if let Some(audience) = audience {
        what = lang.promise_to(audience, what);
    }
    what
}

/// What is promised and how it stands: "Prometido: 3 por semana en Instagram. 1 ha salido, 1 tiene su hora y falta 1."
pub fn progress(lang: Lang, promise: Promised<'_>, progress: &Progress) -> String {
    let mut how = Vec::new();
    if progress.out > 0 {
        how.push(lang.promise_out(progress.out));
    }
    if progress.placed > 0 {
        how.push(lang.promise_placed(progress.placed));
    }
    if progress.wished > 0 {
        how.push(lang.promise_wished(progress.wished));
    }
    if how.is_empty() {
        how.push(lang.promise_none().to_owned());
    } else if progress.missing() > 0 {
        how.push(lang.promise_missing(progress.missing()));
    }
    if progress.promised.is_none() {
        let why = match promise.per {
            Per::Week => lang.promise_unmeasured_week(),
            Per::Month => lang.promise_unmeasured_month(),
        };
        how.push(why.to_owned());
    }
    let last = how.pop().unwrap_or_default();
    let how = if how.is_empty() { last } else { lang.promise_and(last, how.join(", ")) };
    lang.promise_said(how, promised(lang, promise))
}

#[cfg(test)]
mod tests {
    use domain::PromiseId;

    use super::*;

    fn said(lang: Lang, promised: Option<u32>, [out, placed, wished]: [u32; 3], pillar: Option<&str>) -> String {
        let promise = Promised { count: 3, per: Per::Week, channel: "Instagram", pillar, audience: None };
        progress(lang, promise, &Progress { promise: PromiseId::from_bits(1), promised, out, placed, wished })
    }

    #[test]
    fn how_a_promise_stands_is_said_as_people_say_it() {
        let es = |promised, counts, pillar| said(Lang::Es, promised, counts, pillar);
        assert_eq!(
            es(Some(3), [1, 1, 0], None),
            "Prometido: 3 por semana en Instagram. 1 ha salido, 1 tiene su hora y falta 1."
        );
        assert_eq!(
            es(Some(3), [0, 0, 0], Some("Movilidad")),
            "Prometido: 3 por semana en Instagram, sobre «Movilidad». Todavía no hay ninguna."
        );
        assert_eq!(es(Some(3), [3, 0, 0], None), "Prometido: 3 por semana en Instagram. 3 han salido.");
        assert_eq!(
            es(None, [0, 0, 2], None),
            "Prometido: 3 por semana en Instagram. 2 están previstas sin aprobar y no se mide, porque no vale toda la semana."
        );
        assert_eq!(
            said(Lang::En, Some(3), [0, 2, 0], None),
            "Promised: 3 a week on Instagram. 2 have their hour and 1 is missing."
        );
    }

    #[test]
    fn whom_a_promise_is_for_is_said_after_what_it_is_about() {
        let promise = Promised {
            count: 1,
            per: Per::Month,
            channel: "the noticeboard",
            pillar: Some("Mobility"),
            audience: Some("Elders"),
        };
        assert_eq!(promised(Lang::En, promise), "1 a month on the noticeboard, about “Mobility”, to “Elders”");
    }
}
