//! Which streams are read, and which feed which.

use std::collections::HashMap;
use std::sync::Arc;

use super::Environment;
use super::feed::Feed;
use super::run::{Dependency, Node};
use crate::panic::caught;
use crate::record::Plan;
use crate::state::{Listed, Met, StreamState};
use crate::stream::{
    Branch, FanOut, FieldPath, ParentLink, Partition, PartitionFeed, Partitions, Purpose, Report, Resume, Stream,
    StreamDescriptor, StreamTask, Taken,
};
use crate::{Error, ErrorKind, Result};

/// A stream that the catalog selects.
#[derive(Debug, Clone)]
pub(crate) struct Selection {
    pub(crate) stream: &'static str,
    /// Its state, where one came in and it is read incrementally.
    pub(crate) state: Option<serde_json::Value>,
    /// Where it is read in full, and can go on at a page.
    pub(crate) resume: Option<Resume>,
    /// Whether it is read incrementally, so that a parent may be.
    pub(crate) incremental: bool,
}

/// The streams to read, and who feeds whom.
pub(crate) struct Graph {
    nodes: Vec<Planned>,
}

struct Planned {
    stream: Arc<dyn Stream>,
    /// Else it is read for its sub-streams only.
    selected: bool,
    /// Where the reading begins.
    state: Option<serde_json::Value>,
    resume: Option<Resume>,
    /// Whether its parents may be read incrementally for it.
    incremental: bool,
    /// The readings that feed it, in the order of its descriptor's parents.
    parents: Vec<usize>,
    /// How it is divided, as it says itself.
    partitions: Result<Partitions>,
}

impl Graph {
    /// Plans the reading of selected streams, in their order; parents that nobody selected are added.
    ///
    /// # Errors
    /// A parent that the source does not list, or a circle of parents: `#[source]` lets neither compile.
    pub(crate) fn new(streams: &[Arc<dyn Stream>], selections: Vec<Selection>) -> Result<Self> {
        let by_name: HashMap<_, _> = streams.iter().map(|stream| (stream.descriptor().name, stream)).collect();
        let mut graph = Self { nodes: Vec::new() };
        for selection in selections {
            let Some(stream) = by_name.get(selection.stream) else { continue };
            let Selection { state, resume, incremental, .. } = selection;
            graph.nodes.push(Planned {
                resume,
                selected: true,
                ..Planned::new(Arc::clone(stream), state, incremental)
            });
        }
        let mut child = 0;
        while child < graph.nodes.len() {
            let descriptor = graph.nodes[child].stream.descriptor();
            if graph.nodes[child].is_read_by_parent() {
                acyclic(descriptor, streams.len())?;
                for link in links(descriptor) {
                    uses_parent(descriptor, link)?;
                    let name = (link.stream)().name;
                    let start = graph.nodes[child].start_of_parent(name);
                    let parent = match graph.reading(name, start.as_ref()) {
                        Some(parent) => parent,
                        None => graph.add_parent(child, name, start, &by_name)?,
                    };
                    graph.nodes[child].parents.push(parent);
                }
            }
            child += 1;
        }
        Ok(graph)
    }

    /// A planned reading of a stream that begins just where a sub-stream needs it: else the one would miss what the other has.
    fn reading(&self, name: &str, start: Option<&serde_json::Value>) -> Option<usize> {
        self.nodes.iter().position(|node| {
            let from_first_page = node.resume.as_ref().is_none_or(|resume| resume.page.is_none());
            node.stream.descriptor().name == name && node.state.as_ref() == start && from_first_page
        })
    }

    fn add_parent(
        &mut self,
        child: usize,
        name: &str,
        state: Option<serde_json::Value>,
        by_name: &HashMap<&'static str, &Arc<dyn Stream>>,
    ) -> Result<usize> {
        let stream = by_name.get(name).ok_or_else(|| {
            let text = format!("its parent stream `{name}` is not listed in the source; add it to `streams(…)`");
            Error::new(ErrorKind::Internal, text).in_stream(self.nodes[child].stream.descriptor().name)
        })?;
        let incremental = self.nodes[child].depends();
        let stream = Arc::clone(stream);
        self.nodes.push(Planned::new(stream, state, incremental));
        Ok(self.nodes.len() - 1)
    }

