"""Takes what looks like a secret out of a text that is kept; pure."""

from __future__ import annotations

import re

HIDDEN = "***"
_RULES = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), put)
    for pattern, put in (
        (r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\Z)", HIDDEN),
        (r"\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}", rf"\1 {HIDDEN}"),
        (r"(://[^\s/:@]+:)[^\s/@]+@", rf"\1{HIDDEN}@"),
        (
            r"((?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|credential)s?\w*[\"']?\s*[:=]\s*[\"']?)(?!\*\*\*)[^\s\"'&,;}]+",
            rf"\1{HIDDEN}",
        ),
        (r"\b(sk|rk|pk)-[A-Za-z0-9_-]{16,}", HIDDEN),
        (r"\bgh[pousr]_[A-Za-z0-9]{20,}", HIDDEN),
        (r"\bgithub_pat_\w{20,}", HIDDEN),
        (r"\bxox[a-z]-[A-Za-z0-9-]{10,}", HIDDEN),
        (r"\bAKIA[0-9A-Z]{16}\b", HIDDEN),
        (r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*", HIDDEN),
    )
)


def redact(text: str) -> str:
    """The text without passwords, keys and tokens, as far as they can be told by their look."""
    for pattern, put in _RULES:
        text = pattern.sub(put, text)
    return text
