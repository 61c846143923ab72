"""A form in a dialog: labelled fields, errors beside them, and a save that may refuse."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Input, Select, Static, TextArea

from rusvel_tui.engine.text import one_line, sanitize
from rusvel_tui.widgets.plain import plain

Values = dict[str, str]
Errors = Mapping[str, str]
Save = Callable[[Values], Awaitable[Errors]]
"""Told the values; answers what is wrong by field name, nothing when it is done. The name `""` is the whole form."""
Watch = Callable[[Values], Awaitable[str]]
"""Told the values while they are typed; answers what the person should know, which does not keep them from saving."""
REST = 0.2
"""Seconds without typing before a watch is asked."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in."""

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    """`text`, `multiline`, `select` or `secret`."""
    choices: Sequence[tuple[str, str]] = ()
    """For a select: what is shown, and the value."""
    help: str = ""
    """One sentence, shown while the field has the focus."""
    required: bool = False
    check: Callable[[str], str] | None = None
    """What is wrong with a value, as a sentence; empty when nothing is."""
    lines: int = 6
    """Height of a multiline field."""

    def problem(self, value: str) -> str:
        """What is wrong with that value before anybody is asked."""
        if self.required and not value.strip():
            return "Fill this in."
        return self.check(value) if self.check is not None and value.strip() else ""


class FieldRow(Vertical):
    """A label, its control, and under them what is wrong."""

    def __init__(self, field: Field) -> None:
        super().__init__(classes=f"field -{field.kind}")
        self.field = field

    def compose(self) -> ComposeResult:
        with Horizontal():
            mark = "*" if self.field.required else ""
            yield Static(plain(self.field.label + mark), classes="field-label")
            yield self._control()
        yield Static("", classes="field-error", markup=False)

    def on_mount(self) -> None:
        self.complain("")

    @property
    def control(self) -> Widget:
        """What is typed into."""
        return self.query_one(".field-control")

    @property
    def value(self) -> str:
        """What is filled in; a text field is one line."""
        match self.control:
            case TextArea() as area:
                return sanitize(area.text)
            case Input() as line:
                return one_line(line.value)
            case Select() as select:
                return str(select.value)
        raise TypeError(self.field.kind)

    def complain(self, text: str) -> None:
        """Show what is wrong, or nothing."""
        error = self.query_one(".field-error", Static)
        error.update(plain(f"✗ {text}" if text else ""))
        error.display = bool(text)
        self.set_class(bool(text), "-wrong")

    def _control(self) -> Widget:
        field = self.field
        if field.kind == "multiline":
            area = TextArea(sanitize(field.value), compact=True, classes="field-control")
            area.styles.height = field.lines
            area.move_cursor(area.document.end)
            return area
        if field.kind == "select":
            options = [(plain(label), value) for label, value in field.choices]
            return Select(
                options, value=field.value, allow_blank=False, compact=True, classes="field-control"
            )
        return Input(
            one_line(field.value),
            compact=True,
            password=field.kind == "secret",
            select_on_focus=True,  # typing replaces what is there, an arrow key keeps it
            classes="field-control",
        )


class FormDialog(ModalScreen[Values | None]):
    """Asks for values until `save` is content. Dismissed with the values, with None when the person gave up."""

    BINDINGS = [
        Binding("escape", "cancel", "Cancel", show=False, id="form.cancel"),
        Binding("ctrl+s", "save", "Save", show=False, id="form.save"),
    ]

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        save: Save,
        *,
        button: str = "Save",
        watch: Watch | None = None,
        mark: str = "!",
    ) -> None:
        super().__init__()
        self.mark = mark
        """The sign before what the watch says: a warning, unless it is something else."""
        self.form_title = title
        self.fields = fields
        self._save = save
        self._watch = watch
        self._button = button
        self._busy = False
        self._warned = False
        self._notice = ""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(plain(self.form_title), classes="dialog-title")
            with VerticalScroll(can_focus=False, classes="dialog-body"):
                yield from map(FieldRow, self.fields)
            calm = "" if self.mark == "!" else " -calm"
            watch = Static("", classes=f"dialog-watch{calm}", markup=False)
            watch.display = False
            yield watch
            yield Static("", classes="dialog-hint", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button(plain(self._button), compact=True, id="save")
                yield Button("Cancel", compact=True, id="cancel")
                yield Static(
                    "enter or ctrl+s saves · tab next · esc cancels", classes="dialog-keys"
                )

    @property
    def rows(self) -> list[FieldRow]:
        return list(self.query(FieldRow))

    @property
    def values(self) -> Values:
        """What is filled in now, by field name."""
        return {row.field.name: row.value for row in self.rows}

    def show_errors(self, errors: Errors) -> None:
        """Put errors beside their fields, the rest below, and go to the first."""
        rows = self.rows
        for row in rows:
            row.complain(errors.get(row.field.name, ""))
        known = {row.field.name for row in rows}
        self._warn("  ".join(text for name, text in errors.items() if name not in known))
        first = next((row for row in rows if row.field.name in errors), None)
        if first is not None:
            first.control.focus()

    def on_descendant_focus(self) -> None:
        """Under the fields stands a notice, else the help of the field with the focus."""
        row = next((row for row in self.rows if row.has_focus_within), None)
        hint = self.query_one(".dialog-hint", Static)
        hint.update(plain(self._notice or (row.field.help if row is not None else "")))
        hint.set_class(bool(self._notice), "-bad")

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Select.Changed)
    def _typed(self) -> None:
        self._warned = False
        if self._notice:
            self._warn("")
        if self._watch is not None:
            self._ask_watch(self._watch)

    @work(exclusive=True, group="watch", exit_on_error=False)
    async def _ask_watch(self, watch: Watch) -> None:
        """Show what there is to know about what was typed, once the typing rests."""
        await asyncio.sleep(REST)
        text = await watch(self.values)
        note = self.query_one(".dialog-watch", Static)
        note.update(plain(f"{self.mark} {text}" if text else ""))
        note.display = bool(text)

    @on(Input.Submitted)
    @on(Button.Pressed, "#save")
    def action_save(self) -> None:
        """Check, then let the owner save."""
        errors = {
            row.field.name: text for row in self.rows if (text := row.field.problem(row.value))
        }
        if errors:
            self.show_errors(errors)
        elif not self._busy:
            self._busy = True
            self._run_save()

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Give up; what was typed is thrown away only at the second time."""
        if self._warned or all(row.value == row.field.value for row in self.rows):
            self.dismiss(None)
            return
        self._warned = True
        self._warn("Press esc again to throw away what you typed.")

    @work
    async def _run_save(self) -> None:
        values = self.values
        try:
            errors = await self._save(values)
        finally:
            self._busy = False
        if errors:
            self.show_errors(errors)
        else:
            self.dismiss(values)

    def _warn(self, text: str) -> None:
        """A notice about the whole form; it goes when something is typed."""
        self._notice = text
        self.on_descendant_focus()
