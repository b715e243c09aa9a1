//! The words that a value's names begin with, and which of them each place knows.

/// What a value can be read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Root {
    Config,
    /// The nearest parent is level 0.
    Parent(usize),
    /// The parent whose records are paired with those of the nearest.
    SecondParent,
    Slice,
    /// A value of the lists that the stream is read along.
    Partition,
    /// What asks for this page.
    Page,
    /// What is known of the job.
    Job,
    /// The record at hand.
    Record,
    /// The page's last record, which is called `record`, too.
    Last,
    /// The answer that brought the page.
    Response,
    /// What the stream is made of.
    Stream,
    /// The stream's state, where it is of a type of its own.
    State,
}

impl Root {
    pub(super) const ALL: [(&'static str, Self); 13] = [
        ("config", Self::Config),
        ("parent", Self::Parent(0)),
        ("grandparent", Self::Parent(1)),
        ("great_grandparent", Self::Parent(2)),
        ("second_parent", Self::SecondParent),
        ("slice", Self::Slice),
        ("partition", Self::Partition),
        ("page", Self::Page),
        ("job", Self::Job),
        ("record", Self::Record),
        ("response", Self::Response),
        ("stream", Self::Stream),
        ("state", Self::State),
    ];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, root)| *root)
    }
}

/// What is known of a slice, and these.
macro_rules! slice_and {
    ($($root:ident),*) => {
        &[
            Root::Config,
            Root::Stream,
            Root::State,
            Root::Parent(0),
            Root::Parent(1),
            Root::Parent(2),
            Root::SecondParent,
            Root::Slice,
            Root::Partition,
            $(Root::$root),*
        ]
    };
}

/// Everything: what a request's values may read.
pub(crate) const REQUEST: &[Root] = slice_and!(Page);
/// What is known of a slice before a page is asked for.
pub(crate) const SLICE: &[Root] = slice_and!();
/// What the edits of a record may read.
pub(crate) const EDIT: &[Root] = slice_and!(Record);
/// What names the next page.
pub(crate) const NEXT: &[Root] = slice_and!(Page, Last, Response);
/// What asking for a job's status may read.
pub(crate) const POLL: &[Root] = slice_and!(Job);
/// What asking for a job's result may read.
pub(crate) const DOWNLOAD: &[Root] = slice_and!(Page, Job);
/// What the lists may read that divide a parent's record.
pub(crate) const DIVISION: &[Root] = &[Root::Config, Root::Parent(0), Root::Parent(1), Root::Parent(2), Root::Stream];
/// A record of the parent.
pub(crate) const PARENT: &[Root] = &[Root::Parent(0)];
/// What is fixed for a sync.
pub(crate) const SETTING: &[Root] = &[Root::Config];
