//! What is in the shop. Records are kept as JSON text, so that a test sees whether their bytes arrive.

pub(super) struct Data {
    /// Id, moment of the last change, status.
    orders: Vec<(u32, String, &'static str)>,
}

impl Data {
    pub(super) fn new() -> Self {
        let status = ["new", "paid", "sent"];
        let order = |id: u32| (id, format!("2024-05-0{}T10:00:00Z", id.div_ceil(2)), status[id as usize % 3]);
        Self { orders: (1..=5).map(order).collect() }
    }

    pub(super) fn change(&mut self) {
        if let Some(order) = self.orders.iter_mut().find(|order| order.0 == 2) {
            *order = (2, "2024-05-04T09:00:00Z".to_owned(), "sent");
        }
        self.orders.push((6, "2024-05-04T09:30:00Z".to_owned(), "new"));
    }

    /// Whether [`change`](Self::change) was called.
    pub(super) fn is_changed(&self) -> bool {
        self.orders.len() > 5
    }

    pub(super) fn users(&self) -> Vec<String> {
        let user = |id: u32, name: &str, active: bool, score: &str, tags: &str, nickname: &str| {
            format!(
                r#"{{"id":{id},"name":"{name}","email":"user{id}@example.com","active":{active},"score":{score},"tags":{tags},"#
            ) + &format!(
                r#""address":{{"city":"Gdańsk","zip":"0000{id}","geo":{{"lat":54.35,"lon":18.64}}}},"nickname":{nickname},"#
            ) + &format!(r#""created_at":"2024-01-01T0{id}:00:00Z"}}"#)
        };
        vec![
            user(1, "Ada", true, "13.436", r#"["a"]"#, "null"),
            user(2, "Grace", true, "84.743", r#"["a","b"]"#, r#""Amazing""#),
            user(3, "Łukasz", false, "76.377", "[]", "null"),
        ]
    }

    /// Orders changed at that moment or later, the earliest change first.
    pub(super) fn orders(&self, since: Option<&str>) -> Vec<String> {
        // The moments are written alike, so their text is ordered as they are.
        let mut orders: Vec<_> =
            self.orders.iter().filter(|order| since.is_none_or(|since| *order.1 >= *since)).collect();
        orders.sort_by(|a, b| a.1.cmp(&b.1).then(a.0.cmp(&b.0)));
        let text = |(id, changed, status): &&(u32, String, &str)| {
            format!(
                r#"{{"id":{id},"user_id":{},"amount":{}.25,"currency":"EUR","status":"{status}","updated_at":"{changed}"}}"#,
                id % 3 + 1,
                id * 10
            )
        };
        orders.iter().map(text).collect()
    }

    pub(super) fn items(&self) -> Vec<String> {
        (1..=3).map(|id| format!(r#"{{"id":{id},"value":"item {id}"}}"#)).collect()
    }

    /// The posts of a user: two of the third, none of the others.
    pub(super) fn posts(&self, user: &str) -> Vec<String> {
        let count = if user == "3" { 2 } else { 0 };
        let post = |number: u32| {
            format!(
                r#"{{"id":{user}00{number},"user_id":{user},"title":"Post {number} of {user}","body":"…","updated_at":"2024-02-0{number}T08:00:00Z"}}"#
            )
        };
        (1..=count).map(post).collect()
    }
}
