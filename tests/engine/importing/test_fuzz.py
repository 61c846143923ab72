"""Whatever a file holds: no crash, a reason for every rejected row, sums that add up, nothing new twice."""

from __future__ import annotations

import os
import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.crm.importing.known import Known
from rusvel_tui.engine.gtm.crm.importing.options import Options
from rusvel_tui.engine.gtm.crm.importing.packed import PackedRows
from rusvel_tui.engine.gtm.crm.importing.plan import make_plan
from rusvel_tui.engine.gtm.crm.importing.presets import PRESETS, VCARD
from rusvel_tui.engine.gtm.crm.importing.run import as_counts
from rusvel_tui.engine.gtm.crm.importing.source import open_contacts
from tests.engine.importing.mutations import CARDS, TABLES, mutations
from tests.engine.importing.support import counts, met, run, stored
from tests.factories import Desk, query

EXAMPLES = int(os.environ.get("TEST_FUZZ_EXAMPLES", "150"))

HEADERS = (
    "name,email,company,phone,linkedin,tags,unsubscribed,city",
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On",
    "First Name;Last Name;Organization Name;Labels;E-mail 1 - Value;Phone 1 - Value",
    "First Name,E-mail Address,E-mail Type,E-mail 2 Address,Web Page",
    "Person - Name\tPerson - Email\tPerson - Marketing status\tOrganization - Name",
    "First Name|Email|Account Owner|Email Opt Out",
    "email,name,attributes,status",
)
CELLS = (
    *("Ann", "Bob", "Zoë", "\x1b[31mRed", "\u202eRtl", "null", "-", "'=1", "花子", "👩\u200d🚀", "ſ", "İ", "ß"),
    *("a@x.example", "A@X.example", "b@x.example; a@x.example", "c@x.example", "nonsense", "x@y@z", "<a@x.example>"),
    *("+49 30 1", "0049301", "1E+9", "12", "linkedin.com/in/f-1", "linkedin.com/in/%ff", "yes", "Bounced"),
    *('{"company": "Acme"}', "{", "[[", '"', '""', '"\n', "\0", "\ud800", "\ufeff", "Grand Totals", "Notes:", " ", ""),
)  # fmt: skip
MARKS = (",", ",", ",", ";", "\t", "|", "\n", "\r\n", "\r", '"')
CARD_LINES = (
    *("BEGIN:VCARD", "END:VCARD", "begin:vcard", "FN:Ann", "N:Lee;Ann;;;", "N:;", "ORG:Acme;x", "KIND:group"),
    *("EMAIL:a@x.example", "EMAIL:nonsense", "item1.EMAIL;TYPE=x:b@x.example", "TEL:tel:+49-30-1;ext=1", " folded"),
    *("NOTE;ENCODING=QUOTED-PRINTABLE:=C3=", "FN;CHARSET=utf-7:+AOk-", "FN;CHARSET=idna:xn--", "X-ABShowAs:COMPANY"),
    *("URL:https\\://linkedin.com/in/f-1", "CATEGORIES:a,b\\,c", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-01-02", "ADR:"),
    *('TEL;X="a:b', ":", ";:", "=", "\0", "\xff\xfe", "PHOTO;ENCODING=b:AAAA=", "TEL;VALUE=uri:", "UNSUBSCRIBED:yes"),
)  # fmt: skip

_tables = st.tuples(
    st.sampled_from(HEADERS), st.lists(st.sampled_from((*CELLS, *MARKS, *MARKS)), max_size=60)
).map(lambda parts: f"{parts[0]}\n{''.join(parts[1])}".encode("utf-8", "surrogatepass"))
_cards = st.lists(
    st.tuples(st.sampled_from(CARD_LINES), st.sampled_from(("\n", "\r\n", "\r", "\n ", "=\n"))),
    max_size=40,
).map(lambda lines: "".join(line + end for line, end in lines).encode("latin-1", "replace"))


def _check(data: bytes, name: str = "", preset: str = "") -> None:
    """Read and plan, then plan again over a database that holds the result."""
    rows, refusal = None, ""
    try:
        rows = list(open_contacts(data, Options(preset=preset), name=name).rows)
    except EngineError as error:
        refusal = str(error)
    if rows is None:
        assert refusal.endswith(".")
        return
    for row in rows:
        assert bool(row.why) == bool(row.text) == (row.status == "rejected")
    packed = PackedRows(rows)
    new_id = "n{:05}".format
    plan = make_plan(packed, Known(), new_id)
    found, targets = as_counts(plan.tally), list(plan.targets())
    assert found["read"] == len(rows) == sum(found.values()) - found["read"]
    assert found["created"] == len(targets)
    assert plan.tally_of(0, len(plan)) == plan.tally
    known = stored(*(target.rows for target in targets))
    known.suppressed = {key for target in targets for key in target.suppress}
    names = {target.contact_id: f"c{number:05}" for number, target in enumerate(targets)}
    known.met_before = {row: names[contact_id] for row, contact_id in met(plan).items()}
    again = as_counts(make_plan(packed, known, new_id).tally)
    assert (again["created"], again["updated"], again["rejected"]) == (0, 0, found["rejected"])


@settings(max_examples=EXAMPLES, deadline=None)
@given(_tables)
@example(b'name,email\n"' + b'""' * 1_000)
def test_tables_of_every_format(data: bytes) -> None:
    _check(data)


@settings(max_examples=EXAMPLES, deadline=None)
@given(_cards)
def test_cards(data: bytes) -> None:
    _check(data, name="x.vcf")


@settings(max_examples=min(EXAMPLES, 300), deadline=None)
@given(st.binary(max_size=400), st.sampled_from(("", *PRESETS, VCARD)))
def test_random_bytes(data: bytes, preset: str) -> None:
    _check(data, preset=preset)
    _check(b"name,email\n" + data, preset=preset)
    _check(b"BEGIN:VCARD\n" + data + b"\nEND:VCARD", preset=preset)


@settings(max_examples=min(EXAMPLES, 300), deadline=None)
@given(_tables, st.sampled_from(("utf-16", "utf-16-be", "utf-8-sig", "cp1252", "latin-1")))
def test_every_encoding(data: bytes, encoding: str) -> None:
    _check(data.decode("utf-8", "replace").encode(encoding, "replace"))


HOSTILE = {
    "quotes": b"name,email\n" + b'x,"\n' * 20_000,
    "escaped quotes": b"name\n" + b'"a""\n' * 20_000,
    "empty folds": b"BEGIN:VCARD\nFN:" + b"\n " * 200_000,
    "equals signs": b"=\n" * 100_000 + b"BEGIN:VCARD\n",
    "angle brackets": b"email\n" + b"<" * 100_000 + b"\n",
    "blanks": b"name\n" + b" " * 1_000_000 + b"x\n",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_sizes_take_no_hostile_time(data: bytes) -> None:
    """Quadratic work would not come back within the time limit of a test."""
    _check(data)
    _check(data, name="x.vcf")


MANY = int(os.environ.get("TEST_FUZZ_FILES", "10000"))
"""Half of them tables, half of them cards."""
PARTS = 10


@pytest.mark.parametrize("part", range(PARTS))
def test_ten_thousand_damaged_files(part: int) -> None:
    """No crash, a reason for every rejected row, sums that add up, and nothing new the second time."""
    each = MANY // PARTS // 2
    for data in mutations(TABLES, each, part):
        _check(data)
    for data in mutations(CARDS, each, PARTS + part):
        _check(data, name="x.vcf")


@pytest.mark.parametrize(("seeds", "name"), [(TABLES, "x.csv"), (CARDS, "x.vcf")])
def test_damaged_files_are_written_as_a_whole_or_not_at_all(
    desk: Desk, seeds: tuple[str, ...], name: str
) -> None:
    """Into one database: what is refused changes nothing, what is taken is there, and all of it can be taken back."""
    people, taken = 0, []
    for data in mutations(seeds, 60, 99):
        desk.later(seconds=1)
        view, refusal = None, "."
        try:
            view = run(desk, data, name=name)
        except EngineError as error:
            refusal = str(error)
        assert refusal.endswith(".")
        if view is not None:
            people += counts(view)[0]
            taken.append(view.import_id)
            assert all(row.why and row.text for row in view.rejected_rows)
        assert query(desk, "SELECT count(*) FROM contact") == [(people,)]
        assert query(desk, "SELECT count(*) FROM import_run WHERE state <> 'done'") == [(0,)]
    assert len(taken) > 20
    for import_id in reversed(taken):
        desk.call("gtm.crm.undo_import", import_id=import_id)
    assert desk.call("gtm.crm.list_contacts").items == ()
    assert desk.call("gtm.crm.list_companies").items == ()
    desk.engine.check()


def test_the_database_agrees_with_the_plan(desk: Desk) -> None:
    """A hundred mangled files into one database, each twice."""
    spread = random.Random(11)  # noqa: S311 - the same files in every run
    for _ in range(100):
        parts = spread.choices((*CELLS, *MARKS, *MARKS), k=spread.randrange(60))
        text = f"{spread.choice(HEADERS)}\n{''.join(parts)}"
        data = text.encode("utf-8", "replace")
        desk.later(seconds=1)
        first = run(desk, data)
        again = run(desk, data)
        assert counts(again) == (0, 0, first.read - first.rejected, first.rejected)
        assert again.suppressed == first.suppressed
    desk.engine.check()
