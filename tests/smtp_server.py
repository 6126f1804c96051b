"""A mail server for the tests: it speaks TLS with a certificate of its own authority.

smtp_server.py starttls|tls|plain FOLDER NAME   prints its port; what it sees stands in FOLDER
  ca.pem      its authority
  mode        written by the test: take, refuse (451), hang_up (takes it, closes without an answer)
  seen        one JSON line for each MAIL and each letter: was the line encrypted?
"""

import asyncio
import json
import pathlib
import ssl
import sys

import trustme
from aiosmtpd.smtp import SMTP, AuthResult

protection, folder, name = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
authority = trustme.CA()
authority.cert_pem.write_to_path(folder / "ca.pem")
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
authority.issue_cert(name).configure_cert(context)


def note(what, session, **more):
    with open(folder / "seen", "a", encoding="utf-8") as seen:
        print(json.dumps({"what": what, "tls": session.ssl is not None or protection == "tls", **more}), file=seen)


class Desk:
    async def handle_MAIL(self, server, session, envelope, address, options):
        note("mail", session)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 fine"

    async def handle_DATA(self, server, session, envelope):
        mode = (folder / "mode").read_text().strip()
        if mode == "refuse":
            return "451 try again later"
        letter = envelope.content.decode("utf-8", "replace")
        note("letter", session, to=envelope.rcpt_tos, letter=letter, answered=mode == "take")
        if mode == "hang_up":
            server.transport.abort()
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    note("auth", session, user=data.login.decode())
    return AuthResult(success=True)


def answer():
    return SMTP(
        Desk(),
        hostname="sink",
        tls_context=context if protection == "starttls" else None,
        authenticator=authenticate,
        auth_require_tls=protection == "starttls",
        decode_data=False,
    )


async def main():
    loop = asyncio.get_running_loop()
    wrapped = context if protection == "tls" else None
    server = await loop.create_server(answer, "127.0.0.1", 0, ssl=wrapped)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
