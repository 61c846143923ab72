"""What a mail to somebody who did not ask for it owes its reader, and what it promises."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rusvel_tui.engine.lint.letter import Finding, Letter, at

_OPT_OUT = re.compile(
    r"unsubscrib|opt[ -]?out|not hear from (?:me|us)|stop (?:writing|mailing|emailing|these|further)|"
    r"no (?:more|further) (?:e-?)?mails?|remove (?:me|you)|abmelde|abbestell|keine (?:weiteren )?(?:e-?)?mails|"
    r"désabonn|desinscri|désinscri|darse de baja|dar de baja|disiscri|cancella l['’]iscrizione|afmelden|avregistrer|"
    r"not interested\b.{0,40}\b(?:tell|let|say|reply)|(?:tell|let|say|reply)\b.{0,40}\b(?:not interested|stop)",
    re.I | re.S,
)
_ATTACHED = re.compile(
    r"\b(?:(?:i|we)(?:['’]ve| have)? (?:also )?(?:attached|enclosed)|"
    r"(?:please find|see|find) (?:\w{1,20} )?(?:attached|enclosed)|"
    r"attached (?:is|are|you|please|find|file|pdf|document|invoice|here)|(?:is|are) attached|"
    r"(?:the|my|our|in the|see) attachments?\b|im anhang|anbei|angehängt|ci-joint|pièce jointe|adjunto|allegato|bijlage)",
    re.I,
)


def opt_out(letter: Letter) -> Iterator[Finding]:
    """No word about how to be left alone."""
    if letter.cold and not _OPT_OUT.search(f"{letter.body}\n{letter.footer}"):
        yield Finding(
            "Nothing says how to be left alone. Give the sender its opt-out sentence, or write one."
        )


def postal_address(letter: Letter) -> Iterator[Finding]:
    """Nobody can tell from where the mail comes."""
    if letter.cold and not letter.postal_address:
        yield Finding(
            "There is no postal address. Give the sender one: many countries ask for it in such a mail."
        )


def attachment(letter: Letter) -> Iterator[Finding]:
    """A file is promised and none goes along."""
    match = None if letter.attachments else _ATTACHED.search(letter.body)
    if match:
        yield at("body", match, f"The text says {match[0]!r}, and no file goes along.")
