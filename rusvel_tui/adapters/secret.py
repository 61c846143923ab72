"""A value that must not be seen."""

from __future__ import annotations

from base64 import b64encode


class Secret:
    """Holds a password or a key; shows, formats and logs as `***`, and refuses to be pickled."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    @classmethod
    def of(cls, value: Secret | str) -> Secret:
        """The value as a secret, whether it was one or not."""
        return value if isinstance(value, Secret) else cls(value)

    def reveal(self) -> str:
        """The value itself: only for handing it to the one who needs it."""
        return self._value

    def masked_in(self, text: str) -> str:
        """The text without the value, plain or in the base64 that SMTP log-ins use."""
        if not self._value:
            return text
        for shown in (self._value, b64encode(self._value.encode()).decode()):
            text = text.replace(shown, "***")
        return text

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "***"

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written down")
