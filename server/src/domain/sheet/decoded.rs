//! A file in some encoding, read as UTF-8 a piece at a time.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};

use super::Unread;

/// Bytes read at once.
const PIECE: usize = 64 * 1024;

pub(super) struct Decoded<R> {
    inner: R,
    decoder: Decoder,
    input: Vec<u8>,
    /// What of the input is not decoded yet.
    left: std::ops::Range<usize>,
    ended: bool,
    output: Vec<u8>,
    /// What of the output is not read yet.
    ready: std::ops::Range<usize>,
    done: bool,
}

impl<R: Read> Decoded<R> {
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Self {
        let decoder = if encoding == UTF_8 {
            encoding.new_decoder_with_bom_removal()
        } else {
            encoding.new_decoder_without_bom_handling()
        };
        Self {
            inner,
            decoder,
            input: vec![0; PIECE],
            left: 0..0,
            ended: false,
            // A byte of GBK makes three of UTF-8 at the most.
            output: vec![0; 3 * PIECE + 16],
            ready: 0..0,
            done: false,
        }
    }

    /// Whether all of it is in this encoding; a NUL says that it is no text at all.
    pub(super) fn holds_throughout(mut self) -> Result<bool, Unread> {
        loop {
            match self.fill() {
                Ok(true) => {}
                Ok(false) => return Ok(true),
                Err(error) if error.kind() == io::ErrorKind::InvalidData => return Ok(false),
                Err(error) if error.kind() == io::ErrorKind::Unsupported => return Err(Unread::Unknown),
                Err(_) => return Err(Unread::Damaged),
            }
        }
    }

    /// Decodes the next piece; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        self.ready = 0..0;
        while !self.done && self.ready.is_empty() {
            if self.left.is_empty() && !self.ended {
                let read = self.inner.read(&mut self.input)?;
                self.left = 0..read;
                self.ended = read == 0;
                if self.input.get(..read).is_some_and(|piece| piece.contains(&0)) {
                    return Err(io::ErrorKind::Unsupported.into());
                }
            }
            let source = self.input.get(self.left.clone()).unwrap_or_default();
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(source, &mut self.output, self.ended);
            self.left.start += read;
            self.ready = 0..written;
            match result {
                DecoderResult::Malformed(..) => return Err(io::ErrorKind::InvalidData.into()),
                DecoderResult::InputEmpty => self.done = self.ended,
                DecoderResult::OutputFull => {}
            }
        }
        Ok(!self.ready.is_empty())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.ready.is_empty() && !self.fill()? {
            return Ok(0);
        }
        let some = self.output.get(self.ready.clone()).unwrap_or_default();
        let read = some.len().min(into.len());
        for (to, from) in into.iter_mut().zip(some) {
            *to = *from;
        }
        self.ready.start += read;
        Ok(read)
    }
}
