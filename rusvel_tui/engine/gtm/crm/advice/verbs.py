"""What somebody did, by the verb of a line, and what came of it; in the languages in which people jot. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from rusvel_tui.engine.gtm.crm.advice.phrases import Said, quotes
from rusvel_tui.engine.gtm.crm.timeline.activity_views import ActivityKind
from rusvel_tui.engine.gtm.crm.timeline.outcomes import CallOutcome
from rusvel_tui.engine.gtm.mail.reading.sentences import folded

_DONE = (
    (ActivityKind.CALL, r"(?:called|rang|phoned|spoke (?:to|with)|talked (?:to|with)|had a call|call with|left (?:a )?voicemail|angerufen|telefoniert|gesprochen|ai appele|appele|hable con|llame|ho chiamato|chiamato|gebeld)"),
    (ActivityKind.MEETING, r"(?:met(?: with)?|had (?:a )?(?:meeting|lunch|coffee|demo)|visited|demoed|demo with|meeting with|getroffen|rencontre|reuni con|incontrato|ontmoet)"),
    (ActivityKind.NOTE, r"(?:noted?:?|fyi:?|notiz:?|heard that|learned that)"),
)  # fmt: skip
_TO_DO = (
    (ActivityKind.CALL, r"(?:call|ring|phone|anrufen|appeler|llamar|chiamare|bellen)"),
    (ActivityKind.MEETING, r"(?:meet|meeting|demo|treffen|rendez-vous|reunion|incontro|afspraak)"),
    (ActivityKind.TASK, r"(?:send|write|prepare|task|todo|remind(?: me)?|follow up|check|ask|email|schicken|senden|envoyer|enviar|inviare|sturen)"),
)  # fmt: skip
_OUTCOMES = (
    (CallOutcome.VOICEMAIL, r"\bvoice ?mail\b|\bmailbox\b|\bmessagerie\b|\bbuzon de voz\b|\bsegreteria\b"),
    (CallOutcome.NO_ANSWER, r"\bno answer\b|\b(?:did not|didn't|doesn't) (?:answer|pick up)\b|\bnicht erreicht\b|\bpas de reponse\b|\bno contesta\b"),
    (CallOutcome.WRONG_NUMBER, r"\bwrong number\b|\bfalsche nummer\b|\bmauvais numero\b"),
    (CallOutcome.BUSY, r"\bbusy\b|\bbesetzt\b|\boccupe\b|\bocupado\b"),
    (CallOutcome.NOT_INTERESTED, r"\bnot interested\b|\bno interest\b|\bkein interesse\b|\bpas interesse\w*\b|\bno le interesa\b"),
    (CallOutcome.INTERESTED, r"\binterested\b|\binteressiert\b|\binteresse\w*\b|\binteresad\w\b"),
    (CallOutcome.CALL_BACK, r"\bcall (?:me |us |him |her |them )?back\b|\bruckruf\b|\brappeler\b|\bllamar de nuevo\b"),
)  # fmt: skip


class Verb(NamedTuple):
    """What a line is about."""

    kind: ActivityKind
    done: bool
    words: str
    """The words that say so; empty for a guess."""


def verb_of(text: str) -> Verb:
    """By the first verb that is known; a line without one is a note."""
    plain = folded(text)
    for done, rows in ((True, _DONE), (False, _TO_DO)):
        hits = [(found.start(), kind, found[0]) for kind, pattern in rows if (found := re.search(rf"(?<!\w){pattern}(?!\w)", plain))]  # fmt: skip
        near = [hit for hit in hits if hit[0] < 40]
        if near:
            _, kind, words = min(near, key=lambda hit: hit[0])
            return Verb(kind, done, words)
    return Verb(ActivityKind.NOTE, True, "")


def outcome_in(text: str) -> str:
    """What came of a call; they were reached unless the text says otherwise."""
    plain = folded(text)
    found = (one.value for one, pattern in _OUTCOMES if re.search(pattern, plain))
    return next(found, CallOutcome.REACHED.value)


def wish_of(clause: str) -> str:
    """The words of a wish of theirs: `wants a quote by Friday`; empty when it is none."""
    if next(quotes(clause, Said.NEED), None) is not None:
        return clause
    asks = r"(?:wants?|needs?|asked|asks|requested|wishes|mochte|braucht|will|veut|demande|quiere|pide|vuole|chiede)"  # fmt: skip
    return clause if re.match(rf"(?:she |he |they |sie |er |elle |il )?{asks}\b", folded(clause)) else ""  # fmt: skip
