//! What happens to phones: their database is put back or copied, keys and files are lost, the
//! phone itself is gone and the campaign recovers its sealed copy.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use canvass_core::change::Envelope;
use canvass_core::engine::{Engine, Error};
use canvass_core::id::{ChangeId, ListId};
use canvass_core::ports::Clock;
use canvass_core::store::{StoreError, sealed_segments};
use canvass_core::time::Timestamp;

use crate::simulate::Trouble;
use crate::simulate::phone::SimPhone;
use crate::simulate::truth::Seen;
use crate::simulate::world::{World, is_refusal};

/// Syncs of a copied phone until its work is at the campaign.
const SYNCS_OF_COPY: u32 = 6;
const MAIN_FILES: [&str; 3] = ["main.db", "main.db-wal", "main.db-shm"];

/// An older state of a phone's main database.
pub(super) struct Older {
    folder: PathBuf,
    seen: BTreeMap<ListId, Seen>,
    own: BTreeSet<ChangeId>,
}

impl World {
    /// Something befalls a phone.
    pub(super) fn mishap(&mut self, phone: usize) -> Result<(), Trouble> {
        self.phones.iter_mut().for_each(SimPhone::talks_may_have_moved);
        match self.chance.below(8) {
            0..2 => self.keep_older(phone),
            2..4 => self.put_back(phone),
            4 => self.copied(phone),
            5..7 => self.lose_list_key(phone),
            _ => self.lose_phone(phone),
        }
    }

    /// A copy of the main database is kept, as a backup does.
    fn keep_older(&mut self, phone: usize) -> Result<(), Trouble> {
        if self.phones[phone].seen.is_empty() {
            return Ok(());
        }
        let folder = self.folder.join(format!("older{phone}"));
        let this = &mut self.phones[phone];
        this.close();
        fs::create_dir_all(&folder)?;
        copy_main(this.directory(), &folder)?;
        let own = this.own.iter().map(|own| own.change).collect();
        this.older = Some(Older { folder, seen: this.seen.clone(), own });
        this.open().map(drop)
    }

    /// The main database of some phone is put back as it was once.
    fn put_back(&mut self, phone: usize) -> Result<(), Trouble> {
        let kept = (0..self.phones.len()).filter(|n| self.phones[*n].older.is_some());
        let kept: Vec<usize> = kept.collect();
        let phone = self.chance.one_of(&kept).copied().unwrap_or(phone);
        let Some(older) = self.phones[phone].older.take() else { return self.keep_older(phone) };
        self.fault("restored");
        self.may_be_renumbered(phone);
        let this = &mut self.phones[phone];
        this.close();
        copy_main(&older.folder, this.directory())?;
        this.forget_disk();
        for (list, seen) in &mut this.seen {
            seen.sure = older.seen.get(list).map(|seen| seen.sure.clone()).unwrap_or_default();
        }
        // What was not sent yet goes by another number from now on.
        let marks = &self.campaign.marks;
        this.own.retain(|own| older.own.contains(&own.change) && marks.has(own.change));
        this.open()?;
        self.learn_author(phone)
    }

    /// The numbers of unsent changes may be given anew.
    fn may_be_renumbered(&mut self, phone: usize) {
        let calls = std::mem::take(&mut self.phones[phone].doubtful);
        calls.iter().flatten().for_each(|noted| self.truth.doubt(noted));
        let Some((device, incarnation)) = self.phones[phone].author else { return };
        let marks = &self.campaign.marks;
        self.truth.may_be_renumbered(|id| {
            (id.device, id.incarnation) == (device, incarnation) && !marks.has(id)
        });
    }

    /// A record that tells under which numbers the phone goes on.
    fn learn_author(&mut self, phone: usize) -> Result<(), Trouble> {
        let this = &mut self.phones[phone];
        (this.author, this.last_seq) = (None, 0);
        match this.probe().map_err(|error| Trouble::engine("lists", &error))? {
            Some(job) => self.record(phone, job, None),
            None => Ok(()),
        }
    }

