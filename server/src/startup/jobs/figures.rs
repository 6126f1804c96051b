//! Keeping the sums of the figures: what entered the log marks days, marked days
//! are counted beside the writer, and what was counted is kept in one go.

use super::Runner;
use crate::actions::{
    Refused,
    figures::keep::{self, Counted, Touched},
};

impl Runner {
    pub(super) async fn figures(&self) -> Result<bool, Refused> {
        let (store, rules) = (&self.shared.store, self.shared.rules());
        let asked = rules.clone();
        let touched: Result<Option<Touched>, Refused> = store.read(move |db| keep::follow(db, &asked)).await;
        let touched = touched?;
        if let Some(touched) = touched.clone() {
            let marked: Result<(), Refused> = store.write(move |db| keep::mark(db, &touched)).await;
            marked?;
        }
        if touched.as_ref().is_some_and(|touched| touched.more) {
            return Ok(true);
        }
        let counted: Result<Option<Counted>, Refused> =
            store.read(move |db| keep::count_marked(db, &rules)).await;
        let Some(counted) = counted? else { return Ok(touched.is_some()) };
        let kept: Result<(), Refused> = store.write(move |db| keep::keep(db, &counted)).await;
        kept.map(|()| true)
    }
}
