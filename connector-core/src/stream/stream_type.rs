//! The constant facts of a record type that is a stream, and what can be checked of a source's streams while it is compiled.

use super::StreamDescriptor;
use crate::record::{Record, Shape};

/// A record type that is a stream: its facts, and the type of its parent's records. The derives write it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no stream",
    label = "not a stream",
    note = "derive it: #[derive(HttpStream)]"
)]
pub trait StreamType: Record {
    /// The facts.
    const DESCRIPTOR: StreamDescriptor;

    /// The stream whose records it is read for, [`Several`] of them, or [`NoParent`].
    type Parent;

    /// The facts, as the engine holds them.
    #[must_use]
    fn descriptor() -> &'static StreamDescriptor {
        &Self::DESCRIPTOR
    }
}

/// A stream that can be read incrementally, so that a sub-stream can depend on what changed in it: it has a cursor, or depends on a
/// parent that way itself. The derive writes it for these.
#[diagnostic::on_unimplemented(
    message = "the parent `{Self}` has no cursor, so nothing tells which of its records changed",
    label = "cannot be read incrementally",
    note = "give `{Self}` a #[cursor], or drop `incremental`"
)]
pub trait Incremental: StreamType {}

/// The parent of a stream that has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoParent;

impl Record for NoParent {
    const SHAPE: Shape = Shape::Any;
}

/// The parents of a stream that has several, as a list: `Several<Issue, Several<PullRequest, NoParent>>`.
///
/// It has no fields: what a sub-stream needs of a parent's parent is known only where there is one.
#[derive(Debug, Clone, Copy)]
pub struct Several<First, Others>(std::marker::PhantomData<fn() -> (First, Others)>);

impl<First, Others> Record for Several<First, Others> {
    const SHAPE: Shape = Shape::Any;
}

/// The names of a stream's parents.
#[derive(Debug, Clone, Copy)]
pub struct ParentNames {
    first: &'static str,
    others: Option<&'static ParentNames>,
}

/// What may stand as a stream's parent: another stream, [`Several`], or [`NoParent`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no stream",
    label = "not a stream",
    note = "derive it: #[derive(HttpStream)]"
)]
pub trait Parent {
    /// The parents' names, if there is a parent.
    const NAMES: Option<&'static ParentNames>;
}

impl<S: StreamType> Parent for S {
    const NAMES: Option<&'static ParentNames> = Some(&ParentNames { first: S::DESCRIPTOR.name, others: None });
}

impl<First: StreamType, Others: Parent> Parent for Several<First, Others> {
    const NAMES: Option<&'static ParentNames> =
        Some(&ParentNames { first: First::DESCRIPTOR.name, others: Others::NAMES });
}

impl Parent for NoParent {
    const NAMES: Option<&'static ParentNames> = None;
}

/// A stream's name and its parents': what circles are found with. Names, because a constant that contains itself does not compile.
#[derive(Debug, Clone, Copy)]
pub struct Lineage {
    name: &'static str,
    parents: Option<&'static ParentNames>,
    made: bool,
    descriptor: fn() -> &'static StreamDescriptor,
}

impl Lineage {
    /// The lineage of a stream.
    #[must_use]
    pub const fn of<S: StreamType<Parent: Parent>>() -> Self {
        Self {
            name: S::DESCRIPTOR.name,
            parents: <S::Parent as Parent>::NAMES,
            made: S::DESCRIPTOR.asked.streams,
            descriptor: S::descriptor,
        }
    }

    /// The facts of the streams.
    #[must_use]
    pub fn descriptors(source: &[Self]) -> Vec<&'static StreamDescriptor> {
        source.iter().map(|stream| (stream.descriptor)()).collect()
    }

    /// Checks one stream of a source, in a constant: its name is its own, its parents are listed, and none of them is itself.
    ///
    /// # Panics
    /// With the fault, in the words that the compiler then shows at the stream.
    pub const fn check(source: &[Self], at: usize) {
        let stream = source[at];
        if stream.made {
            fail("`", stream.name, "` is made of values: the function that makes its streams is listed instead");
        }
        let mut other = 0;
        while other < at {
            if equal(source[other].name, stream.name) {
                fail("two streams are called `", stream.name, "`: give one of them another `name`");
            }
            other += 1;
        }
        let mut parents = stream.parents;
        while let Some(parent) = parents {
            if find(source, parent.first).is_none() {
                fail("the parent `", parent.first, "` is not in streams(…): list it, too");
            }
            parents = parent.others;
        }
        if is_first_of_a_circle(source, at) {
            fail("a circle of parents: `", stream.name, "` would be read for its own records");
        }
    }
}

/// Streams among which circles are looked for while the source is compiled. A circle of more is found when a sync begins.
const LOOKED_AT: usize = 512;

