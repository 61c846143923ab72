"""One line of what would become different."""

from __future__ import annotations

from rusvel_tui.engine.operation import View


class Difference(View):
    """One thing that would become different."""

    field: str
    before: str
    after: str
