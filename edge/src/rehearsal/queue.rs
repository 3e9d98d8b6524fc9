//! The queue under rehearsal: its misdeliveries, and a count of what is on its way.
//! Separate from the fault points: a campaign that moves the clock while an attempt is in flight would prove nothing
//! about an engine whose leases are longer than its patience, so it asks here first.

use std::sync::{
    Mutex,
    atomic::{AtomicU32, Ordering},
};

use domain::Millis;
use wire::{Nothing, rehearsal::Work};

use crate::{answer::Refused, ask::Ask, jobs::Job, rehearsal::fires};

/// What was sent and not yet received, with the real time at which it is due. A killed engine forgets it, as its queue
/// does.
static ON_THE_WAY: Mutex<Vec<(Job, i64)>> = Mutex::new(Vec::new());

static BUSY: AtomicU32 = AtomicU32::new(0);

fn real_now() -> i64 {
    worker::Date::now().as_millis() as i64
}

/// Whether a publication, or its pin, hangs on one of these messages: a fault that is armed waits for such, or most would be
/// spent on the clock's own messages, where nobody would see them.
fn carries(jobs: &[(Job, Millis)]) -> bool {
    jobs.iter().any(|(job, _)| matches!(job, Job::Deliver { .. } | Job::Look { .. } | Job::Pin { .. }))
}

/// Loses messages if that is armed.
pub fn loses(jobs: &[(Job, Millis)]) -> bool {
    carries(jobs) && fires("queue_loses")
}

/// Doubles, reverses or delays messages if that is armed.
pub fn misdeliver(jobs: &[(Job, Millis)]) -> Vec<(Job, Millis)> {
    let mut jobs = jobs.to_vec();
    if !carries(&jobs) {
        return jobs;
    }
    if fires("queue_doubles") {
        jobs.extend(jobs.clone());
    }
    if fires("queue_reorders") {
        // The first come last, and a second later.
        jobs.reverse();
        let half = jobs.len() / 2;
        jobs.iter_mut().skip(half).for_each(|(_, wait)| *wait = Millis(wait.0.max(0) + 1_000));
    }
    jobs
}

/// Notes what is handed to the queue.
pub fn sent(jobs: &[(Job, Millis)]) {
    let now = real_now();
    super::spending::messages(jobs.len());
    if let Ok(mut way) = ON_THE_WAY.lock() {
        way.extend(jobs.iter().map(|(job, wait)| (job.clone(), now + wait.0.max(0))));
    }
}

/// An invocation of the queue that runs; dropping it ends it.
pub struct Busy;

impl Drop for Busy {
    fn drop(&mut self) {
        BUSY.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Notes what came out of the queue.
pub fn received(jobs: impl Iterator<Item = Job>) -> Busy {
    BUSY.fetch_add(1, Ordering::Relaxed);
    if let Ok(mut way) = ON_THE_WAY.lock() {
        for job in jobs {
            let soonest = way.iter().enumerate().filter(|(_, (sent, _))| *sent == job).min_by_key(|(_, (_, due))| *due);
            if let Some(place) = soonest.map(|(place, _)| place) {
                way.swap_remove(place);
            }
        }
    }
    Busy
}

/// Tells what is on its way.
pub async fn work(_: Ask<Nothing>) -> Result<Work, Refused> {
    let now = real_now();
    let way = ON_THE_WAY.lock().map_err(|_| domain::Refusal::Unavailable)?;
    let due = way.iter().filter(|(_, due)| *due <= now).count() as u32;
    Ok(Work { due, busy: BUSY.load(Ordering::Relaxed), later: way.len() as u32 - due })
}
