//! The macros amid names that get in the way.

/// Own types and macros called like those of the standard library, and none of the usual names in scope.
mod own_names {
    #![deny(warnings)]
    #![no_implicit_prelude]
    #![allow(dead_code, reason = "names that only get in the way")]

    use ::connector_http::{HttpStream, Record, config, source};

    struct Result;
    struct Option;
    struct String;
    struct Vec;
    struct Ok;
    struct Some;
    struct None;
    mod core {}
    mod std {}
    mod serde {}
    mod schemars {}

    #[derive(Record)]
    struct Home {
        city: ::std::string::String,
    }

    #[derive(HttpStream)]
    #[http(params(limit = 100), headers("X-A" = config.token.expose().len()))]
    #[paginate(pages, param = "page", size(count = 10, param = "size"))]
    struct User {
        #[primary_key]
        id: u64,
        home: ::std::option::Option<Home>,
        #[cursor(start = config.since, since = "since")]
        at: ::connector_http::prelude::DateTime<::connector_http::prelude::Utc>,
    }

    #[derive(HttpStream)]
    #[http(path = "users/{parent.id}", parent = User, params(since = slice.start))]
    struct Post {
        #[primary_key]
        r#type: u64,
        #[cursor]
        r#move: i64,
    }

    #[config]
    struct Part {
        name: ::std::string::String,
    }

    #[source(base_url = "https://{config.part.name}.example.com", auth = bearer(config.token), streams(User, Post),
        catalog_lock = "tests/macros/own_names.lock.json")]
    struct Example {
        token: ::connector_http::Secret,
        since: ::std::option::Option<::connector_http::prelude::NaiveDate>,
        part: Part,
    }

    #[test]
    fn they_stay_apart() {
        use ::std::{assert_eq, stringify};
        let names = <Example as ::connector_http::Source>::descriptors();
        let names: ::std::vec::Vec<&str> = ::std::iter::Iterator::collect(::std::iter::Iterator::map(
            ::std::iter::IntoIterator::into_iter(names),
            |descriptor| descriptor.name,
        ));
        assert_eq!(names, ["user", "post"], "{}", stringify!(names));
    }
}

/// The runtime under another name.
mod renamed {
    #![deny(warnings)]
    mod reexport {
        pub(super) use connector_http as http;
    }
    use reexport::http::prelude::*;

    #[derive(Record)]
    #[record(crate = reexport::http)]
    struct Home {
        city: String,
    }

    #[derive(HttpStream)]
    #[http(crate = reexport::http, path = "users/{config.region}")]
    struct User {
        #[primary_key]
        id: u64,
        home: Home,
    }

    #[config(crate = reexport::http)]
    struct Part {
        name: String,
    }

    #[source(crate = reexport::http, base_url = config.part.name, streams(User),
        catalog_lock = "tests/macros/renamed.lock.json")]
    struct Example {
        region: String,
        part: Part,
    }

    #[test]
    fn it_is_found() {
        assert_eq!(Example::descriptors()[0].name, "user");
    }
}

/// Fields that are not compiled, and types that a macro writes.
mod cfgs {
    #![deny(warnings)]
    use connector_http::prelude::*;

    macro_rules! streams {
        ($($name:ident($key:ty),)+) => { $(
            #[derive(HttpStream)]
            #[http(path = "x", params(region = config.region))]
            struct $name {
                #[primary_key]
                id: $key,
                #[cfg(any())]
                never: NoSuchType,
            }
        )+ };
    }
    streams! { First(u64), Second(String), }

    #[source(base_url = "https://example.com", streams(First, Second))]
    struct Example {
        region: Option<String>,
        #[cfg(any())]
        never: NoSuchType,
    }

    #[test]
    fn what_is_left_out_is_left_out() {
        let fields = (Example::descriptors()[1].fields)();
        assert_eq!(fields.len(), 1);
        let schema = Example::config_schema();
        assert_eq!(schema["properties"].as_object().map(serde_json::Map::len), Some(1));
    }
}

