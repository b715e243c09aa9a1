//! From the bytes of a page to lines: what each layer of the way costs.
//!
//! `cargo bench -p connector-core --bench records`. Each page has about 100 KB (1 MB for the largest records); divan prints
//! the bytes per second. `peers` are what others would do with the same page, for scale.

#![allow(clippy::unwrap_used)]

mod data;
mod tables;

use connector_core::cursor::{CursorFold, CursorSpec};
use connector_core::record::{
    Batch, BodyParser, Framing, LinesParser, PageLimits, PageParser, Plan, PlanOptions, Selector,
};
use connector_core::stream::StreamDescriptor;
use data::{Page, Size};
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use std::sync::Arc;

fn main() {
    divan::main();
}

const SIZES: [Size; 3] = [Size::Event, Size::User, Size::Document];

/// What varies between the benchmarks.
#[derive(Clone, Copy)]
struct Setting {
    check: bool,
    cursor: bool,
    child: bool,
    /// The largest piece that a body arrives in.
    piece: usize,
}

const DEFAULT: Setting = Setting { check: true, cursor: false, child: false, piece: 1 << 20 };

fn plan(stream: &StreamDescriptor, setting: Setting) -> Arc<Plan> {
    let children = if setting.child { vec![vec![vec!["id"]]] } else { Vec::new() };
    Arc::new(Plan::new(stream, PlanOptions { check: setting.check, children, ..PlanOptions::default() }).unwrap())
}

fn read(bencher: Bencher, page: &Page, setting: Setting) {
    let stream = page.stream();
    let plan = plan(&stream, setting);
    let fold = setting.cursor.then(|| CursorFold::new(&CursorSpec::new(stream.cursor.unwrap())));
    let selector = Arc::new(Selector::new("rows").unwrap());
    let mut out = Vec::new();
    bencher.counter(BytesCount::new(page.body.len())).counter(ItemsCount::new(page.count)).bench_local(|| {
        let mut batch =
            Batch::new(Arc::clone(&plan), Framing::Protocol, 1_700_000_000_000).with_buffer(std::mem::take(&mut out));
        if let Some(fold) = &fold {
            batch = batch.with_fold(fold.fresh());
        }
        let mut parser = PageParser::new(Arc::clone(&selector), PageLimits::default());
        for piece in black_box(&page.body).chunks(setting.piece) {
            parser.feed(piece, &mut batch).unwrap();
        }
        let envelope = parser.finish(&mut batch).unwrap();
        assert_eq!((batch.count(), batch.accounts().misfits), (page.count as u64, 0));
        out = batch.take_rendered().0;
        envelope
    });
}

#[divan::bench(args = SIZES)]
fn page_to_lines(bencher: Bencher, size: Size) {
    read(bencher, &Page::new(size), DEFAULT);
}

#[divan::bench(args = SIZES)]
fn page_to_lines_without_types(bencher: Bencher, size: Size) {
    read(bencher, &Page::new(size), Setting { check: false, ..DEFAULT });
}

#[divan::bench(args = SIZES)]
fn page_to_lines_with_cursor(bencher: Bencher, size: Size) {
    read(bencher, &Page::new(size), Setting { cursor: true, ..DEFAULT });
}

#[divan::bench(args = SIZES)]
fn page_to_lines_with_cursor_and_child(bencher: Bencher, size: Size) {
    read(bencher, &Page::new(size), Setting { cursor: true, child: true, ..DEFAULT });
}

#[divan::bench(args = SIZES)]
fn page_in_pieces_of_16_kb(bencher: Bencher, size: Size) {
    read(bencher, &Page::new(size), Setting { piece: 16 << 10, ..DEFAULT });
}

#[divan::bench(args = SIZES)]
fn page_in_another_order_of_fields(bencher: Bencher, size: Size) {
    read(bencher, &Page::new(size).reversed(), DEFAULT);
}

#[divan::bench(args = SIZES)]
fn page_with_spaces(bencher: Bencher, size: Size) {
    read(bencher, &Page::new(size).spaced(), DEFAULT);
}

#[divan::bench(args = SIZES)]
fn page_pretty_printed(bencher: Bencher, size: Size) {
    read(bencher, &Page::new(size).pretty(), DEFAULT);
}

#[divan::bench(args = SIZES)]
fn json_lines_to_lines(bencher: Bencher, size: Size) {
    let page = Page::new(size);
    let plan = plan(&page.stream(), DEFAULT);
    let body = page.json_lines();
    bencher.counter(BytesCount::new(body.len())).counter(ItemsCount::new(page.count)).bench_local(|| {
        let mut batch = Batch::new(Arc::clone(&plan), Framing::Protocol, 0);
        let mut parser = LinesParser::new(PageLimits::default());
        parser.feed(black_box(&body), &mut batch).unwrap();
        parser.finish(&mut batch).unwrap();
        batch.take_rendered()
    });
}

#[divan::bench(args = SIZES)]
fn record_to_line(bencher: Bencher, size: Size) {
    let page = Page::new(size);
    let plan = plan(&page.stream(), DEFAULT);
    let mut batch = Batch::new(plan, Framing::Protocol, 0);
    let record = &page.records[0];
    bencher.counter(BytesCount::new(record.len())).bench_local(|| {
        batch.push(black_box(record.as_bytes())).unwrap();
        if batch.rendered().len() > 1 << 20 {
            batch.take_rendered();
        }
    });
}

mod peers {
    use super::*;

    #[divan::bench(args = SIZES)]
    fn copy(bencher: Bencher, size: Size) {
        let page = Page::new(size);
        bencher.counter(BytesCount::new(page.body.len())).bench_local(|| black_box(&page.body).clone());
    }

    #[divan::bench(args = SIZES)]
    fn serde_json_syntax_only(bencher: Bencher, size: Size) {
        let page = Page::new(size);
        bencher.counter(BytesCount::new(page.body.len())).bench_local(|| {
            serde_json::from_slice::<serde::de::IgnoredAny>(black_box(&page.body)).unwrap();
        });
    }

    #[divan::bench(args = SIZES)]
    fn serde_json_typed(bencher: Bencher, size: Size) {
        let page = Page::new(size);
        bencher.counter(BytesCount::new(page.body.len())).bench_local(|| page.parse_typed());
    }
}
