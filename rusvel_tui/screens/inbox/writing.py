"""Other words for a draft: typed here or in one's own editor, written anew with a wish, or one of those it had."""

from __future__ import annotations

import asyncio
from functools import partial

from textual import on, work
from textual.containers import Container

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.approvals import boxes, drafts, editing, verdicts
from rusvel_tui.engine.gtm.outreach.mails import rewriting
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.engine.word_diff import word_diff
from rusvel_tui.screens.inbox import outside
from rusvel_tui.screens.inbox.refusing import Refusing
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.dialogs import Reader
from rusvel_tui.widgets.desk_app import shut_to_guest
from rusvel_tui.widgets.letter_editor import LetterEditor
from rusvel_tui.widgets.line_input import Question
from rusvel_tui.widgets.mail_view import MailView
from rusvel_tui.widgets.marked_text import marked_diff
from rusvel_tui.widgets.text_view import Block, Heading, Prose


class Writing(Refusing):
    """Edit, regenerate, walk through the texts, compare them."""

    edited: boxes.ApprovalView | None = None
    """The mail that is being edited in place."""
    last_wish = ""
    """The last instruction, for I."""

    async def action_edit(self) -> None:
        """Edit in place: the fields are there before the next key is read, so that no letter acts as a command."""
        mail = self.mail
        if mail is None or self.edited is not None:
            return
        if mail.box is Box.QUEUED:
            self._edit_approved()
        else:
            await self._open_editor(mail)

    @work(exit_on_error=False)
    async def _edit_approved(self) -> None:
        mail = await self._editable()
        if mail is not None:
            await self._open_editor(mail)

    async def _open_editor(self, mail: boxes.ApprovalView) -> None:
        self.edited = mail
        self.query_one(MailView).display = False
        editor = LetterEditor(f"To {mail.contact}", mail.subject, mail.body)
        await self.query_one("#inbox-panes", Container).mount(editor)
        self.post_message(self.Turned())
        known = self.ahead.of(mail)
        if known is None or known.unfinished:
            self._take_up(mail, editor)

    @work(exit_on_error=False)
    async def _take_up(self, mail: boxes.ApprovalView, editor: LetterEditor) -> None:
        """Put what was typed and not finished before into the fields."""
        order = boxes.ApprovalId(id=mail.id)
        found = await attempt(self, partial(self.engine.run, editing.show_unfinished, order))
        typed = found.typed if found is not None else None
        if typed is not None and editor.take(typed.subject, typed.body):
            self.edited = mail.model_copy(update={"version": typed.seen})
            self.say("What you typed before is here again. esc saves it.")

    async def _editable(self) -> boxes.ApprovalView | None:
        """The mail under the cursor without its yes; None when the person keeps the yes."""
        mail = self.mail
        if mail is None or mail.box is not Box.QUEUED:
            return mail
        warning = "That takes the yes back; it needs a new one."
        if not await self.confirm(f"Edit the mail to {mail.contact}?", detail=warning, yes="Edit"):
            return None
        take = partial(self.engine.run, verdicts.unapprove, boxes.ApprovalId(id=mail.id))
        return await attempt(self, take)

    @on(LetterEditor.Typed)
    def _typed(self, event: LetterEditor.Typed) -> None:
        mail = self.edited
        if mail is not None:
            text = editing.Scratch(
                id=mail.id, subject=event.subject, body=event.body, seen=mail.version
            )
            self._autosave(text)

    @work(thread=True, group="write", exit_on_error=False)
    def _autosave(self, text: editing.Scratch) -> None:
        try:
            self.engine.run(editing.autosave, text)
        except EngineError as error:
            self.call_later(self.complain, f"Not saved: {error}")

    @on(LetterEditor.Done)
    @work(exit_on_error=False)
    async def _done_editing(self, event: LetterEditor.Done) -> None:
        mail, editor = self.edited, self.query_one(LetterEditor)
        if mail is None:
            return
        changed = (event.subject, event.body) != (mail.subject, mail.body)
        if changed and not await self._save(mail, event):
            return  # the editor stays open with what was typed
        if not changed:
            order = boxes.ApprovalId(id=mail.id)
            await attempt(self, partial(self.engine.run, editing.drop_unfinished, order))
        self.edited = None
        await editor.remove()
        self.query_one(MailView).display = True
        self.mails.focus()
        self.post_message(self.Turned())
        self.load()

    async def _save(self, mail: boxes.ApprovalView, text: LetterEditor.Done) -> bool:
        order = editing.Edit(id=mail.id, subject=text.subject, body=text.body, version=mail.version)
        try:
            await asyncio.to_thread(self.engine.run, editing.edit, order)
        except EngineError as error:
            self.complain(str(error))
            where = await asyncio.to_thread(_keep, self.engine, mail, text)
            return await self.confirm("Leave without it?", detail=where, yes="Leave")
        self.say("Edited. z to undo.")
        return True

    @work(exit_on_error=False)
    async def action_edit_outside(self) -> None:
        """Edit in $EDITOR: the first line is the subject, the rest behind a blank line is the body."""
        if shut_to_guest(self.app):
            return
        mail = await self._editable()
        if mail is None:
            return
        before = f"{mail.subject}\n\n{mail.body}\n"
        kept = outside.left_behind(mail.id)
        if kept and kept != before:
            again = "An editor left a text for this mail that was never taken over."
            before = (
                kept if await self.confirm("Go on with it?", detail=again, yes="Go on") else before
            )
        text = outside.edit_outside(self.app, mail.id, before)
        if text is None:
            return
        subject, _, body = text.partition("\n")
        order = editing.Edit(id=mail.id, subject=subject, body=body.strip(), version=mail.version)
        if await attempt(self, partial(self.engine.run, editing.edit, order)) is not None:
            outside.forget(mail.id)
            self.say("Edited. z to undo.")
        self.load()

    @work(exit_on_error=False)
    async def action_redraft(self, wish: str = "") -> None:
        """Have it written anew; what shall be different is told to the drafter."""
        mail = self.mail
        if mail is None:
            return
        hint = "such as: shorter, mention the talk in Oslo. Enter alone: from the present data"
        question = Question("wish", "What shall be different? ", hint=hint)
        typed = wish or await self.ask_line(question)
        if typed is not None:
            self.last_wish = typed
            self._ask_anew(mail, typed)

    def action_redraft_again(self) -> None:
        """Have it written anew with the last instruction."""
        if (mail := self.mail) is not None:
            self._ask_anew(mail, self.last_wish)

    def _ask_anew(self, mail: boxes.ApprovalView, wish: str) -> None:
        self.pass_on(mail)
        order = rewriting.Redraft(id=mail.id, instruction=wish)
        done = f"The mail to {mail.contact} is written anew; [ goes back to this text. z to undo."
        self.run(rewriting.redraft, order, lambda _: self.say(done), partial(self.take_up, mail))

    @work(exit_on_error=False)
    async def action_walk(self, by: int) -> None:
        """Put the text before or after on the mail, of all that it had."""
        texts = await _texts(self)
        mail = self.mail
        if mail is None or not texts:
            return
        at = next((n for n, text in enumerate(texts) if text.current), len(texts) - 1)
        if not 0 <= at + by < len(texts):
            self.say(f"This is the {'newest' if by > 0 else 'oldest'} of {len(texts)} texts.")
            return
        text = texts[at + by]
        order = drafts.UseVersion(id=mail.id, number=text.number)
        asked = f": {text.instruction}" if text.instruction else ""
        done = f"Text {text.number} of {len(texts)}, by {text.author}{asked}. z to undo."
        self.run(drafts.use_version, order, lambda _: self.say(done))

    @work(exit_on_error=False)
    async def action_diff(self) -> None:
        """What the text on the mail changed about the draft it began with, and about the text before it."""
        mail, texts = self.mail, await _texts(self)
        if mail is None or not texts:
            return
        drafted = next((one for one in reversed(texts) if one.author != "person"), texts[0])
        blocks = list(_compared(f"Since the draft by {drafted.author}", drafted, mail))
        before = [one for one in texts if not one.current and one.number != drafted.number]
        if before:
            blocks += _compared(
                f"Since text {before[-1].number}, by {before[-1].author}", before[-1], mail
            )
        self.app.push_screen(Reader(f"What changed: {mail.contact}", blocks))


