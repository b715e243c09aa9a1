//! Which streams are read, and which feed which.

use std::collections::HashMap;
use std::sync::Arc;

use super::Environment;
use super::feed::Feed;
use super::run::{Dependency, Node};
use crate::panic::caught;
use crate::record::Plan;
use crate::state::{Listed, StreamState};
use crate::stream::{
    Branch, FanOut, PartitionFeed, Partitions, Purpose, Report, Resume, Stream, StreamDescriptor, StreamTask,
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

/// The streams to read, as a forest.
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
    /// Whether a parent may be read incrementally for it.
    incremental: bool,
    parent: Option<usize>,
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
            if let Some(name) = parent_name(descriptor).filter(|_| graph.nodes[child].is_read_by_parent()) {
                acyclic(descriptor, streams.len())?;
                uses_parent(descriptor, name)?;
                let start = graph.nodes[child].start_of_parent();
                graph.nodes[child].parent = Some(match graph.reading(name, start.as_ref()) {
                    Some(parent) => parent,
                    None => graph.add_parent(child, name, start, &by_name)?,
                });
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

    /// The fields of a parent's records that a sub-stream and the streams below it use, and how many are the sub-stream's own.
    fn paths(&self, child: usize) -> (Vec<Vec<&'static str>>, usize) {
        let descriptor = self.nodes[child].stream.descriptor();
        let mut paths = fields(descriptor, 0);
        let own = paths.len();
        let lists = descriptor.parent.map_or(&[][..], |link| link.lists).iter().map(|path| path.to_vec());
        paths.extend(lists.filter(|path| !fields(descriptor, 0).contains(path)));
        let mut level = vec![child];
        for depth in 1.. {
            level = self.below(&level);
            if level.is_empty() {
                break;
            }
            for &node in &level {
                for path in fields(self.nodes[node].stream.descriptor(), depth) {
                    if !paths.contains(&path) {
                        paths.push(path);
                    }
                }
            }
        }
        (paths, own)
    }

    fn below(&self, level: &[usize]) -> Vec<usize> {
        let is_below = |node: &usize| self.nodes[*node].parent.is_some_and(|parent| level.contains(&parent));
        (0..self.nodes.len()).filter(is_below).collect()
    }

    /// One list of nodes for each tree, the tree of the first selected stream first.
    pub(super) fn into_trees(self, environment: &Environment) -> Result<Vec<Vec<Node>>> {
        let mut branches: Vec<Vec<Branch>> = self.nodes.iter().map(|_| Vec::new()).collect();
        let mut feeds: Vec<Option<PartitionFeed>> = Vec::with_capacity(self.nodes.len());
        for (child, node) in self.nodes.iter().enumerate() {
            feeds.push(node.parent.map(|parent| {
                let (paths, own) = self.paths(child);
                let name = self.nodes[parent].stream.descriptor().name;
                let (branch, feed) = Branch::new(name, paths, own, environment.limits.waiting_partitions);
                branches[parent].push(branch);
                feed
            }));
        }
        let roots: Vec<usize> = (0..self.nodes.len()).map(|node| self.root(node)).collect();
        let mut trees: Vec<(usize, Vec<Node>)> = Vec::new();
        for (((planned, branches), feed), root) in self.nodes.into_iter().zip(branches).zip(feeds).zip(roots) {
            let node = planned.into_node(branches, feed, environment);
            match trees.iter_mut().find(|(of, _)| *of == root) {
                Some((_, nodes)) => nodes.push(node),
                None => trees.push((root, vec![node])),
            }
        }
        Ok(trees.into_iter().map(|(_, nodes)| nodes).collect())
    }

    fn root(&self, mut node: usize) -> usize {
        while let Some(parent) = self.nodes[node].parent {
            node = parent;
        }
        node
    }
}

fn parent_name(descriptor: &StreamDescriptor) -> Option<&'static str> {
    descriptor.parent.map(|link| (link.stream)().name)
}

