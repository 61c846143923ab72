"""The `:` line of the dashboard: what can be typed there, what becomes of it, and that it is remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from textual import work

from rusvel_tui.actions import Offer, available, find_command
from rusvel_tui.habits import keep_history, read_history
from rusvel_tui.widgets.line_input import LineInput, Question
from rusvel_tui.workspace import Workspace

KIND = "command"


class TypingCommands(Workspace):
    """Commands of actions, and every operation with its fields."""

    def open_command_line(
        self, text: str = "", problem: str = "", cursor: int | None = None
    ) -> None:
        """Ask for a command over the page in front; `problem` is what was wrong with this text before."""
        from rusvel_tui.screens.command_line.completing import Completer
        from rusvel_tui.screens.command_line.values import known_values

        self._remember()
        offers = available(self.screen)
        values = known_values(self.engine, self.page.known_here)
        completer = Completer(offers, self._words(), values)
        hint = "a command or an operation; tab completes, ↑ goes back, ctrl+r searches"
        question = Question(KIND, ":", text, hint=hint, hints=completer.hints, problem=problem, cursor=cursor)  # fmt: skip
        self.bottom.open_line(question, partial(self._run_line, offers))

    def _words(self) -> dict[str, Callable[[str], Iterable[tuple[str, str]]]]:
        """What commands that take a word can be given."""
        return {
            "theme": lambda _: ((name, "") for name in sorted(self.available_themes)),
            "use": lambda _: self._session_names(),
            "help": _topics,
        }

    def _session_names(self) -> Iterator[tuple[str, str]]:
        listed: Any = self.engine.call("session.list", {})
        yield from ((one.name, one.currency) for one in listed.items)

    def _run_line(self, offers: list[Offer], line: str | None) -> None:
        if not line:
            return
        self._keep(line)
        if (found := find_command(line, offers)) is not None:
            self.call_next(self.run_offer, *found)
        elif "." in line:
            self._run_operation(line)
        else:
            self._refuse(line)

    @work(exit_on_error=False)
    async def _run_operation(self, line: str) -> None:
        """In a worker, since it may ask; a mistake opens the line again where it can be mended."""
        from rusvel_tui.screens.command_line.running import names_operation, run_typed

        if not names_operation(line):
            self._refuse(line)
        elif (mistake := await run_typed(self.page, line)) is not None:
            self.open_command_line(mistake.line, mistake.problem, mistake.cursor)

    def _refuse(self, line: str) -> None:
        self.say(f"There is no command “{line}” here. Press ? to see all.", bad=True)

    def _remember(self) -> None:
        """At its first use the line knows what was typed in earlier sessions."""
        history = self.query_one(LineInput).history
        if KIND not in history:
            history[KIND] = read_history(self.habits.history)

    @work(thread=True, group="history", exit_on_error=False)
    def _keep(self, line: str) -> None:
        keep_history(self.habits.history, (line,))


def _topics(typed: str) -> Iterator[tuple[str, str]]:
    """Topics of the help, and every name that has a text once its beginning is typed."""
    from rusvel_tui.help.looking_up import known
    from rusvel_tui.help.topics import TOPICS

    yield from ((topic.name, topic.summary) for topic in TOPICS)
    if typed:
        yield from ((name, "") for name in known())
