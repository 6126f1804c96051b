//! The main job: a picture of a code → who, how far, when → a rating with a receipt.

use std::io::Cursor;

use image::{DynamicImage, GenericImage, ImageFormat, Rgba};

use crate::town::{BOTH, Town, argument, rateable};

#[test]
fn a_scanned_code_shows_who_how_far_and_when_and_takes_a_rating() {
    for database in BOTH {
        let town = Town::on(database);
        let owner = town.person();
        let png = town.text("png");

        let board = owner.json(&["scan", png]);
        assert_eq!(board["tier"], "unverified", "{database:?}");
        let cards = board["issues"].as_array().unwrap();
        let running = cards.iter().find(|card| card["step"] == "handling").unwrap();
        for who in ["unit", "office", "phone"] {
            assert!(!running["responsible"][who].is_null(), "{database:?}: {running}");
        }
        assert!(running["promise"]["current"].is_string(), "{running}");
        assert!(cards.iter().all(|card| card.get("owner").is_none_or(serde_json::Value::is_null)));
        let said = owner.run(&["scan", png]).ok();
        assert!(said.out.contains(running["number"].as_str().unwrap()), "{}", said.out);

        let number = rateable(&owner, png).into_iter().next().expect("an issue to rate in the demo");
        let receipt = owner.file("receipt.jws");
        let rate = ["rate", png, "--issue", &number, "--good", "--receipt", argument(&receipt)];
        let rated = owner.json(&rate);
        assert_eq!((&rated["verdict"], &rated["issue"]), (&"good".into(), &number.as_str().into()));
        owner.run(&["receipt", "verify", argument(&receipt)]).ok();

        let again = owner.run(&["rate", png, "--issue", &number, "--bad"]).exits(7);
        assert!(!again.err.is_empty());
        let pages = board["pages"].as_u64().unwrap();
        let after = (1..=pages).find_map(|page| {
            let board = owner.json(&["scan", png, "--page", &page.to_string()]);
            board["issues"].as_array().unwrap().iter().find(|card| card["number"] == number.as_str()).cloned()
        });
        assert_eq!(after.unwrap()["closure"]["unverified_verdict"], "good", "{database:?}");
    }
}

#[test]
fn the_pin_opens_the_full_text_and_its_rating_counts_as_the_owners() {
    for database in BOTH {
        let town = Town::on(database);
        let owner = town.person();
        let png = town.text("png");
        owner.feed(&["pin", "enter", png, "--pin-stdin"], b"000000").exits(4);
        owner.feed(&["pin", "enter", png, "--pin-stdin"], town.text("pin").as_bytes()).ok();
        let board = owner.json(&["scan", png, "--owner"]);
        assert_eq!(board["tier"], "owner", "{database:?}");
        assert!(board["issues"][0]["owner"]["subject"].is_string(), "{}", board["issues"][0]);
        let number = rateable(&owner, png).into_iter().next().unwrap();
        assert_eq!(owner.json(&["rate", png, "--issue", &number, "--bad"])["tier"], "owner");
    }
}

#[test]
fn a_phone_like_picture_on_another_background_is_read_too() {
    let town = Town::on(BOTH[0]);
    let owner = town.person();
    let code = image::open(town.text("png")).unwrap().to_rgba8();
    let (width, height) = (code.width() * 3, code.height() * 2);
    let mut table =
        DynamicImage::from(image::RgbaImage::from_pixel(width, height, Rgba([172, 140, 96, 255])));
    table.copy_from(&code, code.width() / 2, code.height() / 3).unwrap();
    let tilted = table.resize(900, 900, image::imageops::FilterType::Triangle).rotate90().blur(0.8);
    let mut jpeg = Cursor::new(Vec::new());
    tilted.to_rgb8().write_to(&mut jpeg, ImageFormat::Jpeg).unwrap();
    let photo = owner.file("photo.jpg");
    std::fs::write(&photo, jpeg.into_inner()).unwrap();
    let board = owner.json(&["scan", argument(&photo)]);
    assert_eq!(board["code"]["id"], owner.json(&["scan", town.text("png")])["code"]["id"]);
}

#[test]
fn a_code_of_a_host_nobody_trusts_is_called_out_and_nothing_is_sent() {
    let town = Town::on(BOTH[0]);
    let stranger = town.person();
    stranger.run(&["keys", "forget", town.text("base_url")]).ok();
    let ran = stranger.run(&["scan", town.text("png")]);
    assert_ne!(ran.exit, Some(0), "{ran:?}");
    assert!(ran.err.contains("keys trust"), "{}", ran.err);
}
