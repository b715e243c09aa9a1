//! What keeps a sync from starting. Files that cannot be read are tested with a real process, in `command_line`.

use connector_core::FailureType::Config;
use serde_json::json;

use crate::row::Row;

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::new("a config without a field that is due")
            .configure(|_, config| drop(config.as_object_mut().unwrap().remove("base_url")))
            .requests(0)
            .fails(Config, &["base_url"]),
        Row::new("a config with a field of another type")
            .configure(|_, config| config["token"] = json!(7))
            .requests(0)
            .fails(Config, &["token", "string"]),
        Row::new("a base URL that is none")
            .configure(|_, config| config["base_url"] = json!("api.example.com"))
            .requests(0)
            .fails(Config, &["api.example.com"]),
        Row::new("a token that no header can carry")
            .configure(|_, config| config["token"] = json!("s3cret+t0ken/for=all\n"))
            .requests(0)
            .fails(Config, &["`authorization`", "line break"]),
        Row::new("a config with an unknown field")
            .configure(|_, config| config["refresh_tokne"] = json!("x"))
            .logs(1, "`refresh_tokne` is unknown")
            .logs(1, "`refresh_token`")
            .note("a warning with the nearest name"),
    ]
}
