"""Links: how many, where they go, and whether they say so."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from contextlib import suppress

from rusvel_tui.engine.lint.letter import Finding, Letter, at

MAX_LINKS = 2
_LINK = re.compile(r"\bhttps?://([^\s/>)\]?#]{1,253})", re.I)
_HOST = r"(?:https?://)?((?:[\w-]{1,63}\.){1,8}[a-z]{2,24})[^\s\]()<>]{0,200}"
_SHOWN = re.compile(
    rf"\[[ \t]*{_HOST}[ \t]*\]\([ \t]*https?://([^\s/)>]{{1,253}})|"
    rf"(?<![\w.@/-]){_HOST}[ \t]{{0,3}}[<(][ \t]*https?://([^\s/)>]{{1,253}})|"
    rf"<a[^<>]{{1,200}}?href=[\"']?https?://([^\s/\"'>]{{1,253}})[^<>]{{0,200}}>[ \t]*{_HOST}",
    re.I,
)
_SHORTENING_HOSTS = """bit.ly tinyurl.com t.co goo.gl ow.ly is.gd buff.ly rebrand.ly cutt.ly rb.gy shorturl.at
    lnkd.in tiny.cc"""
_SHORTENERS = frozenset(_SHORTENING_HOSTS.split())


def number(letter: Letter) -> Iterator[Finding]:
    """More links than a letter between two people has."""
    if len(_LINK.findall(letter.body)) > MAX_LINKS:
        yield Finding(f"There are more than {MAX_LINKS} links.", "body")


def shorteners(letter: Letter) -> Iterator[Finding]:
    """Links whose goal is hidden."""
    for match in _LINK.finditer(letter.body):
        host = match[1].lower()
        if host in _SHORTENERS:
            text = f"{host} hides where the link goes, and spam filters know it."
            yield at("body", match, text)


def addresses(letter: Letter) -> Iterator[Finding]:
    """Links to a number, or to a host whose letters imitate others."""
    for match in _LINK.finditer(letter.body):
        host = match[1].rpartition("@")[2].partition(":")[0]
        with suppress(ValueError):
            ipaddress.ip_address(host.strip("[]"))
            yield at("body", match, f"The link goes to the number {host} instead of a name.")
        if not host.isascii() and re.search("[a-z]", host, re.I):
            yield at("body", match, f"{host} mixes alphabets: it may imitate another name.")
        if "@" in match[1]:
            yield at("body", match, f"The link goes to {host}, whatever stands before the @.")


def lies(letter: Letter) -> Iterator[Finding]:
    """A link that names one host and goes to another."""
    for match in _SHOWN.finditer(letter.body):
        shown, goal = _pair(match)
        if not _same_site(shown, goal):
            text = f"The link says {shown} and goes to {goal}."
            yield at("body", match, text)


def _pair(match: re.Match[str]) -> tuple[str, str]:
    """The host that is shown, and the one that is gone to."""
    shown = match[1] or match[3] or match[6]
    goal = match[2] or match[4] or match[5]
    return shown.lower(), goal.rpartition("@")[2].partition(":")[0].lower()


def _same_site(shown: str, goal: str) -> bool:
    shown, goal = shown.removeprefix("www."), goal.removeprefix("www.")
    return shown == goal or goal.endswith(f".{shown}") or shown.endswith(f".{goal}")
