//! The operator's token: how whoever runs the backend gets it, once.
//!
//! A start that is killed between noting the token and handing it out must not lock the operator
//! out: the token is written aside first, and put in its place once it counts.

use std::fs;
use std::io::Write;
use std::path::Path;

use canvass_core::ports::IdSource;

use crate::error::Error;
use crate::secret;
use crate::storage::Storage;

/// The operator's token: made at the first start, its hash stored, and written once to
/// `operator.token` in `directory`, readable by its owner alone.
pub async fn operator_token<S: Storage>(
    storage: &S,
    ids: &dyn IdSource,
    directory: &Path,
) -> Result<(), Error> {
    let aside = directory.join("operator.part");
    let counts = match fs::read(&aside) {
        Ok(left) => storage.is_operator(secret::hash(&left)).await?,
        Err(_) => false,
    };
    if counts || note(storage, ids, &aside).await? {
        return in_place(directory, &aside).map_err(|_| unwritable());
    }
    fs::remove_file(&aside).map_err(|_| unwritable())
}

/// Writes a new token aside and notes it, if there is none yet; whether it counts.
async fn note<S: Storage>(storage: &S, ids: &dyn IdSource, aside: &Path) -> Result<bool, Error> {
    let token = secret::token(ids);
    write_private(aside, token.as_bytes()).map_err(|_| unwritable())?;
    storage.put_operator(secret::hash(token.as_bytes())).await
}

const fn unwritable() -> Error {
    Error::Inconsistent("the directory: operator.token cannot be written")
}

fn in_place(directory: &Path, aside: &Path) -> std::io::Result<()> {
    fs::rename(aside, directory.join("operator.token"))?;
    fs::File::open(directory)?.sync_all()
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::SqliteStorage;
    use canvass_core::ports::SeededIds;
    use canvass_core::seal::FileKeyVault;

    /// Starts a backend in a directory; the token that the operator finds there.
    fn started(directory: &Path) -> Option<String> {
        let ids = SeededIds::new(1, "operator");
        let vault = FileKeyVault::new(&directory.join("keys"), SeededIds::new(1, "vault"));
        let storage = SqliteStorage::open(directory, &vault, &ids).expect("storage");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            operator_token(&storage, &ids, directory).await.expect("a token");
            assert!(!directory.join("operator.part").exists());
            let token = fs::read_to_string(directory.join("operator.token")).ok();
            if let Some(token) = &token {
                assert!(storage.is_operator(secret::hash(token.as_bytes())).await.expect("asked"));
            }
            token
        })
    }

    #[test]
    fn a_start_that_is_killed_does_not_lock_the_operator_out() {
        let folder = std::env::temp_dir().join(format!("canvass-operator-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        // Killed before the token counted: another takes its place.
        fs::write(folder.join("operator.part"), "half a to").expect("a part");
        let token = started(&folder).expect("a token");
        // Killed after it counted, before it was in its place.
        fs::rename(folder.join("operator.token"), folder.join("operator.part")).expect("moved");
        assert_eq!(started(&folder), Some(token));
        // Taken away by the operator, and a later start killed: none is made up.
        fs::rename(folder.join("operator.token"), folder.join("kept")).expect("moved");
        fs::write(folder.join("operator.part"), "another").expect("a part");
        assert_eq!(started(&folder), None);
        fs::remove_dir_all(&folder).expect("removed");
    }
}
