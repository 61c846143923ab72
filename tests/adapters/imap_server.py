"""A small IMAP server on loopback that keeps a few folders, notes what it is told, and fails where a test wants it."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from typing import Any

from rusvel_tui.adapters.mailboxes.imap_account import ImapAccount
from rusvel_tui.adapters.secret import Secret


class ScriptedImap:
    """Speaks as much of RFC 3501 as a reader needs."""

    def __init__(self, faults: dict[str, str] | None = None) -> None:
        self.faults = faults or {}
        """By the beginning of a command: `cut`, `garbage`, or the answer that stands for OK."""
        self.commands: list[str] = []
        self.validity = 7
        self._folders: dict[str, list[bytes]] = {"INBOX": [], "Sent": []}
        self._folder = "INBOX"
        self._client: socket.socket | None = None
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> ScriptedImap:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with suppress(OSError):  # a client that stays logged in is not waited for
            if self._client is not None:
                self._client.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):  # wakes the thread that waits for a client
            socket.create_connection(self._listener.getsockname(), timeout=1).close()
        self._thread.join(10)
        self._listener.close()

    def deliver(self, raw: bytes, folder: str = "INBOX") -> None:
        self._folders[folder].append(raw)

    def account(self, **more: Any) -> ImapAccount:
        usual: dict[str, Any] = {"tls": "plain", "timeout": 5.0} | more
        host, port = self._listener.getsockname()
        return ImapAccount(host, port, "ada@acme.example", Secret("s3cret"), **usual)

    def _serve(self) -> None:
        while not self._over.is_set():
            client, _ = self._listener.accept()
            with client, suppress(OSError):
                client.settimeout(10)
                self._client = client
                self._talk(client)

    def _talk(self, client: socket.socket) -> None:
        with client.makefile("rwb") as line:
            if not self._say(line, "greeting", b"* OK [CAPABILITY IMAP4rev1] ready\r\n", b"*"):
                return
            while command := line.readline():
                tag, _, rest = command.decode("latin-1").strip().partition(" ")
                self.commands.append(f"{tag} {rest}")
                done = f"{tag} OK done\r\n".encode()
                if not self._say(line, rest, self._answer(rest) + done, tag.encode()):
                    return

    def _say(self, line: Any, command: str, answer: bytes, tag: bytes) -> bool:
        fault = next(
            (
                what
                for where, what in self.faults.items()
                if command.upper().startswith(where.upper())
            ),
            "",
        )
        if fault == "cut":
            return False
        if fault == "garbage":
            answer = b"\xff\x00 what? {99999}\r\n" + tag + b" OK\r\n"
        elif fault:
            answer = tag + b" " + fault.encode() + b"\r\n"
        line.write(answer)
        line.flush()
        return not command.upper().startswith("LOGOUT")

    def _answer(self, command: str) -> bytes:
        word = command.upper()
        if word.startswith("CAPABILITY"):
            return b"* CAPABILITY IMAP4rev1\r\n"
        if word.startswith("EXAMINE"):
            self._folder = command.split(" ", 1)[1].strip('"')
            return b"* %d EXISTS\r\n* OK [UIDVALIDITY %d] x\r\n" % (
                len(self._messages),
                self.validity,
            )
        if word.startswith("LIST"):
            return b'* LIST (\\HasNoChildren) "." INBOX\r\n* LIST (\\HasNoChildren \\Sent) "." "Sent"\r\n'
        if word.startswith("UID SEARCH"):
            return self._search(command)
        return self._fetch(command) if word.startswith("UID FETCH") else b""

    @property
    def _messages(self) -> list[bytes]:
        return self._folders[self._folder]

    def _search(self, command: str) -> bytes:
        every = range(1, len(self._messages) + 1)
        if found := re.search(r"UID (\d+):\*", command):
            first = int(found[1])
            uids = [uid for uid in every if uid >= first] or [len(self._messages)]
        elif found := re.search(r'HEADER Message-ID "(.+)"', command):
            uids = [uid for uid in every if found[1].encode() in self._messages[uid - 1]]
        else:
            uids = list(every)
        return f"* SEARCH {' '.join(map(str, uids))}\r\n".encode()

    def _fetch(self, command: str) -> bytes:
        numbers = [int(one) for one in command.split()[2].split(",")]
        if "RFC822.SIZE" in command:
            return b"".join(
                b"* %d FETCH (UID %d RFC822.SIZE %d)\r\n" % (n, n, len(self._messages[n - 1]))
                for n in numbers
            )
        raw = self._messages[numbers[0] - 1]
        if found := re.search(r"<0\.(\d+)>", command):
            raw = raw[: int(found[1])]
        return b"* 1 FETCH (UID %d BODY[] {%d}\r\n" % (numbers[0], len(raw)) + raw + b")\r\n"
