//! From the constant table to the plan: flattened fields become members, recursive types end in themselves, and the paths
//! that somebody wants values of are marked.

use super::keys::{fingerprint, key_text};
use super::line;
use super::plan::{Bounds, KeyPart, Kind, Member, NO_SLOT, Node, ObjectPlan, Plan, PlanOptions};
use super::shape::{Field, Shape};
use super::transform::Transformer;
use crate::error::{Error, ErrorKind, Result};
use crate::stream::StreamDescriptor;

/// From here on, equal struct types share one plan, whatever their paths: a table cannot explode.
const MANY_NODES: usize = 4096;

/// A struct's fields, told apart by where they are.
type Identity = (*const Field, usize);

/// The table under construction.
pub(crate) struct Compiler {
    check: bool,
    nodes: Vec<Node>,
    paths: Vec<String>,
    objects: Vec<ObjectPlan>,
    bounds: Vec<Bounds>,
    choices: Vec<&'static [&'static str]>,
    slots: u16,
    /// The structs that this place is inside of, and which object each became.
    inside: Vec<(Identity, u32)>,
    /// The structs seen after there were too many nodes.
    shared: Vec<(Identity, u32)>,
}

/// The paths of wanted values as a tree.
#[derive(Default)]
struct Wanted {
    slot: Option<u16>,
    below: Vec<(&'static str, Wanted)>,
    /// The value is judged elsewhere: its type is not compared.
    unchecked: bool,
}

/// The members of an object under construction.
#[derive(Default)]
struct Members {
    fields: Vec<(Field, bool)>,
    rest: Option<&'static Shape>,
    flattened: bool,
}

impl Compiler {
    pub(crate) fn new(options: &PlanOptions) -> Self {
        Self {
            check: options.check,
            nodes: Vec::new(),
            paths: Vec::new(),
            objects: Vec::new(),
            bounds: Vec::new(),
            choices: Vec::new(),
            slots: 0,
            inside: Vec::new(),
            shared: Vec::new(),
        }
    }

    pub(crate) fn plan(mut self, descriptor: &StreamDescriptor, options: PlanOptions) -> Result<Plan> {
        let mut wanted = Wanted::default();
        let cursor = descriptor.cursor.map(|cursor| self.want(&mut wanted, cursor.path, options.cursor_formats));
        let then = descriptor.then.filter(|_| cursor.is_some());
        let then = then.map(|then| self.want(&mut wanted, then.path, options.then_formats));
        let children = options
            .children
            .iter()
            .map(|paths| paths.iter().map(|path| self.want(&mut wanted, path, false)).collect())
            .collect();
        let edits = &descriptor.edits;
        let reads = edits.reads.iter().map(|path| self.want(&mut wanted, path, false)).collect();
        let mut cut: Vec<u16> = edits.removed.iter().map(|path| self.want(&mut wanted, path, false)).collect();
        cut.extend(edits.added.iter().map(|field| self.want(&mut wanted, &[field.name], false)));
        let mut key = Vec::new();
        if options.distinct || options.keys {
            for path in descriptor.primary_key {
                let added = edits.added.iter().find(|field| **path == [field.name]);
                key.push(match added {
                    Some(field) => KeyPart::Added(field.name),
                    None => KeyPart::Slot(self.want(&mut wanted, path, false)),
                });
            }
            // A newer version of a record is no duplicate of it.
            if let (Some(cursor), true) = (descriptor.cursor, options.distinct) {
                key.push(KeyPart::Slot(self.want(&mut wanted, cursor.path, options.cursor_formats)));
            }
        }
        self.fields((descriptor.fields)(), &wanted, "")?;
        Ok(Plan {
            stream: descriptor.name,
            head: line::head(descriptor.name, descriptor.namespace),
            check: options.check,
            misfit: options.misfit,
            unread: !options.check && self.slots == 0,
            render: options.render,
            nodes: self.nodes,
            paths: self.paths,
            objects: self.objects,
            bounds: self.bounds,
            choices: self.choices,
            slots: usize::from(self.slots),
            cursor,
            then,
            key,
            kept: descriptor.primary_key.iter().map(|path| path.join(".")).collect(),
            children,
            reads,
            cut,
            spare: std::sync::Mutex::default(),
            transform: options
                .transform
                .map(|transform| Transformer { transform: transform.into(), fields: (descriptor.fields)() }),
        })
    }

