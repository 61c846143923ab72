"""`rusvel call` and `rusvel tools`: every operation by its name."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from rusvel_tui.engine.operation import OPERATIONS
from tests.cli.conftest import STEPS, Cli


def test_words_become_fields(cli: Cli) -> None:
    answer = cli(
        "call",
        "gtm.crm.add_contact",
        "name=Ada Lovelace",
        "email=ada@example.com",
        "tags=vip,lead",
        "--json",
    )
    made = answer.data
    assert (made["name"], made["emails"][0]["address"], made["tags"]) == (
        "Ada Lovelace",
        "ada@example.com",
        ["vip", "lead"],
    )


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        (["name=42"], "name", "42"),
        (["name=null"], "name", "null"),
        (['name={"a": 1}'], "name", '{"a": 1}'),
        (["name=a=b"], "name", "a=b"),
        (["name=Ada", 'tags=["a, b", "c"]'], "tags", ["a, b", "c"]),
        (["name=Ada", "tags=2024"], "tags", ["2024"]),
        (["name=Ada", 'metadata={"score": 3, "hot": true}'], "metadata", {"score": 3, "hot": True}),
        (["name=Ada", 'fields={"Colour": "blue"}'], "fields", {"Colour": "blue"}),
    ],
)
def test_a_value_is_json_only_where_the_field_is_more_than_text(
    cli: Cli, words: list[str], name: str, value: Any
) -> None:
    assert cli.json("call", "gtm.crm.add_contact", *words)[name] == value


def test_amounts_are_exact(cli: Cli) -> None:
    contact_id = cli.call("gtm.crm.add_contact", name="Ada")["contact_id"]
    deal = cli.json(
        "call",
        "gtm.crm.add_deal",
        f"contact_id={contact_id}",
        "title=Loom",
        "value=9007199254740.93",
        "probability=35",
    )
    assert (deal["value"], deal["currency"], deal["stage"], deal["probability"]) == (
        "9007199254740.93",
        "EUR",
        "Lead",
        35,
    )
    free = cli.json("call", "gtm.crm.update_deal", f"deal_id={deal['deal_id']}", "probability=null")
    assert free["typed_probability"] is None


def test_enum_values_are_taken_in_any_case_and_printed_as_spelled(cli: Cli) -> None:
    contact_id = cli.call("gtm.crm.add_contact", name="Ada")["contact_id"]
    deal = cli.json(
        "call", "gtm.crm.add_deal", f"contact_id={contact_id}", "title=Loom", "stage=nEGOTIATION"
    )
    assert deal["stage"] == "Negotiation"


def test_input_is_one_object_and_words_win_over_it(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = json.dumps({"name": "Ada", "company": "Looms"})
    assert cli.json("call", "gtm.crm.add_contact", "--input", data, "name=Grace")["name"] == "Grace"
    monkeypatch.setattr("sys.stdin", io.StringIO(data))
    assert cli.json("call", "gtm.crm.add_contact", "--input", "-")["company"] == "Looms"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["gtm.crm.add_contact", "nam=Ada"], "nam: unknown field."),
        (["gtm.crm.add_contact", "--input", '{"nam": "Ada"}'], "nam: unknown field."),
        (["gtm.crm.add_contact", "--input", "{"], "--input is not valid JSON: "),
        (["gtm.crm.add_contact", "--input", "[1]"], '--input must be a JSON object such as {"name": "Ada"}.'),
        (["gtm.crm.add_contact", "--input", '{"metadata": {"a": NaN}}'], "--input is not valid JSON: NaN is no number."),
        (["gtm.crm.add_contact", "name=Ada", "metadata={oops"], "metadata is not valid JSON: "),
        (["gtm.crm.add_contact", "name=Ada", "metadata=word"], "metadata: "),
        (["gtm.crm.add_contact"], "A contact needs a name, a company or an address."),
        (["gtm.crm.get_contact"], "contact_id: is missing."),
        (["gtm.outreach.create_sequence", "name=x", 'steps=[{"delay_days": -1, "template": "Hi"}]'], "steps.0.delay_days: "),
        (["gtm.crm.add_contact", "--input", "[" * 100_000], "The input holds a number or a nesting that is too large."),
    ],
)  # fmt: skip
def test_wrong_input_names_the_field_and_changes_nothing(
    cli: Cli, words: list[str], sentence: str
) -> None:
    before = cli.dump()
    answer = cli("call", *words, code=4)
    assert answer.err.startswith(sentence)
    assert answer.err.count("\n") == 1
    assert answer.out == ""
    assert cli.dump() == before


def test_an_unknown_operation_names_the_nearest(cli: Cli) -> None:
    assert "Did you mean gtm.crm.add_contact" in cli("call", "gtm.crm.add_contct", code=3).err


def test_the_outline_for_a_person(cli: Cli) -> None:
    made = cli(
        "call", "gtm.outreach.create_sequence", "name=Intro", f"steps={json.dumps(STEPS)}"
    ).out
    assert made.startswith("sequence_id")
    assert "\n    type          EMAIL_AUTO\n" in made
    assert "created_at      2026-11-24 10:00\n" in made


def test_tools_list_what_people_and_programs_may_call(bare: Cli) -> None:
    tools = bare.run("tools", "--json").data["items"]
    names = [tool["name"] for tool in tools]
    assert names == sorted(name for name, operation in OPERATIONS.items() if not operation.internal)
    assert {
        "gtm.crm.add_contact",
        "gtm.crm.list_contacts",
        "gtm.crm.add_deal",
        "gtm.outreach.create_sequence",
    } <= set(names)
    by_name = {tool["name"]: tool for tool in tools}
    assert by_name["gtm.approvals.approve"]["human_only"]
    assert not by_name["gtm.crm.add_contact"]["human_only"]
    assert by_name["gtm.crm.get_contact"]["schema"]["required"] == ["contact_id"]
    assert all(tool["summary"] for tool in tools)


def test_tools_of_one_department_or_area(bare: Cli) -> None:
    assert {tool["department"] for tool in bare.run("tools", "growth", "--json").data["items"]} == {
        "growth"
    }
    shown = bare.run("tools", "gtm.approvals").out
    assert "gtm.approvals.approve  (writes, only for people)" in shown
    assert (
        "      then?: stop|skip|redraft|stop_company|wrong_data  `stop` ends the enrollment"
        in shown
    )
    assert "gtm.crm" not in shown
    nothing = bare.run("tools", "harvest")
    assert (nothing.code, nothing.err) == (
        3,
        "No operation begins with 'harvest'. `rusvel tools` lists them all.\n",
    )
