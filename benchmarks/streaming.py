"""Keys while an answer comes: typing in a real terminal, against typing when nothing comes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from threading import Event

from benchmarks.data import open_engine, plan_task
from benchmarks.desks import opened
from benchmarks.lines import Line, percentile, ratio
from benchmarks.terminal import Terminal
from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.engine.chat_ports import Question

LETTERS = "αβγδεζηθικλμνξοπρστυφχψωΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ"
"""Typed one after the other: none of them is in the answer, so that each is seen when it is drawn."""
PER_SECOND = 120
"""Words that the model says in a second: about as fast as the fastest."""
SECONDS = 12
_SENTENCE = "The **pipeline** holds `twelve` deals, and *three* of them wait for a word from you. "


def desk(folder: Path) -> Path:
    """A database with a session."""
    path = folder / "streaming.db"
    engine = open_engine(path)
    engine.call("session.create", {"name": "bench", "sender_email": "me@acme.example"})
    plan_task(engine)
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


def typing(terminal: Terminal, letters: str = LETTERS) -> list[float]:
    """Milliseconds from each letter to its picture, sorted."""
    return sorted(terminal.echo(letter) for letter in letters)


def measure(folder: Path) -> tuple[list[float], list[float], float]:
    """Typing when nothing comes, typing while an answer comes, and how long it took to show, in seconds."""
    model = {"RUSVEL_MODEL_SCRIPT": str(script(folder))}
    with opened(folder, desk(folder), "gai", model) as terminal:
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


def lines(folder: Path) -> Iterator[Line]:
    """Goal 12, its first part, and whether an answer is shown as fast as it is said."""
    idle, busy, shown = measure(folder)
    for name, part in (("p50", 0.5), ("p95", 0.95)):
        ours, floor = percentile(busy, part), percentile(idle, part)
        yield ratio(12, f"key while an answer comes / at rest, {name}", ours, floor, 1.3)
    yield Line(0, "key while an answer comes, p50, ms", median(busy), 16)
    yield ratio(0, "answer on the screen / said to nobody", shown, alone(folder), 1.2, "s")