/// A source inside a function, as in a doc test.
#[test]
fn inside_a_function() {
    use connector_http::prelude::*;

    #[derive(HttpStream)]
    #[http(params(region = config.region))]
    struct User {
        #[primary_key]
        id: u64,
    }

    #[source(base_url = "https://example.com", streams(User))]
    struct Example {
        region: String,
    }
    assert_eq!(Example::descriptors()[0].name, "user");
}

/// clippy at its most pedantic finds nothing in what the macros write.
mod pedantic {
    #![deny(warnings, clippy::pedantic)]
    use connector_http::prelude::*;

    /// What a stream is made of.
    struct Table {
        id: String,
    }

    /// Rows of a table.
    #[derive(HttpStream)]
    #[http(config = Example, made_of = Table, path = "tables/{stream.id}", schema = Self::columns)]
    struct Row {
        #[primary_key]
        id: u64,
    }

    impl Row {
        async fn columns(_: &Example, api: &ApiClient) -> Result<SchemaFields> {
            let mut fields = SchemaFields::new();
            for name in api.get("columns").json::<Vec<String>>().await? {
                fields.field::<Option<String>>(name);
            }
            Ok(fields)
        }
    }

    #[derive(HttpStream)]
    #[http(params(limit = 100, kinds = config.kinds), records = "data.*", filter = record.name != "x" && !config.kinds.is_empty())]
    #[paginate(pages, param = "page", size(count = 10, param = "size"))]
    #[add(label = "{record.name}: {config.region}", at = now())]
    #[on(status = 404, ignore)]
    struct User {
        #[primary_key]
        id: u64,
        name: String,
        #[cursor(start = ago(days(3)), since = "since", until = "until", step = days(1), end = now())]
        at: DateTime<Utc>,
    }

    /// A stream over any kind of item.
    #[derive(HttpStream)]
    #[http(path = "users/{parent.id}/items", parent = User)]
    struct Listing<T> {
        #[primary_key]
        id: u64,
        item: T,
    }

    /// An item.
    #[derive(Record)]
    struct Item {
        weight: f64,
    }

    #[source(base_url = "https://{config.region}.example.com", auth = bearer(config.token), streams(User, Listing<Item>, Self::tables))]
    struct Example {
        token: Secret,
        region: String,
        kinds: Vec<String>,
    }

    impl Example {
        async fn tables(&self, api: &ApiClient) -> Result<StreamList<Self>> {
            let mut streams = StreamList::new();
            for id in api.get("tables").json::<Vec<String>>().await? {
                streams.add::<Row>(format!("{}_{id}", self.region), Table { id });
            }
            Ok(streams)
        }
    }

    #[test]
    fn it_is_well() {
        let names: Vec<&str> = Example::descriptors().iter().map(|stream| stream.name).collect();
        assert_eq!(names, ["user", "listing"]);
    }
}

/// Streams, parents and configs that stand in other modules.
mod elsewhere {
    #![deny(warnings)]

    mod people {
        use connector_http::prelude::*;

        #[derive(HttpStream)]
        #[http(params(region = config.region))]
        pub(super) struct User {
            #[primary_key]
            pub(super) id: u64,
        }
    }

    mod posts {
        use super::people;
        use connector_http::prelude::*;

        #[derive(HttpStream)]
        #[http(path = "users/{parent.id}/posts/{config.region}", parent = people::User)]
        pub(super) struct Post {
            #[primary_key]
            id: u64,
        }
    }

    #[connector_http::source(base_url = "https://example.com", streams(people::User, posts::Post))]
    struct Example {
        region: String,
    }

    #[test]
    fn they_are_found() {
        use connector_http::Source;
        let names: Vec<&str> = Example::descriptors().iter().map(|stream| stream.name).collect();
        assert_eq!(names, ["user", "post"]);
    }
}
