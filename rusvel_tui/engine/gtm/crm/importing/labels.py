"""What an address or a number is called: by its column, by the cell beside it, or by the types of a card."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rusvel_tui.engine.text import one_line

_LONGEST = 40
_PLAIN = frozenset(
    "e mail email emails mails address addresses courriel value person phone phones number numbers"
    " telephone tel telefon téléphone".split()
)
"""Words of a heading that do not tell one address from another."""
_WORDS = re.compile(r"[\s_:.-]+")
_APPLE = re.compile(r"_\$!<(.*)>!\$_")
_TYPES = ("work", "home", "mobile", "main", "fax", "pager", "other")
_SAME = {"cell": "mobile", "iphone": "mobile", "fn": ""}


def label_of_heading(name: str) -> str:
    """`work` for `Person - Phone - Work`, `mobile` for `Mobile Phone Number`, nothing for `E-mail 2 Address`."""
    words = _WORDS.split(one_line(name).casefold())
    return clean_label(
        " ".join(w for w in words if w not in _PLAIN and not w.strip("()").isdigit())
    )


def clean_label(text: str) -> str:
    """The label in one form: one line, lower case, without the marks of Google and Apple."""
    bare = _APPLE.sub(r"\1", one_line(text).removeprefix("*").strip()).casefold()
    return _SAME.get(bare, bare)[:_LONGEST]


def label_of_types(types: Iterable[str]) -> str:
    """The first type of a card's property that says where or on what somebody is reached."""
    found = {clean_label(one) for one in types}
    return next((one for one in _TYPES if one in found), "")
