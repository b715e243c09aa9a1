//! Pages that are fetched side by side.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use connector_core::clock::BoxFuture;
use connector_core::{Connector, ReadRequest};
use serde_json::json;

use super::kit::{Case, Ran, page, read_over};
use crate::prelude::*;
use crate::transport::{Incoming, Memory, Outgoing, Reply, Transport, TransportError};

/// Answers later pages sooner, and counts how many requests are under way at once.
struct Lagging {
    memory: Memory,
    flying: AtomicUsize,
    most: AtomicUsize,
}

impl Transport for Lagging {
    fn send(&self, request: Outgoing) -> BoxFuture<'_, Result<Incoming, TransportError>> {
        Box::pin(async move {
            let flying = self.flying.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(flying, Ordering::SeqCst);
            let lag = 50_u64.saturating_sub(number(&request) % 4 * 12);
            tokio::time::sleep(Duration::from_millis(lag)).await;
            let answer = self.memory.send(request).await;
            self.flying.fetch_sub(1, Ordering::SeqCst);
            answer
        })
    }
}

/// The page's number, or its offset.
fn number(request: &Outgoing) -> u64 {
    let value = request.url.query_pairs().find(|(name, _)| name == "page" || name == "offset");
    value.map_or(1, |(_, value)| value.parse().unwrap())
}

fn read_with<K: Case>(
    answer: impl Fn(u64) -> Reply + Send + Sync + 'static,
    change: impl FnOnce(&mut ReadRequest),
    limits: impl FnOnce(&mut connector_core::Limits),
) -> (Ran, usize) {
    let memory = Memory::answering(move |request| answer(number(request)));
    let lagging = Arc::new(Lagging { memory: memory.clone(), flying: AtomicUsize::new(0), most: AtomicUsize::new(0) });
    let mut request = ReadRequest::all(json!({}));
    change(&mut request);
    let transport = Arc::clone(&lagging) as Arc<dyn Transport>;
    let ran = read_over::<K>(transport, &memory, request, |connector: Connector| connector.with_limits(limits));
    (ran, lagging.most.load(Ordering::SeqCst))
}

fn read<K: Case>(answer: impl Fn(u64) -> Reply + Send + Sync + 'static) -> (Ran, usize) {
    read_with::<K>(answer, |_| (), |_| ())
}

fn error(ran: &Ran) -> Option<String> {
    ran.error.as_ref().map(ToString::to_string)
}

/// Which pages were asked for, in the order of their numbers.
fn numbers(ran: &Ran) -> Vec<u64> {
    let mut numbers: Vec<_> = ran.seen.iter().map(number).collect();
    numbers.sort_unstable();
    numbers
}

fn ids(count: u64) -> Vec<u64> {
    (0..count).collect()
}

struct Pages;

impl Case for Pages {
    fn settings() -> Settings {
        Settings::new().records("items").paginate(Paginator::pages().param("page").total_pages("pages"))
    }
}

