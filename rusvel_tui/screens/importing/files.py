"""Which file to import: asked in one line, where Tab completes its path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rusvel_tui.screens.page import Page
from rusvel_tui.widgets.line_input import Question

ENDINGS = (".csv", ".tsv", ".txt", ".vcf")


async def ask_file(page: Page[Any], name: str = "") -> str | None:
    """The path of a contact file; `name` is what it was called when it is looked for again."""
    hint = "CSV, TSV or vCard; tab completes"
    return await page.ask_line(
        Question("import", "File: ", name, contact_files(""), hint, complete=contact_files)
    )


def contact_files(typed: str) -> list[str]:
    """The folders and contact files of the folder that is typed, spelled as they would go on."""
    head, slash, _ = typed.rpartition("/")
    try:
        folder = Path(f"{head}{slash}" or ".").expanduser()
        found = sorted(folder.iterdir(), key=lambda path: path.name.casefold())
        return [f"{head}{slash}{name}" for name in _offered(found)]
    except (OSError, RuntimeError, ValueError):
        return []  # no such folder, or nobody of that name


def _offered(paths: list[Path]) -> Iterator[str]:
    """Files before folders: one of them is what is looked for."""
    shown = [path for path in paths if not path.name.startswith(".")]
    yield from (path.name for path in shown if path.suffix.lower() in ENDINGS and path.is_file())
    yield from (f"{path.name}/" for path in shown if path.is_dir())


def rejected_place(path: str) -> str:
    """A new file beside the one that is imported, for the rows that are rejected."""
    file = Path(path).expanduser()
    ending = ".vcf" if file.suffix.lower() == ".vcf" else ".csv"
    names = (f"{file.stem}-rejected{number}{ending}" for number in ("", *range(2, 100)))
    return next((str(file.with_name(name)) for name in names if not file.with_name(name).exists()), "")  # fmt: skip
