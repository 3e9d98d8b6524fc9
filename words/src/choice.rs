//! A rule that chooses a circuit, as one sentence.
//! Separate from the names: a sentence is built of them, and of names that only the caller knows.

use domain::{
    CampaignId, ChannelId, CircuitId, PillarId,
    circuit::{
        Clause, Facet, Holds, Matter,
        choice::{Constant, Rule},
    },
};

use crate::{Lang, kind_name, language_name, role_name};

/// What is named by the organisation and not by us. An identity without a name is one that is gone: the caller says so.
pub trait Named {
    /// The name of a channel.
    fn channel(&self, id: &ChannelId) -> String;
    /// The name of a campaign.
    fn campaign(&self, id: &CampaignId) -> String;
    /// The name of a pillar.
    fn pillar(&self, id: &PillarId) -> String;
    /// The name of a circuit.
    fn circuit(&self, id: &CircuitId) -> String;
}

/// The name of what a text may speak of.
pub const fn matter_name(lang: Lang, matter: Matter) -> &'static str {
    match matter {
        Matter::PersonalData => lang.choice_matter_personal_data(),
        Matter::Minors => lang.choice_matter_minors(),
        Matter::Money => lang.choice_matter_money(),
        Matter::Works => lang.choice_matter_works(),
        Matter::OfficeHolders => lang.choice_matter_office_holders(),
    }
}

/// The sentence of a rule.
pub fn rule_sentence(lang: Lang, rule: &Rule, names: &impl Named) -> String {
    let circuit = lang.choice_quoted(names.circuit(&rule.circuit));
    if rule.when.iter().any(|clause| clause.constant() == Some(Constant::Never)) {
        return lang.choice_never(circuit);
    }
    // What always holds says nothing.
    let clauses = rule.when.iter().filter(|clause| clause.constant().is_none());
    let clauses: Vec<String> = clauses.map(|clause| condition(lang, clause, names)).collect();
    match clauses.as_slice() {
        [] => lang.choice_always(circuit),
        clauses => lang.choice_rule(circuit, join(clauses, |_| lang.choice_and())),
    }
}

/// When a step is asked for, as a sentence.
pub fn step_sentence(lang: Lang, when: &[Clause], names: &impl Named) -> String {
    if when.iter().any(|clause| clause.constant() == Some(Constant::Never)) {
        return lang.choice_step_never().to_owned();
    }
    let clauses = when.iter().filter(|clause| clause.constant().is_none());
    let clauses: Vec<String> = clauses.map(|clause| condition(lang, clause, names)).collect();
    match clauses.as_slice() {
        [] => lang.choice_step_always().to_owned(),
        clauses => lang.choice_step_only(join(clauses, |_| lang.choice_and())),
    }
}

/// The sentence of what holds where no rule does.
pub fn otherwise_sentence(lang: Lang, circuit: &CircuitId, names: &impl Named) -> String {
    lang.choice_otherwise(lang.choice_quoted(names.circuit(circuit)))
}

/// A condition, as it stands in a sentence after "if".
pub fn condition(lang: Lang, clause: &Clause, names: &impl Named) -> String {
    let (l, any) = (lang, clause.holds == Holds::Any);
    let quoted = |name: String| lang.choice_quoted(name);
    let list = |names: Vec<String>| join(&names, |last| if any { or(lang, last) } else { lang.choice_nor() });
    match &clause.facet {
        Facet::Channels(these) => {
            let list = list(these.iter().map(|id| quoted(names.channel(id))).collect());
            if any { l.choice_channels_any(list) } else { l.choice_channels_none(list) }
        }
        Facet::Kinds(these) => {
            let list = list(these.iter().map(|kind| quoted(kind_name(lang, *kind).to_owned())).collect());
            if any { l.choice_kinds_any(list) } else { l.choice_kinds_none(list) }
        }
        Facet::Campaigns(these) => {
            let list = list(these.iter().map(|id| quoted(names.campaign(id))).collect());
            if any { l.choice_campaigns_any(list) } else { l.choice_campaigns_none(list) }
        }
        Facet::Pillars(these) => {
            let list = list(these.iter().map(|id| quoted(names.pillar(id))).collect());
            if any { l.choice_pillars_any(list) } else { l.choice_pillars_none(list) }
        }
        Facet::Languages(these) => {
            let list = list(these.iter().map(|language| language_name(lang, language).into_owned()).collect());
            if any { l.choice_languages_any(list) } else { l.choice_languages_none(list) }
        }
        Facet::Matters(these) => {
            let list = list(these.iter().map(|matter| matter_name(lang, *matter).to_owned()).collect());
            if any { l.choice_matters_any(list) } else { l.choice_matters_none(list) }
        }
        Facet::Authors(these) => {
            let list = list(these.iter().map(|role| quoted(role_name(lang, *role).to_owned())).collect());
            if any { l.choice_authors_any(list) } else { l.choice_authors_none(list) }
        }
    }
}

