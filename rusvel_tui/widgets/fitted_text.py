"""Text in a dialog: as high as it is long, up to half of the screen."""

from __future__ import annotations

from rusvel_tui.widgets.text_view import TextView


class FittedText(TextView):
    """Textual gives a dialog room for all of a scrolling widget, also for what lies beyond its greatest height."""

    def _lay_out(self) -> None:
        super()._lay_out()
        self.styles.height = max(1, min(len(self._lines), self.app.size.height // 2))
