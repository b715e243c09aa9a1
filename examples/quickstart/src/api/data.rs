//! A shop's users, orders and posts; each row remembers when it last changed.

use connector_http::prelude::{DateTime, Utc};

const NAMES: [&str; 8] = ["Ada", "Grace", "Linus", "Margaret", "Dennis", "Barbara", "Ken", "Frances"];
const STATUS: [&str; 3] = ["new", "paid", "sent"];

/// Everything the API has.
pub struct Data {
    users: Vec<Row>,
    orders: Vec<Row>,
    posts: Vec<Row>,
}

/// A row: what it is part of (a user, for a post), when it changed (RFC 3339 in UTC, so that text order is time order), and
/// its JSON.
struct Row {
    id: usize,
    parent: usize,
    changed: String,
    json: String,
}

impl Data {
    /// 40 users, 1,200 orders and up to four posts a user, all of the last 600 days.
    pub fn new() -> Self {
        let users = (1..=40).map(|id| user(id, NAMES[id % 8], &hours_ago(id * 37)));
        let orders = (1..=1200).map(|id| order(id, STATUS[id % 3], &hours_ago(id * 11)));
        let posts =
            (1..=40).flat_map(|user| (1..=user % 5).map(move |n| post(user * 10 + n, user, &hours_ago(user * 97 + n))));
        Self { users: users.collect(), orders: orders.collect(), posts: posts.collect() }
    }

    /// One user changes the name, three orders are sent, five are new, two posts are new.
    pub fn change(&mut self) {
        let now = hours_ago(0);
        self.users[6] = user(7, "Radia", &now);
        for id in [12, 345, 678] {
            self.orders[id - 1] = order(id, "sent", &now);
        }
        self.orders.extend((1201..=1205).map(|id| order(id, "new", &now)));
        self.posts.extend([post(78, 7, &now), post(319, 31, &now)]);
    }

    /// Users changed at that moment or later, the earliest change first.
    pub fn users(&self, since: Option<&str>) -> Vec<String> {
        changed(self.users.iter(), since)
    }

    /// Orders changed at that moment or later, the earliest change first.
    pub fn orders(&self, since: Option<&str>) -> Vec<String> {
        changed(self.orders.iter(), since)
    }

    /// Posts of one user changed at that moment or later, the earliest change first.
    pub fn posts(&self, user: &str, since: Option<&str>) -> Vec<String> {
        changed(self.posts.iter().filter(|post| post.parent.to_string() == user), since)
    }
}

fn changed<'a>(rows: impl Iterator<Item = &'a Row>, since: Option<&str>) -> Vec<String> {
    let mut rows: Vec<&Row> = rows.filter(|row| since.is_none_or(|since| row.changed.as_str() >= since)).collect();
    rows.sort_by(|a, b| a.changed.cmp(&b.changed).then(a.id.cmp(&b.id)));
    rows.iter().map(|row| row.json.clone()).collect()
}

/// A moment so many hours before now, to the second.
fn hours_ago(hours: usize) -> String {
    let seconds = Utc::now().timestamp() - 3600 * i64::try_from(hours).unwrap_or_default();
    DateTime::from_timestamp(seconds, 0).unwrap_or_default().format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn user(id: usize, name: &str, changed: &str) -> Row {
    let json = format!(
        r#"{{"id":{id},"name":"{name} {id}","email":"user{id}@example.com","active":{},"updated_at":"{changed}"}}"#,
        !id.is_multiple_of(4)
    );
    Row { id, parent: 0, changed: changed.to_owned(), json }
}

fn order(id: usize, status: &str, changed: &str) -> Row {
    let json = format!(
        r#"{{"id":{id},"user_id":{},"status":"{status}","total":{}.{:02},"currency":"EUR","updated_at":"{changed}"}}"#,
        id % 40 + 1,
        id % 300,
        id % 100
    );
    Row { id, parent: 0, changed: changed.to_owned(), json }
}

fn post(id: usize, user: usize, changed: &str) -> Row {
    let json = format!(r#"{{"id":{id},"user_id":{user},"title":"Note {id}","updated_at":"{changed}"}}"#);
    Row { id, parent: user, changed: changed.to_owned(), json }
}
