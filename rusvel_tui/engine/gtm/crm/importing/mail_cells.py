"""One cell to mail addresses: the valid ones, and the pieces that only look like one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from rusvel_tui.engine.addresses import parse_address, plain_address
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.importing.cells import settle

_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")
_BLANK = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_ANGLE = re.compile("<([^<>]*)>")
_ONE = re.compile("[^ <:;,/]+@[^ <:;,/]+")
_SPLIT = re.compile(" ::: |[;,/]")
_MAILTO = re.compile(r"mailto:([^?]*).*", re.IGNORECASE | re.DOTALL)
_EXCHANGE_PATH = "/o="
_LOCKED = "email_not_unlocked@"


@dataclass(frozen=True, slots=True)
class MailText:
    """What the address cells of a row hold."""

    addresses: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    reason: str = ""
    """Why the first bad piece is no address."""
    labels: dict[str, str] = field(default_factory=dict)
    """What addresses are called, by their key."""


def read_mail(cells: list[tuple[str, str]]) -> MailText:
    """The different addresses of these cells with their labels, in their order, and what is none."""
    found: dict[str, str] = {}
    labels: dict[str, str] = {}
    bad: list[str] = []
    reason = ""
    for cell, label in cells:
        for piece in mail_pieces(cell):
            try:
                address = plain_address(piece) or parse_address(piece).address
            except InvalidInput as error:
                bad.append(piece)
                reason = reason or str(error)
            else:
                key = address.lower()
                found.setdefault(key, address)
                if label:
                    labels.setdefault(key, label)
    return MailText(tuple(found.values()), tuple(bad), reason, labels)


def mail_pieces(cell: str) -> list[str]:
    """The single addresses that a cell claims to hold; none for an Exchange path or a locked address."""
    text = _clean(cell)
    if _ONE.fullmatch(text):
        return [] if text.lower().startswith(_LOCKED) else [text]
    if text[:3].lower() == _EXCHANGE_PATH:
        return []
    in_angles = _ANGLE.findall(text)
    pieces = [piece for piece in map(_bare, in_angles or _SPLIT.split(text)) if piece]
    if in_angles and not pieces:
        return [text]
    return [piece for piece in pieces if not piece.lower().startswith(_LOCKED)]


def _clean(cell: str) -> str:
    """Cleaned like any cell, but inner line breaks and control characters stay: they make it bad."""
    if not cell.isascii():
        cell = _BLANK.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", cell)))
    return settle(cell.strip())


def _bare(piece: str) -> str:
    piece = piece.strip()
    found = _MAILTO.fullmatch(piece)
    return found[1].strip() if found else piece
