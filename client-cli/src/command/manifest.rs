//! What is really inside the files of a run: the table in each ZIP says of every code
//! where it stands, or why it is left out. What was wanted is not what was printed.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufReader, Read as _},
    path::Path,
};

use serde::Serialize;

use super::Context;
use crate::{exit::Failure, output};

/// Codes that ought to be in the files and are not.
pub const MISSING: u8 = 9;
/// Bytes of a table that are read: 10,000 codes have some 3 MB.
const MOST: u64 = 64 * 1024 * 1024;
/// Names with missing characters that are shown one by one.
const SHOWN: usize = 20;

/// Codes by what became of them, and names that the font cannot write.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// `live` stands in a file; all others are left out.
    pub codes: BTreeMap<String, u64>,
    /// Printed with a placeholder.
    pub lacking: Vec<Lacking>,
}

/// A name that does not print as it is written.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Lacking {
    /// Credit code of the enterprise.
    pub uscc: String,
    /// Its name.
    pub name: String,
    /// The characters.
    pub characters: String,
}

impl Tally {
    /// Reads the tables of files that were saved.
    pub fn of(saved: &[String]) -> Result<Self, Failure> {
        let mut all = Self::default();
        for file in saved {
            all.add(file.as_ref()).map_err(|error| {
                let what = "没有可读的清单，请删除后重新下载 / has no list that can be read: delete it and fetch it again";
                Failure::failed(format!("{file}: {what}: {error}"))
            })?;
        }
        Ok(all)
    }

    fn add(&mut self, file: &Path) -> Result<(), Box<dyn std::error::Error>> {
        let mut archive = zip::ZipArchive::new(BufReader::new(File::open(file)?))?;
        let mut table = csv::Reader::from_reader(archive.by_name("manifest.csv")?.take(MOST));
        let headings = table.headers()?.clone();
        let column =
            |name: &str| headings.iter().position(|heading| heading.trim_start_matches('\u{feff}') == name);
        let status = column("status").ok_or("status")?;
        let (name, uscc, lacking) = (column("enterprise"), column("uscc"), column("lacking"));
        for row in table.into_records() {
            let row = row?;
            let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).unwrap_or_default().to_owned();
            *self.codes.entry(cell(Some(status))).or_default() += 1;
            let characters = cell(lacking);
            if !characters.is_empty() {
                self.lacking.push(Lacking { uscc: cell(uscc), name: cell(name), characters });
            }
        }
        Ok(())
    }

    /// Tells people how many codes stand in so many files, how many do not, and which names lack characters.
    pub fn tell(&self, c: &Context, files: usize) -> Result<(), Failure> {
        for one in self.lacking.iter().take(SHOWN) {
            let what = c.lang.of("字库缺字，印为〓", "not in the font, printed as 〓");
            output::people(&output::clean(&format!(
                "! {} {}: {what}: {}",
                one.uscc, one.name, one.characters
            )));
        }
        if self.lacking.len() > SHOWN {
            output::people(&format!("… {}", self.lacking.len() - SHOWN));
        }
        let live = self.codes.get("live").copied().unwrap_or_default();
        let (zh, en) = (format!("{files}个文件，{live}个码"), format!("{files} files, {live} codes"));
        output::line(c.lang.of(&zh, &en))?;
        for (status, count) in self.codes.iter().filter(|(status, _)| *status != "live") {
            let (zh, en) = words(status);
            let (zh, en) = (format!("未印{count}个：{zh}"), format!("{count} left out: {en}"));
            output::line(&output::clean(c.lang.of(&zh, &en)))?;
        }
        Ok(())
    }

    /// Fails if codes are missing that nobody took out of use.
    pub fn check(&self) -> Result<(), Failure> {
        let missing: u64 = self.codes.iter().filter(|(status, _)| !is_meant(status)).map(|(_, n)| n).sum();
        if missing == 0 {
            return Ok(());
        }
        Err(Failure::new(
            MISSING,
            format!(
                "{missing}个码不在文件中，见各册manifest.csv / {missing} codes are not in the files, see manifest.csv in each"
            ),
        ))
    }
}

/// Printed, ended by staff, or a letter that goes out once.
fn is_meant(status: &str) -> bool {
    ["live", "suspended", "replaced", "revoked", "letter_printed"].contains(&status)
}

fn words(status: &str) -> (&str, &str) {
    match status {
        "suspended" => ("已暂停", "suspended"),
        "replaced" => ("已换新码", "replaced"),
        "revoked" => ("已吊销", "revoked"),
        "letter_printed" => {
            ("企业口令信已印过（重印加 --again）", "the letter was printed before (--again prints it again)")
        }
        "key_retired" => ("签名密钥已停用，须重新发码", "the signing key was retired: issue another code"),
        "key_absent" => ("签名密钥不在服务器上", "the signing key is not on the server"),
        "name_too_long" => ("名称过长，该纸型放不下", "the name is too long for this paper"),
        "pin_unknown" => ("没有可印的企业口令，须先重置", "there is no PIN to print: reset it first"),
        other => (other, other),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::{Lacking, MISSING, Tally};

    fn saved(folder: &std::path::Path, name: &str, table: &str) -> String {
        let path = folder.join(name);
        let mut out = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
        out.start_file("manifest.csv", zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(table.as_bytes()).unwrap();
        out.finish().unwrap();
        path.display().to_string()
    }

    #[test]
    fn what_is_in_the_files_is_counted_and_not_what_was_issued() {
        let folder = tempfile::tempdir().unwrap();
        let first = "\u{feff}enterprise,uscc,code,file,sheet,place,sha256,issued_at,status,lacking\n\
            甲,91330500MA2TEXT16M,A,f.pdf,1,1,00,t,live,\n\
            上海𬭎昌商行,91330502MA2TEXT16J,B,f.pdf,1,2,00,t,live,𬭎\n\
            乙,91330503MA2TEXT161,C,,,,,t,suspended,\n";
        let second = "\u{feff}enterprise,uscc,code,file,sha256,issued_at,status\n\
            丙,91330521MA2TEXT163,D,d.svg,00,t,live\n\
            丁,91330522MA2TEXT16H,E,,,t,key_retired\n";
        let (first, second) = (saved(folder.path(), "1.zip", first), saved(folder.path(), "2.zip", second));
        let meant = Tally::of(std::slice::from_ref(&first)).unwrap();
        assert!(meant.check().is_ok(), "what staff suspended is not missing");
        let all = Tally::of(&[first, second]).unwrap();
        let count = |status: &str| all.codes.get(status).copied().unwrap_or_default();
        assert_eq!((count("live"), count("suspended"), count("key_retired")), (3, 1, 1));
        let lacks = Lacking {
            uscc: "91330502MA2TEXT16J".to_owned(),
            name: "上海𬭎昌商行".to_owned(),
            characters: "𬭎".to_owned(),
        };
        assert_eq!(all.lacking, [lacks]);
        assert_eq!(all.check().unwrap_err().exit, MISSING);
        let broken = saved(folder.path(), "3.zip", "a,b\n1,2\n");
        assert_eq!(Tally::of(&[broken]).unwrap_err().exit, 1, "a table without the column");
    }
}
