"""What the writer of a mail wrote, without quoted text, signatures and the footers of lists."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FROM = (
    "from|von|de|da|van|fra|från|od|lähettäjä|feladó|de la|от|от кого|від|kimden|gönderen|από|expéditeur|remitente|mittente"
    "|afsender|avsender|差出人|发件人|寄件者|보낸 사람|보낸사람"
)
_FROM_LINE = re.compile(rf"^\W{{0,3}}(?:{_FROM})\W{{0,3}}\s?[:：]", re.IGNORECASE)
_LABEL_LINE = re.compile(r"^\W{0,3}[^\W\d][\w .'-]{0,24}\W{0,3}[:：]\s?\S")
_DIVIDER = re.compile(r"^\s{0,3}[-_=]{2,}\s?[^\W_][^\n]{2,70}[^\W_]\s?[-_=]{2,}\s*$")
_RULE = re.compile(r"^\s{0,3}[-_=*~]{5,}\s*$")
_WROTE = (
    "wrote|writes|schrieb|schreibt|a écrit|escribió|escribio|ha scritto|scrive|escreveu|schreef|heeft geschreven|skrev"
    "|napisał\\(?a?\\)?|napisal|napsal\\(?a?\\)?|kirjoitti|написал\\(?а?\\)?|пишет|пише|pisze|píše|yazdı|şunu yazdı|írta|a scris|έγραψε"
)
_ATTRIBUTION = re.compile(
    rf"(?:\b(?:{_WROTE})\b[^\n]{{0,120}}|のメール|书写道|写道|寫道|님이 작성)\s?[:：]\s*$",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"^\s*\S[^\n]*\d{1,2}[:.]\d{2}[^\n]*<[^<>\s]+@[^<>\s]+>\s?[:：]\s*$")
"""A time and a mailbox before a colon, as some programs introduce whom they quote without a verb."""
_INTRODUCES = re.compile(r"(?:<[^<>\s]+@[^<>\s]+>|\b\d{4}\b|\d{1,2}[:.h]\d{2})[^\n]*[:：]\s*$")
_SENT_FROM = re.compile(
    r"^(?:sent from|sent with|get outlook for|von meinem \S+ gesendet|gesendet (?:von|mit)|envoyé (?:de|depuis|avec)|enviado (?:desde|do|de)"
    r"|inviato da|verzonden (?:vanaf|met)|skickat från|sendt fra|lähetetty|wysłane z|odesláno|отправлено (?:с|из))\b",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"https?://|mailing ?list|unsubscribe|abbestell|désabonn|mailman", re.IGNORECASE
)
_LOOK_BACK = 3
"""An attribution is broken into so many lines at the most."""


_LINES = 2_000
"""So many lines are looked at: nobody writes more."""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The words themselves, and whether anything stood beside them in quotes."""

    text: str
    quotes: bool


def own_words(text: str) -> OwnWords:
    """The words of the writer: what stands between the quoted lines as well as above and below them."""
    lines = _without_signed(text).split("\n")[:_LINES]
    kept: list[str] = []
    quotes = False
    for number, line in enumerate(lines):
        if line.lstrip(" |").startswith((">", "＞")):
            if not quotes or (kept and kept[-1].strip()):
                _drop_introduction(kept)
            quotes = True
        elif _ends_here(lines, number):
            quotes = quotes or not _is_footer(lines, number)
            break
        elif _is_attribution(kept, line) and not _is_quoted_next(lines, number):
            _drop_attribution(kept, line)
            quotes = True
            break
        else:
            kept.append(line)
    return OwnWords(_without_signature(kept), quotes)


def _without_signed(text: str) -> str:
    """Without the armour of an inline signature."""
    if "-----BEGIN PGP SIGNED MESSAGE-----" not in text:
        return text
    body = text.partition("-----BEGIN PGP SIGNED MESSAGE-----")[2].partition("\n\n")[2]
    return body.partition("-----BEGIN PGP SIGNATURE-----")[0]


def _ends_here(lines: list[str], number: int) -> bool:
    """Whether a copy of the answered mail, or the footer of a list, begins with this line."""
    line = lines[number]
    if _DIVIDER.match(line):
        return True
    following = [one for one in lines[number + 1 : number + 7] if one.strip()]
    if _FROM_LINE.match(line):
        return sum(1 for one in following[:4] if _LABEL_LINE.match(one)) >= 2
    if not _RULE.match(line):
        return False
    return bool(following and _FROM_LINE.match(following[0])) or _is_footer(lines, number)


def _is_footer(lines: list[str], number: int) -> bool:
    """Whether a line of dashes parts the words from what a list adds."""
    rest = lines[number + 1 :]
    return (
        bool(_RULE.match(lines[number]))
        and len(rest) <= 12
        and bool(_FOOTER.search("\n".join(rest)))
    )


def _is_quoted_next(lines: list[str], number: int) -> bool:
    following = (one for one in lines[number + 1 :] if one.strip())
    return next(following, "").lstrip().startswith(">")


def _is_attribution(kept: list[str], line: str) -> bool:
    return bool(_ATTRIBUTION.search(_joined(kept, line)) or _SIGNED.match(line))


def _joined(kept: list[str], line: str) -> str:
    """The line with the one before it: an attribution may be broken in two."""
    before = kept[-1] if kept and kept[-1].strip() else ""
    return f"{before} {line}".strip()


def _drop_attribution(kept: list[str], line: str) -> None:
    if (
        kept
        and kept[-1].strip()
        and not re.search(r"^(?:on|am|le|el|il|op|den|em|w dniu|dne)\b", line.strip(), re.I)
    ):
        kept.pop()


def _drop_introduction(kept: list[str]) -> None:
    """Take away the lines that say whose words follow."""
    while kept and not kept[-1].strip():
        kept.pop()
    for back in range(1, min(_LOOK_BACK, len(kept)) + 1):
        if not kept[-back].strip():
            return
        said = " ".join(kept[-back:]).strip()
        if _INTRODUCES.search(said) or _ATTRIBUTION.search(said):
            while back < _LOOK_BACK and back < len(kept) and _continues(kept, back):
                back += 1
            del kept[-back:]
            return


def _continues(kept: list[str], back: int) -> bool:
    """Whether the line above belongs to the attribution: no empty line between them, and it has a date or an address."""
    above = kept[-back - 1]
    return bool(above.strip()) and bool(re.search(r"<\S+@|\d{4}|\d{1,2}[:.h]\d{2}", above))


def _without_signature(lines: list[str]) -> str:
    kept = []
    for line in lines:
        if line.rstrip() == "--" or line == "-- ":
            break
        if not _SENT_FROM.match(line.strip()):
            kept.append(line)
    return "\n".join(kept).strip()
