"""The operation: a contact file into the database, or a look at what it would do."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from functools import partial
from pathlib import Path

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, InvalidInput
from rusvel_tui.engine.gtm.crm.importing.import_views import (
    DroppedValue,
    FileFormat,
    ImportContacts,
    ImportFile,
    ImportView,
    RejectedRow,
    Warned,
)
from rusvel_tui.engine.gtm.crm.importing.options import Options
from rusvel_tui.engine.gtm.crm.importing.rejected import check_free, write_rejected
from rusvel_tui.engine.gtm.crm.importing.run import STOPPED, ImportJob
from rusvel_tui.engine.gtm.crm.importing.source import ContactFile, load, open_contacts
from rusvel_tui.engine.models import ImportRun
from rusvel_tui.engine.operation import operation


@operation("gtm.crm.import_contacts", writes=True, permission="crm.contacts.manage", staged=True)
def import_contacts(ctx: Context, cmd: ImportContacts) -> ImportView:
    """Import contacts from a CSV, JSON or vCard file; the same file once more adds nothing."""
    data, name = file_of(cmd)
    rejected = Path(cmd.rejected_path).expanduser() if cmd.rejected_path else None
    if rejected is not None:
        check_free(rejected)
    digest = hashlib.sha256(data).hexdigest()
    options = ctx.read(partial(_options, ctx, cmd, digest))
    file = open_contacts(data, options, name=name)
    del data  # the text is enough
    job = ImportJob(ctx, file, name, digest, options)
    if cmd.dry_run:
        job.look()
    else:
        job.run()
    if rejected is not None and not cmd.dry_run:
        write_rejected(rejected, file, job.rows.rejected)
    return _view(file, job)


def file_of(cmd: ImportFile) -> tuple[bytes, str]:
    """The bytes of the file that is meant, and what to call it."""
    if cmd.content is not None:
        return cmd.content, cmd.name
    if not cmd.path:
        raise InvalidInput("Name the file to import.", field="path")
    path = Path(cmd.path).expanduser()
    return load(path), cmd.name or path.name


def _options(ctx: Context, cmd: ImportContacts, digest: str) -> Options:
    """What is asked for; an import that was stopped goes on as it began."""
    wanted = cmd.options
    stopped = ImportRun.get_or_none(
        (ImportRun.session_id == ctx.session_id)
        & (ImportRun.file_sha256 == digest)
        & ImportRun.state.in_(STOPPED)
    )
    if stopped is None:
        return wanted
    began = Options.stored(stopped.options)
    if wanted not in (Options(), began):
        raise Conflict(
            "An import of this file was stopped on its way, and had other options. "
            f"Go on without options, or take it back first: rusvel import undo {stopped.id}"
        )
    return began


def _view(file: ContactFile, job: ImportJob) -> ImportView:
    rows, counts = job.rows, job.counts
    rejected = (
        rows.rejected if counts["rejected"] else []
    )  # none, when it ended before the first step
    return ImportView(
        import_id=job.id,
        dry_run=job.id is None,
        state=job.state,
        preset=file.preset,
        total=len(rows),
        **counts,
        rejected_rows=tuple(RejectedRow(row=r.number, why=r.why, text=r.text) for r in rejected),
        suppressed=tuple(sorted(rows.suppressed)),
        dropped=tuple(DroppedValue(row=row, value=value) for row, value in rows.dropped),
        warnings=tuple(Warned(row=row, text=text) for row, text in job.warnings),
        format=FileFormat(**asdict(file.format())),
    )
