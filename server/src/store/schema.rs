//! The schema as diesel sees it; keep it in step with the migrations, which describe each column.
#![expect(missing_docs, reason = "columns are documented in the migrations")]

pub mod accounts;
mod appeals;
mod code_life;
mod directory;
mod figures;
mod flow;
mod frozen;
mod guard;
mod imports;
mod intake;
mod invitations;
mod issuing;
mod ledger;
mod line;
mod post;
mod registers;
mod standing;

pub use appeals::{appeal_decisions, appeal_outcomes, appeal_urgings, rating_appeals};
pub use code_life::{code_resumptions, code_scans, code_suspensions};
pub use directory::{
    categories, channels, console_sessions, offices, spent_refresh_tokens, staff, staff_roles,
    staff_sessions, units, workdays,
};
pub use figures::{figure_marks, figure_sums};
pub use flow::{
    assist_endings, assist_replies, conference_minutes, conferences, deferrals, first_contacts, follow_ups,
    provisional_limits, recounted_limits, rectification_limits, rectification_steps, rectifications,
    requests, resumptions, rulings, supervisions,
};
pub use frozen::{assignment_facts, closure_facts};
pub use guard::{rating_flags, rating_traces};
pub use imports::{enterprise_import_rows, enterprise_imports};
pub use intake::attachments;
pub use invitations::{rating_invitations, rating_proofs, rating_reminders};
pub use issuing::{code_run_lines, code_runs};
pub use ledger::{
    issue_facts, ledger_entries, ledger_heads, ledger_nodes, ledger_openings, ledger_salts, state_facts,
};
pub use line::{
    assignments, closures, events, extensions, issue_contacts, issue_references, issues, rating_tags,
    ratings, reports,
};
pub use post::{leases, notices, outbox, promises, staff_mail, webhook_links, webhooks};
pub use registers::{
    attempts, code_endings, codes, devices, enterprises, idempotency_keys, pin_activations, pins,
};
pub use standing::{assisting_units, waiting_requests};

diesel::allow_tables_to_appear_in_same_query!(
    units,
    offices,
    staff,
    staff_roles,
    staff_sessions,
    spent_refresh_tokens,
    console_sessions,
    channels,
    categories,
    workdays,
    enterprises,
    codes,
    code_endings,
    code_suspensions,
    code_resumptions,
    code_scans,
    code_runs,
    code_run_lines,
    pins,
    pin_activations,
    devices,
    attempts,
    idempotency_keys,
    issues,
    issue_contacts,
    issue_references,
    assignments,
    extensions,
    reports,
    closures,
    closure_facts,
    assignment_facts,
    issue_facts,
    ratings,
    rating_tags,
    events,
    requests,
    rulings,
    assist_replies,
    assist_endings,
    provisional_limits,
    recounted_limits,
    first_contacts,
    conferences,
    conference_minutes,
    deferrals,
    resumptions,
    supervisions,
    rectifications,
    rectification_steps,
    rectification_limits,
    follow_ups,
    waiting_requests,
    assisting_units,
    attachments,
    enterprise_imports,
    enterprise_import_rows,
    leases,
    promises,
    staff_mail,
    notices,
    webhooks,
    webhook_links,
    outbox,
    appeal_urgings,
    rating_appeals,
    appeal_decisions,
    appeal_outcomes,
    rating_invitations,
    rating_proofs,
    rating_reminders,
    rating_traces,
    rating_flags,
);
