//! What every request passes: its id, its headers, its figures, its span, and
//! the one place that turns an error into a problem document.

pub mod deadline;
pub mod edge;
pub mod pace;
pub mod span;
pub mod standing;
