"""XML as nested elements: what is empty is left out, and data is only ever text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

# What XML 1.0 cannot hold at all, not even escaped; and carriage returns, which readers take for line ends.
_NEVER = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Child = ET.Element | str | None


class Names:
    """Makes elements of one vocabulary: `names("cbc:ID", "17")`."""

    def __init__(self, spaces: Mapping[str, str]) -> None:
        self._spaces = spaces

    def __call__(
        self, tag: str, *content: Child | tuple[Child, ...], **attributes: str
    ) -> ET.Element | None:
        """The element with text or elements in it; None when all of it is empty."""
        flat = [one for part in content for one in (part if isinstance(part, tuple) else (part,))]
        kept = [one for one in flat if one is not None and not (isinstance(one, str) and not one)]
        if not kept:
            return None
        made = self.empty(tag, **attributes)
        for one in kept:
            if isinstance(one, str):
                made.text = _NEVER.sub("", one)
            else:
                made.append(one)
        return made

    def empty(self, tag: str, **attributes: str) -> ET.Element:
        """An element that has to stand there with nothing in it."""
        prefix, _, name = tag.partition(":")
        return ET.Element(f"{{{self._spaces[prefix]}}}{name}", attributes)


def as_bytes(root: ET.Element | None, spaces: Mapping[str, str]) -> bytes:
    """The document in UTF-8 with its usual prefixes; an empty prefix is the default namespace."""
    if root is None:
        raise ValueError("a document without content")
    for prefix, uri in spaces.items():
        ET.register_namespace(prefix, uri)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written.replace(b"<?xml version='1.0' encoding='utf-8'?>", b'<?xml version="1.0" encoding="UTF-8"?>', 1) + b"\n"  # fmt: skip
