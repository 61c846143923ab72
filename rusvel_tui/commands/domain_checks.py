"""What the DNS says about the domain that mails are sent from: MX, SPF, DKIM, DMARC, each with the line to add."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from rusvel_tui.commands.finding import Finding

Ask = Callable[[str], list[str]]
_SELECTORS = (
    "default",
    "dkim",
    "mail",
    "s1",
    "s2",
    "k1",
    "selector1",
    "selector2",
    "google",
    "fm1",
)
"""Under which a DKIM key usually stands, where no selector is named."""
_LOOKUPS = re.compile(
    r"(?:^|\s)[+?~-]?(?:include:|a(?:[:/\s]|$)|mx(?:[:/\s]|$)|ptr|exists:|redirect=)", re.I
)
SPF_LOOKUPS = 10
"""RFC 7208 §4.6.4."""


def domain_findings(domain: str, txt: Ask, mx: Ask, selector: str = "") -> Iterator[Finding]:
    """A line for each record."""
    hosts = mx(domain)
    if hosts:
        yield Finding("mx", "ok", f"{domain}: {', '.join(hosts[:3])}")
    else:
        yield Finding(
            "mx", "warn", f"{domain} takes no mail: answers and reports cannot come back."
        )
    yield _spf(domain, txt(domain))
    yield _dkim(domain, txt, selector)
    yield _dmarc(domain, txt(f"_dmarc.{domain}"))


def _spf(domain: str, records: list[str]) -> Finding:
    found = [one for one in records if one.lower().startswith("v=spf1")]
    if not found:
        text = f"{domain} has no SPF record. Ask your mail provider for theirs; it begins with: v=spf1 include:… ~all"
        return Finding("spf", "warn", text)
    if len(found) > 1:
        return Finding(
            "spf",
            "fail",
            f"{domain} has {len(found)} SPF records, so none counts. Keep one (RFC 7208 §3.2).",
        )
    lookups = len(_LOOKUPS.findall(found[0]))
    if lookups > SPF_LOOKUPS:
        return Finding(
            "spf", "fail", f"its SPF record asks for {lookups} lookups; 10 are allowed: {found[0]}"
        )
    if re.search(r"\+all\b|(?<![~?-])\ball$", found[0]):
        return Finding(
            "spf",
            "warn",
            f"its SPF record lets everybody send for {domain}. End it with ~all: {found[0]}",
        )
    return Finding("spf", "ok", found[0])


def _dkim(domain: str, txt: Ask, selector: str) -> Finding:
    names = (selector,) if selector else _SELECTORS
    for name in names:
        for record in txt(f"{name}._domainkey.{domain}"):
            if "p=" in record.replace(" ", ""):
                empty = re.search(r"\bp=\s*(?:;|$)", record) is not None
                said = "was taken back: make a new one" if empty else "is there"
                return Finding(
                    "dkim", "fail" if empty else "ok", f"the key {name}._domainkey.{domain} {said}"
                )
    where = f"{selector}._domainkey.{domain}" if selector else f"the usual selectors of {domain}"
    return Finding("dkim", "warn", f"no DKIM key under {where}. Your provider names its own; look at a mail that you sent yourself.")  # fmt: skip


def _dmarc(domain: str, records: list[str]) -> Finding:
    found = [one for one in records if one.lower().replace(" ", "").startswith("v=dmarc1")]
    if not found:
        text = f"{domain} has no DMARC record. Add a TXT record at _dmarc.{domain}: v=DMARC1; p=none; rua=mailto:you@{domain}"
        return Finding("dmarc", "warn", text)
    policy = re.search(r"\bp\s*=\s*(\w+)", found[0])
    if len(found) > 1 or policy is None:
        return Finding("dmarc", "fail", f"its DMARC record cannot be read: {found[0]}")
    return Finding("dmarc", "ok", found[0])
