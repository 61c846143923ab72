"""What the header says: the session, what waits for a yes, the worker and the sender."""

from __future__ import annotations

from rusvel_tui.engine.agent.proposals.cards import ListProposals
from rusvel_tui.engine.agent.proposals.listing import list_proposals
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.approvals.boxes import count_approvals
from rusvel_tui.engine.gtm.outreach.mails.sender import SenderView, WakeBlocked, show_sender
from rusvel_tui.engine.operation import Input
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.engine.worker import Worker
from rusvel_tui.widgets.header import Light


def read_lights(engine: Engine, worker: Worker | None) -> tuple[Light, ...]:
    """The states of the header, the most important last to be dropped. Runs in a thread."""
    try:
        session = engine.run(show_session, ListSessions()).name
        waiting = engine.run(count_approvals, Input()).to_decide + _proposed(engine)
        sender = engine.run(show_sender, WakeBlocked())
    except EngineError as error:
        return (Light(str(error), "no session", "bad"),)
    return (
        Light(session, drop=3),
        Light(f"{waiting} to approve", f"{waiting} wait", "accent", page="inbox")
        if waiting
        else Light("nothing to approve", "0 wait"),
        *backup_lights(worker),
        worker_light(worker),
        sender_light(sender),
    )


def _proposed(engine: Engine) -> int:
    """Changes that programs want made."""
    if not engine.may("agent.read"):
        return 0
    return engine.run(list_proposals, ListProposals(limit=1)).waiting


def backup_lights(worker: Worker | None) -> tuple[Light, ...]:
    """Whether the copy of today could not be made."""
    if worker is None or not worker.backups.error:
        return ()
    return (Light("backup failed", "no backup", "bad", 2),)


def worker_light(worker: Worker | None) -> Light:
    """Whether drafts are written and approved mails leave by themselves here."""
    if worker is None:
        return Light("no worker", "no worker", "warn", 1)
    if worker.paused:
        return Light("worker paused", "paused", "warn", 1)
    if worker.error:
        return Light("worker failing", "failing", "bad", 1)
    return Light("worker on", "on", "good", 1)


def sender_light(sender: SenderView) -> Light:
    """Where mail goes, or why it does not."""
    if sender.paused:
        return Light("sending paused", "paused", "warn", 2)
    if not sender.mailer:
        return Light("no mailer", "no mailer", "warn", 2)
    return Light(f"mail: {sender.mailer}", sender.mailer.split(" ")[0], "muted", 2)
