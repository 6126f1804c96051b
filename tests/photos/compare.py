"""Reads a labelled folder with several readers: python compare.py FOLDER --ours target/release/examples/read_photos.

Prints, for each kind of damage, the share of codes read and the mean ms a photo (decoding the file is not counted),
and how many wrong texts each reader gave; then mean and worst ms by size, and whether our reader keeps its goals: five
points more than zxing-cpp, 60 ms a 2-megapixel photo on average, 500 ms at the worst for 12 megapixels, no wrong text.
ms are processor
time, so that other work on the machine does not count. zbar needs the Debian package libzbar0.
"""
import argparse, collections, csv, json, pathlib, subprocess, sys, time
import cv2, zxingcpp


def ours(program, files):
    seen = {}
    for start in range(0, len(files), 100):
        run = subprocess.run([program, *map(str, files[start:start + 100])], capture_output=True, text=True, check=True)
        for line in run.stdout.splitlines():
            answer = json.loads(line)
            name = pathlib.Path(answer["file"]).name
            seen[name] = (answer["texts"], answer.get("ms", 0), answer.get("step"), answer.get("load_ms", 0))
    return seen


def each(files, read):
    seen = {}
    for file in files:
        grey = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
        start = time.process_time()
        texts = read(grey)
        seen[file.name] = (texts, (time.process_time() - start) * 1000)
    return seen


def zxing(grey):
    return [found.text for found in zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode)]


def opencv(grey):
    try:
        return [words for words in cv2.QRCodeDetector().detectAndDecodeMulti(grey)[1] if words]
    except cv2.error:
        return []


def zbar(grey):
    from pyzbar import pyzbar  # loads the library at import: only when it is asked for

    return [found.data.decode() for found in pyzbar.decode(grey, symbols=[pyzbar.ZBarSymbol.QRCODE])]


def score(labels, seen):
    """Codes wanted, codes read, wrong texts."""
    wanted = sum(len(label["texts"].split()) for label in labels)
    read = sum(len(set(label["texts"].split()) & set(seen[label["file"]][0])) for label in labels)
    wrong = sum(len(set(seen[label["file"]][0]) - set(label["texts"].split())) for label in labels)
    return wanted, read, wrong


def by_kind(labels, readers):
    print("| kind | photos | " + " | ".join(readers) + " |\n|---|--:|" + "--:|" * len(readers))
    kinds = list(dict.fromkeys(label["kind"] for label in labels))
    for kind in [*kinds, "all"]:
        some = [label for label in labels if kind in (label["kind"], "all")]
        cells = []
        for seen in readers.values():
            wanted, read, wrong = score(some, seen)
            took = sum(seen[label["file"]][1] for label in some) / len(some)
            share = f"{100 * read / wanted:.0f} %" if wanted else "–"
            cells.append(f"{share} / {took:.0f} ms" + (f" / {wrong} WRONG" if wrong else ""))
        print(f"| {kind} | {len(some)} | " + " | ".join(cells) + " |")


def by_size(labels, readers, large):
    print("\n| size | photos | " + " | ".join(f"{name}: mean / worst ms" for name in readers) + " |")
    print("|---|--:|" + "--:|" * len(readers))
    sizes = {"ordinary": [l for l in labels if l["file"] not in large], "12 MP": [l for l in labels if l["file"] in large]}
    for size, some in sizes.items():
        times = [[seen[label["file"]][1] for label in some] for seen in readers.values()]
        if some:
            cells = [f"{sum(took) / len(took):.0f} / {max(took):.0f}" for took in times]
            print(f"| {size} | {len(some)} | " + " | ".join(cells) + " |")
    return sizes


def goals(labels, readers, sizes):
    mine, yardstick = score(labels, readers["ours"]), score(labels, readers["zxing-cpp"])
    lead = 100 * (mine[1] - yardstick[1]) / mine[0]
    took = {size: [readers["ours"][label["file"]][1] for label in some] for size, some in sizes.items()}
    kept = [(f"{lead:+.1f} points beside zxing-cpp (goal 5)", lead >= 5), (f"{mine[2]} wrong texts", mine[2] == 0)]
    if took["ordinary"]:
        mean = sum(took["ordinary"]) / len(took["ordinary"])
        kept.append((f"{mean:.0f} ms an ordinary photo on average (goal 60)", mean <= 60))
    if took["12 MP"]:
        kept.append((f"{max(took['12 MP']):.0f} ms at the worst for 12 MP (goal 500)", max(took["12 MP"]) <= 500))
    print()
    for words, good in kept:
        print("kept  " if good else "MISSED", words)
    return all(good for _, good in kept)


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("folder", type=pathlib.Path)
    ask.add_argument("--ours", default="target/release/examples/read_photos")
    ask.add_argument("--quick", action="store_true", help="only ours and zxing-cpp")
    ask = ask.parse_args()
    with open(ask.folder / "labels.csv", newline="") as file:
        labels = list(csv.DictReader(file))
    files = [ask.folder / label["file"] for label in labels]
    cv2.setNumThreads(1)
    readers = {"ours": ours(ask.ours, files), "zxing-cpp": each(files, zxing)}
    if not ask.quick:
        readers |= {"zbar": each(files, zbar), "opencv": each(files, opencv)}
    by_kind(labels, readers)
    large = {file.name for file in files if max(cv2.imread(str(file), cv2.IMREAD_GRAYSCALE).shape) > 2200}
    sizes = by_size(labels, readers, large)
    print("\nour steps:", dict(collections.Counter(seen[2] for seen in readers["ours"].values()).most_common()))
    slowest = sorted(((seen[1], name, seen[2]) for name, seen in readers["ours"].items()), reverse=True)[:8]
    print("our slowest:", ", ".join(f"{name} {ms:.0f} ms ({step})" for ms, name, step in slowest))
    sys.exit(0 if goals(labels, readers, sizes) else 1)


if __name__ == "__main__":
    main()
