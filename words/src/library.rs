//! The names of what the library knows: licences, who is seen, ages, where a consent holds.

use domain::{
    consent::{Age, Giver, Scope, Shows},
    library::Licence,
};

use crate::Lang;

/// The name of a licence.
pub const fn licence_name(lang: Lang, licence: Licence) -> &'static str {
    match licence {
        Licence::Unsaid => lang.library_licence_unsaid(),
        Licence::Own => lang.library_licence_own(),
        Licence::Free => lang.library_licence_free(),
        Licence::CcBy => lang.library_licence_cc_by(),
        Licence::CcBySa => lang.library_licence_cc_by_sa(),
        Licence::CcByNd => lang.library_licence_cc_by_nd(),
        Licence::CcByNc => lang.library_licence_cc_by_nc(),
        Licence::Bought => lang.library_licence_bought(),
        Licence::Given => lang.library_licence_given(),
    }
}

/// Whether people can be recognised, as a form asks it.
pub const fn shows_name(lang: Lang, shows: Shows) -> &'static str {
    match shows {
        Shows::Unsaid => lang.library_shows_unsaid(),
        Shows::Nobody => lang.library_shows_nobody(),
        Shows::Public => lang.library_shows_public(),
        Shows::Persons => lang.library_shows_persons(),
    }
}

/// How old somebody is.
pub const fn age_name(lang: Lang, age: Age) -> &'static str {
    match age {
        Age::Adult => lang.library_age_adult(),
        Age::Fourteen => lang.library_age_fourteen(),
        Age::Child => lang.library_age_child(),
    }
}

/// Who gave a consent.
pub const fn giver_name(lang: Lang, giver: Giver) -> &'static str {
    match giver {
        Giver::Themselves => lang.library_giver_themselves(),
        Giver::Guardians => lang.library_giver_guardians(),
    }
}

/// Where a consent holds.
pub const fn scope_name(lang: Lang, scope: Scope) -> &'static str {
    match scope {
        Scope::Own => lang.library_scope_own(),
        Scope::Social => lang.library_scope_social(),
        Scope::Any => lang.library_scope_any(),
    }
}
