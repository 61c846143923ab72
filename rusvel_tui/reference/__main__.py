"""`python -m rusvel_tui.reference`: write all pages, the manual page and the words of completion."""

from __future__ import annotations

from pathlib import Path

from rusvel_tui.reference import files

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Write what changed, and remove pages of areas that are gone."""
    made = files()
    for name, text in made.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not (path.exists() and path.read_text("utf-8") == text):
            path.write_text(text, encoding="utf-8")
    for old in (ROOT / "docs/reference").rglob("*.md"):
        if old.relative_to(ROOT).as_posix() not in made:
            old.unlink()


if __name__ == "__main__":
    main()
