//! Attributes in the wrong place.

use crate::errors::Errors;
use crate::input::Item;
use crate::keys::STREAM_ATTRIBUTES;

/// The attributes that stand on a field.
const OF_FIELDS: &[&str] = &["primary_key", "cursor"];

/// An attribute of the struct on a field is told where it belongs; so is one that is given twice.
pub(crate) fn misplaced(item: &Item, errors: &Errors) {
    for field in item.fields() {
        for attribute in &field.attributes {
            let name = STREAM_ATTRIBUTES.iter().map(|known| known.name).find(|name| attribute.path().is_ident(name));
            if let Some(name) = name.filter(|name| !OF_FIELDS.contains(name)) {
                errors.at(attribute.path(), format!("#[{name}] belongs to the struct, not to a field"));
            }
        }
        for name in OF_FIELDS {
            for again in field.attributes.iter().filter(|attribute| attribute.path().is_ident(name)).skip(1) {
                errors.at(again.path(), format!("#[{name}] is given twice"));
            }
        }
    }
}
