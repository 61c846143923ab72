"""Several mail accounts behind one door: each mail leaves by the account of its sender."""

from __future__ import annotations

from collections.abc import Mapping

from rusvel_tui.engine.ports import Envelope, Gate, Mailer, NotSent, Receipt


class RoutingMailer:
    """The usual account, and others by name."""

    def __init__(self, usual: Mailer, others: Mapping[str, Mailer]) -> None:
        self._usual, self._others = usual, dict(others)
        self.label = usual.label

    def send(self, envelope: Envelope, gate: Gate) -> Receipt:
        """By the account that the envelope names; one that is not there is never replaced by another."""
        mailer = self._others.get(envelope.account) if envelope.account else self._usual
        if mailer is None:
            text = (
                f"There is no mail account {envelope.account!r} in the settings. Nothing was sent."
            )
            raise NotSent(text, scope="account", permanent=True)
        return mailer.send(envelope, gate)

    def close(self) -> None:
        for mailer in (self._usual, *self._others.values()):
            mailer.close()
