"""Verifies the tamper-evident log of a running server, independently of its code.

    python verify_ledger.py BASE_URL [OLDER_CHECKPOINT_FILE] [RECEIPT_FILE]

Fetches the head, its key and the tiles; checks the signature of the head, that
the hashes of all leaves lead to its root, that an older head is a part of it,
and that the rating of a receipt is in it. Formats: C2SP signed-note and
tlog-tiles, RFC 6962. Needs only `cryptography`.
"""

import base64
import hashlib
import json
import sys
import urllib.request

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WIDTH = 256  # hashes of a full tile


def fail(why):
    print(f"FALSE: {why}")
    sys.exit(1)


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read()


def key_of(line):
    """Name, id and public key of `name+id+base64`; the id is checked."""
    name, key_id, encoded = line.strip().split("+", 2)
    raw = base64.b64decode(encoded)
    wanted = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if raw[0] != 1 or wanted.hex() != key_id:
        fail("the key's id is not that of the key")
    return name, wanted, Ed25519PublicKey.from_public_bytes(raw[1:])


def head_of(note, key):
    """Size and root of a signed head."""
    name, key_id, public = key
    text, _, signatures = note.partition("\n\n")
    text += "\n"
    for line in signatures.splitlines():
        dash, signer, encoded = line.split(" ")
        raw = base64.b64decode(encoded)
        if dash == "—" and signer == name and raw[:4] == key_id:
            try:
                public.verify(raw[4:], text.encode())
            except InvalidSignature:
                fail("the signature of the head is false")
            origin, size, root = text.splitlines()[:3]
            if origin != name:
                fail(f"the head is another log's: {origin}")
            return int(size), base64.b64decode(root)
    return fail("the head is not signed by this log")


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves):
    """RFC 6962, 2.1: splits at the largest power of two below the number of leaves."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node(root_of(leaves[:split]), root_of(leaves[split:]))


def path_of(number):
    """N of a tile's address, in groups of three digits."""
    groups = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        groups.insert(0, f"x{number % 1000:03}")
    return "/".join(groups)


def leaves_of(base, size):
    leaves = []
    for number in range((size + WIDTH - 1) // WIDTH):
        width = min(WIDTH, size - number * WIDTH)
        part = "" if width == WIDTH else f".p/{width}"
        data = fetch(f"{base}/ledger/tile/0/{path_of(number)}{part}")
        if len(data) != width * 32:
            fail(f"tile {number} holds {len(data)} bytes")
        leaves += [data[at : at + 32] for at in range(0, len(data), 32)]
    return leaves


def climb(leaf, position, size, proof):
    """RFC 9162, 2.1.3.2: the root that a leaf and its way lead to."""
    at, last, result = position, size - 1, leaf
    for sibling in proof:
        if last == 0:
            fail("the way is longer than the tree is high")
        if at % 2 == 1 or at == last:
            result = node(sibling, result)
            while at % 2 == 0 and at != 0:
                at, last = at >> 1, last >> 1
        else:
            result = node(result, sibling)
        at, last = at >> 1, last >> 1
    if last != 0:
        fail("the way ends below the root")
    return result


def said_by(receipt):
    """What a receipt says of its rating; its own signature is checked elsewhere."""
    body = receipt.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def own(proof, said):
    """The entry that is proved is that of the rating which the receipt is for, and of no other."""
    text = proof.get("entry")
    if text is None or hashlib.sha256(b"\x00" + text.encode()).hexdigest() != proof["leaf"]:
        fail("the entry is not what its leaf is the hash of")
    entry = json.loads(text)
    names = {"id": "sub", "closure_id": "closure", "verdict": "verdict", "tier": "tier"}
    columns = entry["columns"]
    same = all(columns[column] == said[claim] for column, claim in names.items())
    if entry["kind"] != "ratings" or not same or columns["round"] != said.get("round", "first"):
        fail("the entry is not that of the receipt's rating")


def main():
    base, *rest = sys.argv[1:]
    base = base.rstrip("/")
    key = key_of(fetch(f"{base}/ledger/key").decode())
    size, root = head_of(fetch(f"{base}/ledger/checkpoint").decode(), key)
    leaves = leaves_of(base, size)
    if root_of(leaves) != root:
        fail("the leaves do not lead to the root")
    print(f"{size} entries lead to the signed root")
    if rest:
        with open(rest[0], encoding="utf-8") as file:
            old_size, old_root = head_of(file.read(), key)
        if old_size > size or root_of(leaves[:old_size]) != old_root:
            fail(f"the head of {old_size} entries is no part of the log")
        print(f"the head of {old_size} entries is a part of it")
    if len(rest) > 1:
        with open(rest[1], encoding="utf-8") as file:
            receipt = file.read().strip()
            said = said_by(receipt)
        proof = json.loads(fetch(f"{base}/api/v1/receipts/{receipt}")).get("log")
        if proof is None:
            fail(f"the rating {said['sub']} is not in the log")
        own(proof, said)
        at, way = proof["position"], [bytes.fromhex(one) for one in proof["proof"]]
        there, there_root = head_of(proof["checkpoint"], key)
        if climb(bytes.fromhex(proof["leaf"]), at, there, way) != there_root:
            fail("the way of the rating does not lead to its head")
        print(f"the rating {said['sub']} is entry {at}")


if __name__ == "__main__":
    main()
