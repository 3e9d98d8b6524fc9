//! The sentence for every reason why a post does not go out at the hour that was planned, with what to do.
//! Separate because the match is exhaustive: a reason without words does not compile.

use domain::plan::Missed;

use crate::Lang;

/// What is said of an hour that was lost; `when` is that hour, as whoever shows it writes it.
pub fn missed(lang: Lang, why: Missed, when: impl std::fmt::Display) -> String {
    match why {
        Missed::GivenUp => lang.plan_missed_given_up(when),
        Missed::Passed => lang.plan_missed_passed(when),
        Missed::NoRoom => lang.plan_missed_no_room(when),
        Missed::DutiesApart => lang.plan_missed_duties_apart(when),
        Missed::PlannerGone => lang.plan_missed_planner_gone(when),
        Missed::Paused => lang.plan_missed_paused(when),
        Missed::Blocked => lang.plan_missed_blocked(when),
    }
}
