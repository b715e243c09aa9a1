#![allow(clippy::unwrap_used)]

use super::*;
use connector_core::clock::VirtualClock;

fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn budget(clock: &VirtualClock, quotas: &[Quota], in_flight: usize) -> Arc<Budget> {
    Arc::new(Budget::new(Arc::new(clock.clone()), quotas.to_vec(), in_flight))
}

async fn acquire(budget: &Arc<Budget>, host: &str, weight: u32) -> Permit {
    budget
        .acquire(
            &Want { host, stream: "a", weight, lanes: &[SHARED], urgent: false },
            &Ticket::default(),
            Duration::MAX,
        )
        .await
        .unwrap()
}

fn learn(budget: &Budget, advice: &Advice) {
    budget.learn("a", SHARED, advice, true, MINUTE);
}

const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn a_moving_window_holds_in_every_stretch() {
    let clock = VirtualClock::new();
    let budget = budget(&clock, &[Quota::moving(3, MINUTE)], 100);
    run(async {
        let mut sent = Vec::new();
        for i in 0..10 {
            drop(acquire(&budget, "a", 1).await);
            sent.push(clock.elapsed());
            clock.advance(Duration::from_secs(i * 3));
        }
        for stretch in sent.windows(4) {
            assert!(stretch[3] - stretch[0] >= MINUTE, "{sent:?}");
        }
    });
}

#[test]
fn a_fixed_window_opens_at_the_full_minute() {
    let clock = VirtualClock::new();
    clock.advance(Duration::from_secs(50));
    let budget = budget(&clock, &[Quota::fixed(2, MINUTE)], 100);
    run(async {
        for _ in 0..3 {
            drop(acquire(&budget, "a", 1).await);
        }
    });
    assert_eq!(clock.sleeps(), [Duration::from_secs(10)]);
}

#[test]
fn several_quotas_and_weights_hold_together() {
    let clock = VirtualClock::new();
    let budget = budget(&clock, &[Quota::moving(10, MINUTE), Quota::moving(2, Duration::from_secs(1))], 100);
    run(async {
        drop(acquire(&budget, "a", 2).await);
        drop(acquire(&budget, "a", 1).await);
        drop(acquire(&budget, "a", 1).await);
        assert_eq!(clock.elapsed(), Duration::from_secs(1));
        // Heavier than the whole quota: allowed once nothing else is in the window.
        drop(acquire(&budget, "a", 20).await);
        assert_eq!(clock.elapsed(), Duration::from_secs(61));
    });
}

#[test]
fn a_large_quota_needs_no_long_list() {
    for quota in [Quota::moving(1_000_000, MINUTE), Quota::fixed(1_000_000, MINUTE)] {
        let clock = VirtualClock::new();
        let budget = budget(&clock, &[quota], 100);
        run(async {
            for _ in 0..50_000 {
                drop(acquire(&budget, "a", 1).await);
                clock.advance(Duration::from_millis(10));
            }
        });
        assert!(budget.lock().spent[&SHARED][0].len() <= 2 * PARTS as usize + 2);
    }
}

#[test]
fn places_are_given_back() {
    let clock = VirtualClock::new();
    let budget = budget(&clock, &[], 1);
    run(async {
        let first = acquire(&budget, "a", 1).await;
        let other_host = acquire(&budget, "b", 1).await;
        let second = tokio::spawn({
            let budget = Arc::clone(&budget);
            async move { drop(acquire(&budget, "a", 1).await) }
        });
        tokio::task::yield_now().await;
        assert!(!second.is_finished());
        drop(first);
        second.await.unwrap();
        drop(other_host);
    });
}

#[test]
fn nothing_left_closes_the_host_until_the_reset() {
    let clock = VirtualClock::new();
    let budget = budget(&clock, &[], 4);
    run(async {
        learn(&budget, &Advice { remaining: Some(1), reset: Some(MINUTE), ..Advice::default() });
        drop(acquire(&budget, "a", 1).await);
        assert_eq!(clock.elapsed(), Duration::ZERO);
        drop(acquire(&budget, "a", 1).await);
        assert_eq!(clock.elapsed(), MINUTE);
        drop(acquire(&budget, "b", 1).await);
        assert_eq!(clock.elapsed(), MINUTE);
    });
}

#[test]
fn a_long_wait_is_handed_back() {
    let clock = VirtualClock::new();
    let budget = budget(&clock, &[], 4);
    budget.limited("a", SHARED, MINUTE);
    let want = Want { host: "a", stream: "", weight: 1, lanes: &[SHARED], urgent: false };
    let held = run(budget.acquire(&want, &Ticket::default(), Duration::from_secs(5))).err();
    assert_eq!((held, clock.sleeps()), (Some(MINUTE), Vec::new()));
}

