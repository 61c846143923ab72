"""Drafts by a model of the Anthropic Messages API: no tools, one question, one checked answer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rusvel_tui.adapters import ai_service
from rusvel_tui.adapters.drafters.prompt import SYSTEM, Answer, new_links, read_answer, task_text
from rusvel_tui.adapters.secret import Secret
from rusvel_tui.engine.ports import Brief, Draft, DrafterFailed

if TYPE_CHECKING:
    import anthropic
    from anthropic.types import Message

DEFAULT_MODEL = ai_service.DEFAULT_MODEL
_MAX_TOKENS = 4096
_LONGEST_PAUSE = 5.0
"""A service that asks for a longer pause, in seconds, gets no second question."""
_STOPPED = {
    "refusal": "the model refused to write this mail",
    "max_tokens": "the answer was too long",
    "model_context_window_exceeded": "the question was too long",
}


class AnthropicDrafter:
    """Asks a model for subject and body; everything else about the mail stays out of its reach."""

    name = "anthropic"

    def __init__(
        self,
        api_key: Secret | str,
        *,
        base_url: str | None = None,
        model: str = DEFAULT_MODEL,
        timeout: float = 60.0,
        max_retries: int = 1,
    ) -> None:
        self._api_key = Secret.of(api_key)
        self._base_url = base_url
        self._model = model
        self._timeout = timeout
        self._max_retries = max_retries

    def draft(self, brief: Brief) -> Draft:
        """Raises `DrafterFailed` when the service, the model or the answer is not usable."""
        if not self._api_key:
            raise DrafterFailed("there is no AI key: set ANTHROPIC_API_KEY")
        answer = self._answer(task_text(brief))
        return Draft(
            answer.subject,
            answer.body,
            self._model,
            notes=new_links(brief, answer),
            facts=tuple(answer.facts),
        )

    def _answer(self, task: str) -> Answer:
        import anthropic  # takes over a second, paid with the first draft

        # The SDK would sleep as long as the server asks, so the second try is ours.
        web = anthropic.DefaultHttpxClient(follow_redirects=False)
        try:
            with anthropic.Anthropic(
                api_key=self._api_key.reveal(),
                base_url=self._base_url,
                timeout=self._timeout,
                max_retries=0,
                http_client=web,
            ) as client:
                message = self._ask(client, task, self._max_retries)
        except anthropic.APITimeoutError:
            raise DrafterFailed(ai_service.silent(self._timeout)) from None
        except anthropic.APIConnectionError:
            raise DrafterFailed(ai_service.UNREACHABLE) from None
        except anthropic.APIStatusError as error:
            raise DrafterFailed(ai_service.meaning(error.status_code, error.body).text) from None
        except (anthropic.AnthropicError, ValueError, TypeError) as error:
            raise DrafterFailed(ai_service.unusable(error)) from None
        return read_answer(_text(message))

    def _ask(self, client: anthropic.Anthropic, task: str, retries: int) -> Message:
        from anthropic import APIConnectionError, APIStatusError, transform_schema

        try:
            return client.messages.create(
                model=self._model,
                max_tokens=_MAX_TOKENS,
                system=SYSTEM,
                messages=[{"role": "user", "content": task}],
                output_config={
                    "format": {"type": "json_schema", "schema": transform_schema(Answer)}
                },
            )
        except (APIConnectionError, APIStatusError) as error:
            pause = _pause(error)
            if not retries or pause > _LONGEST_PAUSE:
                raise
            time.sleep(pause)
        return self._ask(client, task, retries - 1)


def _text(message: Message) -> str:
    """The text of a finished answer."""
    if message.stop_reason != "end_turn":
        reason = _STOPPED.get(
            message.stop_reason or "", f"the answer was not finished ({message.stop_reason})"
        )
        raise DrafterFailed(reason)
    return "".join(block.text for block in message.content if block.type == "text")


def _pause(error: anthropic.APIConnectionError | anthropic.APIStatusError) -> float:
    """Seconds before one more try; infinite when the same question would fail again."""
    import anthropic

    if isinstance(error, anthropic.APITimeoutError):
        return float("inf")
    if isinstance(error, anthropic.APIConnectionError):
        return 0.2
    if not ai_service.meaning(error.status_code).passing:
        return float("inf")
    return ai_service.pause(error.response.headers, 0.2)