    /// What a sub-stream takes of a parent's records for itself and the streams below it. The fields of each parent are called as
    /// those of the first.
    fn taken(&self, child: usize, link: &ParentLink, is_second: bool) -> Taken {
        let descriptor = self.nodes[child].stream.descriptor();
        let first = descriptor.parent.as_ref().filter(|_| !is_second).unwrap_or(link);
        let own = fields(first, 0).iter().zip(fields(link, 0));
        let lists = first.lists.iter().zip(link.lists).filter(|(name, _)| !fields(first, 0).contains(name));
        let mut named: Vec<(Vec<&'static str>, Vec<&'static str>)> =
            own.chain(lists).map(|(name, path)| (name.to_vec(), path.to_vec())).collect();
        // The streams below know nothing of a second parent.
        let mut level = if is_second { Vec::new() } else { vec![child] };
        for depth in 1.. {
            level = self.below(&level);
            if level.is_empty() {
                break;
            }
            for link in level.iter().flat_map(|node| self.nodes[*node].stream.descriptor().parents()) {
                for path in fields(link, depth) {
                    if !named.iter().any(|(name, _)| name == path) {
                        named.push((path.to_vec(), path.to_vec()));
                    }
                }
            }
        }
        let texts = link.named.iter().map(|(_, text)| serde_json::Value::from(*text).to_string().into_bytes().into());
        let (names, paths): (Vec<_>, Vec<_>) = named.into_iter().unzip();
        Taken {
            names: link
                .named
                .iter()
                .map(|(name, _)| Partition::name_of(name))
                .chain(names.into_iter().map(Into::into))
                .collect(),
            paths,
            texts: texts.collect(),
            identity: link.named.len() + fields(link, 0).len(),
        }
    }

    fn below(&self, level: &[usize]) -> Vec<usize> {
        let is_below = |node: &usize| self.nodes[*node].parents.iter().any(|parent| level.contains(parent));
        (0..self.nodes.len()).filter(is_below).collect()
    }

    /// One list of nodes for all streams that hang together, those of the first selected stream first.
    pub(super) fn into_families(self, environment: &Environment) -> Result<Vec<Vec<Node>>> {
        let mut branches: Vec<Vec<Branch>> = self.nodes.iter().map(|_| Vec::new()).collect();
        let mut feeds: Vec<Option<PartitionFeed>> = Vec::with_capacity(self.nodes.len());
        for (child, node) in self.nodes.iter().enumerate() {
            let descriptor = node.stream.descriptor();
            let links = links(descriptor).take(node.parents.len());
            let parents = descriptor.parents().count();
            let taken =
                |(at, link): (usize, &ParentLink)| ((link.stream)().name, self.taken(child, link, at >= parents));
            let taken = links.enumerate().map(taken).collect();
            let (ends, feed) = Branch::new(taken, environment.limits.waiting_partitions);
            for (parent, branch) in node.parents.iter().zip(ends) {
                branches[*parent].push(branch);
            }
            feeds.push((!node.parents.is_empty()).then_some(feed));
        }
        let of = self.families();
        let mut families: Vec<(usize, Vec<Node>)> = Vec::new();
        for (((planned, branches), feed), family) in self.nodes.into_iter().zip(branches).zip(feeds).zip(of) {
            let node = planned.into_node(branches, feed, environment);
            match families.iter_mut().find(|(known, _)| *known == family) {
                Some((_, nodes)) => nodes.push(node),
                None => families.push((family, vec![node])),
            }
        }
        Ok(families.into_iter().map(|(_, nodes)| nodes).collect())
    }

    /// Which streams hang together, by way of parents and sub-streams: the same number for each of them.
    fn families(&self) -> Vec<usize> {
        let mut family: Vec<usize> = (0..self.nodes.len()).collect();
        for (child, node) in self.nodes.iter().enumerate() {
            for parent in &node.parents {
                let (kept, joined) = (family[child], family[*parent]);
                for of in family.iter_mut().filter(|of| **of == joined) {
                    *of = kept;
                }
            }
        }
        family
    }
}