#[test]
fn a_limit_slows_down_and_successes_speed_up() {
    let clock = VirtualClock::new();
    let budget = budget(&clock, &[], 4);
    run(async {
        budget.limited("a", SHARED, Duration::from_secs(5));
        drop(acquire(&budget, "a", 1).await);
        assert_eq!(clock.elapsed(), Duration::from_secs(5));
        drop(acquire(&budget, "a", 1).await);
        let slow = clock.elapsed() - Duration::from_secs(5);
        assert!(slow >= Duration::from_millis(240), "{slow:?}");
        for _ in 0..2000 {
            learn(&budget, &Advice::default());
        }
        let before = clock.elapsed();
        drop(acquire(&budget, "a", 1).await);
        assert_eq!(clock.elapsed(), before);
    });
}

#[test]
fn each_credential_has_its_own_budget() {
    let clock = VirtualClock::new();
    let budget = budget(&clock, &[Quota::moving(2, MINUTE)], 100);
    let want = Want { host: "a", stream: "", weight: 1, lanes: &[7, 8], urgent: false };
    run(async {
        let mut used = Vec::new();
        for _ in 0..4 {
            used.push(budget.acquire(&want, &Ticket::default(), MINUTE).await.unwrap().lane());
            clock.advance(Duration::from_secs(1));
        }
        assert_eq!(used, [7, 8, 7, 8]);
        // Both are used up; the first to be free again is waited for.
        assert_eq!(budget.acquire(&want, &Ticket::default(), MINUTE).await.unwrap().lane(), 7);
        assert_eq!(clock.elapsed(), MINUTE);
    });
}

#[test]
fn a_limited_credential_is_put_aside() {
    let clock = VirtualClock::new();
    let budget = budget(&clock, &[], 100);
    let want = Want { host: "a", stream: "", weight: 1, lanes: &[7, 8], urgent: false };
    run(async {
        budget.limited("a", 7, MINUTE);
        assert_eq!(budget.free_in("a", &[7, 8]), Duration::ZERO);
        assert_eq!(budget.acquire(&want, &Ticket::default(), MINUTE).await.unwrap().lane(), 8);
        budget.limited("a", 8, MINUTE / 2);
        assert_eq!(budget.free_in("a", &[7, 8]), MINUTE / 2);
        assert_eq!(budget.acquire(&want, &Ticket::default(), MINUTE).await.unwrap().lane(), 8);
        assert!(clock.elapsed() >= MINUTE / 2 && clock.elapsed() < MINUTE, "{:?}", clock.elapsed());
    });
}

#[test]
fn a_quota_of_some_streams_holds_the_others_back_no_more() {
    let clock = VirtualClock::new();
    let budget = budget(&clock, &[Quota::moving(1, MINUTE).streams(["b"])], 100);
    run(async {
        for _ in 0..5 {
            drop(acquire(&budget, "h", 1).await);
        }
        assert_eq!(clock.elapsed(), Duration::ZERO);
        let want = Want { host: "h", stream: "b", weight: 1, lanes: &[SHARED], urgent: false };
        drop(budget.acquire(&want, &Ticket::default(), MINUTE).await);
        drop(budget.acquire(&want, &Ticket::default(), MINUTE).await);
        assert_eq!(clock.elapsed(), MINUTE);
    });
}

#[test]
fn a_pause_holds_for_everybody_and_not_too_long() {
    let clock = VirtualClock::new();
    let budget = budget(&clock, &[], 100);
    run(async {
        learn(&budget, &Advice { pause: Some(10 * MINUTE), ..Advice::default() });
        drop(acquire(&budget, "b", 1).await);
        assert_eq!(clock.elapsed(), Duration::ZERO);
        drop(acquire(&budget, "a", 1).await);
        assert_eq!(clock.elapsed(), MINUTE);
    });
}

/// How the order of those that wait came about, on a clock that several tasks share.
mod line {
    use super::*;
    use std::sync::Mutex;

    /// Lets all tasks go on as far as they can.
    async fn settle() {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    }

    /// A task that asks, notes its number when it is let in, and is done at once.
    fn ask(
        budget: &Arc<Budget>,
        order: &Arc<Mutex<Vec<u32>>>,
        number: u32,
        weight: u32,
    ) -> tokio::task::JoinHandle<()> {
        let (budget, order) = (Arc::clone(budget), Arc::clone(order));
        tokio::spawn(async move {
            let permit = acquire(&budget, "a", weight).await;
            order.lock().unwrap().push(number);
            drop(permit);
        })
    }

