"""The lines of a signature, each read for what it may be: address, number, link, title, company, name. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from rusvel_tui.engine.addresses import parse_address
from rusvel_tui.engine.countries import country_of_zone
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.advice.who import ADDRESS
from rusvel_tui.engine.gtm.crm.companies.free_mail import is_free_mail
from rusvel_tui.engine.gtm.crm.people.identity import profile_slug
from rusvel_tui.engine.gtm.crm.people.phones import read_phone
from rusvel_tui.engine.text import fold, one_line

MOST_LINES = 40
_PHONE = re.compile(r"(?<![\w/.-])(?:\+|00)?\(?\d[\d\s().\u00a0/-]{5,20}\d(?![\w@])")
_FAX = re.compile(r"\b(?:fax|telefax|f)\b[.: ]", re.IGNORECASE)
_LABELS = re.compile(r"^(?:tel(?:ephone|efon)?|phone|mobile|mobil|cell|handy|direct|office|t|m|p|d|e-?mail|mail|web|www)\b[.:)]*\s*", re.IGNORECASE)  # fmt: skip
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>|,;]+", re.IGNORECASE)
_LINKEDIN = re.compile(r"(?:https?://)?(?:\w+\.)?linkedin\.com/in/[^\s<>|,;?]+", re.IGNORECASE)
_FORMS = re.compile(
    r"\b(?:gmbh(?: & co\. ?kg)?|ag|ug|kg|ohg|e\.k\.|inc|llc|ltd|limited|corp(?:oration)?|plc|s\.?a\.?r?\.?l?|sas|bv|b\.v\.|nv|oy|ab|aps|a/s|s\.r\.l|srl|s\.p\.a|spa|pty|co|company|group|holding|labs|studio|university|universitat|institute?|bank|partners)\.?$",
    re.IGNORECASE,
)
_TITLES = re.compile(
    r"\b(?:ceo|cto|cfo|coo|cmo|vp|svp|evp|chief|head|director|manager|lead|founder|co-?founder|owner|partner|president|officer|engineer|developer|architect|designer|consultant|analyst|scientist|researcher|professor|admiral|assistant|specialist|coordinator|administrator|sales|marketing|procurement|purchasing"
    r"|geschaftsfuhrer(?:in)?|leiter(?:in)?|inhaber(?:in)?|vorstand|prokurist(?:in)?|einkaufer(?:in)?|entwickler(?:in)?|berater(?:in)?|directeur|directrice|responsable|gerant|gerente|jefe|jefa|responsabile|direttore|direttrice|titolare|directeur|hoofd|eigenaar)\b"
)
_STREET = re.compile(
    r"\b\d{4,5}\b \w|\b\w*(?:str\.|strasse|street|road|avenue|ave\.|rue|via|plaza|platz|weg|gasse|laan|straat|lane|blvd|boulevard|suite|p\.?o\.? box)\b",
)
_CLOSING = re.compile(
    r"^(?:-- ?|[-_=*~]{2,}|best(?: regards| wishes)?|kind regards|regards|cheers|thanks|thank you|sincerely|yours|all the best|mit freundlichen grussen|mfg|viele grusse|beste grusse|lg|cordialement|bien a vous|saludos|un saludo|cordiali saluti|groeten?|met vriendelijke groet)\W*$"
)
_PREFIX = re.compile(r"^(?:dr|prof|mr|mrs|ms|herr|frau|ing|dipl\.?-?ing|mag|sir|dame)\b\.?\s+", re.IGNORECASE)  # fmt: skip
_NAME_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_PARTS = re.compile(r"\s+[|•·/–—]\s+|\s*[|•·]\s*|\t+")


class Found(NamedTuple):
    """One field, where it stands and how sure it is."""

    field: str
    value: str
    confidence: float
    line: int
    words: str
    why: str


def read_lines(text: str, zone: str = "") -> list[Found]:
    """Every field of a signature, in the order of its lines."""
    lines = [one_line(line) for line in text.splitlines()[:MOST_LINES]]
    found = [one for number, line in enumerate(lines, 1) for one in _of_line(line, number, zone)]
    addresses = [one.value for one in found if one.field == "email"]
    _name(found, addresses)
    _company(found, addresses)
    return sorted(found, key=lambda one: one.line)


def _of_line(line: str, number: int, zone: str) -> Iterator[Found]:
    """What has a form of its own; then what the rest of the line may be."""
    if not line or _CLOSING.match(fold(line)):
        return
    rest = line
    for reader in _READERS:
        for found in reader(rest, zone):
            yield found._replace(line=number, words=line)
            rest = rest.replace(found.words, " ")
    for piece in _PARTS.split(_PREFIXES.sub("", rest)):
        part = _LABELS.sub("", piece).strip(" ,;:<>()|-")
        if part and any(letter.isalpha() for letter in part):
            yield from (one._replace(line=number, words=line) for one in _words(part))


_PREFIXES = re.compile(r"^\W*(?:e-?mail|mail|web|tel\.?|phone|mobile|m|t|p|e|w)\W*$", re.IGNORECASE)  # fmt: skip


def _emails(line: str, zone: str) -> Iterator[Found]:
    for found in ADDRESS.finditer(line):
        try:
            yield _found("email", parse_address(found[0]).address, 0.98, found[0], "an address")
        except InvalidInput:
            continue


def _profiles(line: str, zone: str) -> Iterator[Found]:
    for found in _LINKEDIN.finditer(line):
        if slug := profile_slug(found[0]):
            yield _found("profile", slug, 0.95, found[0], "a LinkedIn profile")


def _links(line: str, zone: str) -> Iterator[Found]:
    for found in _LINK.finditer(line):
        yield _found("website", found[0].rstrip("./"), 0.9, found[0], "a web address")


def _phones(line: str, zone: str) -> Iterator[Found]:
    if _FAX.search(line) and not re.search(r"tel|phone|mobil", line, re.IGNORECASE):
        return
    for found in _PHONE.finditer(line):
        phone = read_phone(found[0].strip(), country_of_zone(zone))
        if len(phone.digits) >= 7:
            sure = 0.95 if phone.e164 else 0.7
            why = f"a number ({phone.e164})" if phone.e164 else "digits like a number"
            yield _found("phone", phone.number, sure, found[0], why)


_READERS: tuple[Callable[[str, str], Iterator[Found]], ...] = (_emails, _profiles, _links, _phones)


def _words(part: str) -> Iterator[Found]:
    """A part without a form of its own, by its words."""
    plain = fold(part)
    if _STREET.search(plain):
        yield _found("address", part, 0.7, part, "words of a street or a postal code")
    elif ", " in part:
        for piece in part.split(", "):
            yield from _words(piece.strip())
    elif _TITLES.search(plain) and (firm := _parted(part)[1]):
        yield _found("title", _parted(part)[0], 0.85, part, "words of a position")
        yield _found("company", firm, 0.75, part, "behind the position")
    elif _FORMS.search(plain):
        yield _found("company", part, 0.85, part, "a legal form or a word of firms")
    elif _TITLES.search(plain):
        yield _found("title", part, 0.85, part, "words of a position")
    elif _like_name(part):
        bare = _PREFIX.sub("", part)
        yield _found("name", bare, 0.6, part, "two to four words that begin with capitals")


def _parted(part: str) -> tuple[str, str]:
    """The position and the firm of `CTO at Navy`; no firm where none is named."""
    for sign in (" at ", " @ ", " bei ", " chez ", " en "):
        title, found, firm = part.partition(sign)
        if found:
            return title.strip(), firm.strip()
    return part, ""


def _like_name(part: str) -> bool:
    words = _PREFIX.sub("", part).split()
    return (
        2 <= len(words) <= 4
        and all(_NAME_WORD.fullmatch(word) for word in words)
        and words[0][:1].isupper()
        and words[-1][:1].isupper()
    )


def _name(found: list[Found], addresses: list[str]) -> None:
    """The first line that looks like a name counts; one that the address bears out is sure."""
    names = [one for one in found if one.field == "name"]
    for one in names:
        found.remove(one)
    if not names:
        return
    local = " ".join(fold(address.partition("@")[0]) for address in addresses)
    best = max(names, key=lambda one: (_shared(one.value, local), -one.line))
    sure = 0.95 if _shared(best.value, local) else 0.75
    why = "the address says so, too" if sure > 0.9 else best.why
    found.append(best._replace(confidence=sure, why=why))
    others = [one for one in names if one is not best and one.line > best.line]
    if others and not any(one.field == "company" for one in found):
        found.append(others[0]._replace(field="company", confidence=0.5, why="a line below the name"))  # fmt: skip


def _shared(name: str, local: str) -> int:
    return sum(1 for word in fold(name).split() if len(word) > 2 and word in local)


def _company(found: list[Found], addresses: list[str]) -> None:
    """A domain that is no free mail names the firm, where no line does; or bears out the line that does."""
    domains = [address.rpartition("@")[2] for address in addresses]
    own = [domain for domain in domains if not is_free_mail(domain)]
    named = next((one for one in found if one.field == "company"), None)
    if not own:
        return
    stem = own[0].split(".")[-2] if "." in own[0] else own[0]
    if named is None:
        source = next(one for one in found if one.field == "email")
        found.append(Found("company", stem.capitalize(), 0.5, source.line, source.words, "the domain of the address"))  # fmt: skip
    elif stem in fold(named.value).replace(" ", ""):
        found[found.index(named)] = named._replace(confidence=0.95, why="the address says so, too")


def _found(field: str, value: str, sure: float, words: str, why: str) -> Found:
    return Found(field, value, sure, 0, words, why)