/// Refuses a circle of parents before it is walked for ever.
fn acyclic(descriptor: &StreamDescriptor, streams: usize) -> Result<()> {
    let mut above: Vec<&'static StreamDescriptor> = parents(descriptor).collect();
    // Each generation is without repeats, so that many ways to one stream are walked once.
    for _ in 0..=streams {
        let mut next: Vec<&'static StreamDescriptor> = Vec::new();
        for parent in above.iter().flat_map(|stream| parents(stream)) {
            if !next.iter().any(|known| known.name == parent.name) {
                next.push(parent);
            }
        }
        if next.is_empty() {
            return Ok(());
        }
        above = next;
    }
    Err(Error::new(ErrorKind::Internal, "its parents form a circle").in_stream(descriptor.name))
}

/// The links to all that feeds a stream, the second parent last.
fn links(descriptor: &StreamDescriptor) -> impl Iterator<Item = &ParentLink> {
    descriptor.parents().chain(&descriptor.second_parent)
}

fn parents(descriptor: &StreamDescriptor) -> impl Iterator<Item = &'static StreamDescriptor> {
    links(descriptor).map(|link| (link.stream)())
}

/// A parent's record makes a partition by what is used of it; a stream that uses nothing would read nothing, in silence.
fn uses_parent(descriptor: &StreamDescriptor, link: &ParentLink) -> Result<()> {
    if !link.lists.is_empty() || !fields(link, 0).is_empty() {
        return Ok(());
    }
    let parent = (link.stream)().name;
    let text = format!(
        "it uses no field of its parent stream `{parent}`; name one in the stream's descriptor, or leave the parent out"
    );
    Err(Error::new(ErrorKind::Internal, text).in_stream(descriptor.name))
}

/// The fields that a stream uses of a parent (level 0), the parent's parent (1), and so on.
fn fields(link: &ParentLink, level: usize) -> &'static [FieldPath] {
    link.fields.get(level).copied().unwrap_or_default()
}

impl Planned {
    fn new(stream: Arc<dyn Stream>, state: Option<serde_json::Value>, incremental: bool) -> Self {
        let partitions = caught(|| stream.partitions());
        Self { stream, selected: false, state, resume: None, incremental, parents: Vec::new(), partitions }
    }

    /// Whether its partitions are made of its parents' records: a stream that has a parent may have a list instead.
    fn is_read_by_parent(&self) -> bool {
        matches!(self.partitions, Ok(Partitions::Parent | Partitions::Groups(_)))
    }

    /// Whether its parents are read incrementally for it.
    fn depends(&self) -> bool {
        let descriptor = self.stream.descriptor();
        // A record that did not change may be new to a pair.
        self.incremental && descriptor.second_parent.is_none() && descriptor.parent.is_some_and(|link| link.incremental)
    }

    /// The state that a parent is to be read from, where it is read incrementally and was before.
    fn start_of_parent(&self, parent: &str) -> Option<serde_json::Value> {
        let state = self.state.as_ref().filter(|_| self.depends())?;
        let start = state.get("parent_state")?.get(parent)?;
        start.as_object().is_some_and(|start| !start.is_empty()).then(|| start.clone())
    }

    /// What the stream depends on, if its parents are read incrementally for it.
    fn dependency(&self) -> Option<Dependency> {
        let descriptor = self.stream.descriptor();
        let parents: Vec<_> = parents(descriptor).map(|parent| parent.name).collect();
        let changed = parents.iter().any(|parent| self.start_of_parent(parent).is_some());
        let listed = if changed { Listed::Changed } else { Listed::All };
        self.depends().then_some(Dependency { parents, listed })
    }

