//! Tiles of a log, fetched when the arithmetic asks for them. They are checked
//! against the head by `tlog_tiles`, so a server cannot lie with them.

use std::cell::RefCell;

use reqwest::Method;
use tlog_tiles::{Error, Tile, TileReader};

use crate::{api::Api, exit::Failure};

/// Height of the tiles, as C2SP tlog-tiles has it.
const HEIGHT: u8 = 8;

/// The tiles of a server.
pub struct Remote<'api> {
    api: &'api Api,
    url: &'api str,
    failure: RefCell<Option<Failure>>,
}

impl<'api> Remote<'api> {
    /// Tiles below `url/ledger`.
    pub fn new(api: &'api Api, url: &'api str) -> Self {
        Self { api, url, failure: RefCell::new(None) }
    }

    /// What kept tiles from being fetched, if something did.
    pub fn failure(&self) -> Result<(), Failure> {
        self.failure.borrow_mut().take().map_or(Ok(()), Err)
    }

    fn tile(&self, tile: &Tile) -> Result<Vec<u8>, Failure> {
        let path = tile.path();
        // The library's paths name the height, C2SP's do not.
        let short = path.strip_prefix("tile/8/").unwrap_or(&path);
        let data = self.api.bytes(Method::GET, &format!("{}/ledger/tile/{short}", self.url), None, None)?;
        let hashes = usize::try_from(tile.width()).map_err(Failure::failed)?;
        if data.len() != hashes * tlog_tiles::HASH_SIZE {
            return Err(Failure::new(6, format!("日志瓦片残缺 / a tile of the log is cut: {short}")));
        }
        Ok(data)
    }
}

impl TileReader for Remote<'_> {
    fn height(&self) -> u8 {
        HEIGHT
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, Error> {
        tiles
            .iter()
            .map(|tile| {
                self.tile(tile).map_err(|failure| {
                    let text = failure.to_string();
                    *self.failure.borrow_mut() = Some(failure);
                    Error::InvalidInput(text)
                })
            })
            .collect()
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}
