"""Keys while an answer comes: typing in a real terminal, against typing when nothing comes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from threading import Event

from benchmarks.data import open_engine
from benchmarks.screens import dashboard, environment
from benchmarks.terminal import Terminal
from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.engine.chat_ports import Question

LETTERS = "αβγδεζηθικλμνξοπρστυφχψωΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ"
"""Typed one after the other: none of them is in the answer, so that each is seen when it is drawn."""
PER_SECOND = 120
"""Words that the model says in a second: about as fast as the fastest."""
SECONDS = 12
_SENTENCE = "The **pipeline** holds `twelve` deals, and *three* of them wait for a word from you. "
Row = tuple[str, str, str]


def desk(folder: Path) -> Path:
    """A database with a session."""
    path = folder / "streaming.db"
    engine = open_engine(path)
    engine.call("session.create", {"name": "bench", "sender_email": "me@acme.example"})
    engine.close()
    return path


def script(folder: Path) -> Path:
    """A long answer at a pace, and a short one at once."""
    words = len(_SENTENCE.split())
    count = PER_SECOND * SECONDS // (words * 4)
    text = "\n\n".join([_SENTENCE * 4] * count) + "\n\nTHE-VERY-END"
    path = folder / "script.json"
    path.write_text(json.dumps([[{"per_second": PER_SECOND}, text]]), encoding="utf-8")
    return path


def typing(terminal: Terminal) -> list[float]:
    """Milliseconds from each letter to its picture, sorted."""
    return sorted(terminal.echo(letter) for letter in LETTERS)


def measure(folder: Path) -> tuple[list[float], list[float], float]:
    """Typing when nothing comes, typing while an answer comes, and how long it took to show, in seconds."""
    env = environment(folder) | {"RUSVEL_MODEL_SCRIPT": str(script(folder))}
    with Terminal(dashboard(desk(folder)), env) as terminal:
        terminal.wait_for("Inbox")
        terminal.settle()
        for key in b"gai":
            terminal.press(bytes([key]))
        terminal.settle()
        idle = typing(terminal)
        terminal.settle()
        began = terminal.now()
        terminal.press(b"\r")
        busy = typing(terminal)
        ended = terminal.wait_for("THE-VERY-END")
        return idle, busy, (ended - began) / 1000


def alone(folder: Path) -> float:
    """Seconds that the model takes for the answer when nobody draws it."""
    model = ScriptedModel(script(folder))
    start = time.perf_counter()
    for _ in model.stream(Question("", ()), Event()):
        pass
    return time.perf_counter() - start


def rows(folder: Path) -> Iterator[Row]:
    """What an answer that comes costs whoever types, and whether it is shown as fast as it is said."""
    idle, busy, shown = measure(folder)
    for name, at in (("p50", 0.5), ("p95", 0.95)):
        rest, work = (times[int(len(times) * at)] for times in (idle, busy))
        text = f"{work / rest:.2f}  ({work:.1f} / {rest:.1f} ms)"
        yield f"key while an answer comes / at rest, {name}", text, "<= 1.3"
    said = alone(folder)
    yield (
        "answer on the screen / said to nobody",
        f"{shown / said:.2f}  ({shown:.1f} / {said:.1f} s)",
        "<= 1.2",
    )
    yield "key while an answer comes, median, ms", f"{median(busy):.1f}", "<= 16"
