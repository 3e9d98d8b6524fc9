//! How often an open desk asks whether anything has moved. Separate from the desk, which has the clock and the timers: here
//! stands what a day of it costs, and by the same numbers the engine tells who has gone.
//!
//! A free day has 100,000 requests, and ten people may spend a tenth of them on what nobody pressed a button for: a thousand
//! each, over four hours for which somebody really sees the tab. Asked every 15 seconds for as long as they do something, that
//! would be 960 questions alone, and nothing left for what is read once one of them has moved (`docs/DESIGN.md`).

use crate::Millis;

/// How long is waited, time after time, while nothing moves. Twice at first: what has just moved often moves on.
const STEPS: [Millis; 5] =
    [Millis::seconds(15), Millis::seconds(15), Millis::seconds(30), Millis::seconds(60), Millis::seconds(120)];

/// The step behind which nobody is left who is doing something: what they see is never older than half a minute.
const BUSY: usize = 2;

/// The step at which it stays while something moves each time: whoever writes has every pause stored, and all that is open would
/// read it as often.
const RESTLESS: usize = 3;

/// The wait while something is on its way out, which people watch.
const SWIFT: Millis = Millis::seconds(5);

/// So often in a row, two minutes in all: what takes longer (a video in parts, a look a quarter of an hour later) is not
/// watched by the second.
const SWIFTS: u32 = 24;

/// How often it is written down that somebody has a post open, at most: four hours of writing are 240 rows of a free day's
/// 100,000.
pub const TOLD: Millis = Millis::seconds(40);

/// Who was not heard of for so long has gone. Whoever leaves says so; this is for a browser that was closed and a line that
/// broke. Longer than [`TOLD`] and the longest wait of who writes together, with a slow answer on top.
pub const GONE: Millis = Millis::seconds(90);

/// Everything is read again after so long even if nothing moved: some things come about by the clock alone (a contract that
/// ends, an hour that is over), and they move nothing.
pub const ANYWAY: Millis = Millis::minutes(10);

/// How soon an open desk asks again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rhythm {
    step: usize,
    swift: u32,
    going: bool,
    busy: bool,
    moved: bool,
}

impl Rhythm {
    /// How long after the last question the next one is asked. Who writes in a post is told soon who else does.
    pub fn wait(&self, writing: bool) -> Millis {
        if self.swift > 0 {
            return SWIFT;
        }
        let latest = if writing { BUSY } else { STEPS.len() - 1 };
        STEPS[self.step.min(latest)]
    }

    /// It was answered, and something moved, or nothing did.
    pub fn heard(&mut self, moved: bool) {
        self.swift = self.swift.saturating_sub(1);
        self.later(if self.busy { BUSY } else { STEPS.len() - 1 });
        if moved {
            self.step = if self.moved { self.step.min(RESTLESS) } else { 0 };
        }
        self.moved = moved;
        self.busy = false;
    }

    /// There was no answer. Whoever waits for the line waits for no more than half a minute after it is back.
    pub fn lost(&mut self) {
        self.swift = 0;
        self.later(BUSY);
    }

    fn later(&mut self, latest: usize) {
        self.step = (self.step + 1).min(latest);
    }

    /// Somebody did something. Whether it is to be asked sooner for that.
    pub fn did(&mut self) -> bool {
        self.busy = true;
        let sooner = self.step > BUSY;
        self.step = self.step.min(BUSY);
        sooner
    }

    /// Something was opened, or the tab is seen again.
    pub fn opened(&mut self) {
        self.step = 0;
    }

    /// Whether what is looked at is on its way out. Watched from when it begins, and once.
    pub fn going(&mut self, is: bool) {
        if is && !self.going {
            self.swift = SWIFTS;
        }
        if !is {
            self.swift = 0;
        }
        self.going = is;
    }

