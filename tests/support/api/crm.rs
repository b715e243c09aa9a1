//! Three companies in pages of two, linked by headers, behind OAuth2 with refresh tokens that can be used once.

use std::sync::atomic::{AtomicU32, Ordering};

use super::oauth::{CLIENT_ID, CLIENT_SECRET};
use crate::{Reply, Request};

/// How many refresh tokens were used: the only one that is good has that number.
#[derive(Default)]
pub(super) struct Rotation(AtomicU32);

impl Rotation {
    pub(super) fn issue(&self, request: &Request) -> Reply {
        let used = self.0.load(Ordering::Relaxed);
        let good = request.form("refresh_token") == Some(format!("refresh-token-{used}"))
            && request.form("client_id").as_deref() == Some(CLIENT_ID)
            && request.form("client_secret").as_deref() == Some(CLIENT_SECRET);
        if !good {
            return Reply::json(r#"{"error":"invalid_grant"}"#).with_status(400);
        }
        let next = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        Reply::json(format!(
            r#"{{"access_token":"rotated-token-{next}","expires_in":3600,"refresh_token":"refresh-token-{next}"}}"#
        ))
    }

    pub(super) fn companies(&self, request: &Request) -> Reply {
        let token = format!("Bearer rotated-token-{}", self.0.load(Ordering::Relaxed));
        if request.header("authorization") != Some(token.as_str()) {
            return Reply::status(401).header("Content-Type", "text/html").body("<title>401 Unauthorized</title>");
        }
        let since = request.param("updatedAt_gte").unwrap_or_default();
        let rows: Vec<String> = (1..=3)
            .map(|id| (id, format!("2024-01-0{id}T00:00:00.000Z")))
            .filter(|row| row.1.as_str() >= since)
            .map(|(id, changed)| format!(r#"{{"id":{id},"name":"Über {id}","address":null,"updatedAt":"{changed}"}}"#))
            .collect();
        let page = request.param("_page").and_then(|page| page.parse::<usize>().ok()).unwrap_or(1);
        let part: Vec<_> = rows.iter().skip((page - 1) * 2).take(2).cloned().collect();
        let host = request.header("host").unwrap_or_default();
        let link = match rows.len() > page * 2 {
            true => format!(r#"<http://{host}{}?_page={}&_limit=100>; rel="next""#, request.path, page + 1),
            false => String::new(),
        };
        Reply::json(format!("[{}]", part.join(","))).header("Link", link)
    }
}
