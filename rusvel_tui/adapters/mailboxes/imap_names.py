"""Names of IMAP folders: modified UTF-7 (RFC 3501 §5.1.3), quoted."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode


def quoted_name(name: str) -> str:
    """A folder's name as it stands in a command."""
    wire = re.sub(r"[^\x20-\x7e]+|&", _encoded, name)
    return '"' + wire.replace("\\", "\\\\").replace('"', '\\"') + '"'


def decoded_name(wire: str) -> str:
    """A folder's name as a person reads it, from an answer of the server."""
    bare = wire.strip()
    if bare.startswith('"') and bare.endswith('"'):
        bare = re.sub(r"\\(.)", r"\1", bare[1:-1])
    return re.sub(r"&([^-]*)-", _decoded, bare)


def _encoded(found: re.Match[str]) -> str:
    if found[0] == "&":
        return "&-"
    coded = b64encode(found[0].encode("utf-16-be")).decode().rstrip("=")
    return f"&{coded.replace('/', ',')}-"


def _decoded(found: re.Match[str]) -> str:
    if not found[1]:
        return "&"
    coded = found[1].replace(",", "/")
    try:
        return b64decode(coded + "=" * (-len(coded) % 4)).decode("utf-16-be")
    except ValueError:
        return found[0]
