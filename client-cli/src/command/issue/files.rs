//! Files of an issue: sent one by one, listed, saved.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use indicatif::HumanBytes;
use qiyema_protocol::intake::{AttachmentList, AttachmentView};

use super::super::{
    Context,
    download::{self, Asked},
    segment, staff, table, with_query,
};
use crate::{clock, exit::Failure, output};

/// Nothing larger is read; the server says what it takes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Attaches files; one that is refused stops none of the others.
pub fn attach(c: &Context, number: &str, files: &[PathBuf], for_owner: bool) -> Result<(), Failure> {
    let number = segment("NUMBER", number)?;
    let asked = [("for_owner", if for_owner { "true" } else { "" })];
    let path = with_query(&format!("issues/{number}/attachments"), &asked)?;
    let bar = download::bar(u32::try_from(files.len()).unwrap_or(u32::MAX));
    let (mut kept, mut refused) = (Vec::new(), None);
    for file in files {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        bar.set_message(output::clean(&name));
        let sent = read(file).and_then(|bytes| staff::upload::<AttachmentList>(c, &path, &name, &bytes));
        match sent {
            Ok(list) => kept.extend(list.attachments),
            // Whoever is not signed in, or may not, is not asked file by file.
            Err(failure) if matches!(failure.exit, 4 | 8) => return Err(failure),
            Err(failure) => {
                let said = format!("{}: {}", file.display(), failure.message);
                bar.suspend(|| output::people(&output::lines(&said)));
                refused.get_or_insert((failure.exit, 0_usize)).1 += 1;
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    show(c, kept)?;
    match refused {
        None => Ok(()),
        Some((exit, many)) => {
            Err(Failure::new(exit, format!("{many}个文件未上传 / {many} files not attached")))
        }
    }
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let told = |e: std::io::Error| Failure::failed(e);
    let mut bytes = Vec::new();
    File::open(file).map_err(told)?.take(LARGEST + 1).read_to_end(&mut bytes).map_err(told)?;
    if u64::try_from(bytes.len()).is_ok_and(|size| size > LARGEST) {
        return Err(Failure::failed("文件过大 / too large: 64 MiB"));
    }
    Ok(bytes)
}

/// Lists the files of an issue, or saves them.
pub fn list(c: &Context, number: &str, folder: Option<&Path>) -> Result<(), Failure> {
    let number = segment("NUMBER", number)?;
    let list: AttachmentList = staff::get(c, &format!("issues/{number}/attachments"))?;
    let Some(folder) = folder else { return show(c, list.attachments) };
    std::fs::create_dir_all(folder).map_err(|e| Failure::failed(format!("{}: {e}", folder.display())))?;
    let bar = download::bar(u32::try_from(list.attachments.len()).unwrap_or(u32::MAX));
    for one in &list.attachments {
        let id = segment("ID", &one.id)?;
        let path = format!("staff/issues/{number}/attachments/{id}");
        download::save(c, &Asked::get(&path), &free(folder, one), &bar)?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    if c.json { output::json(&list) } else { Ok(()) }
}

/// A name in the folder that is not taken. What a server calls a file must not lead out of it.
fn free(folder: &Path, one: &AttachmentView) -> PathBuf {
    let plain = |c: char| if c.is_control() || matches!(c, '/' | '\\' | ':') { '_' } else { c };
    let name: String = one.name.chars().map(plain).collect();
    let name = name.trim_start_matches('.');
    let name = if name.is_empty() { one.id.as_str() } else { name };
    let place = folder.join(name);
    if place.exists() { folder.join(format!("{}-{name}", one.id)) } else { place }
}

fn show(c: &Context, attachments: Vec<AttachmentView>) -> Result<(), Failure> {
    if c.json {
        return output::json(&AttachmentList { attachments });
    }
    let row = |one: AttachmentView| {
        let seen =
            if one.for_owner { c.lang.of("企业可见", "owner") } else { c.lang.of("内部", "staff") };
        let size = HumanBytes(one.size.into()).to_string();
        vec![one.id, one.name, one.media_type, size, seen.to_owned(), clock::minute(one.at)]
    };
    let head = [
        c.lang.of("编号", "Id"),
        c.lang.of("文件", "File"),
        c.lang.of("类型", "Type"),
        c.lang.of("大小", "Size"),
        c.lang.of("可见", "Seen by"),
        c.lang.of("时间", "When"),
    ];
    table(&head, attachments.into_iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::intake::AttachmentView;

    use super::free;

    #[test]
    fn a_name_from_the_server_stays_in_the_folder_and_writes_over_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let one = |name: &str| AttachmentView {
            id: "a1".into(),
            name: name.into(),
            media_type: "image/png".into(),
            size: 1,
            for_owner: false,
            by_owner: false,
            at: "2026-11-24T02:00:00Z".parse().unwrap(),
        };
        assert_eq!(free(folder.path(), &one("../../etc/passwd")), folder.path().join("_.._etc_passwd"));
        assert_eq!(free(folder.path(), &one("..")), folder.path().join("a1"));
        std::fs::write(folder.path().join("厂门口.jpg"), "x").unwrap();
        assert_eq!(free(folder.path(), &one("厂门口.jpg")), folder.path().join("a1-厂门口.jpg"));
    }
}
