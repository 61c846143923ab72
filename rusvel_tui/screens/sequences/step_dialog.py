"""The form of a step, into which F2 puts a text of the library."""

from __future__ import annotations

from typing import Any

from textual import work
from textual.binding import Binding
from textual.widgets import Input, TextArea

from rusvel_tui.engine.gtm.outreach.sequences.library import TemplateView, TextKind
from rusvel_tui.screens.sequences.template_library import pick_text
from rusvel_tui.screens.shared.asking import Asking
from rusvel_tui.widgets.form import FieldRow, FormDialog


class StepDialog(FormDialog):
    """A form with a field `body`, and perhaps a `subject`."""

    BINDINGS = [Binding("f2", "insert_text", "Insert a text", show=False, id="step.insert")]

    def __init__(self, page: Asking[Any], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.page = page

    @work(exit_on_error=False)
    async def action_insert_text(self) -> None:
        """Put a text where the cursor is in the text; a mail brings its subject when there is none."""
        area = self._area()
        text = await pick_text(self.page)
        if text is None or area is None:
            return
        self._put(area, text)
        area.focus()

    def _area(self) -> TextArea | None:
        """The text with the focus, else the body."""
        rows = {row.field.name: row for row in self.rows}
        focused = next((row for row in rows.values() if row.has_focus_within), None)
        for row in (focused, rows.get("body")):
            if isinstance(row, FieldRow) and isinstance(row.control, TextArea):
                return row.control
        return None

    def _put(self, area: TextArea, text: TemplateView) -> None:
        area.insert(text.body)
        subject = next((row for row in self.rows if row.field.name == "subject"), None)
        if subject is None or text.kind is not TextKind.MAIL or subject.value:
            return
        if isinstance(subject.control, Input):
            subject.control.value = text.subject
