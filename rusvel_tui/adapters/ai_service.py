"""What the answers of the AI service mean, for everybody who asks it: sentences, and whether asking again helps."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_MODEL = "claude-haiku-5-5"
"""Who answers where the settings name nobody."""
_STATUS = {
    401: "the AI key was refused: check ANTHROPIC_API_KEY",
    402: "the AI account has no credit",
    403: "the AI key may not use this model",
    404: "the AI service does not know this model or address",
    413: "the question was too long",
    429: "the AI service is busy: too many questions",
    529: "the AI service is overloaded",
}
_TOLD = (
    ("credit balance", 402),
    ("prompt is too long", 413),
    ("too many tokens", 413),
)
"""What the service says in words where its status is only that something is wrong (400)."""
_TYPES = {
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "overloaded_error": 529,
}
UNREACHABLE = "the AI service cannot be reached"


class Meaning(NamedTuple):
    """What a refusal means."""

    text: str
    passing: bool
    """Whether the same question may be answered later."""


def meaning(status: int, body: object = None) -> Meaning:
    """The sentence for a status, and whether it passes; the words of the service itself are never shown."""
    if status == 400:
        said = str(_error(body).get("message", "")).casefold()
        status = next((meant for words, meant in _TOLD if words in said), status)
    text = _STATUS.get(status, f"the AI service failed with status {status}")
    return Meaning(text, status in (408, 409, 429) or status >= 500)


def silent(seconds: float) -> str:
    """The sentence for a service that said nothing for so long."""
    return f"the AI service gave no answer in {seconds:g} seconds"


def unusable(error: Exception) -> str:
    """The sentence for what nobody foresaw; its own words may hold a secret."""
    return f"the AI service cannot be used ({type(error).__name__})"


def status_of(body: object, otherwise: int) -> int:
    """The status of an error that came in the middle of an answer, where the real one says that all is well."""
    kind = str(_error(body).get("type"))
    return _TYPES.get(kind, otherwise if otherwise >= 400 else 500)


def pause(headers: Mapping[str, str], otherwise: float) -> float:
    """Seconds that the service asks for before the next question."""
    try:
        return max(0.0, float(headers.get("retry-after", "")))
    except ValueError:
        return otherwise


def _error(body: object) -> dict[str, object]:
    inner = body.get("error") if isinstance(body, dict) else None
    return inner if isinstance(inner, dict) else {}
