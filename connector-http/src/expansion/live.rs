//! Fields that are only validated are not "never read".

/// Has a method that reads each field. rustc's lint counts the methods of a foreign trait as alive, and so the fields; nothing calls it.
pub trait Live {
    /// Reads each field.
    fn live(&self);
}
