"""`rusvel doctor --fix`: shows what would be changed, copies the file, and mends it in one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rusvel_tui.commands import plain
from rusvel_tui.commands.asking import agreed, require_owner
from rusvel_tui.commands.checks import findings
from rusvel_tui.commands.desk import Desk
from rusvel_tui.engine.errors import NotPermitted


def run_fix(desk: Desk) -> int:
    """Mend after a yes; 0 when nothing is wrong any more, 1 when something is, or when the answer was no."""
    from rusvel_tui.commands.doctor import report

    require_owner(desk, "mend the database")
    if desk.args.read_only:
        raise NotPermitted("This is a read-only session. Leave --read-only out to mend something.")
    found: list[dict[str, Any]] = desk.engine().call("check.list_fixes", {}).model_dump()["items"]
    others_read = _is_shared(desk.path)
    if not desk.out.json:
        desk.out.lines(_shown(found, others_read=others_read))
    kept = None
    if found or others_read:
        if not agreed(desk, "Mend this?"):
            return 1
        kept = _mend(desk, rows=bool(found), others_read=others_read)
    left = list(findings(desk, connect=desk.args.connect))
    if not desk.out.json:
        if kept:
            desk.out.lines(
                (f"Mended. The file as it was: {kept}. `rusvel undo` takes it back.", "")
            )
        left = [one for one in left if one.state != "ok"]
    return report(desk, left, fixed=found, kept=str(kept) if kept else None)


def _mend(desk: Desk, *, rows: bool, others_read: bool) -> Path | None:
    """A copy of the file first, then all changes of rows in one transaction."""
    if others_read:
        desk.path.chmod(0o600)
    if not rows:
        return None
    kept = desk.engine().backup_before("fix")
    desk.engine().call("check.fix", {})
    return kept


def _shown(found: list[dict[str, Any]], *, others_read: bool) -> list[str]:
    rows = [(one["table"], one["row"], one["what"], one["how"]) for one in found]
    if others_read:
        rows.append(("file", "", "others can read it", "it is readable by you only"))
    if not rows:
        return ["There is nothing to mend."]
    return list(plain.table(("what", "row", "is wrong", "is done"), rows))


def _is_shared(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o077)
