"""Reads a labelled folder with several readers: python compare.py FOLDER --ours target/release/examples/read_photos.

Prints, for each kind of damage, the share of codes read and the mean ms a photo (decoding the file is not counted),
and how many wrong texts each reader gave. zbar is asked only if zbarimg is installed; its time counts the process.
"""
import argparse, collections, csv, json, pathlib, shutil, subprocess, time
import cv2, zxingcpp


def ours(program, files):
    seen = {}
    for start in range(0, len(files), 100):
        run = subprocess.run([program, *map(str, files[start:start + 100])], capture_output=True, text=True, check=True)
        for line in run.stdout.splitlines():
            answer = json.loads(line)
            seen[pathlib.Path(answer["file"]).name] = (answer["texts"], answer.get("ms", 0), answer.get("step"))
    return seen


def each(files, read):
    seen = {}
    for file in files:
        grey = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
        start = time.perf_counter()
        texts = read(grey, file)
        seen[file.name] = (texts, (time.perf_counter() - start) * 1000, None)
    return seen


def zxing(grey, _):
    return [found.text for found in zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode)]


def opencv(grey, _):
    try:
        return [words for words in cv2.QRCodeDetector().detectAndDecodeMulti(grey)[1] if words]
    except cv2.error:
        return []


def zbar(_, file):
    ask = ["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", str(file)]
    return subprocess.run(ask, capture_output=True, text=True).stdout.split()


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
        readers["opencv"] = each(files, opencv)
        if shutil.which("zbarimg"):
            readers["zbar"] = each(files, zbar)
    print("| kind | photos | " + " | ".join(readers) + " |\n|---|---|" + "---|" * len(readers))
    kinds = list(dict.fromkeys(label["kind"] for label in labels))
    for kind in [*kinds, "all"]:
        some = [label for label in labels if kind in (label["kind"], "all")]
        cells = []
        for seen in readers.values():
            wanted = sum(len(label["texts"].split()) for label in some)
            read = sum(len(set(label["texts"].split()) & set(seen[label["file"]][0])) for label in some)
            wrong = sum(len(set(seen[label["file"]][0]) - set(label["texts"].split())) for label in some)
            took = sum(seen[label["file"]][1] for label in some) / len(some)
            share = f"{100 * read / wanted:.0f} %" if wanted else "–"
            cells.append(f"{share} / {took:.0f} ms" + (f" / {wrong} WRONG" if wrong else ""))
        print(f"| {kind} | {len(some)} | " + " | ".join(cells) + " |")
    print("\nsteps:", dict(collections.Counter(step for _, _, step in readers["ours"].values()).most_common()))


if __name__ == "__main__":
    main()
