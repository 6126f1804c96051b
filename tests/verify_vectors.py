#!/usr/bin/env python3
"""Checks server/protocol/vectors/seals.json without a line of our Rust: written
from docs/seal.md, with PyPI `cryptography` and `PyJWT`. Exit 1 on the first
disagreement.  python3 -m venv v && v/bin/pip install cryptography PyJWT"""

import base64
import json
import pathlib
import re
import sys

import jwt
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_private_key

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


class Refused(Exception):
    pass


def double(point):
    (x, y), k = point, D * point[0] ** 2 * point[1] ** 2
    return 2 * x * y * pow(1 + k, -1, P) % P, (y * y + x * x) * pow(1 - k, -1, P) % P


def acceptable(point: bytes) -> bool:
    """Canonical y, and 8·(x, y) is not the neutral point: computed, not looked up."""
    y = int.from_bytes(point, "little") & (2**255 - 1)
    if len(point) != 32 or y >= P:
        return False
    xx = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - xx) % P:
        return True  # not on the curve: the signature check must refuse it
    return double(double(double((x, y)))) != (0, 1)


def ring(jwks) -> dict:
    keys = {}
    for key in jwks["keys"]:
        if not re.fullmatch(r"[1-9][0-9]{0,2}", key["kid"]) or int(key["kid"]) > 255:
            raise Refused("kid")
        kid = int(key["kid"])
        if kid in keys or kid in jwks["retired"]:
            raise Refused("twice")
        if (key["kty"], key["crv"], key["alg"], key["use"]) != ("OKP", "Ed25519", "EdDSA", "sig"):
            raise Refused("kind")
        x = base64.urlsafe_b64decode(key["x"] + "=" * (-len(key["x"]) % 4))
        if not acceptable(x):
            raise Refused("point")
        keys[kid] = x
    return keys


def verify(text: str, keys: dict, retired: list):
    found = re.fullmatch(r"(?i:(https?)://([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::([1-9]\d{0,4}))?)/[Cc]/([A-Z2-7]{122}|[a-z2-7]{122})", text, re.A)
    if not found or int(found[3] or 1) > 65535:
        raise Refused("seal_malformed")
    host, port = found[2].lower(), int(found[3] or (443 if found[1].lower() == "https" else 80))
    host += "" if port == 443 else f":{port}"
    segment = found[4].upper()
    seal = base64.b32decode(segment + "======")
    if base64.b32encode(seal).decode().rstrip("=") != segment:
        raise Refused("seal_malformed")
    version, kid, code, signature = seal[0], seal[1], seal[2:12], seal[12:]
    if version != 1:
        raise Refused("seal_version_unknown")
    if kid in retired:
        raise Refused("seal_key_retired")
    if kid not in keys:
        raise Refused("seal_key_unknown")
    message = b"qiyema seal v1\0" + host.encode() + b"\0" + seal[:12]
    try:
        Ed25519PublicKey.from_public_bytes(keys[kid]).verify(signature, message)
    except InvalidSignature:
        raise Refused("seal_signature_false") from None
    if not acceptable(signature[:32]):
        raise Refused("seal_signature_false")
    return host, kid, code, message, seal


def refusal(action, *args) -> str:
    try:
        action(*args)
    except Refused as error:
        return str(error)
    return "accepted"


def main() -> None:
    path = pathlib.Path(__file__).parent.parent / "server/protocol/vectors/seals.json"
    v = json.loads(path.read_text())
    keys, retired = ring(v["jwks"]), v["jwks"]["retired"]
    private = {k["kid"]: load_der_private_key(bytes.fromhex(k["pkcs8"]), None) for k in v["keys"]}
    wrong = [k["kid"] for k in v["keys"] if private[k["kid"]].public_key().public_bytes_raw().hex() != k["public"]]
    for s in v["seals"]:
        told = (s["host"], s["kid"], base64.b32decode(s["code"]), bytes.fromhex(s["message"]), bytes.fromhex(s["seal"]))
        again = private[s["kid"]].sign(told[3]) == told[4][12:]
        same = all(verify(t, keys, retired) == told for t in (s["text"], s["text_lower"]))
        wrong += [] if again and same and s["text"].startswith(s["origin"].upper() + "/C/") else [s["text"]]
    wrong += [c["name"] for c in v["refused"] if refusal(verify, c["text"], keys, retired) != c["error"]]
    wrong += [c["name"] for c in v["refused_keys"] if refusal(ring, c["jwks"]) != c["error"]]
    key = jwt.PyJWK(next(k for k in v["jwks"]["keys"] if k["kid"] == "2")).key
    wrong += [] if jwt.decode(v["receipt"]["jws"], key, ["EdDSA"]) == v["receipt"]["claims"] else ["receipt"]
    wrong += [] if jwt.decode(v["code_jwt"], key, ["EdDSA"])["sub"] == v["seals"][0]["code"] else ["code JWT"]
    if wrong:
        sys.exit("disagree: " + "; ".join(map(str, wrong)))
    print(f"agree: {len(v['seals'])} seals, {len(v['refused'])} refused texts, {len(v['refused_keys'])} refused key sets, 2 tokens")


if __name__ == "__main__":
    main()
