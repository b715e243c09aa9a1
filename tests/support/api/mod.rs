//! The API of the examples, small: users, orders and posts behind a bearer token, an OAuth2 token endpoint, and two tables
//! as datasette serves them; a collection as Kinto does; companies behind refresh tokens that can be used once.

mod crm;
mod data;
mod datasette;
mod kinto;
mod oauth;
mod vendors;

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use crm::Rotation;
use data::Data;
use oauth::Tokens;
pub use oauth::{CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN};

use crate::{Reply, Request, Server};

/// The token that `/v1` wants.
pub const TOKEN: &str = "api-token-of-the-tests";
/// More than this the server does not put on a page, whatever `limit` says, so that few records make several pages.
const PAGE: usize = 2;

/// A running copy of the API. Its `/v1` wants [`TOKEN`], its `/oauth/v1` an access token of `POST /oauth/token`.
pub struct Api {
    /// The server, for its address, its record of requests and its faults.
    pub server: Server,
    data: Arc<Mutex<Data>>,
}

impl Api {
    /// Starts it with three users, five orders and two posts.
    ///
    /// # Errors
    /// When the server cannot start.
    pub fn start() -> io::Result<Self> {
        let data = Arc::new(Mutex::new(Data::new()));
        let tokens = Arc::new(Tokens::default());
        let mut server = Server::new();
        for (prefix, wants_oauth) in [("/v1", false), ("/oauth/v1", true)] {
            for (pattern, list) in LISTS {
                let (data, tokens) = (Arc::clone(&data), Arc::clone(&tokens));
                server = server.route(&format!("GET {prefix}/{pattern}"), move |request| {
                    let token = request.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
                    let welcome =
                        if wants_oauth { token.is_some_and(|token| tokens.knows(token)) } else { token == Some(TOKEN) };
                    if !welcome {
                        return Reply::json(r#"{"error":"the token is missing, wrong or expired"}"#).with_status(401);
                    }
                    list(&data.lock().unwrap_or_else(PoisonError::into_inner), request)
                });
            }
        }
        for table in ["companies", "contacts"] {
            server = server.route(&format!("GET /crm/{table}.json"), move |request| datasette::rows(table, request));
        }
        for (pattern, what) in KINTO {
            let data = Arc::clone(&data);
            server = server.route(&format!("GET /kinto/{pattern}"), move |request| {
                kinto::list(what, request, data.lock().unwrap_or_else(PoisonError::into_inner).is_changed())
            });
        }
        let rotation = Arc::new(Rotation::default());
        let issuer = Arc::clone(&rotation);
        let server = server
            .route("POST /rotating/token", move |request| issuer.issue(request))
            .route("GET /crm/companies", move |request| rotation.companies(request));
        let server = vendors::routes(server);
        let server = server.route("POST /oauth/token", move |request| tokens.issue(request)).start()?;
        Ok(Self { server, data })
    }

    /// What happens to the shop between two syncs: order 2 is sent, order 6 comes in.
    pub fn change(&self) {
        self.data.lock().unwrap_or_else(PoisonError::into_inner).change();
    }
}

type List = fn(&Data, &Request) -> Reply;

const LISTS: [(&str, List); 4] = [
    ("items/cursor", |data, request| page("items", &data.items(), request)),
    ("users", |data, request| page("users", &data.users(), request)),
    ("orders", |data, request| page("orders", &data.orders(request.param("updated_since")), request)),
    ("users/{id}/posts", |data, request| {
        let user = request.path.trim_end_matches("/posts").rsplit('/').next().unwrap_or_default();
        page("posts", &data.posts(user), request)
    }),
];

const KINTO: [(&str, &str); 3] = [
    ("buckets", "buckets"),
    ("buckets/shop/collections", "collections"),
    ("buckets/shop/collections/orders/records", "records"),
];

/// A page: all rows, or with `limit` a few of them and the token of the next page (here the offset).
fn page(name: &str, rows: &[String], request: &Request) -> Reply {
    let Some(limit) = request.param("limit").and_then(|limit| limit.parse::<usize>().ok()) else {
        return Reply::json(format!(r#"{{"{name}":[{}]}}"#, rows.join(",")));
    };
    let offset = request.param("page_token").and_then(|token| token.parse().ok()).unwrap_or(0);
    let rest = rows.get(offset..).unwrap_or_default();
    let part = rest.get(..limit.min(PAGE)).unwrap_or(rest);
    let next = if part.len() < rest.len() { format!(r#""{}""#, offset + part.len()) } else { "null".to_owned() };
    Reply::json(format!(r#"{{"{name}":[{}],"next_page_token":{next}}}"#, part.join(",")))
}
