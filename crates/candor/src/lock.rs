//! One process holds a data directory. The lock file says where the holder listens, so that commands can talk to it.

use anyhow::{Context, Result};
use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    net::SocketAddr,
    os::unix::fs::DirBuilderExt,
    path::Path,
    thread::sleep,
    time::Duration,
};

/// How often the lock is tried for, and the pause between: [`holder`] has it for a moment when it looks.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(10);

/// Who holds the directory.
pub(crate) enum Lock {
    /// We do, until this is dropped.
    Ours(Held),
    /// Another process, listening here (unless it has only just started).
    Theirs(Option<SocketAddr>),
}

/// The lock; the system releases it even when we crash.
pub(crate) struct Held(File);

impl Lock {
    /// Tries to take the lock of a data directory.
    pub(crate) fn take(dir: &Path) -> Result<Self> {
        make_data_dir(dir)?;
        let path = dir.join("lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .with_context(|| format!("`{}` can't be opened", path.display()))?;
        match patiently(|| file.try_lock()) {
            Ok(()) => {
                // Where the last holder listened says nothing of us.
                file.set_len(0)?;
                Ok(Self::Ours(Held(file)))
            }
            Err(TryLockError::WouldBlock) => Ok(Self::Theirs(announced(&mut file)?)),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("`{}` can't be locked", path.display()))
            }
        }
    }
}

/// Tries again while somebody else has the lock: who only looks is gone at once.
fn patiently(mut take: impl FnMut() -> Result<(), TryLockError>) -> Result<(), TryLockError> {
    for _ in 1..TRIES {
        match take() {
            Err(TryLockError::WouldBlock) => sleep(PAUSE),
            done => return done,
        }
    }
    take()
}

/// Where the holder of a data directory listens, if one does. Makes nothing and keeps no lock.
pub(crate) fn holder(dir: &Path) -> Result<Option<SocketAddr>> {
    let Ok(mut file) = File::open(dir.join("lock")) else { return Ok(None) };
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => announced(&mut file),
        Ok(()) | Err(TryLockError::Error(_)) => Ok(None),
    }
}

fn announced(file: &mut File) -> Result<Option<SocketAddr>> {
    let mut address = String::new();
    file.read_to_string(&mut address)?;
    Ok(address.trim().parse().ok())
}

/// Makes the data directory where there is none yet: nobody else on the machine may look into it.
fn make_data_dir(dir: &Path) -> Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(dir);
    made.with_context(|| format!("`{}` can't be made", dir.display()))
}

impl Held {
    /// Says where we listen.
    pub(crate) fn announce(&mut self, address: SocketAddr) -> Result<()> {
        self.0.set_len(0)?;
        self.0.rewind()?;
        writeln!(self.0, "{address}")?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn others_may_not_look_into_the_data() {
        let outer = tempfile::tempdir().unwrap();
        let dir = outer.path().join("a/data");
        make_data_dir(&dir).unwrap();
        make_data_dir(&dir).unwrap();
        assert_eq!(dir.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn who_only_looks_keeps_nobody_from_it() {
        let dir = tempfile::tempdir().unwrap();
        let open = || File::options().create(true).append(true).open(dir.path().join("lock")).unwrap();
        let (file, looking) = (open(), open());
        looking.try_lock_shared().unwrap();
        let (mut looking, mut tries) = (Some(looking), 0);
        let taken = patiently(|| {
            let taken = file.try_lock();
            tries += 1;
            drop(looking.take());
            taken
        });
        assert_eq!((taken.is_ok(), tries), (true, 2));

        let mut tries = 0;
        let taken = patiently(|| {
            tries += 1;
            Err(TryLockError::WouldBlock)
        });
        assert!(matches!(taken, Err(TryLockError::WouldBlock)));
        assert_eq!(tries, TRIES);
    }

    #[test]
    fn one_process_holds_it_and_says_where_it_listens() {
        let dir = tempfile::tempdir().unwrap();
        let address = "127.0.0.1:8090".parse().unwrap();
        assert_eq!(holder(dir.path()).unwrap(), None);
        assert_eq!(dir.path().read_dir().unwrap().count(), 0);

        let Lock::Ours(mut held) = Lock::take(dir.path()).unwrap() else { panic!("nobody else has it") };
        assert_eq!(holder(dir.path()).unwrap(), None);
        held.announce(address).unwrap();
        let Lock::Theirs(theirs) = Lock::take(dir.path()).unwrap() else { panic!("it is held") };
        assert_eq!(theirs, Some(address));
        assert_eq!(holder(dir.path()).unwrap(), Some(address));

        drop(held);
        assert_eq!(holder(dir.path()).unwrap(), None);
        let Lock::Ours(_held) = Lock::take(dir.path()).unwrap() else { panic!("nobody has it any more") };
        assert!(matches!(Lock::take(dir.path()).unwrap(), Lock::Theirs(None)), "the new one has not said yet");
    }
}
