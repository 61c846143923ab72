"""The acting half of a page: writes in threads, and questions to the person."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import ValidationError
from textual import work

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError, InvalidInput
from rusvel_tui.engine.operation import Input, Operation
from rusvel_tui.screens.shared.dialogs import Confirm
from rusvel_tui.screens.shared.reading import Reading
from rusvel_tui.widgets.bottom_bar import BottomBar
from rusvel_tui.widgets.key_router import KeyRouter
from rusvel_tui.widgets.line_input import Question
from rusvel_tui.widgets.plain import plain
from rusvel_tui.widgets.repeating import Deeds

if TYPE_CHECKING:
    from rusvel_tui.widgets.form import Field, FormDialog

V = TypeVar("V")
T = TypeVar("T")
Then = Callable[[Any], None]
Failed = Callable[[EngineError], None]


class Asking(Reading[V], Generic[V]):
    """What a page does for the person. Methods that wait are awaited in a worker (`@work`)."""

    def say(self, text: str) -> None:
        """Tell the person what happened."""
        self.app.notify(plain(text).plain, markup=False)

    @work(thread=True, group="write", exit_on_error=False)
    def run(
        self,
        operation: Operation[Any, Any] | str,
        data: Input | Mapping[str, Any],
        then: Then | None = None,
        failed: Failed | None = None,
    ) -> None:
        """Run an operation in a thread; `then` gets its view and `failed` its error, on the UI thread."""
        try:
            view = _perform(self.engine, operation, data)
        except EngineError as error:
            self.call_later(failed or self._show_error, error)
        else:
            self.call_later(self._done, then, view)

    async def form(
        self,
        title: str,
        fields: Sequence[Field],
        save: Callable[[dict[str, str]], T],
        *,
        button: str = "Save",
        watch: Callable[[dict[str, str]], str] | None = None,
        mark: str = "!",
        dialog: Callable[..., FormDialog] | None = None,
    ) -> T | None:
        """Ask for values until `save`, which runs in a thread, accepts them; what it returned, None when given up.

        `watch`, in a thread too, is told what is typed and says what the person should know about it; `mark` is
        the sign before that. `dialog` makes the form when it is one with keys of its own.
        """
        from rusvel_tui.widgets.form import FormDialog  # the text editor is heavy

        saved: list[T] = []

        async def attempt(values: dict[str, str]) -> Mapping[str, str]:
            try:
                saved.append(await asyncio.to_thread(save, values))
            except (EngineError, ValidationError) as error:
                return field_errors(error)
            return {}

        async def look(values: dict[str, str]) -> str:
            try:
                return "" if watch is None else await asyncio.to_thread(watch, values)
            except (EngineError, ValidationError):
                return ""  # what is typed halfway is not wrong yet

        make, watcher = dialog or FormDialog, look if watch else None
        made = make(title, fields, attempt, button=button, watch=watcher, mark=mark)
        await self.app.push_screen_wait(made)
        if not saved:
            return None
        self.load()
        return saved[-1]

    async def confirm(self, question: str, *, detail: str = "", yes: str = "Yes") -> bool:
        """Yes or no, in a dialog."""
        return await self.app.push_screen_wait(Confirm(question, detail=detail, yes=yes))

    async def ask_line(self, question: Question) -> str | None:
        """One line at the bottom of the screen; None when given up."""
        bar = self.screen.query_one(BottomBar)
        return await self._answered(f"line {question.kind}", partial(bar.ask_line, question))

    async def ask_key(self, title: str, options: Mapping[str, str]) -> str | None:
        """One key of a few; None when given up."""
        bar = self.screen.query_one(BottomBar)
        kind = f"key {' '.join(options)}"
        return await self._answered(kind, partial(bar.ask_key, title, options))

    async def _answered(
        self, question: str, ask: Callable[[], Awaitable[str | None]]
    ) -> str | None:
        """The answer to a question, which is the one given before while the last action is repeated."""
        deeds = self.app.deeds if isinstance(self.app, KeyRouter) else Deeds()
        return await deeds.answer(question, ask)

    def _show_error(self, error: EngineError) -> None:
        self.complain(str(error))
        self.load()

    def _done(self, then: Then | None, view: Any) -> None:
        if then is not None:
            then(view)
        self.load()


def _perform(
    engine: Engine, operation: Operation[Any, Any] | str, data: Input | Mapping[str, Any]
) -> Any:
    if isinstance(operation, str):
        return engine.call(operation, dict(data))
    return engine.run(
        operation, data if isinstance(data, Input) else operation.input.model_validate(data)
    )


def field_errors(error: EngineError | ValidationError) -> dict[str, str]:
    """What is wrong, by field name; the name `""` is the whole form."""
    if isinstance(error, ValidationError):
        found: dict[str, str] = {}
        for item in error.errors(include_url=False, include_context=False, include_input=False):
            found.setdefault(
                str(item["loc"][0]) if item["loc"] else "",
                str(item["msg"]).removeprefix("Value error, "),
            )
        return found
    name = error.field if isinstance(error, InvalidInput) else ""
    return {name: str(error).removeprefix(f"{name}: ")}
