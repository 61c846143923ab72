"""Mails per second to one sink: the mailer against bare aiosmtplib on a kept connection, and the queue's cost per mail."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.data import open_engine, plan_task
from benchmarks.lines import Line, share
from rusvel_tui.adapters.drafters.template import TemplateDrafter
from rusvel_tui.adapters.mailers.smtp import SmtpMailer
from rusvel_tui.engine.ports import Envelope
from rusvel_tui.engine.worker import Worker

MAILS, SLOW_MAILS = 300, 12
QUEUED, SLOW_QUEUED = 150, 12
_BODY = "Hi {{name}},\n\nA word for you and your firm."
DELAY = 0.02
"""Seconds before each answer of a server that is far away."""
_RAW = (
    b"From: Bob <bob@acme.example>\r\nTo: Ann <ann@example.com>\r\nSubject: Hello\r\n"
    b"Message-ID: <%d.a@acme.example>\r\n\r\n" + b"A line of text for the reader.\r\n" * 20
)


def lines(folder: Path) -> Iterator[Line]:
    """Goal 9: the whole pipeline, then the mailer alone."""
    alone: dict[str, tuple[float, float]] = {}
    for offered in (False, True):
        with sink(pipelining=offered) as port:
            pairs = [(ours(port), bare(port)) for _ in range(5)]
            best, floor = (max(values) for values in zip(*pairs, strict=True))
            alone["pipelining" if offered else "one by one"] = best, floor
            if not offered:
                rate = 1 / queued(folder / "sending.db", port, QUEUED)
                yield share(9, "pipeline / bare aiosmtplib", rate, floor, 0.5, "mails a second")
    with sink(pipelining=False, delay=DELAY) as port:
        floor = bare(port, SLOW_MAILS)
        rate = 1 / queued(folder / "slowly.db", port, SLOW_QUEUED)
        what = f"pipeline / bare aiosmtplib, answers after {DELAY * 1000:.0f} ms"
        yield share(9, what, rate, floor, 0.9, "mails a second")
    for name, (best, floor) in alone.items():
        what = f"mailer alone / bare aiosmtplib, {name}"
        yield share(0, what, best, floor, 0.7, "mails a second")


@contextmanager
def sink(*, pipelining: bool, delay: float = 0) -> Iterator[int]:
    """A process that takes every mail, so many seconds before each answer; its port."""
    kind = "pipelining" if pipelining else "plain"
    command = [sys.executable, "-m", "benchmarks.sink", kind, str(delay)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def bare(port: int, mails: int = MAILS) -> float:
    """Mails a second through aiosmtplib's own `sendmail` on one connection."""
    from aiosmtplib import SMTP

    async def run() -> float:
        client = SMTP(hostname="127.0.0.1", port=port, start_tls=False, use_tls=False)
        await client.connect()
        start = time.perf_counter()
        for n in range(mails):
            await client.sendmail("bob@acme.example", ["ann@example.com"], _RAW % n)
        taken = time.perf_counter() - start
        await client.quit()
        return mails / taken

    return asyncio.run(run())


def ours(port: int) -> float:
    """Mails a second through the mailer, in stages and with a gate, its reconnects included."""
    mailer = SmtpMailer("127.0.0.1", port, tls="plain")
    mails = [
        Envelope(f"m{n}", f"<{n}.a@acme.example>", "bob@acme.example", "ann@example.com", _RAW % n)
        for n in range(MAILS)
    ]
    start = time.perf_counter()
    for mail in mails:
        mailer.send(mail, lambda: None)
    taken = time.perf_counter() - start
    mailer.close()
    return MAILS / taken


def queued(path: Path, port: int, mails: int) -> float:
    """Seconds that a mail costs in the whole queue: claim, begin, gate, record, each committed to the disk."""
    mailer = SmtpMailer("127.0.0.1", port, tls="plain")
    engine = open_engine(approved(path, mails))
    engine.mailer = mailer
    for name, value in {"mailer": mailer.label, "undo_seconds": 0}.items():
        object.__setattr__(engine.policy, name, value)
    worker = Worker(engine)
    start = time.perf_counter()
    while worker.tick():
        pass
    taken = time.perf_counter() - start
    mailer.close()
    assert worker.done >= mails, worker.error
    engine.close()
    return taken / mails


def approved(path: Path, mails: int) -> Path:
    """A database with so many mails that have their yes."""
    engine = open_engine(path)
    engine.drafter = TemplateDrafter()
    object.__setattr__(engine.policy, "mailer", "smtp 127.0.0.1")
    engine.call("session.create", {"name": "bench", "sender_email": "bob@acme.example"})
    step = {"channel": "email", "subject": "Hello", "body": _BODY}
    made: Any = engine.call("gtm.outreach.create_sequence", {"name": "Bench", "steps": [step]})
    sequence = {"sequence_id": made.sequence_id}
    engine.call("gtm.outreach.activate_sequence", sequence)
    for n in range(mails):
        person = {"name": f"Person {n}", "email": f"p{n}@firm{n}.example"}
        contact: Any = engine.call("gtm.crm.add_contact", person)
        who = {"contact_id": contact.contact_id}
        engine.call("gtm.outreach.execute_sequence", sequence | who)
    Worker(engine).until_idle()
    held: Any = engine.call("gtm.approvals.list", {"limit": 1000})
    for mail in held.items:
        engine.call("gtm.approvals.approve", {"id": mail.id, "digest": mail.digest})
    plan_task(engine)
    engine.close()
    return path
