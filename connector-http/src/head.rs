//! What every view of an answer tells: its status and headers.

/// The accessors of a type with the fields `status` and `headers`.
macro_rules! head {
    () => {
        /// The status.
        #[must_use]
        pub fn status(&self) -> $crate::http::StatusCode {
            self.status
        }

        /// All headers.
        #[must_use]
        pub fn headers(&self) -> &$crate::http::HeaderMap {
            self.headers
        }

        /// The first value of a header, where it is text.
        #[must_use]
        pub fn header(&self, name: &str) -> Option<&str> {
            self.headers.get(name)?.to_str().ok()
        }
    };
}

pub(crate) use head;
