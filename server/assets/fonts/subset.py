#!/usr/bin/env python3
"""Makes paper.otf: Noto Sans CJK SC Regular, cut down to what stands on paper.

    apt-get install fonts-noto-cjk unicode-data && pip install fonttools
    python3 subset.py            # beside this file; the result is the same each time

Kept are the 8,105 characters of 通用规范汉字表 (Unihan, field kTGH; the state's list for
names), all of GB 2312 (its signs and punctuation too), printable ASCII, and the letters
of names written in Latin script. Features are dropped: glyphs are placed one by one.
"""

import bz2
import os
import sys

from fontTools import subset
from fontTools.ttLib import TTCollection

FONTS = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
UNIHAN = os.environ.get("UNIHAN", "/usr/share/unicode/Unihan_OtherMappings.txt.bz2")
HERE = os.path.dirname(os.path.abspath(__file__))


def general_standard():
    """The characters of 通用规范汉字表."""
    with bz2.open(UNIHAN, "rt", encoding="utf-8") as lines:
        fields = (line.split("\t") for line in lines if line.startswith("U+"))
        found = {int(field[0][2:], 16) for field in fields if field[1] == "kTGH"}
    if len(found) != 8105:
        sys.exit(f"{UNIHAN}: {len(found)} characters instead of 8,105")
    return found


def gb2312():
    """Everything GB 2312 can say."""
    found = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes([row, cell]).decode("gb2312")))
            except UnicodeDecodeError:
                pass
    return found


def main():
    signs = set(range(0x20, 0x7F)) | set(range(0xA0, 0x180)) | set(map(ord, "—–…‘’“”·•×→〇〓№℃©®™€"))
    wide = set(range(0xFF01, 0xFF5F)) | set(range(0x3000, 0x3020))
    wanted = general_standard() | gb2312() | signs | wide
    fonts = TTCollection(FONTS, lazy=True).fonts
    font = next(font for font in fonts if font["name"].getDebugName(4) == "Noto Sans CJK SC")
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.desubroutinize = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "DSIG", "GDEF", "GPOS", "GSUB"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    path = os.path.join(HERE, "paper.otf")
    font.save(path)
    lacking = sorted(general_standard() - set(font.getBestCmap()))
    print(f"{os.path.getsize(path):,} bytes, {len(font.getBestCmap()):,} characters")
    print("of the list the font lacks:", " ".join(map(chr, lacking)) or "none")


if __name__ == "__main__":
    main()