/// Page `number` of `pages`, two items each.
fn of(number: u64, pages: u64) -> Reply {
    page(number * 2 - 2..number * 2, &format!(r#","pages":{pages}"#))
}

#[test]
fn pages_come_side_by_side_and_leave_in_order() {
    let (ran, most) = read::<Pages>(|number| of(number, 13));
    assert_eq!((error(&ran), ran.ids()), (None, ids(26)));
    assert_eq!(numbers(&ran), (1..=13).collect::<Vec<_>>(), "each page once, none beyond the last");
    assert_eq!(most, 4, "as many as `requests_per_host` allows");
}

#[test]
fn a_page_that_fails_is_asked_again_alone() {
    let failed = AtomicUsize::new(0);
    let (ran, _) = read::<Pages>(move |number| match number {
        3 if failed.fetch_add(1, Ordering::SeqCst) == 0 => Reply::status(500),
        5 if failed.fetch_add(1, Ordering::SeqCst) == 2 => Reply::json(r#"{"items":[{"id""#).broken(),
        _ => of(number, 8),
    });
    assert_eq!((error(&ran), ran.ids()), (None, ids(16)));
    assert!(ran.seen.len() <= 10, "{:?}", ran.asked());
    let (ran, _) = read::<Pages>(|number| if number == 3 { Reply::status(404) } else { of(number, 8) });
    assert_eq!(ran.ids(), ids(4), "what is behind the failure does not leave");
    assert!(ran.error().contains("page=3 (page 3) answered 404"), "{}", ran.error());
}

#[test]
fn a_rate_limit_that_several_pages_meet_is_waited_for_once() {
    let asked = Mutex::new(BTreeSet::from([1, 6, 7, 8, 9]));
    let (ran, _) = read::<Pages>(move |number| {
        if asked.lock().unwrap().insert(number) {
            return Reply::status(429).header("Retry-After", "30");
        }
        of(number, 9)
    });
    assert_eq!((error(&ran), ran.ids()), (None, ids(18)));
    assert_eq!(ran.waits().iter().filter(|&&wait| wait >= 29).count(), 1, "{:?} {:?}", ran.waits(), ran.asked());
}

#[test]
fn a_total_may_shrink_and_grow() {
    let (ran, _) = read::<Pages>(|number| of(number, if number < 3 { 9 } else { 3 }));
    assert_eq!((error(&ran), ran.ids()), (None, ids(6)));
    let (ran, _) = read::<Pages>(|number| of(number, number.min(6) + 1));
    assert_eq!((error(&ran), ran.ids()), (None, ids(14)));
}

#[test]
fn an_api_that_ignores_the_number_is_found_out() {
    let (ran, _) = read::<Pages>(|_| of(1, 9));
    assert_eq!(ran.ids(), ids(2));
    let both = ["page=2 (page 2) brought the same 2 records as GET ", "page=1 (page 1)"];
    assert!(both.iter().all(|part| ran.error().contains(part)), "{}", ran.error());
}

struct Offsets;

impl Case for Offsets {
    fn settings() -> Settings {
        let paginator = Paginator::offset().param("offset").size("limit", 2).never_stop_short().total("total");
        Settings::new().records("items").paginate(paginator)
    }
}

#[test]
fn offsets_are_foreseen_until_a_page_is_short() {
    let (ran, most) = read::<Offsets>(|offset| page(offset..(offset + 2).min(9), r#","total":9"#));
    assert_eq!((error(&ran), ran.ids(), most), (None, ids(9), 4));
    assert_eq!(numbers(&ran), [0, 2, 4, 6, 8]);
    // One record of the second page is not shown: the offsets that were foreseen leave it out.
    let (ran, _) = read::<Offsets>(|offset| {
        let size = if offset == 2 { 1 } else { 2 };
        page(offset..(offset + size).min(9), r#","total":9"#)
    });
    assert_eq!((error(&ran), ran.ids()), (None, ids(9)));
}

#[test]
fn large_pages_are_not_held() {
    let (ran, most) = read_with::<Pages>(|number| of(number, 5), |_| (), |limits| limits.page_bytes = 10);
    assert_eq!((error(&ran), ran.ids(), most), (None, ids(10), 1));
    assert_eq!(ran.seen.len(), 5);
    // They grow: what does not fit is thrown away and asked for in its turn.
    let grown = |number: u64| match number {
        1 => of(1, 5),
        _ => page(number * 2 - 2..number * 2, &format!(r#","pages":5,"more":"{}""#, "x".repeat(4000))),
    };
    let (ran, _) = read_with::<Pages>(grown, |_| (), |limits| limits.page_bytes = 2000);
    assert_eq!((error(&ran), ran.ids()), (None, ids(10)));
    assert!(ran.seen.len() <= 9, "{:?}", ran.asked());
}

struct Sequential;

impl Case for Sequential {
    fn settings() -> Settings {
        Settings::new().records("items").paginate(Paginator::pages().param("page").total_pages("pages").sequential())
    }
}

#[test]
fn one_after_the_other_if_wanted() {
    let (ran, most) = read::<Sequential>(|number| of(number, 5));
    assert_eq!((error(&ran), ran.ids(), most), (None, ids(10), 1));
    let (ran, most) = read_with::<Pages>(|number| of(number, 5), |_| (), |limits| limits.ahead_bytes = 0);
    assert_eq!((error(&ran), ran.ids(), most), (None, ids(10), 1));
}

#[test]
fn what_one_page_satisfies_asks_for_no_more() {
    let (ran, _) = read_with::<Pages>(|number| of(number, 9), |request| request.limit = Some(2), |_| ());
    assert_eq!((ran.ids(), ran.seen.len()), (ids(2), 1));
}
