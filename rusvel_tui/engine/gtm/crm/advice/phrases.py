"""What people say about a sale, as word lists in several languages: needs, objections, consent, refusal, promises. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from rusvel_tui.engine.gtm.mail.classifying.words import ENGAGED
from rusvel_tui.engine.gtm.mail.reading.sentences import folded, folded_pattern
from rusvel_tui.engine.spelled import Spelled
from rusvel_tui.engine.text import cut, one_line

LONGEST = 200
"""Characters of a quote."""
_END = re.compile(r"(?<=[.!?;])\s+|\n+")
_ABBREVIATED = re.compile(r"\b(\d{1,2}|Mr|Mrs|Ms|Dr|Nr|No|ca|bzw|z\.B|e\.g|i\.e)\.$", re.IGNORECASE)


class Said(Spelled):
    """What a sentence is about."""

    NEED = "need"
    PRICE = "price"
    TIMING = "timing"
    AUTHORITY = "authority"
    COMPETITOR = "competitor"
    TRUST = "trust"
    REFUSAL = "refusal"
    CONSENT = "consent"
    MEETING = "meeting"
    QUESTION = "question"


OBJECTIONS = (Said.PRICE, Said.TIMING, Said.AUTHORITY, Said.COMPETITOR, Said.TRUST)

WORDS: dict[Said, tuple[str, ...]] = {
    Said.NEED: (
        r"\b(?:we|i|they|he|she|\w+) (?:really )?(?:need|want|require|wish|would like|are looking for|is looking for)s?\b", r"\blooking for\b", r"\bmust (?:have|support|be able)\b", r"\b(?:asked|asks) for\b", r"\b(?:important|essential) (?:to|for) (?:us|them|him|her)\b", r"\bpain point\b", r"\bproblem with\b", r"\bstruggl\w+ with\b",
        r"\b(?:wir|ich|sie|er) (?:brauchen|brauche|braucht|benotig\w+|suchen|suche|sucht|mochten?|wunschen)\b", r"\bnous (?:avons besoin|cherchons|voulons|souhaitons)\b", r"\bj'ai besoin\b", r"\b(?:necesitamos|necesito|necesita|buscamos|queremos)\b", r"\b(?:abbiamo bisogno|cerchiamo|vogliamo|ci serve)\b", r"\b(?:precisamos|preciso de|procuramos)\b", r"\bwe? ?(?:hebben|heb|heeft) .*nodig\b",
    ),
    Said.PRICE: (
        r"\b(?:too|so|very|quite|rather) (?:expensive|pricey|costly)\b", r"\bover (?:our|the|my) budget\b", r"\bno budget\b", r"\bbudget (?:is|was) (?:cut|frozen|tight|gone)\b", r"\b(?:price|cost)s? (?:is|are|seems?|looks?) (?:too )?(?:high|steep)\b", r"\bcan(?:no|')t afford\b", r"\bcheaper\b", r"\bdiscount\b",
        r"\bzu teuer\b", r"\bkein budget\b", r"\brabatt\b", r"\bgunstiger\b", r"\btrop cher\b", r"\bpas de budget\b", r"\bremise\b", r"\bdemasiado car[oa]\b", r"\bmuy car[oa]\b", r"\bsin presupuesto\b", r"\bdescuento\b", r"\btroppo car[oa]\b", r"\bsconto\b", r"\bte duur\b", r"\bkorting\b", r"\bmuito caro\b",
    ),
    Said.TIMING: (
        r"\bnot (?:right )?now\b", r"\bnot (?:the|a) (?:right|good) time\b", r"\btoo (?:early|busy|soon)\b", r"\bno time\b", r"\bnext (?:quarter|year)\b", r"\b(?:later|another time) (?:this|next)? ?(?:year|quarter|month)?\b", r"\b(?:come|get|check) back (?:to (?:us|me) )?(?:in|after|next)\b", r"\bon hold\b", r"\bpostpon\w+\b", r"\bnot a priority\b",
        r"\b(?:jetzt|momentan|derzeit|gerade) (?:nicht|kein\w*)\b", r"\bkeine zeit\b", r"\bnachstes (?:jahr|quartal)\b", r"\bspater\b", r"\bpas (?:maintenant|le moment|la priorite)\b", r"\bplus tard\b", r"\bl'annee prochaine\b", r"\bahora no\b", r"\bmas adelante\b", r"\bel ano que viene\b", r"\bnon (?:adesso|ora|e il momento)\b", r"\bpiu avanti\b", r"\bniet nu\b",
    ),
    Said.AUTHORITY: (
        r"\b(?:check|discuss|talk|speak|clear|align) (?:\w+ ){0,3}with (?:my|our|the|his|her|their) (?:boss|manager|team|board|cto|ceo|cfo|director|partner|legal|finance|procurement|colleagues?)\b", r"\bnot my (?:decision|call)\b", r"\b(?:needs?|need) (?:approval|sign-?off)\b", r"\bdecision maker\b", r"\bprocurement\b",
        r"\b(?:mit|von) (?:meine[mr]|unsere[mr]|der) (?:chef\w*|team|vorstand|geschaftsfuhr\w+|vorgesetzt\w+)\b", r"\bavec (?:mon|ma|notre) (?:chef|patron|equipe|direct\w+|direction)\b", r"\bcon (?:mi|mio|il mio|nuestro|nostro) (?:jefe|capo|equipo|team|director|direttore)\b",
    ),
    Said.COMPETITOR: (
        r"\b(?:already|currently) (?:use|using|have|work\w*) (?:with )?(?:a|an|another|someone)\b", r"\banother (?:vendor|provider|supplier|offer|tool)\b", r"\bcompetitor\b", r"\b(?:went|gone|going) with (?:another|someone|somebody)\b", r"\bcompar\w+ (?:with|to|offers|vendors)\b", r"\bhappy with (?:our|what we|the one)\b",
        r"\bander\w+ (?:anbieter|angebot|lieferant\w*)\b", r"\bmitbewerber\b", r"\bautre (?:fournisseur|prestataire|offre)\b", r"\bconcurrent\b", r"\botro (?:proveedor|oferta)\b", r"\baltro fornitore\b", r"\bandere (?:leverancier|aanbieder)\b",
    ),
    Said.TRUST: (
        r"\b(?:worried|concern\w*|doubts?|unsure|not sure|sceptical|skeptical)\b", r"\brisk\w*\b", r"\bsecurity (?:review|questionnaire|concern\w*)\b", r"\bgdpr\b", r"\breferences?\b (?:from|of) (?:other )?(?:customers|clients)",
        r"\bbedenken\b", r"\bunsicher\b", r"\bdatenschutz\b", r"\binquiet\w*\b", r"\bdoutes?\b", r"\bdudas?\b", r"\bdubbi\b", r"\bzorgen\b",
    ),
    Said.REFUSAL: (
        r"\b(?:not|no longer|isn't|aren't) interested\b", r"\bno interest\b", r"\bno,? thank(?:s| you)\b", r"\bwe(?:'ll| will) pass\b", r"\b(?:decided|chose) (?:not to|against|to go with)\b", r"\bnot (?:a (?:good )?fit|for us|relevant)\b", r"\bplease (?:stop|do not contact|don't contact)\b", r"\bcan(?:no|')t move forward\b",
        r"\bkein(?:en?)? (?:interesse|bedarf)\b", r"\bnicht interessiert\b", r"\bpas interesse\w*\b", r"\bnon merci\b", r"\bno (?:me|nos) interesa\b", r"\bno,? gracias\b", r"\bnon (?:mi|ci) interessa\b", r"\bno,? grazie\b", r"\bgeen interesse\b", r"\bnao (?:tenho|temos) interesse\b",
    ),
    Said.MEETING: (
        r"\b(?:call|meet|talk|speak|demo|chat|catch up|meeting|zoom|teams)\b.{0,30}\b(?:mon|tues|wednes|thurs|fri|tomorrow|next week|\d{1,2}[:.]\d\d|\d{1,2} ?(?:am|pm|uhr|h))\w*", r"\b(?:mon|tues|wednes|thurs|fri)day (?:suits|works|is (?:fine|good))", r"\bsend (?:me|us|over) (?:an |the )?invit\w*\b", r"\bcalendar\b", r"\bavailable (?:on|at|for)\b",
        r"\btermin\b", r"\brendez-vous\b", r"\breunion\b", r"\bappuntamento\b", r"\bafspraak\b",
    ),
    Said.CONSENT: (
        *ENGAGED, r"\byes\b", r"\bsure\b", r"\bagreed?\b", r"\b(?:go|went) ahead\b", r"\btell me more\b", r"\bsend (?:me|us|over|it|the|a)\b", r"\blooks? (?:good|great)\b", r"\bplease (?:send|call|share|proceed)\b", r"\bwe(?:'d| would) like to\b", r"\bsigned\b", r"\baccepted?\b",
        r"\bja\b", r"\beinverstanden\b", r"\bgern\b", r"\boui\b", r"\bsi,", r"\bde acuerdo\b", r"\bakkoord\b", r"\bd'accordo\b",
    ),
    Said.QUESTION: (r"\?\s*$", r"^(?:how|what|when|where|who|why|which|can|could|do|does|is|are|would|will)\b.*\?",),
}  # fmt: skip


class Quote(NamedTuple):
    """A sentence, and what it is about."""

    said: Said
    text: str


def split(text: str) -> list[str]:
    """The sentences of a text as they stand, one line each."""
    found: list[str] = []
    for piece in _END.split(text[:20_000]):
        line = one_line(piece)
        if found and _ABBREVIATED.search(found[-1]):
            found[-1] = f"{found[-1]} {line}"
        elif line:
            found.append(line)
    return found


def quotes(text: str, *wanted: Said) -> Iterator[Quote]:
    """The sentences that are about one of these, each with what it is; a refusal is no consent."""
    for sentence in split(text):
        plain = folded(sentence)
        found = [one for one in wanted or tuple(Said) if _pattern(one).search(plain)]
        if Said.CONSENT in found and _pattern(Said.REFUSAL).search(plain):
            found.remove(Said.CONSENT)
        for one in found:
            yield Quote(one, cut(sentence, LONGEST))


@cache
def _pattern(said: Said) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{folded_pattern(word)})" for word in WORDS[said]))