    /// Its sleeps end when a test moves the time on, not at once.
    #[derive(Debug, Clone)]
    struct Shared(VirtualClock);

    impl Clock for Shared {
        fn now(&self) -> SystemTime {
            self.0.now()
        }

        fn elapsed(&self) -> Duration {
            self.0.elapsed()
        }

        fn sleep(&self, duration: Duration) -> connector_core::clock::BoxFuture<'static, ()> {
            self.0.deadline(duration)
        }

        fn deadline(&self, duration: Duration) -> connector_core::clock::BoxFuture<'static, ()> {
            self.0.deadline(duration)
        }
    }

    impl Shared {
        async fn pass(&self, seconds: u32) {
            for _ in 0..seconds * 4 {
                settle().await;
                self.0.advance(Duration::from_millis(250));
            }
            settle().await;
        }
    }

    fn shared(quotas: &[Quota], in_flight: usize) -> (Shared, Arc<Budget>, Arc<Mutex<Vec<u32>>>) {
        let clock = Shared(VirtualClock::new());
        let budget = Budget::new(Arc::new(clock.clone()), quotas.to_vec(), in_flight);
        (clock, Arc::new(budget), Arc::default())
    }

    #[test]
    fn who_came_first_goes_first_whatever_comes_later() {
        let (clock, budget, order) = shared(&[Quota::moving(1, Duration::from_secs(1))], 100);
        run(async {
            // Two come for each that is let in.
            for number in 0..40 {
                ask(&budget, &order, number, 1);
                settle().await;
                if number % 2 == 1 {
                    clock.pass(1).await;
                }
            }
            clock.pass(20).await;
            assert_eq!(*order.lock().unwrap(), (0..40).collect::<Vec<_>>());
            assert!(budget.lock().line.is_empty());
        });
    }

    #[test]
    fn a_heavy_request_is_not_passed_by_light_ones_for_ever() {
        let (clock, budget, order) = shared(&[Quota::moving(4, Duration::from_secs(4))], 100);
        run(async {
            for number in 0..3 {
                ask(&budget, &order, number, 1);
            }
            settle().await;
            ask(&budget, &order, 3, 4);
            settle().await;
            for number in 4..12 {
                ask(&budget, &order, number, 1);
                settle().await;
                clock.pass(1).await;
            }
            clock.pass(10).await;
            assert_eq!(*order.lock().unwrap(), (0..12).collect::<Vec<_>>());
        });
    }

    #[test]
    fn who_leaves_the_line_gives_its_place_to_the_next() {
        let (_, budget, order) = shared(&[], 1);
        run(async {
            let first = acquire(&budget, "a", 1).await;
            let (leaves, stays) = (ask(&budget, &order, 1, 1), ask(&budget, &order, 2, 1));
            settle().await;
            // The first is let in, and ends before it knows.
            drop(first);
            leaves.abort();
            stays.await.unwrap();
            assert!(leaves.await.unwrap_err().is_cancelled());
            assert_eq!(*order.lock().unwrap(), [2]);
            let state = budget.lock();
            assert!(state.line.is_empty());
            assert_eq!(state.hosts["a"].flying, 0);
        });
    }

    #[test]
    fn a_request_for_a_token_needs_no_place() {
        let (_, budget, order) = shared(&[], 1);
        run(async {
            let holds = acquire(&budget, "a", 1).await;
            let waits = ask(&budget, &order, 1, 1);
            settle().await;
            let want = Want { host: "a", stream: "", weight: 1, lanes: &[SHARED], urgent: true };
            drop(budget.acquire(&want, &Ticket::default(), Duration::ZERO).await.unwrap());
            assert!(!waits.is_finished());
            drop(holds);
            waits.await.unwrap();
        });
    }

    #[test]
    fn a_ticket_keeps_its_place_over_a_wait_that_was_handed_back() {
        let (clock, budget, order) = shared(&[Quota::moving(1, MINUTE)], 100);
        run(async {
            drop(acquire(&budget, "a", 1).await);
            let want = Want { host: "a", stream: "", weight: 1, lanes: &[SHARED], urgent: false };
            let ticket = Ticket::default();
            let held = budget.acquire(&want, &ticket, Duration::from_secs(5)).await.err();
            assert_eq!(held, Some(MINUTE));
            let later = ask(&budget, &order, 1, 1);
            settle().await;
            clock.pass(59).await;
            let again = budget.acquire(&want, &ticket, MINUTE);
            let (again, ()) = tokio::join!(again, clock.pass(1));
            drop(again.unwrap());
            assert!(!later.is_finished());
            clock.pass(60).await;
            assert!(later.is_finished());
        });
    }
}