async def _texts(page: Refusing) -> tuple[drafts.DraftText, ...]:
    """Every text of the mail under the cursor."""
    if (mail := page.mail) is None:
        return ()
    order = drafts.ListVersions(id=mail.id)
    found = await attempt(page, partial(page.engine.run, drafts.list_versions, order))
    return found.items if found is not None else ()


def _keep(engine: Engine, mail: boxes.ApprovalView, text: LetterEditor.Done) -> str:
    """Keep what could not be saved, with the draft, or in a file where the draft takes no text; where it is."""
    try:
        scratch = editing.Scratch(
            id=mail.id, subject=text.subject, body=text.body, seen=mail.version
        )
        engine.run(editing.autosave, scratch)
    except EngineError:
        path = outside.file_of(mail.id)
        path.touch(mode=0o600)
        path.write_text(f"{text.subject}\n\n{text.body}\n", encoding="utf-8")
        return f"What you typed is kept in {path}."
    return "What you typed is kept: e brings it back."


def _compared(title: str, before: drafts.DraftText, mail: boxes.ApprovalView) -> list[Block]:
    was, now = (f"{one.subject}\n\n{one.body}" for one in (before, mail))
    if was == now:
        return [Heading(title), Prose("Nothing changed.", "muted")]
    return [Heading(title), marked_diff(word_diff(was, now)), Prose("")]
