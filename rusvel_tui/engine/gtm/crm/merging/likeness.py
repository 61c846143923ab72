"""Whether two names, or two addresses, may belong to one person: pure text, no table."""

from __future__ import annotations

import re
from enum import IntEnum
from itertools import permutations

from rusvel_tui.engine.text import fold

_SOUND = str.maketrans("cqzvw", "kksff", "aeiouyh")
"""What sounds alike, and what is heard least."""
_TWICE = re.compile(r"(.)\1+")
_WORD = re.compile(r"[^\W_]+")
_FIRST_JAMO = "\u1100"
"""From here on a letter is a large part of a name (Hangul, kana, ideographs): one other letter is another name."""
_MOST_OTHER = 2
"""Names with more words than this that differ are not alike."""
_DOTS_DO_NOT_COUNT = ("@gmail.com", "@googlemail.com")


class Likeness(IntEnum):
    """How much two names are alike; a higher value is a surer one."""

    NO = 0
    SIMILAR = 1
    """A slip of the pen, an initial, or a further given name."""
    SAME = 2
    """The same words in any order."""


def mailbox_key(key: str) -> str:
    """The mailbox that an address key (see `addresses`) leads to: without a `+tag`, and at Gmail without dots."""
    local, _, domain = key.rpartition("@")
    local = local.partition("+")[0]
    if f"@{domain}" in _DOTS_DO_NOT_COUNT:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"


def words_of(name: str) -> tuple[str, ...]:
    """The folded words of a name, in alphabetical order: who writes the last name first writes the same name."""
    return words_of_folded(fold(name))


def words_of_folded(name: str) -> tuple[str, ...]:
    """The same for a name that is folded already."""
    return tuple(sorted(_WORD.findall(name)))


def compare_names(one: tuple[str, ...], other: tuple[str, ...]) -> Likeness:
    """How much two names, given as `words_of`, are alike.

    Alike are names of the same words, or of at least one common word and a rest that differs by a slip,
    by an initial or by further given names.
    """
    if not one or not other:
        return Likeness.NO
    if one == other or _joined(one) == _joined(other):
        return Likeness.SAME
    left, right = _without_common(one, other)
    common = len(one) - len(left)
    enough = common + min(len(left), len(right)) >= 2 or len(one) == len(other) == 1
    return Likeness.SIMILAR if enough and _alike(left, right, common > 0) else Likeness.NO


def _alike(left: tuple[str, ...], right: tuple[str, ...], initials: bool) -> bool:
    """Whether what two names do not share is a slip, an initial, further names, or split otherwise."""
    few, many = sorted((left, right), key=len)
    if not few or (initials and "".join(few) == "".join(many)):
        return True
    return len(many) <= _MOST_OTHER and any(
        all(_same_word(one, other, initials) for one, other in zip(few, some, strict=True))
        for some in permutations(many, len(few))
    )


def sound_keys(words: tuple[str, ...]) -> set[str]:
    """By what alike names are found without comparing all with all: they share one of these, but for odd cases.

    That is a whole word, all words in one, or the sound of the name. The odd case are two names that have no word in
    common and do not sound the same either.
    """
    whole = _joined(words)
    if _is_dense(whole):
        return {whole}
    sound = "".join(sorted(_TWICE.sub(r"\1", word.translate(_SOUND)) for word in words))
    return {whole, *words, f"~{sound}"}


def _joined(words: tuple[str, ...]) -> str:
    """A name without its blanks; in dense scripts in any order, since they are often written in one word."""
    whole = "".join(words)
    return "".join(sorted(whole)) if _is_dense(whole) else whole


def _is_dense(text: str) -> bool:
    """Whether the script has letters of which few make a name."""
    return max(text, default="") >= _FIRST_JAMO


def _without_common(
    one: tuple[str, ...], other: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    rest = list(other)
    left = []
    for word in one:
        if word in rest:
            rest.remove(word)
        else:
            left.append(word)
    return tuple(left), tuple(rest)


def _same_word(one: str, other: str, initials: bool) -> bool:
    """Whether two words differ by a slip; an initial stands for a word only beside a common one."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if len(short) == 1:
        return initials and long.startswith(short)
    allowed = 2 if len(short) >= 8 else 1 if len(short) >= 4 else 0
    near = len(long) - len(short) <= allowed and within(one, other, allowed)
    return near and not _is_dense(one) and not _is_dense(other)


def within(one: str, other: str, most: int) -> bool:
    """Whether one word becomes the other by at most so many slips: a letter more, less, other, or two swapped.

    Optimal string alignment distance (Damerau 1964), given up as soon as it is too large.
    """
    if not most:
        return one == other
    if len(set(one) ^ set(other)) > 2 * most:  # a slip brings one letter and takes one away
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, above, row = row, before, [i]
        for j, second in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != second))
            if above and j > 1 and letter == other[j - 2] and one[i - 2] == second:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > most and (not before or min(before) > most):
            return False
    return row[-1] <= most
