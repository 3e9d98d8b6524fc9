//! What several pages share and what knows the domain's words: a problem and its sentence, a call under way, a name.
//! Separate from `ui`, which knows neither.

mod problem;
mod work;

pub use problem::{ProblemNotice, problem_sentence};
pub use work::Work;
