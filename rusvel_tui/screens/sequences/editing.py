"""The way into the editor and back to the list."""

from __future__ import annotations

from textual import on, work

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceView
from rusvel_tui.engine.gtm.outreach.sequences.sequences import SequenceId, get_sequence
from rusvel_tui.screens.sequences.editor import SequenceEditor
from rusvel_tui.screens.sequences.overview import SequenceOverview
from rusvel_tui.widgets.open_list import OpenList


class SequenceEditing(SequenceOverview):
    """Shows the panes or the editor."""

    @property
    def editing(self) -> bool:
        """True while the editor is open."""
        return self.is_mounted and self.editor.display

    def reveal(self, item_id: str) -> None:
        """Put the cursor on a sequence."""
        self.sequences.reload(item_id)

    def action_edit(self, sequence_id: str = "") -> None:
        """Open the editor on a sequence, on the one under the cursor when none is named."""
        if sequence_id:
            self._read_for_editor(sequence_id)
        elif self.sequence is not None:
            self._open_editor(self.sequence)

    def back(self) -> bool:
        """Esc: close the editor, then clear marks, then go back to the list."""
        if self.editing:
            self.editor.close()
            return True
        if super().back():
            return True
        inside = not self.sequences.has_focus
        self.sequences.focus()
        return inside

    @on(OpenList.Opened, "#sequence-list")
    def _opened(self) -> None:
        self.action_edit()

    @on(SequenceEditor.Closed)
    def _editor_closed(self) -> None:
        self._turn(editing=False)
        # At once: the next key is for the list already.
        self.screen.set_focus(self.sequences)

    @work(thread=True, group="open", exclusive=True, exit_on_error=False)
    def _read_for_editor(self, sequence_id: str) -> None:
        try:
            found = self.engine.run(get_sequence, SequenceId(sequence_id=sequence_id))
        except EngineError as error:
            self.call_later(self.complain, str(error))
        else:
            self.call_later(self._open_editor, found)

    def _open_editor(self, sequence: SequenceView) -> None:
        self._turn(editing=True)
        self.editor.edit(sequence)
        self.screen.set_focus(self.editor.rows)

    def _turn(self, *, editing: bool) -> None:
        """Show the editor or the panes."""
        self.editor.display = editing
        self.query_one("#sequence-panes").display = not editing
        self.post_message(self.Turned())
