"""Mails per second to one sink: the mailer against bare aiosmtplib on a kept connection, and the queue's cost per mail."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.data import open_engine
from benchmarks.jobs import commits_per_second
from rusvel_tui.adapters.drafters.template import TemplateDrafter
from rusvel_tui.adapters.mailers.smtp import SmtpMailer
from rusvel_tui.engine.ports import Envelope
from rusvel_tui.engine.worker import Worker

MAILS = 300
QUEUED = 150
_RAW = (
    b"From: Bob <bob@acme.example>\r\nTo: Ann <ann@example.com>\r\nSubject: Hello\r\n"
    b"Message-ID: <%d.a@acme.example>\r\n\r\n" + b"A line of text for the reader.\r\n" * 20
)
Row = tuple[str, str, str]


@contextmanager
def sink(*, pipelining: bool) -> Iterator[int]:
    """A process that takes every mail at once; its port."""
    command = [sys.executable, "-m", "benchmarks.sink", "pipelining" if pipelining else "plain"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def bare(port: int) -> float:
    """Mails a second through aiosmtplib's own `sendmail` on one connection."""
    from aiosmtplib import SMTP

    async def run() -> float:
        client = SMTP(hostname="127.0.0.1", port=port, start_tls=False, use_tls=False)
        await client.connect()
        start = time.perf_counter()
        for n in range(MAILS):
            await client.sendmail("bob@acme.example", ["ann@example.com"], _RAW % n)
        taken = time.perf_counter() - start
        await client.quit()
        return MAILS / taken

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


def queued(folder: Path, port: int) -> float:
    """Seconds that a mail costs in the whole queue: claim, begin, gate, record, each committed to the disk."""
    engine = open_engine(folder / "sending.db")
    mailer = SmtpMailer("127.0.0.1", port, tls="plain")
    engine.drafter, engine.mailer = TemplateDrafter(), mailer
    for name, value in {"mailer": mailer.label, "undo_seconds": 0}.items():
        object.__setattr__(engine.policy, name, value)
    engine.call("session.create", {"name": "bench", "sender_email": "bob@acme.example"})
    steps = [
        {
            "delay_days": 0,
            "channel": "email",
            "subject": "Hello",
            "template": "Hi {{name}},\n\nA word for you and your firm.",
        }
    ]
    made = engine.call(
        "gtm.outreach.create_sequence", {"name": "Bench", "steps": steps}
    ).model_dump()
    engine.call("gtm.outreach.activate_sequence", {"sequence_id": made["sequence_id"]})
    for n in range(QUEUED):
        person = {"name": f"Person {n}", "email": f"p{n}@firm.example"}
        contact = engine.call("gtm.crm.add_contact", person).model_dump()
        ids = {"sequence_id": made["sequence_id"], "contact_id": contact["contact_id"]}
        engine.call("gtm.outreach.execute_sequence", ids)
    Worker(engine).until_idle()
    held = engine.call("gtm.approvals.list", {"limit": QUEUED}).model_dump()["items"]
    for mail in held:
        engine.call("gtm.approvals.approve", {"id": mail["id"], "digest": mail["digest"]})
    worker = Worker(engine)
    start = time.perf_counter()
    while worker.tick():
        pass
    taken = time.perf_counter() - start
    mailer.close()
    assert worker.done >= QUEUED, worker.error
    engine.close()
    return taken / QUEUED


def rows(folder: Path) -> Iterator[Row]:
    """Each line: what, how it came out, and the goal."""
    for offered in (False, True):
        with sink(pipelining=offered) as port:
            pairs = [(bare(port), ours(port)) for _ in range(5)]
            floor, best = (max(values) for values in zip(*pairs, strict=True))
            what = "pipelining" if offered else "one by one"
            shown = f"{best / floor:.2f}  ({best:.0f} / {floor:.0f} mails/s)"
            yield f"mails / bare aiosmtplib, {what}", shown, ">= 0.8"
    with sink(pipelining=True) as port:
        whole = queued(folder, port) * 1000
        alone = 1000 / best
        commits = (whole - alone) / 1000 * commits_per_second(folder)
        shown = f"{whole - alone:.1f}  (as long as {commits:.1f} raw commits)"
        yield "queue's overhead per mail, ms", shown, ""


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        for line in rows(Path(place)):
            print(*line, sep="   ", flush=True)