    /// Something was just set on its way from here: whether it goes is asked at once.
    pub fn hasten(&mut self) {
        self.swift = self.swift.max(1);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// When it is asked within a span in which nothing moves, somebody doing something at these moments.
    fn asked(
        rhythm: &mut Rhythm,
        span: Millis,
        writing: bool,
        did: impl Fn(Millis) -> bool,
        moved: &[Millis],
    ) -> Vec<i64> {
        let (mut all, mut last, mut seen) = (Vec::new(), 0, 0);
        for now in 0..span.0 / 1_000 {
            let now = now * 1_000;
            if did(Millis(now)) {
                rhythm.did();
            }
            if now - last >= rhythm.wait(writing).0 {
                last = now;
                let came = moved.iter().filter(|at| at.0 <= now).count();
                rhythm.heard(came > seen);
                seen = came;
                all.push(now / 1_000);
            }
        }
        all
    }

    #[test]
    fn where_nothing_moves_it_is_asked_more_and_more_seldom() {
        let mut rhythm = Rhythm::default();
        let all = asked(&mut rhythm, Millis::minutes(6), false, |_| false, &[]);
        assert_eq!(all, [15, 30, 60, 120, 240]);
        assert!(rhythm.did(), "who comes back is not left waiting");
        assert_eq!(rhythm.wait(false), Millis::seconds(30));
        assert!(!rhythm.did());
    }

    #[test]
    fn what_moved_is_asked_after_soon_again() {
        let all = asked(&mut Rhythm::default(), Millis::minutes(4), false, |_| false, &[Millis::seconds(100)]);
        assert_eq!(all, [15, 30, 60, 120, 135, 150, 180]);
    }

    #[test]
    fn what_moves_without_end_is_read_every_minute_and_by_who_does_something_every_half() {
        let typed: Vec<Millis> = (0..300).map(Millis::seconds).collect();
        let all = asked(&mut Rhythm::default(), Millis::minutes(5), false, |_| false, &typed);
        assert_eq!(all, [15, 30, 45, 75, 135, 195, 255]);
        let all = asked(&mut Rhythm::default(), Millis::minutes(2), false, |_| true, &typed);
        assert_eq!(all, [15, 30, 45, 75, 105]);
    }

    #[test]
    fn who_does_something_or_writes_sees_nothing_older_than_half_a_minute() {
        let busy = asked(&mut Rhythm::default(), Millis::minutes(10), false, |_| true, &[]);
        let writing = asked(&mut Rhythm::default(), Millis::minutes(10), true, |_| false, &[]);
        assert_eq!(busy, writing);
        assert!(busy.windows(2).all(|two| two[1] - two[0] <= 30), "{busy:?}");
    }

    #[test]
    fn what_goes_out_is_watched_for_two_minutes_and_no_longer() {
        let mut rhythm = Rhythm::default();
        rhythm.hasten();
        assert_eq!(rhythm.wait(false), SWIFT);
        let mut swift = 0;
        for _ in 0..100 {
            rhythm.heard(false);
            rhythm.going(true);
            swift += u32::from(rhythm.wait(false) == SWIFT);
        }
        assert_eq!(swift, SWIFTS);
        // And again when it begins again.
        rhythm.going(false);
        rhythm.going(true);
        assert_eq!(rhythm.wait(false), SWIFT);
        rhythm.going(false);
        assert_eq!(rhythm.wait(false), Millis::seconds(120));
    }

    #[test]
    fn without_an_answer_it_is_asked_every_half_minute() {
        let mut rhythm = Rhythm::default();
        rhythm.going(true);
        (0..9).for_each(|_| rhythm.lost());
        assert_eq!(rhythm.wait(false), Millis::seconds(30));
    }

    #[test]
    fn who_still_writes_has_not_gone() {
        // Told, not told again for it was too early, and asked again only after the longest wait.
        let writing = Rhythm { step: STEPS.len() - 1, ..Rhythm::default() }.wait(true);
        assert!(TOLD.0 + writing.0 < GONE.0);
    }

    proptest! {
        /// Four hours of a tab that somebody sees, forty changes in them, and whatever they do: with what each change has
        /// read again (three requests), every ten minutes besides, twenty posts opened and left, and three that were watched
        /// on their way out, a person stays within a thousand requests, and ten of them within a tenth of a free day's.
        #[test]
        fn a_day_of_ten_people_is_a_tenth_of_what_is_given(
            moved in prop::collection::vec(0..14_400_000_i64, 40),
            busy in 1..200_i64,
            writing in any::<bool>(),
        ) {
            let moved: Vec<Millis> = moved.into_iter().map(Millis).collect();
            let span = Millis::hours(4);
            let all = asked(&mut Rhythm::default(), span, writing, |now| now.0 / 1_000 % busy == 0, &moved);
            let read = 3 * moved.len() + 3 * (span.0 / ANYWAY.0) as usize;
            let opened = 20 * 4;
            let watched = 3 * SWIFTS as usize;
            prop_assert!(all.len() + read + opened + watched <= 1_000, "{} asked", all.len());
        }
    }
}
