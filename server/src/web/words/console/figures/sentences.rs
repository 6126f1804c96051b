//! Sentences of the figures' page that hold numbers or names.

use qiyema_protocol::figures::{Figure, Standing};

use crate::{domain::figures::said, web::words::lang::Lang};

/// A group beside the rest.
#[must_use]
pub const fn standing(l: Lang, standing: Standing) -> &'static str {
    match standing {
        Standing::Above => l.pick("明显高于其余", "clearly above"),
        Standing::Within => l.pick("可能只是偶然", "may be chance"),
        Standing::Below => l.pick("明显低于其余", "clearly below"),
    }
}

/// A figure beside that of the period before.
#[must_use]
pub const fn change(l: Lang, change: Standing) -> &'static str {
    match change {
        Standing::Above => l.pick("上升，变化属实", "up, a real change"),
        Standing::Within => l.pick("变化可能只是偶然", "the change may be chance"),
        Standing::Below => l.pick("下降，变化属实", "down, a real change"),
    }
}

/// A figure's rate beside that of the rest.
#[must_use]
pub fn beside_rest(l: Lang, figure: Figure, (own, rest): &(String, String)) -> String {
    let name = said::name(figure);
    match l {
        Lang::Zh => format!("{}{own}（其余{rest}）", name.zh),
        Lang::En => format!("{} {own} (the rest {rest})", name.en.to_lowercase()),
    }
}

/// More groups that stand apart than are named.
#[must_use]
pub fn more_apart(l: Lang, standing: Standing, more: usize) -> String {
    let side = match standing {
        Standing::Above => l.pick("明显高于其余", "clearly above the rest"),
        Standing::Within | Standing::Below => l.pick("明显低于其余", "clearly below the rest"),
    };
    match l {
        Lang::Zh => format!("另有{more}组{side}，见下表"),
        Lang::En => format!("{more} more {side}, in the table below"),
    }
}

fn listed(l: Lang, figures: &[Figure]) -> String {
    let names = figures.iter().map(|figure| {
        let name = said::name(*figure);
        if l == Lang::Zh { name.zh } else { name.en }
    });
    names.collect::<Vec<_>>().join(l.pick("、", ", "))
}

/// Of these figures nobody stands apart.
#[must_use]
pub fn all_chance(l: Lang, figures: &[Figure]) -> String {
    let names = listed(l, figures);
    match l {
        Lang::Zh => format!("{names}：各组之间的差异可能只是偶然，不宜据此评优评劣。"),
        Lang::En => {
            format!("{names}: all differences may be chance; nobody should be praised or blamed for them.")
        }
    }
}

/// So many groups stand apart in nothing.
#[must_use]
pub fn rest_chance(l: Lang, groups: usize) -> String {
    match l {
        Lang::Zh => format!("另外{groups}组：与其余各组的差异可能只是偶然。"),
        Lang::En => format!("{groups} more groups: their difference from the rest may be chance."),
    }
}

/// In these figures there is one group only.
#[must_use]
pub fn nobody_beside(l: Lang, figures: &[Figure]) -> String {
    let names = listed(l, figures);
    match l {
        Lang::Zh => format!("{names}：没有可以相比的组。"),
        Lang::En => format!("{names}: nobody to compare with."),
    }
}

/// Of these figures there is too little to compare.
#[must_use]
pub fn too_few(l: Lang, figures: &[Figure]) -> String {
    let names = listed(l, figures);
    match l {
        Lang::Zh => format!("{names}：件数太少，还不能比较。"),
        Lang::En => format!("{names}: too few to compare anybody."),
    }
}

/// That the table has more columns than are drawn.
#[must_use]
pub fn more_categories(l: Lang, more: u32) -> String {
    match l {
        Lang::Zh => format!("另有{more}个评价较少的类别未列出。"),
        Lang::En => format!("{more} more categories, with fewer ratings, are not shown."),
    }
}

/// A scale that does not begin at 0 says so.
#[must_use]
pub fn begins_at(l: Lang, percent: &str) -> String {
    match l {
        Lang::Zh => format!("坐标从{percent}起，不从0起。"),
        Lang::En => format!("The scale begins at {percent}, not at 0."),
    }
}
