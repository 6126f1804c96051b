//! The server from inside, over HTTP; mirrors the URL map.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod accounts;
mod administration;
mod appeals;
mod append_only;
mod backup;
mod codes;
mod console;
mod console_day;
mod console_files;
mod console_records;
mod demo;
mod desk;
mod desk_plans;
mod figures;
mod first_run;
mod floors;
mod flow;
mod guessing;
mod harness;
mod imports;
mod inbox;
mod intake;
mod jobs;
mod keys;
mod ledger;
mod loops;
mod offered;
mod openapi;
mod operations;
mod owners;
mod post;
mod ratings;
mod registers;
mod rights;
mod rights_deeds;
mod rights_http;
mod scans;
mod sessions;
mod slowness;
mod staff;
mod sweeping;
mod symbols;
mod walks;
mod writing;
