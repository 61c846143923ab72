"""Exports: what stands in the file, who may read it, and what is refused."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound, NotPermitted
from rusvel_tui.engine.gtm.crm.exporting.cards import escape, fold_line
from rusvel_tui.engine.gtm.crm.exporting.target import write_new
from tests.engine.exporting.support import export, table
from tests.factories import Desk, query


@pytest.fixture
def ann(desk: Desk) -> Any:
    return desk.contact(
        "Ann Lee",
        "ann@shop.example",
        emails=["ann2@shop.example"],
        company="Acme, Inc.",
        title='CTO "acting"',
        phones=["+49 30 1234567"],
        tags=["vip", "a, b"],
        notes="one\ntwo",
        country="DE",
        timezone="Europe/Berlin",
        profile="https://www.linkedin.com/in/ann-fixture",
        links=["https://shop.example"],
        fields={"Colour": "red"},
    )


def test_everything_about_a_person_stands_in_the_table(
    desk: Desk, ann: Any, tmp_path: Path
) -> None:
    path = tmp_path / "out.csv"
    done = export(desk, path)
    assert (done.format, done.exported, done.bytes) == ("csv", 1, path.stat().st_size)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (row,) = table(path)
    assert row == {
        "Rusvel ID": ann.contact_id, "Name": "Ann Lee", "First Name": "Ann", "Last Name": "Lee",
        "Company": "Acme, Inc.", "Job Title": 'CTO "acting"',
        "LinkedIn": "https://www.linkedin.com/in/ann-fixture", "Tags": "vip ::: a, b", "Country": "DE",
        "Time Zone": "Europe/Berlin", "Notes": "one\ntwo", "Source": "manual",
        "Known since": "2026-11-24T09:00:00.000Z", "Suppressed addresses": "", "E-mail 1 - Label": "",
        "E-mail 1 - Value": "ann@shop.example", "E-mail 2 - Label": "", "E-mail 2 - Value": "ann2@shop.example",
        "Phone 1 - Label": "", "Phone 1 - Value": "+49 30 1234567",
        "Website 1 - Value": "https://shop.example", "Field: Colour": "red",
    }  # fmt: skip
    data = path.read_bytes()
    assert data.startswith(b'"Rusvel ID","Name"')
    assert data.count(b"\r\n") == 2
    assert list(tmp_path.glob(".*part*")) == []


def test_no_cell_is_a_formula_but_a_number_keeps_its_plus(desk: Desk, tmp_path: Path) -> None:
    names = ("=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "'=quoted", "plain")
    for name in names:
        desk.contact(name)
    desk.contact("Kim", phones=["+49 (0)30 12-34.56/7"])
    export(desk, tmp_path / "out.csv")
    rows = table(tmp_path / "out.csv")
    assert {row["Name"] for row in rows} == {
        "'=1+1", "'+cmd|' /C calc'!A0", "'-2", "'@SUM(A1)", "''=quoted", "plain", "Kim",
    }  # fmt: skip
    for row in rows:
        for name, cell in row.items():
            assert not cell.startswith(("=", "@", "-", "\t", "\r")), (name, cell)
            assert not cell.startswith("+") or name == "Phone 1 - Value"


def test_addresses_that_must_not_be_written_to_are_named(
    desk: Desk, ann: Any, tmp_path: Path
) -> None:
    bob = desk.contact("Bob", "bob@x.example", emails=["bob@bad.example", "bob@y.example"])
    desk.call("gtm.crm.suppress", address="@bad.example")
    desk.call("gtm.crm.suppress", address="bob@x.example")
    with desk.engine.connected() as connection:
        connection.execute(
            "UPDATE contact_email SET invalid_at = '2026-11-24T09:00:00.000Z' WHERE key = ?",
            ("ann2@shop.example",),
        )
    export(desk, tmp_path / "out.csv")
    found = {row["Name"]: row["Suppressed addresses"] for row in table(tmp_path / "out.csv")}
    assert found == {"Ann Lee": "ann2@shop.example", "Bob": "bob@x.example; bob@bad.example"}
    export(desk, tmp_path / "out.vcf", contact_ids=[bob.contact_id])
    text = (tmp_path / "out.vcf").read_text()
    assert text.count("X-RUSVEL-SUPPRESSED:") == 2


def test_a_filter_or_ids_choose_who_is_exported(desk: Desk, ann: Any, tmp_path: Path) -> None:
    bob = desk.contact("Bob", tags=["fair"])
    desk.contact("Eve", tags=["fair", "vip"])
    assert export(desk, tmp_path / "1.csv", filter="tag:fair -tag:vip").exported == 1
    assert [row["Name"] for row in table(tmp_path / "1.csv")] == ["Bob"]
    assert export(desk, tmp_path / "2.csv", contact_ids=[bob.contact_id, "nobody"]).exported == 1
    assert export(desk, tmp_path / "3.csv").exported == 3
    assert export(desk, tmp_path / "4.csv", filter="tag:none").exported == 0
    assert (tmp_path / "4.csv").read_text().count("\n") == 1
    with pytest.raises(InvalidInput, match="by ids, or by a filter"):
        export(desk, tmp_path / "5.csv", contact_ids=[bob.contact_id], filter="tag:x")
    with pytest.raises(InvalidInput):
        export(desk, tmp_path / "5.csv", filter="tag:")


def test_nobody_of_another_session_is_exported(desk: Desk, ann: Any, tmp_path: Path) -> None:
    desk.call("session.create", name="other")
    desk.contact("Kim")
    export(desk, tmp_path / "out.csv", contact_ids=[ann.contact_id])
    assert table(tmp_path / "out.csv") == []
    assert export(desk, tmp_path / "all.csv").exported == 1


def test_a_file_that_is_there_stays_unless_it_may_go(desk: Desk, ann: Any, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("mine")
    path.chmod(0o644)
    with pytest.raises(Conflict, match="exists already"):
        export(desk, path)
    assert path.read_text() == "mine"
    with (
        desk.acting_as(Actor("assistant", human=False)),
        pytest.raises(NotPermitted, match="Only a person"),
    ):
        export(desk, path, overwrite=True)
    assert export(desk, path, overwrite=True).exported == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_somebody_made_the_file_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"

    def parts() -> Any:
        yield "a"
        path.write_text("theirs")

    with pytest.raises(Conflict, match="exists already"):
        write_new(path, parts(), overwrite=False)
    assert path.read_text() == "theirs"
    assert [one.name for one in tmp_path.iterdir()] == ["out.csv"]


def test_nothing_is_left_of_an_export_that_fails(tmp_path: Path) -> None:
    def parts() -> Any:
        yield "a"
        raise ValueError

    with pytest.raises(ValueError):
        write_new(tmp_path / "out.csv", parts(), overwrite=True)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody keeps the superuser from writing, so the system says no here."""

    def refused(*rest: Any, **more: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    for module, name in ((os, "open"), (Path, "hardlink_to")):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, refused)
            with pytest.raises(NotPermitted, match="cannot be written: Permission denied"):
                write_new(tmp_path / "out.csv", ["a"], overwrite=False)
    assert list(tmp_path.iterdir()) == []


