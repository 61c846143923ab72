"""What a person may decide about an import: columns, encoding, delimiter, by what rows meet, and what is done then."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.errors import Conflict, InvalidInput
from rusvel_tui.engine.gtm.crm.importing import run as run_module
from rusvel_tui.engine.gtm.crm.importing.headings import meaning, normalise
from rusvel_tui.engine.gtm.crm.importing.options import TARGETS, Options, read_target, target_of
from rusvel_tui.engine.gtm.crm.importing.presets import PRESETS, Field
from tests.engine.importing.support import counts, run
from tests.engine.importing.test_resume import Stopped, stop_at
from tests.factories import Desk, query


def people(desk: Desk) -> dict[str, Any]:
    return {one.name: one for one in desk.call("gtm.crm.list_contacts", limit=100).items}


def test_every_kind_of_column_can_be_named() -> None:
    for kind in Field:
        target = target_of(kind, "Shoe size")
        assert read_target(target)[0] is (Field.IGNORED if kind is Field.EMAIL_TYPE else kind)
    assert {kind.field for kind in TARGETS.values()} == set(Field) - {
        Field.CUSTOM,
        Field.EMAIL_TYPE,
    }


def test_columns_are_mapped_by_hand(desk: Desk) -> None:
    text = "name,email,company,Firma2,note,title\nAnn,a@x.example,Wrong,Right,hello,CTO\n"
    mapping = {
        "COMPANY": "ignore", "Firma2": "company", "note": "custom:Remark", "title": "custom:Role",
    }  # fmt: skip
    run(desk, text, mapping=mapping)
    ann = people(desk)["Ann"]
    assert (ann.company, ann.title, ann.notes) == ("Right", "", "")
    assert ann.fields == {"Remark": "hello", "Role": "CTO"}


def test_the_second_column_of_a_name_is_mapped_by_its_number(desk: Desk) -> None:
    run(desk, "name,x,x\nAnn,one,two\n", mapping={"x (2)": "company"})
    assert people(desk)["Ann"].company == "two"
    assert people(desk)["Ann"].fields == {"x": "one"}


def test_a_mapping_of_a_column_that_is_not_there_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match=r"There is no column 'Mail'. There are name, email."):
        run(desk, "name,email\nAnn,a@x.example\n", mapping={"Mail": "email"})
    assert query(desk, "SELECT count(*) FROM import_run") == [(0,)]


def test_the_encoding_and_the_delimiter_are_chosen(desk: Desk) -> None:
    view = run(desk, "name,email\nИван,i@x.example\n".encode("cp1251"), encoding="cp1251")
    assert view.format.encoding == "cp1251"
    assert "Иван" in people(desk)
    view = run(
        desk, "name;a,b\temail\nAnn\ta@x.example\n", delimiter="\t", mapping={"name;a,b": "name"}
    )
    assert view.format.delimiter == "\t"
    assert "Ann" in people(desk)
    assert run(desk, "name\temail\nEve\te@x.example\n", delimiter="tab").created == 1
    assert run(desk, "name|email\nKim|k@x.example\n", delimiter="|").created == 1


THERE = "name,email,company,linkedin,title\nAnn,ann@x.example,Acme,linkedin.com/in/f-ann,CTO\n"
AGAIN = (
    "name,email,company,linkedin,title\n"
    "Ann,new@x.example,Acme,linkedin.com/in/f-ann,CEO\n"
    "Ann,ann@x.example,Acme,,Boss\n"
    "Eve,eve@x.example,Else,,Cook\n"
)


@pytest.mark.parametrize(
    ("policy", "wanted", "titles"),
    [
        ("both", (1, 2, 0, 0), ["Ann Boss", "Eve Cook"]),
        ("update", (0, 2, 1, 0), ["Ann Boss"]),
        ("skip", (1, 0, 2, 0), ["Ann CTO", "Eve Cook"]),
        ("create", (2, 0, 1, 0), ["Ann CEO", "Ann CTO", "Eve Cook"]),
    ],
)
def test_what_is_done_with_who_is_new_and_who_is_known(
    desk: Desk, policy: str, wanted: tuple[int, ...], titles: list[str]
) -> None:
    run(desk, THERE)
    assert counts(run(desk, AGAIN, policy=policy, dry_run=True)) == wanted
    assert counts(run(desk, AGAIN, policy=policy)) == wanted
    found = desk.call("gtm.crm.list_contacts").items
    assert sorted(f"{one.name} {one.title}" for one in found) == titles
    assert counts(run(desk, AGAIN, policy=policy)) == (0, 0, 3, 0)


@pytest.mark.parametrize(
    ("match", "created"), [("email", 1), ("profile", 1), ("name", 0), ("email,profile", 0)]
)
def test_by_what_rows_meet_contacts(desk: Desk, match: str, created: int) -> None:
    """One row has the address, one the profile; both have the name and the company."""
    run(desk, THERE)
    text = (
        "name,email,company,linkedin\n"
        "Ann,ann@x.example,Acme,\n"
        "Ann,other@x.example,Acme,linkedin.com/in/f-ann\n"
    )
    assert run(desk, text, match=match).created == created
    assert len(desk.call("gtm.crm.list_contacts").items) == 1 + created
    assert query(desk, "SELECT count(*), count(DISTINCT key) FROM contact_email") in ([(2, 2)],)


def test_an_unknown_way_to_meet_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="match"):
        run(desk, THERE, match="star sign")
    with pytest.raises(InvalidInput, match="match"):
        run(desk, THERE, match=[])


@pytest.mark.parametrize("policy", ["update", "skip", "create"])
def test_opt_outs_count_whatever_is_left_out(desk: Desk, policy: str) -> None:
    run(desk, THERE)
    text = "name,email,unsubscribed\nAnn,ann@x.example,yes\nEve,eve@x.example,yes\n"
    view = run(desk, text, policy=policy)
    assert view.suppressed == ("ann@x.example", "eve@x.example")
    listed = {one.address for one in desk.call("gtm.crm.list_suppressed").items}
    assert listed == {"ann@x.example", "eve@x.example"}
    assert ("Eve" in people(desk)) is (policy != "update")
    assert counts(run(desk, text, policy=policy))[:2] == (0, 0)


def test_a_stopped_import_goes_on_as_it_began(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "CHUNK", 1)
    text = "wer,email\nAnn,a@x.example\nBob,b@x.example\nEve,e@x.example\n"
    with monkeypatch.context() as patch:
        stop_at(patch, 1)
        with pytest.raises(Stopped):
            run(desk, text, mapping={"wer": "name"})
    with pytest.raises(Conflict, match="had other options"):
        run(desk, text, mapping={"wer": "company"})
    view = run(desk, text)
    assert (view.created, view.state) == (3, "done")
    assert sorted(people(desk)) == ["Ann", "Bob", "Eve"]
    assert desk.call("gtm.crm.get_import").options == {"mapping": {"wer": "name"}}


def test_options_are_kept_without_what_is_usual() -> None:
    plain = Options()
    assert plain.as_stored() == {}
    chosen = Options(mapping={"x": "name"}, policy="update", match=("email",))
    assert Options.stored(chosen.as_stored()) == chosen


def test_a_heading_means_the_same_when_it_is_named() -> None:
    for preset in PRESETS.values():
        for heading, kind in preset.headings.items():
            assert meaning(normalise(heading), preset) is kind
