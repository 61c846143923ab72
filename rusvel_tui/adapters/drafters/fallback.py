"""A drafter that may fail, with one behind it that does not."""

from __future__ import annotations

from dataclasses import replace

from rusvel_tui.engine.ports import Brief, Draft, Drafter, DrafterFailed


class FallbackDrafter:
    """Asks the first drafter where the step wants AI, and the second one when that is not wanted or fails."""

    def __init__(self, primary: Drafter, backup: Drafter) -> None:
        self._primary = primary
        self._backup = backup
        self.name = f"{primary.name} or {backup.name}"

    def draft(self, brief: Brief) -> Draft:
        """A draft in any case; its notes say when the first drafter was not available."""
        if not brief.use_ai:
            return self._backup.draft(brief)
        try:
            return self._primary.draft(brief)
        except DrafterFailed as failure:
            draft = self._backup.draft(brief)
            note = f"AI was not available ({failure}): this is the template."
            return replace(draft, notes=(note, *draft.notes))
