"""Invented people at invented companies; their addresses end in `.example`, which never exists (RFC 2606)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from rusvel_tui.engine.text import fold

COMPANIES = (
    "Larkspur Looms", "Quillmere Press", "Bramble & Oat", "Copperline Cycles", "Halden Optik",
    "Nordlys Kajakk", "Pinecrest Dental", "Saltmarsh Sails", "Tessera Tiles", "Umbra Studios",
    "Vireo Robotics", "Wexford Clay", "Yarrow Herbals", "Zephyr Kites", "Atelier Mirabelle",
    "Bergkamm Werkzeuge", "Cobalt Harbor", "Driftwood Radio", "Elmfield Dairy", "Fennec Maps",
    "Glasswing Labs", "Hearthstone Ovens", "Isola Ceramica", "Juniper Freight", "Kestrel Analytics",
)  # fmt: skip
GIVEN = (
    "Amara", "Björn", "Chiara", "Dmitri", "Elif", "Farid", "Greta", "Hiro", "Ines", "João", "Katya", "Liam", "Maren",
    "Noor", "Oskar", "Priya", "Quentin", "Rosa", "Sefa", "Tove", "Uma", "Viktor", "Wanda", "Ximena", "Yusuf", "Zoë",
)  # fmt: skip
FAMILY = (
    "Abel", "Brandt", "Castellano", "Dvořák", "Eriksen", "Fontaine", "García", "Hollis", "Ivanov", "Jansen", "Kowalczyk",
    "Lindqvist", "Moreau", "Nakata", "Okafor", "Pereira", "Quirke", "Rossi", "Schäfer", "Tanaka", "Ueda", "Varga", "Weiss",
    "Xu", "Yıldız", "Zimmer",
)  # fmt: skip
TITLES = (
    "Founder", "Owner", "Head of Operations", "Workshop Manager", "Office Manager", "Managing Director", "Buyer",
    "Head of Production",
)  # fmt: skip
TAGS = ("lead", "newsletter", "fair", "partner", "referral", "customer")
NOTES = (
    "Prefers a short call over long mails.",
    "Asked for prices in writing before the end of the month.",
    "Runs two shifts; best reached before ten.",
    "Uses paper lists today and wants to keep one of them.",
    "Met at the craft fair, tried the board on a tablet.",
    "Decides together with the owner.",
)
TASKS = (
    "Send the price list", "Call back about the trial", "Ask who signs", "Prepare the demo workshop",
    "Check the import of their old list", "Thank them for the referral",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist."""

    given: str
    family: str
    company: str
    email: str
    title: str
    phone: str
    tags: tuple[str, ...]

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given} {self.family}"


def people(rng: Random, count: int) -> Iterator[Person]:
    """That many people, no two of the same name; several share a company."""
    names = rng.sample([(given, family) for given in GIVEN for family in FAMILY], count)
    for number, (given, family) in enumerate(names):
        company = COMPANIES[number] if number < len(COMPANIES) else rng.choice(COMPANIES)
        yield Person(
            given,
            family,
            company,
            f"{_letters(given)}.{_letters(family)}@{_letters(company)}.example",
            rng.choice(TITLES),
            f"+49 30 5550{rng.randrange(100, 999)}",
            tuple(sorted(rng.sample(TAGS, rng.randrange(3)))),
        )


def _letters(text: str) -> str:
    """The text as the letters of an address: `Bramble & Oat` is `bramble-oat`."""
    bare = unicodedata.normalize("NFKD", fold(text)).replace("ı", "i")
    return "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in bare).split())
