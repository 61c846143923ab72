"""The checks of the doctor: each looks at one thing and says what it found and what to do."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from difflib import get_close_matches

from rusvel_tui.commands import mail_checks, plain, self_test, trust_checks
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.finding import Check, Finding
from rusvel_tui.engine import jobs
from rusvel_tui.engine.damage import find_damage
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.approvals.boxes import count_approvals
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.engine.gtm.outreach.mails.sender import WakeBlocked, show_sender
from rusvel_tui.engine.job_list import ListJobs, list_jobs, outlook
from rusvel_tui.engine.operation import Input
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.engine.sqlite import pragmas, wal_is_safe, warn_if_shared


def findings(desk: Desk, *, connect: bool) -> Iterator[Finding]:
    """All checks in order. One that cannot be made is a failure of its own and does not end the others."""
    for name, check in CHECKS.items():
        try:
            yield from check(desk)
        except EngineError as error:
            yield Finding(name, "fail", str(error))
    if connect:
        yield _connection(desk)
        yield from mail_checks.connections(desk)


def _versions(desk: Desk) -> Iterator[Finding]:
    yield Finding("python", "ok", platform.python_version())


def _settings(desk: Desk) -> Iterator[Finding]:
    from rusvel_tui.settings import Settings, variable

    loaded = desk.loaded
    yield from (Finding("settings", "fail", problem) for problem in loaded.problems.values())
    known = [variable(name) for name in Settings.model_fields]
    for name in loaded.unknown:
        near = get_close_matches(name, known, n=1, cutoff=0.8)
        hint = f" Did you mean {near[0]}?" if near else " `rusvel config` lists them."
        yield Finding("settings", "warn", f"{name} is no setting and does nothing.{hint}")
    if not loaded.problems and not loaded.unknown:
        yield Finding("settings", "ok", f"{len(loaded.origins)} set")


def _database(desk: Desk) -> Iterator[Finding]:
    engine = desk.engine()
    engine.check()
    with engine.connected() as connection:
        version = connection.execute("SELECT sqlite_version()").fetchone()[0]
    why = "" if wal_is_safe() else " (this SQLite has the WAL-reset bug, so no WAL)"
    yield Finding("sqlite", "ok", f"{version}, journal {pragmas()['journal_mode']}{why}")
    yield Finding("database", "ok", f"{engine.path}: whole")
    if shared := warn_if_shared(engine.path):
        yield Finding("privacy", "warn", f"{shared} Make it yours alone: chmod 600 {engine.path}")
    else:
        yield Finding("privacy", "ok", "the file is readable by you only")


def _rows(desk: Desk) -> Iterator[Finding]:
    damage = desk.engine().run(find_damage, Input()).items
    for one in damage:
        text = f"{one.table} {one.row}: its {one.column} cannot be read and counts as empty. Edit it anew, or: rusvel doctor --fix"
        yield Finding("rows", "warn", text)
    if not damage:
        yield Finding("rows", "ok", "every value can be read")


def _session(desk: Desk) -> Iterator[Finding]:
    session = desk.engine().run(show_session, ListSessions())
    yield Finding("session", "ok", f"{session.name}: {session.currency}, {session.timezone}")


def _mailer(desk: Desk) -> Iterator[Finding]:
    from rusvel_tui.bootstrap import route

    way = route(desk.settings(sending=True))
    if not way.kind:
        text = "none: approved mails wait. Set RUSVEL_SMTP_HOST, or RUSVEL_MAIL_FOLDER to try things out."
        yield Finding("mailer", "warn", text)
    else:
        yield Finding("mailer", "warn" if way.kind == "folder" else "ok", way.label)


def _sender(desk: Desk) -> Iterator[Finding]:
    sender = desk.engine().run(show_sender, WakeBlocked())
    if sender.mail_from:
        yield Finding("sender", "ok", sender.mail_from)
    else:
        text = "no sender address: set RUSVEL_SMTP_FROM, or `rusvel call session.update sender_email=ADDRESS`."
        yield Finding("sender", "warn", text)
    if sender.paused:
        text = f"sending is paused: {sender.reason}. `rusvel call gtm.outreach.resume_sending` goes on."
        yield Finding("sender", "warn", text)


def _drafter(desk: Desk) -> Iterator[Finding]:
    with_key = bool(desk.settings(sending=True).anthropic_api_key)
    yield Finding(
        "drafter",
        "ok",
        "AI, with templates behind it" if with_key else "templates (no ANTHROPIC_API_KEY)",
    )


def _assistant(desk: Desk) -> Iterator[Finding]:
    model = desk.engine().chat_model
    if model is None or model.provider == "offline":
        yield Finding("assistant", "ok", "patterns, no model (no ANTHROPIC_API_KEY)")
    else:
        yield Finding("assistant", "ok", f"{model.provider} {model.name}")


def _printer(desk: Desk) -> Iterator[Finding]:
    from rusvel_tui.bootstrap import make_printer

    missing = "none: invoices go as text. For PDFs: pip install 'rusvel-tui[pdf]'"
    yield Finding("printer", "ok", make_printer(desk.settings()).ready() or missing)


def _jobs(desk: Desk) -> Iterator[Finding]:
    engine = desk.engine()
    look = engine.run(outlook, jobs.Nothing())
    due = look.due
    running = engine.run(list_jobs, ListJobs(state=jobs.JobState.RUNNING, limit=1)).items
    if due and not running:
        text = f"{plain.many(due, 'job')} due, and no worker is at work: start `rusvel worker` or the dashboard."
        yield Finding("jobs", "warn", text)
    elif due:
        yield Finding("jobs", "ok", f"{due} due, and a worker is at it")
    elif look.next_at is not None:
        yield Finding(
            "jobs", "ok", f"nothing is due; the next step is, {plain.when(look.next_at, desk.zone)}"
        )
    else:
        text = "nothing is due: nobody waits for a step of a sequence. Enrol people in one that is active."
        yield Finding("jobs", "ok", text)


def _mails(desk: Desk) -> Iterator[Finding]:
    counts = desk.engine().run(count_approvals, Input()).counts
    hints = {
        Box.IN_DOUBT: "in doubt: nobody knows whether it left",
        Box.FAILED: "failed",
        Box.HELD: "approved, and cannot leave yet",
    }
    for box, what in hints.items():
        if count := counts[box]:
            text = f"{plain.many(count, 'mail')} {what}. See `rusvel queue list --box {box.value}`."
            yield Finding("mails", "warn", text)
    if not any(counts[box] for box in hints):
        yield Finding("mails", "ok", "nothing is stuck")


def _connection(desk: Desk) -> Finding:
    from rusvel_tui.bootstrap import reach, route
    from rusvel_tui.engine.ports import NotSent

    try:
        way = route(desk.settings(sending=True))
        if not way.account:
            return Finding("connection", "warn", "there is no mail server to connect to")
        reach(way)
    except (EngineError, NotSent) as error:
        return Finding("connection", "fail", str(error))
    log_in = " and takes the log-in" if way.account.username else ""
    return Finding("connection", "ok", f"{way.label} answers{log_in}")


CHECKS: dict[str, Check] = {
    "python": _versions,
    "settings": _settings,
    "database": _database,
    "rows": _rows,
    "search": mail_checks.search_index,
    "orphans": mail_checks.orphans,
    "clock": mail_checks.clock,
    "backup": trust_checks.backups,
    "log": trust_checks.log_file,
    "session": _session,
    "mailer": _mailer,
    "sender": _sender,
    "footer": mail_checks.footers,
    "mailbox": mail_checks.mailbox,
    "drafter": _drafter,
    "assistant": _assistant,
    "departments": self_test.departments,
    "printer": _printer,
    "jobs": _jobs,
    "mails": _mails,
}
"""Every check, by the name that its failure is reported under."""
