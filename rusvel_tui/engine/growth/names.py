"""Names of funnels, stages, cohorts, KPIs and alerts: one line, told apart without regard to case."""

from __future__ import annotations

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.text import fold, one_line

LONGEST = 80


def clean_name(text: str, what: str, *, field: str = "name") -> str:
    """The name as one line; refuses an empty or overlong one."""
    name = one_line(text)
    if not name or len(name) > LONGEST or not fold(name):
        raise InvalidInput(f"{what} needs a name of 1 to {LONGEST} characters.", field=field)
    return name


def shown(name: str) -> str:
    """A name as an error shows it."""
    return repr(one_line(name)[:60])
