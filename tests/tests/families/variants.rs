//! Several streams of one struct.

use crate::kit::read;
use connector_http::prelude::*;
use connector_http::transport::Reply;
use serde_json::json;

/// A report of one kind.
#[derive(HttpStream)]
#[http(
    name = "{variant.kind}_report",
    path = "reports/{variant.kind}/{config.region}",
    records = variant.rows,
    params(level = variant.level + 1, label = format!("{}-{}", variant.kind, config.region))
)]
#[add(kind = variant.kind)]
#[variants(Sales(kind = "sales", level = 1, rows = "rows"), Returns(kind = "returns", level = 2, rows = "data.items"))]
struct Report {
    #[primary_key]
    id: u64,
    #[serde(rename = "{variant.kind}_total")]
    total: f64,
}

#[derive(HttpStream)]
#[http(path = "sales/{parent.id}/lines", parent = Sales)]
struct Line {
    #[primary_key]
    id: u64,
}

#[source(name = "source-variants", base_url = "https://api.example.com/", streams(Sales, Returns, Line))]
struct Api {
    region: String,
}

/// Each has its own name, request, records path and schema; a variant can be a parent.
#[test]
fn streams_of_one_struct() {
    let sync = read::<Api>(json!({ "region": "e/u" }), |url, _| {
        Reply::json(match url {
            "reports/sales/e%2Fu?level=2&label=sales-e%2Fu" => r#"{"rows":[{"id":1,"sales_total":1.50}]}"#,
            "reports/returns/e%2Fu?level=3&label=returns-e%2Fu" => r#"{"data":{"items":[{"id":2,"returns_total":2}]}}"#,
            "sales/1/lines" => r#"[{"id":3}]"#,
            other => panic!("{other:?}"),
        })
    });
    assert_eq!(sync.error, None);
    assert_eq!(
        sync.records,
        [
            r#"line {"id":3}"#,
            r#"returns_report {"id":2,"returns_total":2,"kind":"returns"}"#,
            r#"sales_report {"id":1,"sales_total":1.50,"kind":"sales"}"#,
        ]
    );
    let catalog = serde_json::to_value(connector_core::Connector::of::<Api>().discover()).unwrap();
    let names: Vec<_> = catalog["streams"].as_array().unwrap().iter().map(|stream| stream["name"].clone()).collect();
    assert_eq!(names, ["sales_report", "returns_report", "line"]);
    assert_eq!(catalog["streams"][0]["json_schema"]["properties"]["sales_total"]["type"], json!("number"));
    assert_eq!(catalog["streams"][1]["json_schema"]["description"], json!("A report of one kind."));
}
