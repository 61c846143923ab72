"""Mail addresses: one strict syntax, one stored form, one key; nothing is ever repaired silently."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rusvel_tui.engine.errors import InvalidInput

MAX_BYTES = 254
"""The longest address in octets (RFC 5321 §4.5.3.1.3 without the angle brackets)."""
_LABEL_MAX = 63
_NOT_LOCAL = re.compile(r'[\s"(),:;<>\[\]\\]')
_WORD = r"[\w!#$%&'*+/=?^`{|}~-]++"
_LABEL = "[A-Za-z0-9]++(?:-[A-Za-z0-9]++)*+"
_PLAIN = re.compile(rf"({_WORD}(?:\.{_WORD})*+)@((?:{_LABEL}\.)++[A-Za-z]{{2,24}})", re.ASCII)
"""Words and labels of the common letters; `xn--` has two hyphens in a row."""
_ASCII_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Address:
    """An accepted address: `address` as stored, `key` for comparing, `domain` in lower case and in Unicode."""

    address: str
    key: str
    domain: str


def plain_address(text: str) -> str:
    """What `parse_address` stores of an address of the usual shape, sooner; empty when that has to look."""
    found = _PLAIN.fullmatch(text)
    if found is None or len(text) > _LABEL_MAX:
        return ""
    local, domain = found.groups()
    return text if domain.islower() else f"{local}@{domain.lower()}"


def parse_address(text: str) -> Address:
    """The one address that the text is; refuses names, lists, quoted local parts and IP literals.

    The local part stays as met, `xn--` labels are decoded. The key is the whole address in lower case.
    """
    whole = unicodedata.normalize("NFC", text.strip(" \t"))
    reason = _fault(whole)
    if reason:
        raise _refused(text, reason)
    local, _, given = whole.partition("@")
    try:
        domain = _domain(given.lower())[0]
    except ValueError as error:
        raise _refused(text, str(error)) from None
    address = f"{local}@{domain}"
    return Address(address, address.lower(), domain)


def wire_address(address: str) -> str:
    """The form for SMTP commands and headers: the domain as A-labels (RFC 5890), the local part as it is."""
    parsed = parse_address(address)
    wire = f"{parsed.address.rpartition('@')[0]}@{_domain(parsed.domain)[1]}"
    if len(wire.encode()) > MAX_BYTES:
        raise _refused(
            address, f"it is longer than {MAX_BYTES} bytes when written for mail servers"
        )
    return wire


def _refused(text: str, reason: str) -> InvalidInput:
    shown = text if len(text) <= 80 else text[:79] + "…"
    return InvalidInput(f"{shown!r} is not a mail address: {reason}.", field="email")


def _fault(whole: str) -> str:
    """Why the text cannot be an address, but for its domain; empty when nothing is wrong."""
    if not whole:
        return "it is empty"
    if not whole.isprintable() and any(unicodedata.category(c)[0] == "C" for c in whole):
        return "it contains a control or invisible character"
    if len(whole.encode()) > MAX_BYTES:
        return f"it is longer than {MAX_BYTES} bytes"
    if whole.count("@") != 1:
        return "it must contain exactly one @"
    local = whole.partition("@")[0]
    if not local:
        return "there is nothing before the @"
    if bad := _NOT_LOCAL.search(local):
        return f"the part before the @ must not contain {bad[0]!r}"
    if local[0] == "." or local[-1] == "." or ".." in local:
        return "the part before the @ must not begin or end with a dot or have two in a row"
    return ""


@lru_cache(maxsize=4096)
def _domain(lower: str) -> tuple[str, str]:
    """The domain in Unicode and in ASCII; raises ValueError with the reason."""
    _check_labels(lower)
    if lower.isascii() and "xn--" not in lower:
        return lower, lower
    found, wire = _idna(lower)
    _check_labels(found)
    _check_labels(wire)
    return found, wire


def _check_labels(domain: str) -> None:
    labels = domain.split(".")
    if len(labels) < 2:
        raise ValueError("the domain needs a dot, as in example.com")
    for label in labels:
        if not _is_label(label):
            raise ValueError(f"{label!r} cannot be part of a domain")
        if len(label) > _LABEL_MAX:
            raise ValueError(f"a part of the domain is longer than {_LABEL_MAX} characters")
    if labels[-1].isdecimal():
        raise ValueError("the domain must not end in a number")


def _is_label(label: str) -> bool:
    """Letters, digits and inner hyphens of any script; marks count as parts of letters."""
    if label.isascii():
        return _ASCII_LABEL.fullmatch(label) is not None
    kinds = [unicodedata.category(c) for c in label]
    inner = all(
        kind[0] in "LM" or kind == "Nd" or c == "-" for kind, c in zip(kinds, label, strict=True)
    )
    return inner and label[0] != "-" and label[-1] != "-"


def _idna(domain: str) -> tuple[str, str]:
    # Loading the IDNA tables takes 60 ms, so only a domain that needs them pays.
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(f"x@{domain}", check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise ValueError("the domain is not a valid international domain name") from None
    return found.domain, found.ascii_domain
