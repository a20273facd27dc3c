//! A campaign without a server: one phone, its files, and what they look like.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use canvass_cli::clock::SetClock;
use canvass_cli::phone::Phone;
use canvass_core::engine::{Engine, Error, ImportOptions, NewCampaign};
use canvass_core::id::{HouseholdId, ListId, PersonId};
use canvass_core::interchange::import::Imported;
use canvass_core::merge::Digest;
use canvass_core::ports::SeededIds;
use canvass_core::seal::FileKeyVault;

use crate::campaign::{MORNING, door};
use crate::files::files;
use crate::fixture;
use crate::temp::TempDir;

/// A phone with a campaign of its own.
pub struct Solo {
    /// Holds the engine's directory, and files to be imported.
    pub folder: TempDir,
    /// The phone; nothing while it is switched off.
    pub phone: Option<Phone>,
    /// The campaign's list.
    pub list: ListId,
}

/// What a campaign amounts to: its digest, what it exports, and its files byte for byte.
#[derive(Debug, PartialEq, Eq)]
pub struct Snapshot {
    digest: Digest,
    doors: Vec<String>,
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Solo {
    /// A campaign with nothing in it.
    ///
    /// # Panics
    /// When the phone refuses.
    #[must_use]
    pub fn empty() -> Self {
        let folder = TempDir::new();
        let clock = Arc::new(SetClock::at(MORNING));
        let phone = Phone::seeded(&folder.path().join("engine"), 5, "solo", clock);
        let phone = phone.expect("a phone");
        let about = NewCampaign { name: "Ward 3".into(), canvasser: "Ash".into() };
        let list = phone.engine().create_campaign(&about).expect("a campaign");
        Self { folder, phone: Some(phone), list }
    }

    /// A campaign with the doors, people and script of the fixture `offline_day`.
    ///
    /// # Panics
    /// When the phone refuses.
    #[must_use]
    pub fn small() -> Self {
        let solo = Self::empty();
        for file in ["doors.csv", "people.csv"] {
            let path = fixture("offline_day").join(file);
            let options = ImportOptions::default();
            solo.engine().import_path(&path, &options, None).expect("imported");
        }
        let script = std::fs::read_to_string(fixture("offline_day/script.json")).expect("text");
        solo.engine().put_script(&script).expect("a sound script");
        solo
    }

    /// The engine.
    ///
    /// # Panics
    /// When the phone is switched off.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        self.phone.as_ref().expect("a phone that is switched on").engine()
    }

    /// The engine's directory.
    #[must_use]
    pub fn directory(&self) -> PathBuf {
        self.folder.path().join("engine")
    }

    /// Imports these bytes as a file.
    ///
    /// # Panics
    /// When the disk fails.
    pub fn import(&self, csv: &[u8]) -> Result<Imported, Error> {
        let path = self.folder.path().join("import.csv");
        std::fs::write(&path, csv).expect("a file");
        self.engine().import_path(&path, &ImportOptions::default(), None)
    }

    /// What the campaign amounts to now.
    ///
    /// # Panics
    /// When the engine cannot tell.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let engine = self.engine();
        let page = engine.doors(self.list, None, 500).expect("doors");
        Snapshot {
            digest: engine.state_digest(self.list).expect("a digest"),
            doors: page.doors.iter().map(|door| format!("{door:?}")).collect(),
            files: files(&self.directory()),
        }
    }

    /// A household by its address.
    ///
    /// # Panics
    /// When there is none to walk to.
    #[must_use]
    pub fn door(&self, address: &str) -> HouseholdId {
        door(self.engine(), self.list, address).expect("a door")
    }

    /// A person of a household, by their place in it.
    ///
    /// # Panics
    /// When there is nobody at that place.
    #[must_use]
    pub fn person(&self, household: HouseholdId, place: usize) -> PersonId {
        let view = self.engine().household(self.list, household).expect("a household");
        view.people[place].person
    }

    /// Switches the phone off in order.
    pub fn close(&mut self) {
        if let Some(phone) = self.phone.take() {
            phone.engine().close();
        }
    }

    /// Switches it on again.
    pub fn reopen(&mut self) -> Result<(), Error> {
        self.close();
        let clock = Arc::new(SetClock::at(MORNING));
        self.phone = Some(Phone::seeded(&self.directory(), 6, "solo", clock)?);
        Ok(())
    }

    /// The key vault beside the engine's files.
    #[must_use]
    pub fn vault(&self) -> FileKeyVault<SeededIds> {
        FileKeyVault::new(&self.directory().join("keys"), SeededIds::new(7, "vault"))
    }
}
