"""A pasted signature read as a contact: each field with its line and how sure it is, and who it may be already; writes nothing."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from rusvel_tui.engine.agent.asking_model import Answer, Asked, Line, Task, ask_model
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.advice.signature_lines import Found, read_lines
from rusvel_tui.engine.gtm.crm.advice.suggestions import Advice, Suggestion, Thinking
from rusvel_tui.engine.gtm.crm.merging.similar import (
    SimilarContact,
    SimilarContacts,
    similar_contacts,
)
from rusvel_tui.engine.operation import View, operation
from rusvel_tui.engine.text import fold, sanitize

_SAME = 75
"""Per cent from which somebody who is here already is updated instead of added."""
_NEW = ("name", "title", "company", "email", "profile", "country")
"""Fields that a contact has once."""


class ParseSignature(Thinking):
    """The lines below a mail, or a card."""

    text: str = Field(min_length=1, max_length=8000)


class FieldRead(View):
    """One field that was read."""

    field: str
    value: str
    confidence: float
    line: int
    """Counted from one."""
    words: str
    """The line as it stands."""
    why: str


class ParsedSignature(Advice):
    """A contact as a signature tells of it."""

    name: str
    title: str
    company: str
    email: str
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    website: str
    address: str
    profile: str
    fields: tuple[FieldRead, ...]
    """Where each of them stands, and how sure it is."""
    duplicates: tuple[SimilarContact, ...]
    """Who may be that person already, the surest first."""
    confidence: float
    suggestion: Suggestion | None
    """Add the person, or fill what is empty on the one who is here."""


class Signed(Answer):
    """What a model may read; every value as it stands in the text."""

    name: Line = ""
    title: Line = ""
    company: Line = ""


_TASK = """\
Read the signature of a mail: the person's name, their job title and their company, each exactly as it is written, or empty."""


@operation("gtm.crm.parse_signature", permission="crm.contacts.read", staged=True)
def parse_signature(ctx: Context, cmd: ParseSignature) -> ParsedSignature:
    """Read a pasted signature as a contact, each field with its line, and who that may be already; writes nothing."""
    text = sanitize(cmd.text).strip()
    if not text:
        raise InvalidInput("There is nothing to read.", field="text")
    plain = fold(text)

    def invented(one: Signed) -> str:
        wrong = [value for value in one.model_dump().values() if fold(value) not in plain]
        return f"“{wrong[0]}” does not stand there" if wrong else ""

    task = Task("parse_signature", _TASK, Signed, invented)
    asked = ask_model(ctx, task, {"signature": text}, cmd.think)
    found = _with_model(read_lines(text, ctx.read(lambda: ctx.session.timezone)), asked, text)
    return ctx.read(lambda: _parsed(ctx, found, asked))


def _with_model(found: list[Found], asked: Asked[Signed], text: str) -> list[Found]:
    """A model's reading of what words alone tell badly; what has a form of its own stays with the rules."""
    if asked.answer is None:
        return found
    said = {name: value for name, value in asked.answer.model_dump().items() if value}
    kept = [one for one in found if one.field not in said]
    lines = text.splitlines()
    for name, value in said.items():
        number = next((n for n, line in enumerate(lines, 1) if fold(value) in fold(line)), 1)
        kept.append(Found(name, value, 0.9, number, lines[number - 1].strip(), "read by the model"))
    return sorted(kept, key=lambda one: one.line)


def _parsed(ctx: Context, found: list[Found], asked: Asked[Signed]) -> ParsedSignature:
    def all_of(field: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.value for one in found if one.field == field))

    def first(field: str) -> str:
        return next(iter(all_of(field)), "")

    emails = all_of("email")
    known = SimilarContacts(name=first("name"), emails=emails, phones=all_of("phone"), profile=first("profile"), company=first("company"), limit=5)  # fmt: skip
    alike = ctx.call(similar_contacts, known).items if found else ()
    sure = min((one.confidence for one in found if one.field in ("name", "email")), default=0.2)
    made = ParsedSignature(
        by=asked.by,
        note=asked.note,
        name=first("name"),
        title=first("title"),
        company=first("company"),
        email=emails[0] if emails else "",
        emails=emails,
        phones=all_of("phone"),
        website=first("website"),
        address=first("address"),
        profile=first("profile"),
        fields=tuple(FieldRead(**one._asdict()) for one in found),
        duplicates=alike,
        confidence=round(sure, 2),
        suggestion=None,
    )
    return made.model_copy(update={"suggestion": _suggestion(ctx, made)})


def _suggestion(ctx: Context, said: ParsedSignature) -> Suggestion | None:
    """Fill in the one who is here, else add them; nothing without a name, a company or an address."""
    same = [one for one in said.duplicates if one.score >= _SAME]
    if same:
        return _filled(ctx, same[0].contact.contact_id, said)
    if not (said.name or said.company or said.email):
        return None
    values: dict[str, Any] = {name: getattr(said, name) for name in ("name", "title", "company", "email", "profile")}  # fmt: skip
    values |= {"emails": list(said.emails[1:]), "phones": list(said.phones), "source": "signature"}
    values |= {"links": [said.website]} if said.website else {}
    given = {name: value for name, value in values.items() if value}
    return Suggestion(text=f"Add {said.name or said.company or said.email}", operation="gtm.crm.add_contact", input=given)  # fmt: skip


def _filled(ctx: Context, contact_id: str, said: ParsedSignature) -> Suggestion | None:
    """Only what is empty is filled in: what somebody typed stands."""
    from rusvel_tui.engine.gtm.crm.people.contact_inputs import ContactId
    from rusvel_tui.engine.gtm.crm.people.contacts import get_contact

    person = ctx.call(get_contact, ContactId(contact_id=contact_id))
    values: dict[str, Any] = {
        name: getattr(said, name)
        for name in ("title", "company", "profile")
        if getattr(said, name) and not getattr(person, name)
    }
    emails = [row.address for row in person.emails]
    more = [one for one in said.emails if fold(one) not in map(fold, emails)]
    phones = [row.number for row in person.phones]
    digits = {"".join(filter(str.isdigit, one))[-8:] for one in phones}
    other = [one for one in said.phones if "".join(filter(str.isdigit, one))[-8:] not in digits]
    values |= {"emails": [*emails, *more]} if more else {}
    values |= {"phones": [*phones, *other]} if other else {}
    if not values:
        return None
    whole = {"contact_id": contact_id, "version": person.version, **values}
    return Suggestion(text=f"Fill in {person.name or said.name}: {', '.join(values)}", operation="gtm.crm.update_contact", input=whole)  # fmt: skip
