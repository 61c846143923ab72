"""`rusvel search`, and filters in `rusvel call`."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def filled(cli: Cli) -> Cli:
    ada = cli.call("gtm.crm.add_contact", name="Ada Lovelace", company="Acme", tags=["vip"])
    cli.call("gtm.crm.add_contact", name="王小明")
    cli.call("gtm.crm.add_note", contact_id=ada["contact_id"], body="Likes looms")
    return cli


def test_hits_are_printed_the_best_first(filled: Cli) -> None:
    lines = filled("search", "lovel").out.splitlines()
    assert lines[0].split() == ["what", "name", "of", "id"]
    assert lines[1].startswith("Contact  Ada Lovelace  Acme  ")
    assert filled("search", "小明").out.splitlines()[1].startswith("Contact  王小明")
    assert "Likes looms" in filled("search", "loom", "like").out
    assert filled("search", "nobody").out == "Nothing fits.\n"


def test_hits_are_one_json_document(filled: Cli) -> None:
    page = filled.json("search", "ada", "acme")
    assert [hit["title"] for hit in page["items"]] == ["Ada Lovelace"]
    assert page["items"][0]["title_matches"] == [[0, 3]]
    assert page["next"] is None


def test_kinds_and_the_number_of_hits_are_chosen(filled: Cli) -> None:
    assert filled("search", "a", "--kind", "activity", "-n", "5").out == "Nothing fits.\n"
    one = filled("search", "a", "-n", "1").out
    assert one.endswith("There is more: -n 2 shows it.\n")
    assert len(one.splitlines()) == 3
    assert filled("search", "a", "--kind", "person", code=4).err.startswith("kinds.0: ")
    assert filled("search", code=2).err.startswith("The following arguments are required: TEXT")


def test_a_filter_narrows_a_listing(filled: Cli) -> None:
    page = filled.json("call", "gtm.crm.list_contacts", "filter=tag:vip -company:foo")
    assert [item["name"] for item in page["items"]] == ["Ada Lovelace"]


def test_q_088_what_is_wrong_with_a_filter_is_pointed_at(filled: Cli) -> None:
    """Q-088: on stderr, below the line, as wide as the terminal shows it; the exit code is that of invalid input."""
    answer = filled("call", "gtm.crm.list_contacts", "filter=王 stge:x", code=4)
    assert answer.out == ""
    assert answer.err == (
        "Filter, column 3: Contacts have no field 'stge'. Did you mean stage?\n  王 stge:x\n     ^^^^\n"
    )


def test_a_hostile_filter_shows_safely(filled: Cli) -> None:
    err = filled("call", "gtm.crm.list_contacts", "filter=\x1b[2J\u202estge:x\x07", code=4).err
    assert not any((ord(c) < 32 and c != "\n") or c == "\u202e" for c in err)
