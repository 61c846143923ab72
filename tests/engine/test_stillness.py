"""A process that is about to be stopped has no transaction open, and begins none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from rusvel_tui.engine.stillness import Stillness


def test_it_waits_for_what_has_begun_and_holds_back_what_has_not() -> None:
    stillness, begun, go_on, asked = Stillness(), Event(), Event(), Event()

    def work() -> None:
        with stillness.transaction(), stillness.transaction():
            begun.set()
            assert go_on.wait(10)

    def later() -> str:
        asked.set()
        with stillness.transaction():
            return "done"

    with ThreadPoolExecutor() as threads:
        first = threads.submit(work)
        assert begun.wait(10)
        with stillness.hold(0) as still:
            assert not still
        go_on.set()
        with stillness.hold(10) as still:
            assert still
            assert first.done() or first.result(10) is None
            second = threads.submit(later)
            assert asked.wait(10)
            assert not second.done()
        assert second.result(10) == "done"
