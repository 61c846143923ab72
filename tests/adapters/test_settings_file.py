"""A setting written into config.toml, and what this machine says about its person."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui import machine
from rusvel_tui.engine.errors import Conflict, NotConfigured
from rusvel_tui.settings import load
from rusvel_tui.settings_file import write_setting


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    write_setting(path, "mail_folder", "/srv/mail")
    assert path.stat().st_mode & 0o777 == 0o600
    assert load({"RUSVEL_CONFIG": str(path)}).settings.mail_folder == Path("/srv/mail")


def test_what_stands_in_the_file_stays(tmp_path: Path) -> None:
    """Comments, other settings, tables and the mode of the file."""
    path = tmp_path / "config.toml"
    before = '# mine\nundo_seconds = 5\n\n[smtp_accounts.sales]\nhost = "mx.example"\n'
    path.write_text(before)
    path.chmod(0o640)
    write_setting(path, "mail_folder", "out")
    assert path.read_text() == f'mail_folder = "out"\n{before}'
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_setting_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('mail_folder = "mine"\n')
    with pytest.raises(Conflict, match="already"):
        write_setting(path, "mail_folder", "other")
    assert path.read_text() == 'mail_folder = "mine"\n'


@pytest.mark.parametrize("text", ["not toml at all", "\x00"])
def test_a_file_that_is_wrong_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(NotConfigured, match="cannot be changed"):
        write_setting(path, "mail_folder", "x")
    assert path.read_text() == text


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_every_text_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, value: str
) -> None:
    path = tmp_path_factory.mktemp("config") / "config.toml"
    write_setting(path, "mail_folder", value)
    assert tomllib.loads(path.read_text(encoding="utf-8")) == {"mail_folder": value}


@pytest.mark.parametrize(
    ("locale", "money"),
    [
        ({"LANG": "de_DE.UTF-8"}, "EUR"),
        ({"LANG": "de_CH.UTF-8"}, "CHF"),
        ({"LANG": "en_US.UTF-8", "LC_MONETARY": "en_GB.UTF-8"}, "GBP"),
        ({"LC_ALL": "ja_JP@x", "LANG": "de_DE"}, "JPY"),
        ({"LANG": "C"}, "EUR"),
        ({"LANG": "en_QQ.UTF-8"}, "EUR"),
        ({}, "EUR"),
    ],
)
def test_the_locale_names_the_money(locale: dict[str, str], money: str) -> None:
    assert machine.currency(locale) == money


def test_the_zone_is_found_in_many_places(tmp_path: Path) -> None:
    """`TZ` first; what is no zone is passed over."""
    link, text = tmp_path / "localtime", tmp_path / "timezone"
    assert machine.zone_name({}, link, text) == "UTC"
    text.write_text("America/Lima\n")
    assert machine.zone_name({}, link, text) == "America/Lima"
    link.symlink_to("/usr/share/zoneinfo/Europe/Oslo")
    assert machine.zone_name({}, link, text) == "Europe/Oslo"
    assert machine.zone_name({"TZ": ":Asia/Tokyo"}, link, text) == "Asia/Tokyo"
    assert machine.zone_name({"TZ": "No/Where"}, link, text) == "Europe/Oslo"
    text.write_text("Etc/UTC")
    assert machine.zone_name({}, tmp_path / "none", text) == "UTC"
