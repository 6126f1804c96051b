#!/usr/bin/env python3
"""Checks server/protocol/vectors/seals-sm2.json without a line of our Rust: written
from docs/seal.md, with gmssl from PyPI. Exit 1 on the first disagreement.
python3 -m venv v && v/bin/pip install gmssl"""

import base64
import json
import pathlib
import re
import sys

from gmssl import func, sm2, sm3

PATTERN = r"(?i:(https?)://([a-z0-9.-]+)(?::([1-9]\d{0,4}))?)/[Cc]/([A-Z2-7]{122}|[a-z2-7]{122})"


def parts(text: str):
    """Host as signed, message and signature of a text."""
    found = re.fullmatch(PATTERN, text, re.A)
    port = int(found[3] or (443 if found[1].lower() == "https" else 80))
    host = found[2].lower() + ("" if port == 443 else f":{port}")
    seal = base64.b32decode(found[4].upper() + "======")
    return host, b"qiyema seal v1\0" + host.encode() + b"\0" + seal[:12], seal[12:]


def coordinate(text: str) -> str:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).hex()


def digest(public: str, identifier: bytes, message: bytes) -> str:
    """SM3(Z ‖ message), Z as in GB/T 32918.2-2016 §5.5; gmssl's own z knows one identifier only."""
    table = sm2.default_ecc_table
    z = f"{len(identifier) * 8:04x}" + identifier.hex() + table["a"] + table["b"] + table["g"] + public
    return sm3.sm3_hash(func.bytes_to_list(bytes.fromhex(sm3.sm3_hash(func.bytes_to_list(bytes.fromhex(z)))) + message))


def main() -> None:
    path = pathlib.Path(__file__).parent.parent / "server/protocol/vectors/seals-sm2.json"
    v = json.loads(path.read_text())
    jwk = v["jwks"]["keys"][0]
    public = coordinate(jwk["x"]) + coordinate(jwk["y"])
    crypt = sm2.CryptSM2(private_key=v["secret"], public_key="")
    crypt.public_key = public  # its constructor would strip zeros and fours
    wrong = []
    if crypt._kg(int(v["secret"], 16), sm2.default_ecc_table["g"]) != public:
        wrong.append("the public key is not the secret's")

    def true(message: bytes, signature: bytes) -> bool:
        n = int(sm2.default_ecc_table["n"], 16)
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        # gmssl does not look at the range.
        if not (0 < r < n and 0 < s < n):
            return False
        e = digest(public, v["id"].encode(), message)
        return bool(crypt.verify(signature.hex(), bytes.fromhex(e)))

    for seal in v["seals"]:
        host, message, signature = parts(seal["text"])
        if (host, message.hex(), signature.hex()) != (seal["host"], seal["message"], seal["signature"]):
            wrong.append("bytes of " + seal["text"])
        if not true(message, signature):
            wrong.append("signature of " + seal["text"])
    for case in v["refused"]:
        _, message, signature = parts(case["text"])
        if true(message, signature):
            wrong.append("accepted: " + case["name"])
    # The other way round: what gmssl signs must be accepted by its own check and by ours alike.
    message = bytes.fromhex(v["seals"][0]["message"])
    e = digest(public, v["id"].encode(), message)
    signed = crypt.sign(bytes.fromhex(e), "0123456789abcdef" * 4)
    if signed is None or not true(message, bytes.fromhex(signed)):
        wrong.append("gmssl's own signature")
    if wrong:
        sys.exit("disagree: " + "; ".join(wrong))
    print(f"agree: {len(v['seals'])} seals, {len(v['refused'])} refused texts")


if __name__ == "__main__":
    main()
