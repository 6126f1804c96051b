//! Where codes come from: a photo, standard input, or their text. Nothing is sent anywhere.

use std::io::Read as _;

use qiyema_protocol::seal::Located;

use crate::{exit::Failure, keys::Store, photo};

/// Reads every enterprise code of a source; those with a true seal come first.
pub fn all(source: &str, store: &Store) -> Result<Vec<Located>, Failure> {
    if source.get(..4).is_some_and(|s| s.eq_ignore_ascii_case("http")) && source.contains("://") {
        return Ok(vec![located(source)?]);
    }
    let bytes = bytes(source)?;
    if let Some(text) = std::str::from_utf8(&bytes).ok().filter(|t| !t.is_empty() && t.len() < 1024) {
        return Ok(vec![located(text)?]);
    }
    let picture = photo::load(&bytes).map_err(Failure::failed)?;
    let stands = |text: &str| text.parse().is_ok_and(|located| store.verify(&located).is_ok());
    let found = photo::read(&picture, &stands);
    let codes: Vec<Located> = found.texts.iter().filter_map(|text| text.parse().ok()).collect();
    match (codes.is_empty(), found.texts.is_empty()) {
        (false, _) => Ok(codes),
        (true, false) => Err(Failure::new(
            6,
            "照片里的二维码不是企业码 / the QR code in the photo is not an enterprise code",
        )),
        (true, true) => Err(Failure::new(
            5,
            "照片里没有读到二维码，请靠近、对焦后重拍 / no QR code could be read: photograph it again, closer and in focus",
        )),
    }
}

/// Reads the one enterprise code of a source.
pub fn one(source: &str, store: &Store) -> Result<Located, Failure> {
    let mut codes = all(source, store)?;
    if codes.len() > 1 {
        let count = codes.len();
        return Err(Failure::failed(format!(
            "照片里有 {count} 个企业码，请只拍一个 / {count} enterprise codes in one photo: crop it to one"
        )));
    }
    codes.pop().ok_or_else(|| Failure::new(5, "没有企业码 / no enterprise code"))
}

/// A text as somebody copied it: blanks around it and the page's own query do not matter.
fn located(text: &str) -> Result<Located, Failure> {
    Ok(text.trim().split(['?', '#']).next().unwrap_or_default().parse()?)
}

fn bytes(source: &str) -> Result<Vec<u8>, Failure> {
    let input: Box<dyn std::io::Read> = if source == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(source).map_err(|e| Failure::failed(format!("{source}: {e}")))?)
    };
    let mut bytes = Vec::new();
    let most = u64::try_from(photo::LARGEST_FILE).unwrap_or(u64::MAX).saturating_add(1);
    input.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}