def test_places_where_no_file_can_be(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="does not exist"):
        export(desk, tmp_path / "none" / "out.csv")
    with pytest.raises(InvalidInput, match="is a folder"):
        export(desk, tmp_path)
    with pytest.raises(InvalidInput, match="Name the file"):
        desk.call("gtm.crm.export_contacts", path="")
    with pytest.raises(InvalidInput, match="format"):
        export(desk, tmp_path / "x", format="xlsx")


def test_a_list_of_objects(desk: Desk, ann: Any, tmp_path: Path) -> None:
    desk.contact("=1+1")
    done = export(desk, tmp_path / "out.json")
    assert (done.format, done.exported) == ("json", 2)
    found = {one["Name"]: one for one in json.loads((tmp_path / "out.json").read_text())}
    assert set(found) == {"Ann Lee", "=1+1"}
    assert found["Ann Lee"]["E-mail 2 - Value"] == "ann2@shop.example"
    assert "Notes" not in found["=1+1"]
    assert export(desk, tmp_path / "none.json", filter="tag:none").exported == 0
    assert json.loads((tmp_path / "none.json").read_text()) == []


def test_a_byte_order_mark_on_demand(desk: Desk, ann: Any, tmp_path: Path) -> None:
    export(desk, tmp_path / "out.csv", bom=True)
    assert (tmp_path / "out.csv").read_bytes().startswith(b'\xef\xbb\xbf"Rusvel ID"')
    assert table(tmp_path / "out.csv")[0]["Name"] == "Ann Lee"


