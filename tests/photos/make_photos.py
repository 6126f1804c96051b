"""Makes labelled photos of enterprise codes: python make_photos.py FOLDER [--each 50] [--seed 1] [--kinds a,b].

Every photo is drawn from its own seed, so the same arguments give the same folder. labels.csv names the file, the kind
of damage and the texts in it (separated by blanks).
"""
import argparse, csv, io, pathlib, random, string
import cv2, numpy as np, segno

BASE32 = string.ascii_uppercase + "234567"


def text(rng):
    return "HTTPS://QY.HUZHOU.EXAMPLE/C/" + "".join(rng.choice(BASE32) for _ in range(122))


def symbol(words, module=12):
    code = segno.make(words, error="m", micro=False, boost_error=False)
    out = io.BytesIO()
    code.save(out, kind="png", scale=module, border=4)
    return cv2.imdecode(np.frombuffer(out.getvalue(), np.uint8), cv2.IMREAD_GRAYSCALE)


def paper(noise, width, height):
    """A background with soft structure: wall, table, print."""
    small = noise.normal(150, 35, (max(2, height // 90), max(2, width // 90))).astype(np.float32)
    ground = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(14):
        x, y = int(noise.integers(0, width)), int(noise.integers(0, height))
        size = int(noise.integers(20, 160))
        cv2.rectangle(ground, (x, y), (x + size, y + size // 3), float(noise.integers(20, 230)), -1)
    return ground


def place(ground, image, rng, centre, across, turn, tilt):
    """Puts the symbol on the ground in perspective: `across` pixels wide, turned, tilted by `tilt` degrees."""
    half = across / 2
    corners = np.array([[-half, -half, 0], [half, -half, 0], [half, half, 0], [-half, half, 0]])
    axis, angle, spin = rng.uniform(0, 2 * np.pi), np.radians(tilt), np.radians(turn)
    rot, _ = cv2.Rodrigues(np.array([np.cos(axis), np.sin(axis), 0.0]) * angle)
    flat, _ = cv2.Rodrigues(np.array([0, 0, 1.0]) * spin)
    seen = corners @ (rot @ flat).T
    far = across * 3
    points = (seen[:, :2] * far / (far + seen[:, 2:3]) + np.array(centre)).astype(np.float32)
    size = image.shape[0]
    source = np.array([[0, 0], [size, 0], [size, size], [0, size]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, points)
    factor = max(1, int(size / across))
    if factor > 1:  # no aliasing: what a lens would do
        image = cv2.GaussianBlur(image, (0, 0), size / across * 0.4)
    shape = (ground.shape[1], ground.shape[0])
    laid = cv2.warpPerspective(image.astype(np.float32), matrix, shape, flags=cv2.INTER_LINEAR)
    mask = cv2.warpPerspective(np.ones_like(image, np.float32), matrix, shape, flags=cv2.INTER_LINEAR)
    return ground * (1 - mask) + laid * mask


def motion(picture, length, angle):
    size = max(3, int(length) | 1)
    kernel = np.zeros((size, size), np.float32)
    kernel[size // 2] = 1
    turn = cv2.getRotationMatrix2D((size / 2 - 0.5, size / 2 - 0.5), angle, 1)
    kernel = cv2.warpAffine(kernel, turn, (size, size))
    return cv2.filter2D(picture, -1, kernel / kernel.sum())


def photo(kind, rng, noise, size=None):
    """Returns grey picture, texts, JPEG quality."""
    width, height = size or ((4000, 3000) if kind == "small_in_12mp" else (1600, 1200))
    px = rng.uniform(3.0, 7.0)  # pixels a module
    tilt, turn, blur, shake, grain, quality = rng.uniform(0, 12), rng.uniform(-8, 8), 0.6, 0, 3, 85
    contrast, light, count = 1.0, 0.0, 1
    if kind == "blur":
        blur = px * rng.uniform(0.35, 0.85)
    elif kind == "motion":
        shake = px * rng.uniform(0.8, 2.2)
    elif kind == "tilt":
        tilt, px, blur = rng.uniform(20, 35), rng.uniform(2.2, 5), 1.0
    elif kind == "rotated":
        turn, px, blur = rng.uniform(0, 360), rng.uniform(2.0, 4), 1.0
    elif kind == "noise":
        grain, px = rng.uniform(25, 70), rng.uniform(2.5, 6)
    elif kind == "jpeg30":
        quality, px, blur = 30, rng.uniform(1.8, 4), 0.8
    elif kind == "low_contrast":
        contrast, grain = rng.uniform(0.06, 0.3), rng.uniform(2, 7)
    elif kind == "uneven_light":
        light, grain, blur = rng.uniform(0.6, 0.95), 5, 1.2
    elif kind == "small":
        px, blur = rng.uniform(1.4, 2.6), 0.6
    elif kind == "small_in_12mp":
        px, blur, grain = rng.uniform(2.0, 6.0), rng.uniform(0.8, 2.2), 6
    elif kind == "mixed":
        px, tilt, turn = rng.uniform(2.4, 6), rng.uniform(0, 35), rng.uniform(0, 360)
        blur, grain, quality = px * rng.uniform(0.1, 0.55), rng.uniform(3, 25), rng.randint(30, 80)
        contrast, light = rng.uniform(0.25, 1), rng.uniform(0, 0.7)
    elif kind == "two_codes":
        count, px = 2, rng.uniform(3.0, 6.0)
    elif kind == "no_code":
        count = 0
    ground, texts = paper(noise, width, height), []
    for number in range(count):
        words = text(rng)
        texts.append(words)
        across = px * 49
        room = across * 0.75
        share = width / count
        low, high = share * number + room, share * (number + 1) - room
        centre = (rng.uniform(min(low, high), max(low, high)), rng.uniform(room, height - room))
        ground = place(ground, symbol(words), rng, centre, across, turn, tilt)
    if light:
        angle = rng.uniform(0, 2 * np.pi)
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        ramp = (np.cos(angle) * (x / width - 0.5) + np.sin(angle) * (y / height - 0.5)) + 0.5
        edge = 1 / (1 + np.exp(-(ramp - rng.uniform(0.35, 0.65)) * rng.uniform(4, 30)))
        ground = ground * (1 - light * edge)
    ground = ground.astype(np.float32)
    ground = 128 + (ground - 128) * contrast if contrast < 1 else ground
    ground = cv2.GaussianBlur(ground, (0, 0), blur)
    if shake:
        ground = motion(ground, shake, rng.uniform(0, 180))
    ground = ground + noise.normal(0, grain, ground.shape)
    return np.clip(ground, 0, 255).astype(np.uint8), texts, quality


KINDS = ["blur", "motion", "tilt", "rotated", "noise", "jpeg30", "low_contrast", "uneven_light", "small",
         "small_in_12mp", "mixed", "two_codes", "no_code"]


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("folder", type=pathlib.Path)
    ask.add_argument("--each", type=int, default=40)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--size", type=lambda size: tuple(map(int, size.split("x"))), help="such as 900x640; else 2 and 12 MP")
    ask.add_argument("--kinds", default=",".join(KINDS))
    ask = ask.parse_args()
    ask.folder.mkdir(parents=True, exist_ok=True)
    with open(ask.folder / "labels.csv", "w", newline="") as file:
        labels = csv.writer(file, lineterminator="\n")
        labels.writerow(["file", "kind", "texts"])
        for kind in ask.kinds.split(","):
            for number in range(ask.each):
                seed = f"{ask.seed}/{kind}/{number}"
                rng = random.Random(seed)
                picture, texts, quality = photo(kind, rng, np.random.default_rng(rng.getrandbits(63)), ask.size)
                name = f"{kind}-{number:03}.jpg"
                cv2.imwrite(str(ask.folder / name), picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
                labels.writerow([name, kind, " ".join(texts)])


if __name__ == "__main__":
    main()
