//! Embeds anew whenever an SQL file comes, goes or changes.
fn main() {
    println!("cargo:rerun-if-changed=sqlite");
    println!("cargo:rerun-if-changed=postgres");
}