    /// The phone is copied whole, and both go on for a while under the same numbers.
    fn copied(&mut self, phone: usize) -> Result<(), Trouble> {
        if self.phones[phone].is_revoked || self.phones[phone].seen.is_empty() {
            return Ok(());
        }
        self.fault("cloned");
        self.may_be_renumbered(phone);
        self.copies += 1;
        let name = format!("copy{}", self.copies);
        self.phones[phone].close();
        let copy = self.phones[phone].copied(&self.folder, self.plan.seed, &name)?;
        self.phones[phone].open()?;
        self.phones.push(copy);
        let copy = self.phones.len() - 1;
        let talk = (|| {
            if self.phones[copy].open()? {
                self.notes(copy, &name)?;
                self.notes(phone, &format!("original of {name}"))?;
                self.bring_home(copy)?;
            }
            self.bring_home(phone)
        })();
        self.phones.truncate(copy);
        fs::remove_dir_all(self.folder.join(&name))?;
        talk?;
        self.learn_author(phone)
    }

    /// Notes that are known by their text.
    fn notes(&mut self, phone: usize, name: &str) -> Result<(), Trouble> {
        for n in 0..=self.chance.below(3) {
            let text = format!("{name} says {n}.");
            let shown = self.phones[phone].shown_lists();
            let shown = shown.map_err(|error| Trouble::engine("lists", &error))?;
            let mut places = self.phones[phone].roster.iter();
            let place = places.find(|place| shown.contains(&place.list)).cloned();
            let Some(place) = place else { return Ok(()) };
            let Some(engine) = self.phones[phone].engine() else { return Ok(()) };
            match engine.record_note(place.list, place.household, &text) {
                Ok(_) => self.truth.note_text(text, place.household),
                Err(error) if is_refusal(&error) => {}
                Err(error) => return Err(Trouble::engine("note", &error)),
            }
        }
        Ok(())
    }

    /// Everything of a phone reaches the campaign.
    fn bring_home(&mut self, phone: usize) -> Result<(), Trouble> {
        let offline = std::mem::replace(&mut self.phones[phone].offline_until, Timestamp(0));
        for _ in 0..SYNCS_OF_COPY {
            self.sync(phone, 0, None, true)?;
            if self.waiting(phone)? == 0 {
                break;
            }
        }
        self.phones[phone].offline_until = offline;
        Ok(())
    }

    /// The key store loses the key of a list.
    fn lose_list_key(&mut self, phone: usize) -> Result<(), Trouble> {
        let vault = &self.phones[phone].vault;
        let aliases = vault.aliases().into_iter().filter(|alias| alias.contains(".list."));
        let aliases: Vec<String> = aliases.collect();
        let Some(alias) = self.chance.one_of(&aliases).cloned() else { return Ok(()) };
        self.fault("list_key_lost");
        let has_doubts = !self.phones[phone].doubtful.is_empty();
        if has_doubts {
            self.may_be_renumbered(phone);
        }
        let this = &mut self.phones[phone];
        this.close();
        this.vault.lose(&alias);
        this.open()?;
        if has_doubts {
            self.bring_home(phone)?;
            self.learn_author(phone)?;
        }
        Ok(())
    }

