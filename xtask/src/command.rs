//! Running other programs: steps that show progress and keep quiet when they succeed, and children that die with us.

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::place;

/// Long silence looks like a hang: after each of these a line says what is still going on.
const STILL_HERE: Duration = Duration::from_secs(15);

/// Groups of processes that must not outlive us. Ctrl-C empties it.
static GROUPS: Mutex<Vec<i32>> = Mutex::new(Vec::new());

/// Set by Ctrl-C: what fails from then on fails because we stopped it, and is not worth a word.
static STOPPING: AtomicBool = AtomicBool::new(false);

/// Runs `command` as the step called `title`: one line when it starts and one when it ends, its output only if it
/// fails. Answers what it printed.
pub fn step(title: &str, command: &mut Command) -> Result<String> {
    println!("→ {title} …");
    let began = Instant::now();
    let finished = captured(title, command, true)?;
    if !finished.status.success() {
        bail!("{title}: {}\n{}\n(all of it: {})", finished.status, tail(&finished.output, 80), finished.log.display());
    }
    println!("✓ {title} ({})", seconds(began.elapsed()));
    Ok(finished.output)
}

/// Runs `command` without a word; its output is for us, or for the error.
pub fn quiet(title: &str, command: &mut Command) -> Result<String> {
    let finished = captured(title, command, false)?;
    if !finished.status.success() {
        bail!("{title}: {}\n{}", finished.status, tail(&finished.output, 80));
    }
    Ok(finished.output)
}

/// A program that ended, whatever its answer.
pub struct Finished {
    /// How it ended.
    pub status: ExitStatus,
    /// Everything it printed, both streams in their order.
    pub output: String,
    /// The file that keeps the output.
    pub log: PathBuf,
}

/// Runs `command` in its own group with its output in a log file, and waits for it.
pub fn captured(title: &str, command: &mut Command, speak: bool) -> Result<Finished> {
    let log = place::made(place::built().join("log"))?.join(format!("{}.log", slug(title)));
    let file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    let mut group = Group::spawn(command)?;
    let began = Instant::now();
    let mut spoke = began;
    let status = loop {
        if let Some(status) = group.child.try_wait()? {
            break status;
        }
        // Short steps must not wait for a long nap.
        thread::sleep(if began.elapsed() < Duration::from_secs(2) {
            Duration::from_millis(20)
        } else {
            Duration::from_millis(200)
        });
        if speak && spoke.elapsed() > STILL_HERE {
            spoke = Instant::now();
            println!("  … {} {}", seconds(began.elapsed()), last_line(&log));
        }
    };
    let output = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    Ok(Finished { status, output, log })
}

/// A child with all of its own children, stopped together when this is dropped.
pub struct Group {
    /// The first process of the group.
    pub child: Child,
}

impl Group {
    /// Starts `command` as the head of a new group, so that a Ctrl-C in the terminal reaches us alone and we decide
    /// the order in which things stop.
    pub fn spawn(command: &mut Command) -> Result<Self> {
        let program = command.get_program().to_string_lossy().into_owned();
        let child = command.process_group(0).spawn().with_context(|| format!("cannot start {program}"))?;
        if let Ok(mut groups) = GROUPS.lock() {
            groups.push(child.id() as i32);
        }
        Ok(Self { child })
    }

    /// Kills all of it at once, without a chance to finish anything.
    pub fn kill(&mut self) {
        let _ = killpg(Pid::from_raw(self.child.id() as i32), Signal::SIGKILL);
        let _ = self.child.wait();
    }

    /// The id of the group.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let id = self.child.id() as i32;
        stop(id);
        let _ = self.child.wait();
        if let Ok(mut groups) = GROUPS.lock() {
            groups.retain(|group| *group != id);
        }
    }
}

/// Asks a group to end, gives it five seconds, then ends it.
pub fn stop(group: i32) {
    let group = Pid::from_raw(group);
    if killpg(group, Signal::SIGTERM).is_err() {
        return; // nobody is left
    }
    for _ in 0..100 {
        thread::sleep(Duration::from_millis(50));
        // A finished child that was not waited for still counts as a member, so the head is reaped by its owner;
        // what matters here is only that nobody runs on.
        if killpg(group, None).is_err() || only_zombies(group) {
            return;
        }
    }
    let _ = killpg(group, Signal::SIGKILL);
}

/// Whether Ctrl-C was pressed.
pub fn stopping() -> bool {
    STOPPING.load(Ordering::Relaxed)
}

/// Whether every process of the group has ended and merely waits to be counted.
fn only_zombies(group: Pid) -> bool {
    let Ok(listing) = Command::new("ps").args(["-A", "-o", "pgid=,stat="]).output() else { return false };
    String::from_utf8_lossy(&listing.stdout)
        .lines()
        .filter_map(|line| line.trim().split_once(char::is_whitespace))
        .filter(|(pgid, _)| pgid.parse() == Ok(group.as_raw()))
        .all(|(_, stat)| stat.trim().starts_with('Z'))
}

/// From now on Ctrl-C (or a polite kill) stops every group before we go.
pub fn stop_on_ctrl_c() -> Result<()> {
    ctrlc::set_handler(|| {
        STOPPING.store(true, Ordering::Relaxed);
        println!("\nStopping …");
        let groups: Vec<i32> = GROUPS.lock().map(|groups| groups.clone()).unwrap_or_default();
        for group in groups.into_iter().rev() {
            stop(group);
        }
        println!("Stopped.");
        std::process::exit(0);
    })
    .context("cannot listen for Ctrl-C")
}

/// Hands every line of a stream to `each`, on a thread of its own.
pub fn follow(stream: impl std::io::Read + Send + 'static, mut each: impl FnMut(&str) + Send + 'static) {
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            each(&String::from_utf8_lossy(&line));
        }
    });
}

/// `95.2 s` reads badly, `1 min 35 s` reads well.
pub fn seconds(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        whole @ 10..60 => format!("{whole} s"),
        whole => format!("{} min {} s", whole / 60, whole % 60),
    }
}

/// The last `count` lines of a text.
pub fn tail(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

fn last_line(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    // Compilers draw arrows under what they mean: a line without a word says nothing by itself.
    let mut lines = text.rsplit(['\n', '\r']).map(str::trim);
    let line = lines.find(|line| line.contains(char::is_alphabetic)).unwrap_or_default();
    line.chars().take(100).collect()
}

/// A title as a file name.
fn slug(title: &str) -> String {
    title
        .to_lowercase()
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_like_times() {
        assert_eq!(seconds(Duration::from_millis(1_240)), "1.2 s");
        assert_eq!(seconds(Duration::from_secs(59)), "59 s");
        assert_eq!(seconds(Duration::from_secs(95)), "1 min 35 s");
    }

    #[test]
    fn the_tail_is_the_end() {
        assert_eq!(tail("a\nb\nc\n", 2), "b\nc");
        assert_eq!(tail("a", 2), "a");
    }

    #[test]
    fn a_title_becomes_a_file_name() {
        assert_eq!(slug("Building the desk (release)"), "building-the-desk-release");
    }

    #[test]
    fn a_dropped_group_takes_its_grandchildren_along() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 300 & sleep 300"]);
        let group = Group::spawn(&mut command).unwrap();
        let id = Pid::from_raw(group.id() as i32);
        assert!(killpg(id, None).is_ok());
        drop(group);
        assert!(killpg(id, None).is_err() || only_zombies(id));
    }
}