def test_cards_of_both_versions(desk: Desk, tmp_path: Path) -> None:
    desk.contact(
        "Zoë Quist",
        "zoe@shop.example",
        company="Acme; Söhne, Co",
        tags=["a,b", "vip"],
        notes="one\ntwo",
        country="DE",
        timezone="Europe/Berlin",
        fields={"Birthday": "--12-10", "Address": "1 Road\nCork", "Seats": "7"},
    )
    desk.call("gtm.crm.add_contact", company="Loom Hall", fields={"Birthday": "1990-05-06"})
    assert export(desk, tmp_path / "4.vcf").format == "vcard4"
    assert export(desk, tmp_path / "3.vcf", format="vcard3").format == "vcard3"
    four, three = ((tmp_path / f"{n}.vcf").read_bytes().decode() for n in (4, 3))
    assert (
        four.count("BEGIN:VCARD\r\nVERSION:4.0\r\n")
        == three.count("BEGIN:VCARD\r\nVERSION:3.0\r\n")
        == 2
    )
    for line in (
        "FN:Zoë Quist", "N:Quist;Zoë;;;", "ORG:Acme\\; Söhne\\, Co", "EMAIL:zoe@shop.example",
        "CATEGORIES:a\\,b,vip", "NOTE:one\\ntwo", "TZ:Europe/Berlin", "ADR:;;;;;;Germany",
        "ADR:;;1 Road\\nCork;;;;", "X-RUSVEL-FIELD:Seats;7",
    ):  # fmt: skip
        assert f"\r\n{line}\r\n" in four
        assert f"\r\n{line}\r\n" in three
    assert "\r\nBDAY:--1210\r\n" in four
    assert "\r\nBDAY:1990-05-06\r\n" in four
    assert "\r\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-12-10\r\n" in three
    assert "\r\nKIND:org\r\nFN:Loom Hall\r\n" in four
    assert "\r\nX-ABShowAs:COMPANY\r\nFN:Loom Hall\r\n" in three


@pytest.mark.parametrize(
    "text", ["x" * 74, "x" * 75, "x" * 76, "ü" * 200, "花" * 60, "👩\u200d🚀" * 30, ""]
)
def test_lines_are_folded_between_letters(text: str) -> None:
    folded = fold_line(text)
    assert all(len(line.encode()) <= 75 for line in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == text


def test_values_are_escaped() -> None:
    assert escape("a\\b;c,d\ne:f") == "a\\\\b\\;c\\,d\\ne:f"


def test_companies_and_deals_are_tables(desk: Desk, ann: Any, tmp_path: Path) -> None:
    company = desk.call("gtm.crm.list_companies").items[0]
    desk.call(
        "gtm.crm.update_company",
        company_id=company.company_id,
        tags=["a", "b"],
        fields={"Tier": "=1"},
    )
    deal = desk.call(
        "gtm.crm.add_deal", contact_id=ann.contact_id, title="@Looms", value="1250.50", tags=["big"]
    )
    assert export(desk, tmp_path / "c.csv", "companies").exported == 1
    (row,) = table(tmp_path / "c.csv")
    assert (row["Company name"], row["People"], row["Tags"], row["Field: Tier"]) == (
        "Acme, Inc.", "1", "a ::: b", "'=1",
    )  # fmt: skip
    assert export(desk, tmp_path / "d.csv", "deals", filter="value>1k").exported == 1
    (row,) = table(tmp_path / "d.csv")
    assert row["Rusvel deal ID"] == deal.deal_id
    assert (row["Deal title"], row["Contact"], row["Company"]) == (
        "'@Looms",
        "Ann Lee",
        "Acme, Inc.",
    )
    assert (row["Value"], row["Currency"], row["Stage"], row["Status"]) == (
        deal.value, deal.currency, deal.stage, deal.status.value,
    )  # fmt: skip
    assert export(desk, tmp_path / "e.csv", "deals", filter="value>9k").exported == 0


def test_an_export_takes_a_few_queries_for_some_hundred_people(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from peewee import SqliteDatabase

    seen: list[str] = []
    original = SqliteDatabase.execute_sql

    def told(database: Any, sql: str, *rest: Any, **more: Any) -> Any:
        seen.append(sql)
        run: Any = original
        return run(database, sql, *rest, **more)

    desk.call(
        "gtm.crm.import_contacts",
        content=("name,email\n" + "".join(f"P{n},p{n}@x.example\n" for n in range(900))).encode(),
    )
    monkeypatch.setattr(SqliteDatabase, "execute_sql", told)
    export(desk, tmp_path / "out.csv")
    assert len([sql for sql in seen if sql.lstrip().startswith("SELECT")]) <= 15
    assert query(desk, "SELECT count(*) FROM event WHERE kind LIKE '%export%'") == [(0,)]
