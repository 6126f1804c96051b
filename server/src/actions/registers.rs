//! The register of enterprises as a whole: imported from tables, and given out as one.

pub mod export;
pub mod import;
