//! The staff console's pages. `frame` is what every page stands in, `form` the
//! parts of forms; a page's template extends `console/base.html` and is given
//! the frame under the name `f`.

pub mod assets;
pub mod audit;
pub mod enterprises;
pub mod figures;
pub mod form;
pub mod frame;
pub mod home;
pub mod inbox;
pub mod intake;
pub mod issue;
pub mod issues;
pub mod nav;
pub mod notice;
pub mod prints;
pub mod ratings;
pub mod sheet;
pub mod sign_in;
pub mod tags;
pub mod webhooks;

#[cfg(test)]
mod tests;
