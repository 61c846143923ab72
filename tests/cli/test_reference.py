"""The reference page is written from the code, so it cannot lie about it."""

from __future__ import annotations

from rusvel_tui.reference import reference
from tests.system.helpers import ROOT


def test_c_090_the_page_is_what_the_code_says() -> None:
    page = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert page == reference(), "write it anew: python -m rusvel_tui.reference > docs/reference.md"


def test_it_names_commands_settings_and_operations() -> None:
    lines = reference().splitlines()
    assert "rusvel queue approve ID --digest D" in lines
    assert "rusvel call OPERATION [key=value] [--input JSON]" in lines
    assert any(line.startswith("| `RUSVEL_SMTP_USERNAME`, `RUSVEL_SMTP_USER` |") for line in lines)
    assert any(
        line.startswith("| `gtm.approvals.approve` |") and line.endswith("only people |")
        for line in lines
    )
