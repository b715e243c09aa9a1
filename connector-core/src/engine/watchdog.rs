//! Looks at the streams while they are read: repeats a state where nothing was said for long, and tells who waits for what
//! where nothing moves.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use super::Environment;
use crate::stream::StreamTask;

/// Waiting workers that one line tells of.
const TOLD: usize = 20;

/// Runs beside the streams for as long as they are read.
pub(super) async fn watch(environment: &Environment) -> Infallible {
    let limits = &environment.limits;
    // A wait is noticed at most a fifth of its limit late.
    let tick = limits.stalled.min(limits.sign_of_life) / 5;
    let mut told = Duration::ZERO;
    loop {
        environment.clock.deadline(tick.max(Duration::from_millis(1))).await;
        let tasks = environment.progress.tasks();
        let now = environment.clock.elapsed();
        let quiet = tasks.iter().map(|task| task.waits.quiet()).min().unwrap_or_default();
        if quiet >= limits.stalled && now.saturating_sub(told) >= limits.stalled {
            told = now;
            environment.log.warn(describe(&tasks, quiet));
        }
        for task in tasks {
            // The loss of the output is noticed by whoever has records for it.
            let _ = task.sign_of_life(limits.sign_of_life).await;
        }
    }
}

fn describe(tasks: &[Arc<StreamTask>], quiet: Duration) -> String {
    let of = |task: &Arc<StreamTask>| {
        let stream = task.report.name();
        task.waits.describe().into_iter().map(move |worker| format!("stream `{stream}` {worker}"))
    };
    let mut workers: Vec<String> = tasks.iter().flat_map(of).collect();
    let more = workers.len().saturating_sub(TOLD);
    workers.truncate(TOLD);
    let mut text = format!("nothing has moved for {} s: {}", quiet.as_secs(), workers.join("; "));
    if more > 0 {
        text.push_str(&format!("; and {more} more"));
    }
    text
}