    /// The phone cannot be opened any more: its campaign takes in the sealed copy, and someone
    /// gets another phone.
    fn lose_phone(&mut self, phone: usize) -> Result<(), Trouble> {
        let calls = std::mem::take(&mut self.phones[phone].doubtful);
        calls.iter().flatten().for_each(|noted| self.truth.doubt(noted));
        let is_enrolled = !self.phones[phone].seen.is_empty();
        self.phones[phone].close();
        if self.chance.below(2) == 0 {
            // The power goes first, and nobody opens the app again: what was saved is sealed.
            self.phones[phone].crash(true, &mut self.chance)?;
        }
        let directory = self.phones[phone].directory().to_owned();
        let main = directory.join("main.db");
        if !is_enrolled || !main.exists() {
            return self.phones[phone].open().map(drop);
        }
        let kind = ["main_key_lost", "main_db_corrupt", "main_db_cut_off", "main_db_lost"];
        let kind = kind[self.chance.place(kind.len())];
        self.fault(kind);
        match kind {
            "main_key_lost" => self.phones[phone].vault.lose("canvass.main"),
            "main_db_corrupt" => spoil(&directory)?,
            "main_db_cut_off" => {
                remove_logs(&directory)?;
                fs::write(&main, b"")?;
            }
            _ => {
                remove_logs(&directory)?;
                fs::remove_file(&main)?;
            }
        }
        let opened = Engine::open(&directory, self.phones[phone].ports());
        let is_told = matches!(
            opened.as_ref().map(|_| ()),
            Err(Error::Store(
                StoreError::KeyLost { .. }
                    | StoreError::Corrupt { .. }
                    | StoreError::WrongKey { .. }
            ))
        );
        drop(opened);
        if !is_told {
            return Err(Trouble::Opened(kind));
        }
        self.recover(&directory.join("unsent.seal"))?;
        self.replace(phone)
    }

    /// The campaign takes in a sealed copy, by the code of `canvass recover`.
    fn recover(&mut self, seal: &Path) -> Result<(), Trouble> {
        self.fault("recovered");
        self.campaign.recover(seal)?;
        let sealed = sealed_segments(seal).map_err(|_| Trouble::Campaign)?;
        for header in sealed.iter().filter_map(|bytes| Some(Envelope::read(bytes).ok()?.header)) {
            let (device, incarnation) = (header.device, header.incarnation);
            let seq = header.end_seq() - 1;
            self.campaign.marks.see(ChangeId { device, incarnation, seq });
        }
        Ok(())
    }

    /// Whoever held this phone gets another one.
    pub(super) fn replace(&mut self, phone: usize) -> Result<(), Trouble> {
        self.copies += 1;
        let name = format!("phone{phone}.{}", self.copies);
        if phone == self.watched {
            self.watch_anew();
        }
        let old = self.phones[phone].directory().to_owned();
        self.phones[phone] = self.new_phone(&name)?;
        Ok(fs::remove_dir_all(old)?)
    }
}

impl SimPhone {
    /// This phone with everything on it, once more.
    fn copied(&self, folder: &Path, seed: u64, name: &str) -> Result<Self, Trouble> {
        let mut copy = Self::new(folder, seed, name, self.clock.wall());
        fs::create_dir_all(copy.directory())?;
        for entry in fs::read_dir(self.directory())? {
            let entry = entry?;
            fs::copy(entry.path(), copy.directory().join(entry.file_name()))?;
        }
        copy.with_vault(Arc::new(self.vault.copied(seed, name)));
        copy.seen.clone_from(&self.seen);
        copy.roster.clone_from(&self.roster);
        Ok(copy)
    }
}

fn remove_logs(directory: &Path) -> std::io::Result<()> {
    for name in &MAIN_FILES[1..] {
        let file = directory.join(name);
        if file.exists() {
            fs::remove_file(file)?;
        }
    }
    Ok(())
}

fn copy_main(from: &Path, to: &Path) -> std::io::Result<()> {
    for name in MAIN_FILES {
        if from.join(name).exists() {
            fs::copy(from.join(name), to.join(name))?;
        } else if to.join(name).exists() {
            fs::remove_file(to.join(name))?;
        }
    }
    Ok(())
}

/// Damages every page of the main database.
fn spoil(directory: &Path) -> std::io::Result<()> {
    remove_logs(directory)?;
    let main = directory.join("main.db");
    let mut bytes = fs::read(&main)?;
    bytes.iter_mut().skip(100).step_by(512).for_each(|byte| *byte ^= 0x40);
    fs::write(main, bytes)
}
