//! The sealed letter that brings an enterprise its PIN: A4, folded twice like a Z. Outside,
//! above the first fold, stands whom it is for; the code is on the middle panel and the PIN
//! on the lowest, face to face when folded. Opposite the PIN the middle panel is covered with
//! digits, so that nothing can be made out against the light.

use secrecy::ExposeSecret as _;

use super::{
    Ink, Issuer, Label, POINT, Page, PaperError, Style, crisp,
    fit::{Line, block},
};
use crate::picture::symbol::Symbol;

/// Where the paper is folded.
const FOLDS: [f32; 2] = [99.0, 198.0];
const LEFT: f32 = 22.0;
const ROOM: f32 = 166.0;
/// The box of the PIN: its corner and size.
const BOX: ((f32, f32), (f32, f32)) = ((LEFT, 219.0), (78.0, 26.0));
const PIN: f32 = 34.0;

const fn style(size: f32, ink: Ink) -> Style {
    Style { size, ink, bold: false }
}

const fn bold(size: f32, ink: Ink) -> Style {
    Style { size, ink, bold: true }
}

pub(super) fn draw(
    page: &mut Page,
    issuer: Issuer<'_>,
    label: &Label,
    symbol: Symbol,
) -> Result<(), PaperError> {
    let long = || PaperError::Long { uscc: label.uscc.clone() };
    let pin = label.pin.as_ref().ok_or(PaperError::Write("a letter without its PIN"))?;
    for fold in FOLDS {
        page.bar((0.0, fold), (6.0, 0.12), Ink::Hair);
        page.bar((page.width - 6.0, fold), (6.0, 0.12), Ink::Hair);
    }

    // Outside: from whom, for whom.
    let centre = Line::spaced(issuer.centre, 0.14);
    let size = centre.size_within(ROOM, 19.0);
    page.centred(page.width / 2.0, 27.0, bold(size, Ink::Red), centre);
    page.bar((LEFT, 32.0), (ROOM, 0.6), Ink::Red);
    page.bar((LEFT, 33.2), (ROOM, 0.15), Ink::Red);
    page.text(
        LEFT,
        45.0,
        style(9.0, Ink::Grey),
        Line::of("请企业负责人亲启 · For the head of the enterprise only"),
    );
    let name = block(&label.name, (108.0, 22.0), (17.0, 8.0)).ok_or_else(long)?;
    let mut y = 55.0 + 0.86 * name.size * POINT;
    for line in &name.lines {
        page.text(LEFT, y, bold(name.size, Ink::Black), line.clone());
        y += name.leading;
    }
    page.text(LEFT, y + 1.5, style(10.0, Ink::Grey), Line::spaced(&label.uscc, 0.08));

    // Inside, above: the code, and what to do.
    let broad = crisp(46.0, &symbol);
    let (x, top) = (LEFT + ROOM - broad, 104.0);
    page.symbol((x, top), broad, symbol)?;
    let host = Line::of(issuer.host);
    let size = host.size_within(broad - 6.0, 9.0);
    page.centred(x + broad / 2.0, top + broad + 1.0, bold(size, Ink::Black), host);
    page.text(LEFT, 113.0, bold(16.0, Ink::Red), Line::spaced("企业码与企业口令", 0.08));
    page.text(LEFT, 118.5, style(8.0, Ink::Grey), Line::of("Your enterprise code and its PIN"));
    let steps = [
        "1. 用手机扫描右侧二维码，核对网址与二维码下方所印一致。",
        "2. 在页面“您是本企业人员吗”处输入下方的企业口令，每部手机只需一次。",
        "3. 即可查看问题全文、补充材料、催办、评价。",
    ];
    paragraphs(page, (LEFT, 123.5), ROOM - broad - 8.0, 8.5, &steps)?;
    shade(page);

    // Inside, below: the PIN.
    page.text(LEFT, 208.5, bold(12.0, Ink::Black), Line::spaced("企业口令", 0.1));
    page.text(LEFT, 214.0, style(8.0, Ink::Grey), Line::of("PIN"));
    let ((x, y), (width, height)) = BOX;
    page.frame((x, y), (width, height), 0.3, Ink::Black);
    let digits = Line::spaced(pin.expose_secret(), 0.32);
    let size = digits.size_within(width - 8.0, PIN);
    page.centred(x + width / 2.0, y + height / 2.0 + 0.37 * size * POINT, bold(size, Ink::Black), digits);
    let care = [
        "企业口令只印在本函上。请妥善保管，不要告诉他人，不要拍照转发。",
        "遗失或疑似泄露，请联系本中心重置；重置后旧口令作废，企业码不变。",
    ];
    let below = paragraphs(page, (x + width + 8.0, y), ROOM - width - 8.0, 8.5, &care)?;
    let english = [
        "The PIN stands on this letter only. Scan the code, check the address, enter the PIN once a phone: you then read your issues in full, add, urge and rate. Lost, or known to others: ask the centre for another one; the code stays.",
    ];
    paragraphs(page, (LEFT, (y + height).max(below) + 5.0), ROOM, 7.5, &english)?;
    page.text(LEFT, 285.0, style(6.5, Ink::Grey), Line::spaced(&label.code, 0.06));
    Ok(())
}

/// Paragraphs from a top edge; says where they end.
fn paragraphs(
    page: &mut Page,
    (x, top): (f32, f32),
    width: f32,
    size: f32,
    texts: &[&str],
) -> Result<f32, PaperError> {
    let mut y = top;
    for text in texts {
        let made = block(text, (width, 60.0), (size, 6.0)).ok_or(PaperError::Write("words of the letter"))?;
        let leading = made.leading * 1.12;
        for line in made.lines {
            y += leading;
            page.text(x, y, style(made.size, Ink::Black), line);
        }
        y += 1.2;
    }
    Ok(y)
}

/// Digits over digits, where the PIN lies when the letter is folded.
fn shade(page: &mut Page) {
    let ((x, y), (width, height)) = BOX;
    let (top, margin) = (2.0 * FOLDS[1] - y - height, 3.0);
    let mut turn = 20_261_128_u32;
    for (layer, size) in [(0.0, PIN), (0.5, PIN), (0.25, PIN * 0.8)] {
        let step = size * POINT * 0.62;
        let mut baseline = top - margin + size * POINT * (0.5 + layer);
        while baseline < top + height + margin {
            let mut digits = String::new();
            let room = width + 2.0 * margin;
            loop {
                turn = turn.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                digits.push(char::from_digit((turn >> 16) % 10, 10).unwrap_or('8'));
                if Line::of(&digits).width(size) > room - step {
                    break;
                }
            }
            page.text(x - margin, baseline, style(size, Ink::Hair), Line::of(&digits));
            baseline += size * POINT * 0.78;
        }
    }
}
