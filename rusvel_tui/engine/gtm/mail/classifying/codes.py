"""Enhanced status codes (RFC 3463) in reports, and what they mean for the address."""

from __future__ import annotations

import re

from rusvel_tui.engine.gtm.mail.reading.sentences import folded

_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_IN_TEXT = re.compile(r"(?<![\d.])([245])\.([0-7])\.(\d{1,3})(?!\.?\d)")
_SENDER = ("5.1.7", "5.1.8")
"""X.1.7 and X.1.8 are about the address of the sender."""
_DEAD_WORDS = re.compile(
    r"user(?: is)? (?:unknown|not found|doesn'?t exist|does not exist)|unknown (?:user|recipient|mailbox|address|account|local[- ]?part)|no such (?:user|mailbox|recipient|address|person|account|domain|host)|no mailbox (?:here )?by that name|no mailbox under|does ?n[o']t exist|recipient (?:address )?(?:not found|unknown|does not exist)|address (?:not found|unknown|does not exist)|mailbox (?:not found|unknown|does not exist|unavailable: not found)|account (?:has been )?(?:disabled|deleted|closed|terminated)|invalid (?:recipient|mailbox|address|user)|not a valid (?:mailbox|recipient|user)|no longer (?:valid|exists|in use|active|accepts)|not listed in|isn'?t (?:listed|a valid)|(?:host or )?domain (?:name )?not found|nobody here (?:by|with) that name|no account by that name|unrouteable address|addressee unknown|bad destination|not our customer|user not (?:known|listed)|unbekannt\w* (?:empfanger|benutzer|adresse)|(?:empfanger|benutzer|adresse|postfach) .*(?:existiert nicht|unbekannt|nicht gefunden)|adresse .*(?:introuvable|n'existe pas)|destinataire (?:inconnu|introuvable)|utilisateur inconnu|(?:usuario|destinatario|direccion|buzon) .*(?:desconocid|no existe|no encontrad)|(?:utente|destinatario|indirizzo|casella) .*(?:sconosciut|inesistent|non esiste)|onbekende (?:gebruiker|ontvanger)|bestaat niet",
    re.IGNORECASE,
)


def first_code(text: str, *, free: bool = False) -> str:
    """The first code in a field; in `free` text only what can be one, so that no version number counts."""
    if free:
        after = re.search(r"(?:\b[245]\d\d[ -]|#)([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)", text)
        found = _IN_TEXT.search(text)
        if after and (not found or after.start(1) <= found.start()):
            return after[1]
        return found[0] if found else ""
    found = _CODE.search(text)
    return found[0] if found else ""


def is_vague(code: str) -> bool:
    """Whether a code says no more than that it went wrong."""
    return not code or code.endswith(".0.0")


def is_dead(code: str, words: str) -> bool:
    """Whether the address itself is dead. When in doubt it is not."""
    if is_vague(code):
        return not code.startswith(("2", "4")) and bool(_DEAD_WORDS.search(folded(words[:20_000])))
    return (code.startswith("5.1.") and code not in _SENDER) or code == "5.2.1"