/// Refuses a circle of parents before it is walked for ever.
fn acyclic(descriptor: &StreamDescriptor, streams: usize) -> Result<()> {
    let mut ancestor = descriptor.parent;
    for _ in 0..=streams {
        let Some(link) = ancestor else { return Ok(()) };
        ancestor = (link.stream)().parent;
    }
    Err(Error::new(ErrorKind::Internal, "its parents form a circle").in_stream(descriptor.name))
}

/// A parent's record makes a partition by what is used of it; a stream that uses nothing would read nothing, in silence.
fn uses_parent(descriptor: &StreamDescriptor, parent: &str) -> Result<()> {
    let divided = descriptor.parent.is_some_and(|link| !link.lists.is_empty());
    if divided || !fields(descriptor, 0).is_empty() {
        return Ok(());
    }
    let text = format!(
        "it uses no field of its parent stream `{parent}`; name one in the stream's descriptor, or leave the parent out"
    );
    Err(Error::new(ErrorKind::Internal, text).in_stream(descriptor.name))
}

/// The fields that a stream uses of its parent (level 0), its grandparent (1), and so on.
fn fields(descriptor: &StreamDescriptor, level: usize) -> Vec<Vec<&'static str>> {
    let fields = descriptor.parent.and_then(|link| link.fields.get(level).copied()).unwrap_or_default();
    fields.iter().map(|path| path.to_vec()).collect()
}

impl Planned {
    fn new(stream: Arc<dyn Stream>, state: Option<serde_json::Value>, incremental: bool) -> Self {
        let partitions = caught(|| stream.partitions());
        Self { stream, selected: false, state, resume: None, incremental, parent: None, partitions }
    }

    /// Whether its partitions are made of a parent's records: a stream that has a parent may have a list instead.
    fn is_read_by_parent(&self) -> bool {
        matches!(self.partitions, Ok(Partitions::Parent | Partitions::Groups(_)))
    }

    /// Whether its parent is read incrementally for it.
    fn depends(&self) -> bool {
        self.incremental && self.stream.descriptor().parent.is_some_and(|link| link.incremental)
    }

    /// The state that its parent is to be read from, where it is read incrementally and was before.
    fn start_of_parent(&self) -> Option<serde_json::Value> {
        let parent = parent_name(self.stream.descriptor()).filter(|_| self.depends())?;
        let start = self.state.as_ref()?.get("parent_state")?.get(parent)?;
        start.as_object().is_some_and(|start| !start.is_empty()).then(|| start.clone())
    }

    fn into_node(mut self, branches: Vec<Branch>, feed: Option<PartitionFeed>, environment: &Environment) -> Node {
        let descriptor = self.stream.descriptor();
        let dependency = parent_name(descriptor).filter(|_| self.depends()).map(|parent| Dependency {
            parent,
            listed: if self.start_of_parent().is_some() { Listed::Changed } else { Listed::All },
        });
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
                let task = task.with_resume(self.resume).with_distinct(distinct);
                Node::ready(self.stream, task, feed, dependency, environment)
            }
            Err(error) => Node::failed(report, FanOut::new(branches), error.in_stream(descriptor.name)),
        }
    }
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
        let partitions = std::mem::replace(&mut self.partitions, Ok(Partitions::One))?;
        let state = match partitions {
            _ if snapshot => StreamState::open_snapshot(incoming, now, remembered)?,
            Partitions::One => StreamState::open(cursor, incoming, now)?,
            Partitions::List(_) | Partitions::Parent | Partitions::Groups(_) => {
                StreamState::open_partitioned(cursor, incoming, now)?
            }
        };
        let feed = match (partitions, feed) {
            (Partitions::One, _) => Feed::one(),
            (Partitions::List(partitions), _) => Feed::list(partitions),
            (Partitions::Parent, Some(feed)) => Feed::parent(feed, stream, None),
            (Partitions::Groups(size), Some(feed)) => Feed::parent(feed, stream, Some(size.max(1))),
            (Partitions::Parent | Partitions::Groups(_), None) => {
                return Err(Error::new(
                    ErrorKind::Internal,
                    "it has partitions of a parent, but its descriptor names none",
                ));
            }
        };
        Ok(Prepared { feed, plan, state, distinct })
    }
}
