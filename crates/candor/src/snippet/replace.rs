//! Replacing a file by a new version of it, at once: who reads it meanwhile sees the old or the new one, whole.

use anyhow::{Context, Result};
use std::{fs, io::Write, os::unix::fs as unix, os::unix::fs::MetadataExt, path::Path};

/// Replaces the content. Mode and, as far as allowed, owner stay; of a link it is the target that changes.
///
/// # Errors
/// When the file or its folder can't be written.
pub(crate) fn replace(file: &Path, content: &[u8]) -> Result<()> {
    let written = || {
        let file = fs::canonicalize(file)?;
        let known = fs::metadata(&file)?;
        let mut new = tempfile::NamedTempFile::new_in(file.parent().unwrap_or(Path::new("/")))?;
        new.write_all(content)?;
        // Only root may give files away; another's file is then ours, as with any editor.
        let _ = unix::fchown(new.as_file(), Some(known.uid()), Some(known.gid()));
        new.as_file().set_permissions(known.permissions())?;
        new.as_file().sync_all()?;
        new.persist(&file).map_err(|error| error.error)
    };
    written().with_context(|| format!("`{}` can't be written", file.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn mode_and_links_stay_and_nothing_else_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let (page, link) = (dir.path().join("page.html"), dir.path().join("link.html"));
        fs::write(&page, "old").unwrap();
        fs::set_permissions(&page, fs::Permissions::from_mode(0o754)).unwrap();
        unix::symlink("page.html", &link).unwrap();
        replace(&link, b"new").unwrap();
        assert_eq!(fs::read(&page).unwrap(), b"new");
        assert_eq!(fs::metadata(&page).unwrap().mode() & 0o7777, 0o754);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(dir.path().read_dir().unwrap().count(), 2);
        assert!(replace(&dir.path().join("missing.html"), b"").is_err());
    }
}
