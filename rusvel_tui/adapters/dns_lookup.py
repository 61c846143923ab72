"""Questions to the DNS for the doctor: few, time-limited, and without an answer where there is no network."""

from __future__ import annotations

from typing import Any

SECONDS = 3.0
"""For each question."""


class NoAnswer(Exception):
    """Nobody answered in time: that says nothing about the domain."""


def txt(name: str) -> list[str]:
    """The TXT records of a name; none when there are none. Raises `NoAnswer`."""
    return [b"".join(one.strings).decode("utf-8", "replace") for one in _ask(name, "TXT")]


def mx(name: str) -> list[str]:
    """The mail servers of a domain, the first choice first."""
    found = sorted((one.preference, str(one.exchange).rstrip(".")) for one in _ask(name, "MX"))
    return [host for _, host in found]


def _ask(name: str, kind: str) -> list[Any]:
    import dns.exception
    import dns.resolver

    try:
        return list(dns.resolver.resolve(name, kind, lifetime=SECONDS))
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise NoAnswer(type(error).__name__) from None