    /// The slot of a path; the same path has one slot, whoever wants it.
    fn want(&mut self, mut wanted: &mut Wanted, path: &[&'static str], unchecked: bool) -> u16 {
        for name in path {
            let at = match wanted.below.iter().position(|(known, _)| known == name) {
                Some(at) => at,
                None => {
                    wanted.below.push((name, Wanted::default()));
                    wanted.below.len() - 1
                }
            };
            wanted = &mut wanted.below[at].1;
        }
        wanted.unchecked |= unchecked;
        *wanted.slot.get_or_insert_with(|| {
            self.slots += 1;
            self.slots - 1
        })
    }

    /// The object of a struct's fields.
    fn fields(&mut self, fields: &'static [Field], wanted: &Wanted, path: &str) -> Result<u32> {
        let identity: Identity = (fields.as_ptr(), fields.len());
        let known = if self.nodes.len() > MANY_NODES { &self.shared } else { &self.inside };
        if wanted.below.is_empty()
            && let Some((_, object)) = known.iter().find(|(known, _)| *known == identity)
        {
            return Ok(*object);
        }
        let object = self.reserve();
        self.inside.push((identity, object));
        if self.nodes.len() > MANY_NODES {
            self.shared.push((identity, object));
        }
        let mut members = Members::default();
        members.add(fields, false);
        self.fill(object, &members, wanted, path, false)?;
        self.inside.pop();
        Ok(object)
    }

    /// A place for an object, so that what is inside of it can refer to it.
    fn reserve(&mut self) -> u32 {
        self.objects.push(ObjectPlan {
            members: Vec::new(),
            keys: Vec::new(),
            required: 0,
            required_more: false,
            lookup: Vec::new(),
            names: Vec::new(),
            rest: None,
            loose: false,
            sequence: false,
            typed: None,
        });
        (self.objects.len() - 1) as u32
    }

    fn fill(&mut self, object: u32, members: &Members, wanted: &Wanted, path: &str, loose: bool) -> Result<()> {
        let mut built: Vec<(&str, u32, bool)> = Vec::new();
        let mut names = Vec::new();
        let nothing = Wanted::default();
        for (field, optional) in &members.fields {
            let below =
                wanted.below.iter().find(|(name, _)| field.is_called(name)).map_or(&nothing, |(_, below)| below);
            let shape = if *optional { &Shape::Any } else { field.shape };
            let node = self.node(shape, below, &join(path, field.name))?;
            names.push((field.name, built.len() as u16));
            names.extend(field.aliases.iter().map(|alias| (*alias, built.len() as u16)));
            let required = self.check && field.required && !*optional && !accepts_nothing(field.shape);
            built.push((field.name, node, required));
        }
        for (name, below) in &wanted.below {
            if !members.fields.iter().any(|(field, _)| field.is_called(name)) {
                let node = self.node(members.rest.unwrap_or(&Shape::Any), below, &join(path, name))?;
                names.push((name, built.len() as u16));
                built.push((*name, node, false));
            }
        }
        if built.len() >= usize::from(u16::MAX) {
            return Err(Error::new(ErrorKind::Internal, format!("`{path}` has more than 65,534 fields")));
        }
        let rest = match members.rest {
            Some(shape) => Some(self.node(shape, &nothing, &join(path, "*"))?),
            None => None,
        };
        let mut lookup: Vec<(u64, u16)> =
            names.iter().enumerate().map(|(entry, (name, _))| (fingerprint(name.as_bytes()), entry as u16)).collect();
        lookup.sort_unstable();
        let sequence = self.check && !members.flattened && !loose && members.rest.is_none();
        let keys: Vec<Box<[u8]>> = built.iter().map(|(name, ..)| key_text(name)).collect();
        let members: Vec<Member> = built
            .iter()
            .enumerate()
            .filter_map(|(at, (_, node, required))| {
                let bit = if at < 64 { 1 << at } else { 0 };
                let node = *self.nodes.get(*node as usize)?;
                Some(Member { bit, node, required: *required })
            })
            .collect();
        let required = members.iter().filter(|member| member.required).fold(0, |bits, member| bits | member.bit);
        let required_more = members.iter().any(|member| member.required && member.bit == 0);

        if let Some(plan) = self.objects.get_mut(object as usize) {
            *plan = ObjectPlan {
                members,
                keys,
                required,
                required_more,
                lookup,
                names,
                rest,
                loose: loose || !self.check,
                sequence,
                typed: None,
            };
        }
        Ok(())
    }

    /// The node of a shape; all its parts are numbered first.
    fn node(&mut self, shape: &'static Shape, wanted: &Wanted, path: &str) -> Result<u32> {
        let (mut shape, mut nullable) = (shape, false);
        while let Shape::Option(inner) = shape {
            (shape, nullable) = (inner, true);
        }
        if wanted.unchecked && wanted.below.is_empty() {
            shape = &Shape::Any;
        }
        // The number is taken before the parts are built, so that a path reads from the outside in.
        let number = self.nodes.len() as u32;
        self.nodes.push(Node { kind: Kind::Any, nullable, slot: wanted.slot.unwrap_or(NO_SLOT), number });
        self.paths.push(path.to_owned());
        let kind = self.kind(shape, wanted, path)?;
        if let Some(node) = self.nodes.get_mut(number as usize) {
            node.kind = kind;
        }
        Ok(number)
    }

    fn kind(&mut self, shape: &'static Shape, wanted: &Wanted, path: &str) -> Result<Kind> {
        let nothing = Wanted::default();
        if let Shape::Struct(fields) = shape {
            return Ok(Kind::Object(self.fields(fields(), wanted, path)?));
        }
        if !wanted.below.is_empty() {
            return self.window(shape, wanted, path);
        }
        if !self.check {
            return self.hint(shape, path);
        }
        Ok(match *shape {
            Shape::Any | Shape::Option(_) | Shape::Struct(_) => Kind::Any,
            Shape::Bool => Kind::Bool,
            Shape::Int { min, max } => {
                let bounds = bounds(min, max);
                let digits = bounds.digits as u8;
                self.bounds.push(bounds);
                Kind::Int { bounds: (self.bounds.len() - 1) as u32, digits }
            }
            Shape::Number => Kind::Number,
            Shape::Decimal => Kind::Decimal,
            Shape::Str => Kind::Str,
            Shape::Format(format) => Kind::Format(format),
            Shape::List(item) => Kind::List(self.node(item, &nothing, &format!("{path}[]"))?),
            Shape::Map(value) => Kind::Map(self.node(value, &nothing, &join(path, "*"))?),
            Shape::Choice(names) => {
                self.choices.push(names);
                Kind::Choice((self.choices.len() - 1) as u32)
            }
            Shape::Typed(check) => Kind::Typed(check),
        })
    }

    /// Without the check, the kind only tells the walk what will probably come.
    fn hint(&mut self, shape: &'static Shape, path: &str) -> Result<Kind> {
        let nothing = Wanted::default();
        Ok(match *shape {
            Shape::Bool => Kind::Bool,
            Shape::Int { .. } | Shape::Number => Kind::Number,
            Shape::Str | Shape::Format(_) | Shape::Choice(_) => Kind::Str,
            Shape::List(item) => Kind::List(self.node(item, &nothing, &format!("{path}[]"))?),
            Shape::Map(value) => Kind::Map(self.node(value, &nothing, &join(path, "*"))?),
            _ => Kind::Any,
        })
    }

    /// An object of no known fields, some of whose members are wanted.
    fn window(&mut self, shape: &'static Shape, wanted: &Wanted, path: &str) -> Result<Kind> {
        let mut members = Members::default();
        let (loose, typed) = match *shape {
            Shape::Any => (true, None),
            Shape::Typed(check) => (true, self.check.then_some(check)),
            Shape::Map(value) => {
                members.rest = Some(value);
                (false, None)
            }
            _ => {
                let names: Vec<&str> = wanted.below.iter().map(|(name, _)| *name).collect();
                let message = format!("`{path}` is no object, so there is no `{}` in it", names.join("`, `"));
                return Err(Error::new(ErrorKind::Internal, message));
            }
        };
        let object = self.reserve();
        self.fill(object, &members, wanted, path, loose)?;
        if let Some(plan) = self.objects.get_mut(object as usize) {
            plan.typed = typed;
        }
        Ok(Kind::Object(object))
    }
}

impl Members {
    /// Adds fields, and those of flattened fields; of one name, the first counts. `optional`: their types do not matter,
    /// because a flattened option of what does not fit is none.
    fn add(&mut self, fields: &'static [Field], optional: bool) {
        for field in fields {
            if !field.flatten {
                if !self.fields.iter().any(|(known, _)| known.name == field.name) {
                    self.fields.push((*field, optional));
                }
                continue;
            }
            self.flattened = true;
            let (mut shape, mut optional) = (field.shape, optional);
            while let Shape::Option(inner) = shape {
                (shape, optional) = (inner, true);
            }
            match shape {
                Shape::Struct(inner) => self.add(inner(), optional),
                Shape::Map(value) if !optional && self.rest.is_none() => self.rest = Some(value),
                _ => {}
            }
        }
    }
}

impl Field {
    /// Whether it has this name on the wire, or accepts it.
    fn is_called(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }
}

/// Whether serde makes a value of a type without a table out of nothing, as it does of options.
fn accepts_nothing(shape: &Shape) -> bool {
    matches!(shape, Shape::Typed(check) if check(b"null").is_ok())
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The types of Rust's integers that serde_json reads as 64 bits, in words.
const INTEGERS: &[(i128, i128, &str)] = &[
    (0, u64::MAX as i128, "an integer from 0 to 2^64-1"),
    (i64::MIN as i128, i64::MAX as i128, "an integer from -2^63 to 2^63-1"),
];

/// The bounds of an integer; those beyond 64 bits are read as serde reads `i128` and `u128`.
fn bounds(min: i128, max: i128) -> Bounds {
    let wide = min < i128::from(i64::MIN) || max > i128::from(u64::MAX);
    let known = INTEGERS.iter().find(|(low, high, _)| (*low, *high) == (min, max));
    let words = match known {
        Some((_, _, words)) => (*words).to_owned(),
        None if wide && min == 0 => "an integer of 128 bits, not negative".to_owned(),
        None if wide => "an integer of 128 bits".to_owned(),
        None => format!("an integer from {min} to {max}"),
    };
    let digits = if min <= 0 && max > 0 { max.ilog10() as usize } else { 0 };
    Bounds { min, max, digits, wide, above: wide && min == 0 && max == i128::MAX, words }
}
