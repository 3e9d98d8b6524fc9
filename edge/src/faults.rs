//! Named points where a rehearsal can break the engine. In a production build every one of them is nothing.
//! Separate from `rehearsal` so that the code with the points reads the same in both builds.

/// The engine "died" here: whoever gets it stops at once and writes nothing more.
#[derive(Debug, Clone, Copy)]
pub struct Crash;

/// Dies here if a fault is armed.
///
/// # Errors
/// `Crash`.
#[inline]
pub fn point(name: &str) -> Result<(), Crash> {
    #[cfg(feature = "rehearsal")]
    if crate::rehearsal::fires(name) {
        return Err(Crash);
    }
    let _ = name;
    Ok(())
}

/// Whether a known bug was planted, to prove that the fault campaign would find it.
#[inline]
pub fn planted(name: &str) -> bool {
    #[cfg(feature = "rehearsal")]
    {
        crate::rehearsal::planted(name)
    }
    #[cfg(not(feature = "rehearsal"))]
    {
        let _ = name;
        false
    }
}
