"""How well mail is told apart: precision and recall of each kind over our own texts, and over a labelled folder.

`python -m benchmarks.mail_kinds [FOLDER] [--flufl TESTS_DATA]`: FOLDER has `*.eml` with `labels.json`, `originals.json` and
`own.json`; TESTS_DATA is `tests/data` of the source distribution of flufl.bounce.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from pathlib import Path
from typing import NamedTuple

from rusvel_tui.engine.gtm.mail.classifying.classifier import classify
from rusvel_tui.engine.gtm.mail.classifying.reports import read_report
from rusvel_tui.engine.gtm.mail.classifying.verdict import MailKind, Originals, Own
from rusvel_tui.engine.gtm.mail.reading.content import read_content
from rusvel_tui.engine.gtm.mail.reading.message import parse
from tests.engine.mail import samples
from tests.engine.mail.letters import raw, report

OURS = "<1@acme.example>"
THEIRS = "grace1@example.com"
ORIGINALS = Originals({OURS: THEIRS}, frozenset([THEIRS]))
OWN = Own(frozenset(["ada@acme.example"]), frozenset(["acme.example"]))
QUOTE = (
    '\n\nOn Fri, 18 Sept 2026 at 09:00, Ada <ada@acme.example> wrote:\n> Answer "unsubscribe".\n'
)


class Case(NamedTuple):
    """A mail, and what it must be taken for."""

    raw: bytes
    kind: str


class Score(NamedTuple):
    """Of one kind: how many of those taken for it are, and how many of those that are were found."""

    precision: float
    recall: float
    mails: int


def own_cases() -> Iterator[Case]:
    """The texts of the tests, as mails with and without a quote."""
    for text in samples.ANSWERS:
        yield from (Case(_mail(text + quote), "human") for quote in ("", QUOTE))
    for text in samples.OBJECTIONS:
        yield from (Case(_mail(text + quote), "opt_out") for quote in ("", QUOTE))
    for subject, text, _ in samples.ABSENCES:
        yield Case(_mail(text, subject=subject), "auto_reply")
    for text in samples.NOTICES_WITHOUT_ANY_MARK:
        yield Case(_mail(text), "auto_reply")
    for subject, text in samples.ROBOTS:
        yield Case(_mail(text, subject=subject), "auto_reply")
    for status in ("5.1.1", "5.1.10", "5.2.1"):
        yield Case(report(OURS, THEIRS, status=status), "bounce_hard")
    for status in ("5.2.2", "5.7.26", "4.4.1"):
        yield Case(report(OURS, THEIRS, status=status, diagnostic="smtp; later"), "bounce_soft")
    yield Case(report("<9@elsewhere.example>", THEIRS), "unknown")


def scores(found: Iterable[tuple[str, str]]) -> dict[str, Score]:
    """By kind, from pairs of what was found and what was right."""
    pairs = Counter(found)
    kinds = [kind.value for kind in MailKind]
    named = {kind: sum(n for (got, _), n in pairs.items() if got == kind) for kind in kinds}
    meant = {kind: sum(n for (_, want), n in pairs.items() if want == kind) for kind in kinds}
    return {
        kind: Score(pairs[kind, kind] / named[kind] if named[kind] else 1.0, pairs[kind, kind] / meant[kind], meant[kind])
        for kind in kinds
        if meant[kind]
    }  # fmt: skip


def measure() -> dict[str, Score]:
    """The scores over our own texts."""
    return scores(
        (classify(parse(case.raw), ORIGINALS, OWN).kind.value, case.kind) for case in own_cases()
    )


def measure_folder(folder: Path) -> dict[str, Score]:
    """The scores over a labelled folder."""
    read = {name: json.loads((folder / f"{name}.json").read_text()) for name in ("own", "originals", "labels")}  # fmt: skip
    us = Own(frozenset(read["own"]["addresses"]), frozenset(read["own"]["domains"]))
    recipients = {one["message_id"]: one["to"] for one in read["originals"]}
    sent = Originals(recipients, frozenset(to.lower() for to in recipients.values()))
    return scores(
        (classify(parse((folder / name).read_bytes()), sent, us).kind.value, label["kind"])
        for name, label in read["labels"].items()
    )


def measure_flufl(folder: Path) -> str:
    """How many of the notices that flufl.bounce knows have all their addresses found here."""
    from flufl.bounce import all_failures

    known = found = total = 0
    for file in sorted(folder.glob("*.txt")):
        total += 1
        data = file.read_bytes()
        addresses = {one.decode().lower() for part in all_failures(message_from_bytes(data)) for one in part}  # fmt: skip
        mail = parse(data)
        said = read_content(mail)
        seen = read_report(mail, said.sender, said.sender_name)
        named = {*seen.named, *(a for one in seen.recipients for a in one.addresses)} if seen else set()  # fmt: skip
        known += bool(addresses)
        found += bool(addresses) and addresses <= named
    return f"{found} of {known} that flufl.bounce knows, of {total}"


def _mail(text: str, **headers: str) -> bytes:
    return raw(text, In_Reply_To=OURS, **({"date": "Fri, 18 Sep 2026 10:00:00 +0200"} | headers))


def table(found: dict[str, Score]) -> Iterator[str]:
    """One line for each kind."""
    yield f"{'kind':12} {'precision':>9} {'recall':>7} {'mails':>6}"
    for kind, one in found.items():
        yield f"{kind:12} {one.precision:9.3f} {one.recall:7.3f} {one.mails:6}"


def main() -> None:
    """Print the scores."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mail_kinds")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--flufl", type=Path)
    args = parser.parse_args()
    print("\n".join(table(measure())))
    if args.folder:
        print(f"\n{args.folder.name}:\n" + "\n".join(table(measure_folder(args.folder))))
    if args.flufl:
        print(f"\nreports: {measure_flufl(args.flufl)}")


if __name__ == "__main__":
    main()
