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