    fn into_node(mut self, branches: Vec<Branch>, feed: Option<PartitionFeed>, environment: &Environment) -> Node {
        let descriptor = self.stream.descriptor();
        let dependency = self.dependency();
        let output = environment.output.clone();
        let clock = Arc::clone(&environment.clock);
        // `check` answers with one message: its streams say nothing.
        let heard = self.selected && environment.purpose == Purpose::Sync;
        let report = Report::new(descriptor, heard, output, clock, environment.log.clone());
        match self.prepare(&branches, environment, feed) {
            Ok(Prepared { feed, plan, state, distinct }) => {
                for note in state.notes().iter().filter(|_| self.selected) {
                    environment.log.info(format_args!("stream `{}`: {note}", descriptor.name));
                }
                let fan_out = FanOut::new(branches);
                let task = StreamTask::new(report, environment, fan_out, plan, state);
                let task = task.with_resume(self.resume).with_distinct(distinct).with_own(descriptor.state);
                Node::ready(self.stream, task, feed, dependency, environment)
            }
            Err(error) => Node::failed(report, FanOut::new(branches), error.in_stream(descriptor.name)),
        }
    }
}

/// A state of an author's type is that of one slice.
fn divided() -> Error {
    let text = "its state is of a type of its own, which is that of a stream read in one slice; it has partitions";
    Error::new(ErrorKind::Internal, text)
}

struct Prepared {
    feed: Feed,
    plan: Plan,
    state: StreamState,
    /// How many keys may be remembered to drop duplicates.
    distinct: Option<usize>,
}

impl Planned {
    fn prepare(
        &mut self,
        branches: &[Branch],
        environment: &Environment,
        feed: Option<PartitionFeed>,
    ) -> Result<Prepared> {
        let (stream, incoming, selected) = (&self.stream, self.state.as_ref(), self.selected);
        let mut options = caught(|| Ok(stream.plan_options()))?;
        options.render = selected;
        let remembered = options.remembered_keys.unwrap_or(environment.limits.remembered_keys);
        let snapshot = selected && self.incremental && stream.descriptor().deletions;
        let distinct = (selected && options.distinct).then_some(remembered);
        options.distinct = distinct.is_some();
        options.keys = snapshot;
        options.children = branches.iter().map(|branch| branch.paths().to_vec()).collect();
        let plan = Plan::new(stream.descriptor(), options)?;
        let (cursor, now) = (caught(|| stream.cursor())?, environment.clock.now().into());
        let then = cursor.as_ref().and_then(|cursor| Some(cursor.then.as_ref()?.field));
        if cursor.is_some() && then != stream.descriptor().then {
            let text = "the second part of its cursor is not that of its descriptor";
            return Err(Error::new(ErrorKind::Internal, text));
        }
        let partitions = std::mem::replace(&mut self.partitions, Ok(Partitions::One))?;
        let state = match (stream.descriptor().state, &partitions) {
            (Some(codec), Partitions::One) => StreamState::open_own(codec, incoming, now)?,
            (Some(_), _) => return Err(divided()),
            (None, _) if snapshot => StreamState::open_snapshot(incoming, now, remembered)?,
            (None, Partitions::One) => StreamState::open(cursor, incoming, now)?,
            (None, Partitions::List(_) | Partitions::Parent | Partitions::Groups(_)) => {
                let texts = stream.descriptor().parent.map_or(0, |link| link.named.len());
                StreamState::open_partitioned(cursor, incoming, now)?.with_texts(texts)
            }
        };
        let (single, grouped) = (partitions == Partitions::One, matches!(partitions, Partitions::Groups(_)));
        let feed = match (partitions, feed) {
            (Partitions::One, _) => Feed::one(),
            (Partitions::List(partitions), _) => Feed::list(partitions),
            (Partitions::Parent, Some(feed)) => Feed::parent(feed, stream, None, environment.limits.paired_records),
            (Partitions::Groups(size), Some(feed)) => {
                Feed::parent(feed, stream, Some(size.max(1)), environment.limits.paired_records)
            }
            (Partitions::Parent | Partitions::Groups(_), None) => {
                return Err(Error::new(
                    ErrorKind::Internal,
                    "it has partitions of a parent, but its descriptor names none",
                ));
            }
        };
        // A parent's record that comes again, as when pages move, or that two parents have, makes one partition.
        let known = single || state.knows_what_it_began() && !grouped;
        let feed = if known { feed } else { feed.remembering(Met::new(environment.limits.remembered_keys)) };
        Ok(Prepared { feed, plan, state, distinct })
    }
}