/// "o", but "u" before a word that begins with the sound: "dinero u obras".
fn or(lang: Lang, next: &str) -> &'static str {
    let next = next.trim_start_matches(['«', '“']).to_lowercase();
    let sound = next.strip_prefix('h').unwrap_or(&next).starts_with(['o', 'ó']);
    if sound { lang.choice_or_before_o() } else { lang.choice_or() }
}

/// "a, b and c", with the word that goes before the last.
fn join(names: &[String], word: impl Fn(&str) -> &'static str) -> String {
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => [rest.join(", ").as_str(), word(last), last].join(" "),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Kind, Language, Role};

    struct Town;

    impl Named for Town {
        fn channel(&self, _: &ChannelId) -> String {
            "Tablón".to_owned()
        }
        fn campaign(&self, _: &CampaignId) -> String {
            "Agua".to_owned()
        }
        fn pillar(&self, _: &PillarId) -> String {
            "Servicios".to_owned()
        }
        fn circuit(&self, _: &CircuitId) -> String {
            "Con intervención".to_owned()
        }
    }

    fn rule(when: Vec<Clause>) -> Rule {
        Rule { when, circuit: CircuitId::from_bits(1) }
    }

    fn any(facet: Facet) -> Clause {
        Clause { holds: Holds::Any, facet }
    }

    #[test]
    fn a_rule_reads_as_a_sentence() {
        let rule = rule(vec![
            any(Facet::Kinds([Kind::Legal, Kind::Sensitive].into())),
            Clause { holds: Holds::None, facet: Facet::Languages([Language::english(), Language::spanish()].into()) },
            any(Facet::Matters([Matter::Money, Matter::Works].into())),
        ]);
        assert_eq!(
            rule_sentence(Lang::Es, &rule, &Town),
            "Si es de la clase «Asunto delicado» o «Con efectos legales», no sale en inglés ni español y habla de \
             cantidades de dinero u obras públicas: circuito «Con intervención»."
        );
    }

    #[test]
    fn a_step_says_when_it_is_asked_for() {
        let money = any(Facet::Matters([Matter::Money].into()));
        let kinds = Clause { holds: Holds::None, facet: Facet::Kinds([Kind::Emergency].into()) };
        assert_eq!(
            step_sentence(Lang::Es, &[money, kinds], &Town),
            "Solo si habla de cantidades de dinero y no es de la clase «Emergencia»."
        );
        assert_eq!(step_sentence(Lang::En, &[], &Town), "Always.");
        assert!(step_sentence(Lang::Es, &[any(Facet::Kinds([].into()))], &Town).starts_with("Nunca"));
    }

    #[test]
    fn a_rule_that_says_nothing_or_cannot_hold_says_so() {
        let always = rule(vec![any(Facet::Authors(Role::ALL.into()))]);
        assert_eq!(rule_sentence(Lang::En, &always, &Town), "Always: circuit “Con intervención”.");
        let never = rule(vec![any(Facet::Channels([].into()))]);
        assert!(rule_sentence(Lang::Es, &never, &Town).starts_with("Nunca"));
        let circuit = CircuitId::from_bits(1);
        assert_eq!(otherwise_sentence(Lang::Es, &circuit, &Town), "En los demás casos: circuito «Con intervención».");
    }
}
