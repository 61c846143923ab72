"""What filters find among contacts: each field, each sign, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.filters.faults import FilterError
from tests.factories import Desk


def found(desk: Desk, text: str, kind: str = "contacts") -> list[str]:
    """The names of those who fit, in the order of the list."""
    operation = {"contacts": "gtm.crm.list_contacts", "deals": "gtm.crm.list_deals"}[kind]
    items = desk.call(operation, filter=text, limit=1000).items
    return [item.name if kind == "contacts" else item.title for item in items]


def refusal(desk: Desk, text: str, kind: str = "contacts") -> FilterError:
    with pytest.raises(FilterError) as caught:
        found(desk, text, kind)
    return caught.value


@pytest.fixture
def people(desk: Desk) -> dict[str, Any]:
    """Ada is known well, Bo was added later, Émile has no address, Zoë opted out."""
    ada = desk.contact(
        "Ada Lovelace", "ada@mail.acme.example", company="Acme GmbH", title="Chief Engineer", tags="vip,Fair 2026",
        phones="+49 30 1234567", notes="Likes looms", source="fair", country="DE", timezone="Europe/Berlin",
    )  # fmt: skip
    desk.later(days=3)
    bo = desk.contact("Bo Acme", "bo@other.example", company="Müller & Sons", tags="vip2")
    emile = desk.contact("Émile Brontë", "", title="Owner")
    zoe = desk.contact("Zoë Zed", "zoe@bad.example", tags="lost")
    desk.call(
        "gtm.crm.set_email_flags",
        contact_id=zoe.contact_id,
        address="zoe@bad.example",
        opted_out=True,
    )
    return {
        "ada": ada.contact_id,
        "bo": bo.contact_id,
        "emile": emile.contact_id,
        "zoe": zoe.contact_id,
    }


ADA, BO, EMILE, ZOE = "Ada Lovelace", "Bo Acme", "Émile Brontë", "Zoë Zed"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", [BO, EMILE, ADA, ZOE]),
        ("acme", [BO, ADA]),
        ('"acme gmbh"', [ADA]),
        ("acme -gmbh", [BO]),
        ("ADA OR bronte", [EMILE, ADA]),
        ("name:acme", [BO]),
        ("name:emile", [EMILE]),
        ('name="emile  BRONTË"', [EMILE]),
        ("name=emile", []),
        ("email:acme", [ADA]),
        ("email=ADA@mail.acme.example", [ADA]),
        ("domain:acme", [ADA]),
        ("domain=mail.acme.example", [ADA]),
        ("domain=acme.example", []),
        ("company:acme", [ADA]),
        ("company:muller", [BO]),
        ('company="muller & sons"', [BO]),
        ("company:muller,gmbh", [BO, ADA]),
        ("title:engineer", [ADA]),
        ("tag:vip", [ADA]),
        ("tag:VIP,vip2", [BO, ADA]),
        ('tag:"fair 2026"', [ADA]),
        ("tag:fair", []),
        ("tag:vip tag:lost", []),
        ("phone:030/1234", []),
        ("phone:30/12-34", [ADA]),
        ("phone:0049301234", [ADA]),
        ("country:de", [ADA]),
        ("zone:berlin", [ADA]),
        ("source:fair", [ADA]),
        ("note:LOOM", [ADA]),
        ("created<2d", [BO, EMILE, ZOE]),
        ("created>2d", [ADA]),
        ("created:3d", [BO, EMILE, ADA, ZOE]),
        ("created:today", [BO, EMILE, ZOE]),
        ("created<today", [ADA]),
        ("created:2026-11-24", [ADA]),
        ("created>=2026-11-25", [BO, EMILE, ZOE]),
        ("created<=2026-11-24", [ADA]),
        ("created:..2026-11-24", [ADA]),
        ("created:2026-11-25..", [BO, EMILE, ZOE]),
        ("created:2026-11-01..2026-11-26", [ADA]),
        ("created:2d..4d", [ADA]),
        ("created:4d..2d", [ADA]),
        ("created:1d..", [ADA]),
        ("created:..1d", [BO, EMILE, ZOE]),
        ("has:email", [BO, ADA, ZOE]),
        ("no:email", [EMILE]),
        ("has:phone,note", [ADA]),
        ("no:phone,note", [BO, EMILE, ZOE]),
        ("-has:company", [EMILE, ZOE]),
        ("is:optout", [ZOE]),
        ("is:suppressed", [ZOE]),
        ("is:mailable", [BO, ADA]),
        ("is:invalid", []),
        ("is:suppressed,mailable", [BO, ADA, ZOE]),
        ("-(is:mailable OR is:suppressed)", [EMILE]),
        ("last<14d", []),
        ("no:last", [BO, EMILE, ADA, ZOE]),
        ("-last>1d", [BO, EMILE, ADA, ZOE]),
    ],
)
def test_q_088_who_is_found_by_each_field(
    desk: Desk, people: dict[str, Any], text: str, names: list[str]
) -> None:
    """Q-088: every field of a filter counts."""
    assert found(desk, text) == names


def test_deals_side_by_side_are_one_deal(desk: Desk, people: dict[str, Any]) -> None:
    """An open large deal is not an open one and a large one."""
    for person, title, value, stage in (
        ("ada", "Looms", "6000", "Proposal"),
        ("bo", "Small", "100", "Proposal"),
        ("bo", "Large", "9000", "Lead"),
        ("zoe", "Yen", "9000", "Proposal"),
    ):
        desk.call(
            "gtm.crm.add_deal", contact_id=people[person], title=title, value=value, stage=stage,
            currency="JPY" if person == "zoe" else "EUR", expected_close="2026-12-10",
        )  # fmt: skip
    assert found(desk, "stage:proposal value>5k") == [ADA]
    assert found(desk, "stage:proposal (value>5k)") == [ADA]
    assert found(desk, "(stage:proposal OR tag:x) (value>5k OR tag:x)") == [BO, ADA]
    assert found(desk, "stage:PROPOSAL,lead") == [BO, ADA, ZOE]
    assert found(desk, "-stage:proposal") == [EMILE]
    assert found(desk, "deal:loo") == [ADA]
    assert found(desk, "value:5k..7k") == [ADA]
    assert found(desk, "value>5kJPY") == [ZOE]
    assert found(desk, "currency:jpy value>5k") == [ZOE]
    assert found(desk, "currency:jpy (value>5k OR tag:x)") == [ZOE]
    assert found(desk, "currency:jpy,eur value>5k") == [BO, ADA]
    assert found(desk, "value=100") == [BO]
    assert found(desk, "close<14d") == [BO, ADA, ZOE]
    assert found(desk, "close<13d") == []
    assert found(desk, "has:deal is:open") == [BO, ADA, ZOE]
    assert found(desk, "no:stage") == [EMILE]
    assert found(desk, "is:customer") == []


def test_how_long_ago_somebody_was_contacted(desk: Desk, people: dict[str, Any]) -> None:
    desk.call("gtm.crm.log_call", contact_id=people["ada"], outcome="reached")
    desk.later(days=10)
    desk.call("gtm.crm.log_call", contact_id=people["bo"], outcome="no answer")
    desk.call("gtm.crm.add_note", contact_id=people["zoe"], body="A note is no contact.")
    assert found(desk, "last<14d") == [BO, ADA]
    assert found(desk, "last<5d") == [BO]
    assert found(desk, "last>5d") == [ADA]
    assert found(desk, "last:today") == [BO]
    assert found(desk, "no:last") == [EMILE, ZOE]
    assert found(desk, "-last<5d") == [EMILE, ADA, ZOE]
    assert found(desk, "last>5d OR no:last") == [EMILE, ADA, ZOE]


def test_what_is_planned_with_somebody(desk: Desk, people: dict[str, Any]) -> None:
    due = desk.later(days=0).replace(day=30)
    desk.call("gtm.crm.add_task", contact_id=people["ada"], subject="Call", due_at=due)
    assert found(desk, "next<7d") == [ADA]
    assert found(desk, "next<2d") == []
    assert found(desk, "no:next") == [BO, EMILE, ZOE]


def test_who_is_in_a_sequence(desk: Desk, people: dict[str, Any]) -> None:
    first, second = desk.sequence(name="Intro"), desk.sequence(name="Second try")
    for person, sequence in (("ada", first), ("bo", first), ("bo", second)):
        desk.call(
            "gtm.outreach.execute_sequence",
            sequence_id=sequence.sequence_id,
            contact_id=people[person],
        )
    ended = desk.call(
        "gtm.outreach.list_enrollments", contact_id=people["bo"], sequence_id=first.sequence_id
    )
    desk.call("gtm.outreach.cancel_enrollment", enrollment_id=ended.items[0].enrollment_id)
    assert found(desk, "sequence:intro") == [BO, ADA]
    assert found(desk, "sequence:intro enrolled:active") == [ADA]
    assert found(desk, "enrolled:active") == [BO, ADA]
    assert found(desk, "is:enrolled -sequence:intro") == []
    assert found(desk, 'sequence:"second try",intro enrolled:cancelled') == [BO]
    listed = desk.call("gtm.outreach.list_enrollments", filter="tag:vip2").items
    assert [one.sequence for one in listed] == ["Second try", "Intro"]
    assert (
        refusal(desk, "sequence:intor").reason
        == "There is no sequence 'intor'. Did you mean Intro?"
    )


def test_custom_fields_are_asked_by_their_key(desk: Desk, people: dict[str, Any]) -> None:
    for label, kind in (
        ("Favourite colour", "text"),
        ("Score", "number"),
        ("Met on", "date"),
        ("Partner", "yes_no"),
        ("Source", "text"),
    ):
        desk.call("gtm.crm.define_field", entity="contact", label=label, type=kind)
    desk.call(
        "gtm.crm.define_field", entity="contact", label="Size", type="choice", choices="small,large"
    )
    values = {
        "favourite_colour": "Bleu foncé",
        "score": "12.5",
        "met_on": "2026-11-20",
        "partner": "yes",
        "size": "large",
        "source": "x",
    }
    desk.call("gtm.crm.update_contact", contact_id=people["ada"], fields=values)
    desk.call("gtm.crm.update_contact", contact_id=people["bo"], fields={"score": "-3"})
    assert found(desk, "favourite_colour:FONCE") == [ADA]
    assert found(desk, "score>0") == [ADA]
    assert found(desk, "score:-5..0") == [BO]
    assert found(desk, "score<1k") == [BO, ADA]
    assert found(desk, "met_on<7d") == []
    assert found(desk, "met_on<=7d met_on:7d met_on<8d") == [ADA]
    assert found(desk, "met_on:2026-11") == [ADA]
    assert found(desk, "partner:true") == [ADA]
    assert found(desk, "partner:no") == []
    assert found(desk, "size:LARGE") == [ADA]
    assert found(desk, "has:score") == [BO, ADA]
    assert found(desk, "-has:score") == [EMILE, ZOE]
    assert found(desk, "source:fair field.source:x") == [ADA]
    assert refusal(desk, "size:medium").column == 6
    assert refusal(desk, "partner:maybe").reason == "partner is yes or no."
    assert refusal(desk, "scroe:1").reason.endswith("Did you mean score or close?")


def test_custom_values_of_another_shape_do_not_count(desk: Desk, people: dict[str, Any]) -> None:
    """What was there before the field got its type stays as text, and is no number."""
    desk.call(
        "gtm.crm.update_contact",
        contact_id=people["ada"],
        fields={"score": "many", "met_on": "soon"},
    )
    desk.call("gtm.crm.define_field", entity="contact", label="Score", type="number")
    desk.call("gtm.crm.define_field", entity="contact", label="Met on", type="date")
    assert found(desk, "score<1 OR score>=0 OR met_on>2020") == []


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        ("stge:lead", 1, "Contacts have no field 'stge'. Did you mean stage?"),
        ("a bogus:x", 3, "Contacts have no field 'bogus'. To look for the text, put it in quotes: \"bogus:x\"."),
        ("stage:propsal", 7, "There is no stage 'propsal'. Did you mean Proposal?"),
        ("stage:zzz", 7, "There is no stage 'zzz'. There are Lead, Qualified, Proposal, Negotiation, Won, Lost."),
        ("stage:lead,propsal", 12, "There is no stage 'propsal'. Did you mean Proposal?"),
        ("currency:EURO", 10, "There is no currency 'EURO'. Did you mean EUR?"),
        ("tag>vip", 1, "tag cannot be compared with >. Write tag:vip instead."),
        ("value>lots", 7, "'lots' is not an amount. Write 5000, 5k, 2.5m or 5kEUR."),
        ("value>5kXYZ", 7, "'XYZ' is not a currency such as EUR."),
        ("value>0.001", 7, "EUR has 2 decimals, 0.001E0 has more."),
        ("value:1EUR..2USD", 7, "Both ends of a range are in the same currency."),
        ("value:..", 7, "A range needs a beginning or an end"),
        ("last<soon", 6, "'soon' is not a time."),
        ("created:2026-02-30", 9, "'2026-02-30' is not a time."),
        ("created:..", 9, "A range needs a beginning or an end"),
        ("created:1d..x", 9, "'x' is not a time."),
        ("phone:12", 7, "Write at least three digits"),
        ("enrolled:sometimes", 10, "There is no enrolled 'sometimes'. There are active, paused, completed, cancelled."),
        ("has:mail", 5, "There is no field 'mail'. Did you mean email or domain?"),
        ("has>email", 1, "Write has: with a colon."),
        ("is:supressed", 4, "There is no state 'supressed'. Did you mean suppressed?"),
        ("is:x", 4, "There is no state 'x'. There is suppressed"),
        ("ok (name:a OR -last<soon)", 21, "'soon' is not a time."),
    ],
)  # fmt: skip
def test_q_088_what_cannot_be_asked_is_an_error_at_its_column(
    desk: Desk, text: str, column: int, reason: str
) -> None:
    """Q-088: an unknown field or value is an error at its column, with a way out."""
    error = refusal(desk, text)
    assert error.column == column
    assert error.reason.startswith(reason)


@pytest.mark.parametrize(
    "text",
    [
        "%",
        "_",
        "\\",
        "name:%",
        "name:_da",
        "tag:%",
        "'; DROP TABLE contact; SELECT '",
        'name="\' OR 1=1"',
        "company:'x'",
    ],
)
def test_signs_of_sql_are_only_text(desk: Desk, people: dict[str, Any], text: str) -> None:
    assert found(desk, text) == []
    assert len(found(desk, "")) == 4


EITHER = (
    "has:email OR no:email",
    "tag:vip,x",
    "email:a,b OR -tag:vip",
    "is:mailable,suppressed OR no:email",
    "a OR e OR o",
)


@pytest.mark.parametrize("text", EITHER)
def test_an_either_or_stays_inside_the_session_and_the_living(
    desk: Desk, people: dict[str, Any], text: str
) -> None:
    """An OR must not reach around the conditions that every query has."""
    desk.call("gtm.crm.delete_contact", contact_id=people["ada"])
    desk.call("gtm.crm.add_company", name="Else")
    desk.call("gtm.crm.add_deal", contact_id=people["bo"], title="Else")
    own = set(people.values()) - {people["ada"]}
    assert set(desk.call("gtm.crm.contact_ids", filter=text).ids) <= own
    desk.call("session.create", name="other")
    for name in ("list_contacts", "list_companies", "list_deals", "contact_rows", "company_rows"):
        either = text if "contact" in name else "a OR e"
        found = desk.call(f"gtm.crm.{name}", filter=either)
        assert not (found.rows if name.endswith("rows") else found.items), name
    assert desk.call("gtm.crm.contact_ids", filter=text).ids == ()
    assert desk.call("gtm.crm.count_contacts", filter=text).total == 0
    board = desk.call("gtm.crm.board", filter="a OR e OR is:open")
    assert [card for column in board.columns for card in column.cards] == []
    assert desk.call("gtm.outreach.list_enrollments", filter=text).items == ()


def test_each_of_several_values_is_asked_of_the_address(desk: Desk, people: dict[str, Any]) -> None:
    """Ada's name and Bo's are in the text that a search looks into, but not in the other's address."""
    assert found(desk, "email:lovelace,mail.acme") == [ADA]
    assert found(desk, "domain:bo,zed") == []


def test_nothing_of_another_session_is_found(desk: Desk, people: dict[str, Any]) -> None:
    desk.call("session.create", name="other")
    for text in (
        "acme",
        "tag:vip",
        "-tag:vip",
        "created<9d",
        "has:email OR no:email",
        "is:mailable",
    ):
        assert found(desk, text) == []
