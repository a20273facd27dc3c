//! QR codes as Kotlin and Swift scan them: texts come in, and the whole comes out.

use std::sync::{Mutex, PoisonError};

use canvass_core::sync::{self, FrameError};

use crate::error::CanvassError;

/// How many texts of how many are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FrameProgress {
    /// Texts that were scanned.
    pub there: u32,
    /// All of them; 0 before the first one.
    pub of: u32,
}

/// Collects the texts of QR codes, scanned in any order, until the whole is there.
#[derive(Default, uniffi::Object)]
pub struct FrameCollector {
    frames: Mutex<sync::FrameCollector>,
}

#[uniffi::export]
impl FrameCollector {
    /// One that has seen no text yet.
    #[uniffi::constructor]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a text as it was scanned; one that came before changes nothing. The whole, once
    /// every text is there. A text of something else is `InvalidInput` and passed over.
    pub fn take(&self, text: &str) -> Result<Option<Vec<u8>>, CanvassError> {
        let mut frames = self.frames.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(frames.take(text)?)
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> FrameProgress {
        let frames = self.frames.lock().unwrap_or_else(PoisonError::into_inner);
        let (there, of) = frames.progress();
        FrameProgress { there, of }
    }
}

impl From<FrameError> for CanvassError {
    fn from(error: FrameError) -> Self {
        let code = match error {
            FrameError::NotAFrame => "not_a_frame",
            FrameError::OfSomethingElse => "frame_of_something_else",
            FrameError::TooLarge => "bundle_too_large",
        };
        Self::InvalidInput { code: code.to_owned(), question: String::new() }
    }
}
