//! A call under way: busy while it runs, a problem if it fails. What a form or a button needs around every request.

use std::{future::Future, pin::Pin};

use leptos::{prelude::*, task::spawn_local};

use crate::api::{Answer, Problem};

/// What is done with an answer: it is in there.
type Then = Box<dyn FnOnce()>;

/// The two signals around a request.
#[derive(Debug, Clone, Copy)]
pub struct Work {
    /// Whether it runs.
    pub busy: RwSignal<bool>,
    /// Why it failed, until it is tried again.
    pub problem: RwSignal<Option<Problem>>,
}

impl Default for Work {
    fn default() -> Self {
        Self::new()
    }
}

impl Work {
    /// Nothing under way.
    pub fn new() -> Self {
        Self { busy: RwSignal::new(false), problem: RwSignal::new(None) }
    }

    /// Runs a request, then `done` with its answer, unless one runs already. The page may be gone by then: setting a
    /// signal of a page that is gone does nothing, so `done` must only set, never read.
    pub fn run<A: 'static>(self, call: impl Future<Output = Answer<A>> + 'static, done: impl FnOnce(A) + 'static) {
        // Only what needs the types is generic, and boxed: a hundred requests wait in one way.
        self.wait(Box::pin(async move { call.await.map(|answer| Box::new(move || done(answer)) as Then) }));
    }

    fn wait(self, call: Pin<Box<dyn Future<Output = Answer<Then>>>>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let answer = call.await;
            if self.busy.try_set(false).is_some() {
                // The page is gone; the engine has done what was asked all the same.
                return;
            }
            match answer {
                Ok(then) => then(),
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }
}
