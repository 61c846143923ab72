"""`rusvel export`: a file of people, companies or deals, readable by its owner only."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def filled(cli: Cli) -> Cli:
    cli.call(
        "gtm.crm.add_contact", name="Ada", email="ada@example.com", company="Looms", tags=["vip"]
    )
    grace = cli.call("gtm.crm.add_contact", name="Grace", email="grace@example.com", company="Navy")
    cli.call("gtm.crm.add_deal", contact_id=grace["contact_id"], title="Compilers", value="100")
    return cli


def test_contacts_to_a_table_and_back(filled: Cli, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    said = filled("export", "contacts", str(path)).out
    assert said == f"{path}: 2 contacts, {path.stat().st_size:,} bytes, readable by you only.\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    filled("session", "create", "other")
    done = filled.json("import", "contacts", str(path))
    assert (done["preset"], done["created"]) == ("rusvel", 2)


def test_a_program_is_told_the_counts(filled: Cli, tmp_path: Path) -> None:
    path = tmp_path / "out.vcf"
    done = filled.json("export", "contacts", str(path), "--filter", "tag:vip")
    assert done == {
        "path": str(path), "format": "vcard4", "exported": 1, "bytes": path.stat().st_size,
    }  # fmt: skip
    assert (
        filled.json("export", "contacts", str(tmp_path / "3.vcf"), "--format", "vcard3")["exported"]
        == 2
    )
    assert "VERSION:3.0" in (tmp_path / "3.vcf").read_text()


def test_companies_and_deals(filled: Cli, tmp_path: Path) -> None:
    assert ": 2 companies, " in filled("export", "companies", str(tmp_path / "c.csv")).out
    assert (
        ": 1 deal, "
        in filled("export", "deals", str(tmp_path / "d.csv"), "--filter", "value>50").out
    )
    assert (
        filled.json("export", "companies", str(tmp_path / "1.csv"), "--filter", "Navy")["exported"]
        == 1
    )


def test_a_file_is_replaced_only_by_force(filled: Cli, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("mine")
    answer = filled("export", "contacts", str(path), code=5)
    assert "exists already" in answer.err
    assert path.read_text() == "mine"
    filled("export", "contacts", str(path), "--force", "--bom")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("contacts", "nowhere/x.csv"), 3, "does not exist"),
        (("contacts", "x.csv", "--format", "xlsx"), 4, "format"),
        (("contacts", "x.csv", "--filter", "tag:"), 4, ""),
        (("payments", "x.csv"), 2, "See: rusvel export --help"),
        (("contacts",), 2, "See: rusvel export contacts --help"),
    ],
)
def test_what_cannot_be_done(
    filled: Cli,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    code: int,
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert sentence in filled("export", *words, code=code).err
    assert not (tmp_path / "x.csv").exists()
