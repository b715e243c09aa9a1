//! How a stream is read, and what the destination does with it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! open_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// A word that the protocol does not know, kept so that only the stream that has it fails.
            Other(String),
        }

        impl $name {
            /// The name on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self { $(Self::$variant => $text,)+ Self::Other(text) => text }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text { $($text => Self::$variant,)+ _ => Self::Other(text.to_owned()) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self::from(String::deserialize(deserializer)?.as_str()))
            }
        }
    };
}

open_enum! {
    /// How a stream is read.
    SyncMode {
        /// Everything, each time.
        FullRefresh = "full_refresh",
        /// What is new since the last time.
        Incremental = "incremental",
    }
}

open_enum! {
    /// What the destination does with the records; a source only passes it on.
    DestinationSyncMode {
        /// Add them.
        Append = "append",
        /// Replace all that was there.
        Overwrite = "overwrite",
        /// Add them, keep the newest of each primary key.
        AppendDedup = "append_dedup",
        /// Change what was there.
        Update = "update",
        /// Mark what is gone.
        SoftDelete = "soft_delete",
    }
}