/// Whether a stream is read for its own records, by way of streams that are listed after it: of a circle one tells, the first.
const fn is_first_of_a_circle(source: &[Lineage], at: usize) -> bool {
    if source[at].parents.is_none() {
        return false;
    }
    let mut met = [false; LOOKED_AT];
    let mut waiting = [0; LOOKED_AT];
    let mut count = 1;
    waiting[0] = at;
    while count > 0 {
        count -= 1;
        let mut parents = source[waiting[count]].parents;
        while let Some(parent) = parents {
            parents = parent.others;
            // One that is not listed is told at its own sub-stream.
            let Some(found) = find(source, parent.first) else { continue };
            if found == at {
                return true;
            }
            if found > at && found < LOOKED_AT && !met[found] {
                met[found] = true;
                waiting[count] = found;
                count += 1;
            }
        }
    }
    false
}

const fn find(source: &[Lineage], name: &str) -> Option<usize> {
    let mut at = 0;
    while at < source.len() {
        if equal(source[at].name, name) {
            return Some(at);
        }
        at += 1;
    }
    None
}

pub(super) const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// A panic in a constant takes one text only, so it is put together here.
#[expect(clippy::panic, reason = "the way to refuse something in a constant")]
const fn fail(before: &str, name: &str, after: &str) -> ! {
    const ROOM: usize = 240;
    let mut text = [b' '; ROOM];
    let mut length = 0;
    let mut part = 0;
    while part < 3 {
        let from = match part {
            0 => before,
            1 => name,
            _ => after,
        }
        .as_bytes();
        let mut at = 0;
        while at < from.len() && length < ROOM {
            text[length] = from[at];
            at += 1;
            length += 1;
        }
        part += 1;
    }
    match std::str::from_utf8(text.split_at(length).0) {
        Ok(text) => panic!("{}", text),
        Err(_) => panic!("two streams of one name, a circle of parents, or a parent that is not listed"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Lineage, ParentNames, StreamDescriptor};

    const NOTHING: fn() -> &'static StreamDescriptor = || {
        static NOTHING: StreamDescriptor = StreamDescriptor::new("", "", || &[]);
        &NOTHING
    };

    fn line(name: &'static str, parents: &[&'static str]) -> Lineage {
        let parents = parents.iter().rev().fold(None, |others, first| {
            let names: &'static ParentNames = Box::leak(Box::new(ParentNames { first, others }));
            Some(names)
        });
        Lineage { name, parents, made: false, descriptor: NOTHING }
    }

    fn fault(source: &[Lineage], at: usize) -> Option<String> {
        let source = source.to_vec();
        let caught = std::panic::catch_unwind(move || Lineage::check(&source, at)).err()?;
        caught
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| caught.downcast_ref::<&str>().map(|text| (*text).to_owned()))
    }

    #[test]
    fn a_family_is_well() {
        let source = [line("a", &[]), line("b", &["a"]), line("c", &["b"])];
        for at in 0..source.len() {
            assert_eq!(fault(&source, at), None);
        }
    }

    #[test]
    fn faults_are_told_where_they_are() {
        let source = [line("a", &["c"]), line("b", &["a"]), line("c", &["b"]), line("d", &["a"])];
        assert_eq!(fault(&source, 0).as_deref(), Some("a circle of parents: `a` would be read for its own records"));
        assert_eq!((fault(&source, 1), fault(&source, 2)), (None, None), "told once, at the first of them");
        assert_eq!(fault(&source, 3), None, "the circle above is told at its own streams");
        let text = fault(&[line("a", &[]), line("a", &[])], 1);
        assert_eq!(text.as_deref(), Some("two streams are called `a`: give one of them another `name`"));
        let text = fault(&[line("a", &["x"])], 0);
        assert_eq!(text.as_deref(), Some("the parent `x` is not in streams(…): list it, too"));
    }

    #[test]
    fn circles_among_several_parents() {
        let source = [line("a", &[]), line("b", &["a"]), line("c", &["a", "b"]), line("d", &["c", "a"])];
        for at in 0..source.len() {
            assert_eq!(fault(&source, at), None, "two ways to one stream are no circle");
        }
        let source = [line("a", &[]), line("b", &["a", "d"]), line("c", &["a", "b"]), line("d", &["a", "c"])];
        let faults: Vec<_> = (0..4).map(|at| fault(&source, at)).collect();
        let text = "a circle of parents: `b` would be read for its own records".to_owned();
        assert_eq!(faults, [None, Some(text), None, None]);
        let text = fault(&[line("a", &[]), line("b", &["a", "x"])], 1);
        assert_eq!(text.as_deref(), Some("the parent `x` is not in streams(…): list it, too"));
    }
}
