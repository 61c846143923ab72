"""What the assistant is told and may do: the things of one kind on the left, the one under the cursor on the right."""

from __future__ import annotations

from functools import partial
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container

from rusvel_tui.actions import Action
from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.config.operations import ConfigValue
from rusvel_tui.engine.agent.entities.saving import EnableEntity, delete_entity, set_enabled
from rusvel_tui.engine.agent.entities.views import EntityKey, EntityView
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.screens.assistant.told import forms
from rusvel_tui.screens.assistant.told.facts import LOGS, facts, log
from rusvel_tui.screens.assistant.told.parts import PARTS, Part, Row
from rusvel_tui.screens.dialogs import Reader
from rusvel_tui.screens.filtered import Filtered
from rusvel_tui.screens.page import AnyList, Rows
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.tab_line import Choice, TabLine
from rusvel_tui.widgets.text_view import Block, Prose, TextView

WIDE = 110
"""Cells in which all names of the parts have room."""
_LONG_LOG = 200
"""Runs in the log of one thing."""
_RUN = {"hook": ("agent.hooks.test", "hook"), "workflow": ("agent.workflows.run", "workflow")}
"""The operation that runs one now, and the name of its input."""


class ToldPage(Filtered[ZoneInfo]):
    """Verbs on what the assistant is told."""

    TOPICS = frozenset({"agent.entity", "agent.config", "agent.hook", "agent.schedule", "agent.workflow"})  # fmt: skip
    ABOUT = (
        "Agents, skills and rules are what the assistant is told; hooks, workflows and schedules run by themselves. "
        "What is off is kept and does nothing."
    )
    HINT = "words in the name"
    ACTIONS = (
        Action("told.new", "n", "New", "new", "new entity", "Make one of the kind in front.", foot=True),
        Action("told.edit", "e", "Edit", "edit", "edit entity", "Change what is under the cursor.", foot=True),
        Action("told.toggle", "o", "On or off", "switch", "on or off", "Let it count, or keep it without effect.", foot=True),
        Action("told.delete", "D", "Delete", "delete", "delete entity", "Delete it; z brings it back.", foot=True),
        Action("told.run", "R", "Run now", "run_now", "run now", "Try a hook, or begin a workflow."),
        Action("told.log", "y", "Log", "log", "run log", "What a hook, workflow or schedule did."),
        Action("told.filter", "f,slash", "Filter", "filter", "filter", "Show only those with these words; esc shows all."),
        Action("told.chat", "i", "Conversation", "chat", "chat", "Back to the conversations.", foot=True),
        Action("told.department", "d", "Department", "department", "department settings", "Show the settings of the other department."),
        Action("told.next", "right_square_bracket", "Next part", "turn(1)", "next part", "Go to the next part.", "View"),
        Action("told.previous", "left_square_bracket", "Part before", "turn(-1)", "previous part", "Go to the part before.", "View"),
        *(
            Action(f"told.part_{n}", str(n), part.title, f"part('{part.id}')", f"part {part.id.replace('_', ' ')}", f"Show {part.title}: {part.about}.", "View")
            for n, part in enumerate(PARTS, 1)
        ),
    )  # fmt: skip
    part: Part = PARTS[0]
    department = departments.DEPARTMENTS[0].id
    """Whose settings are shown."""
    zone = ZoneInfo("UTC")

    def compose(self) -> ComposeResult:
        yield TabLine(id="told-parts")
        yield self.caption()
        with Container(id="told-panes", classes="panes"):
            yield OpenList(
                (
                    Column[Row]("", lambda row: row.sign, width=1, tone=lambda row: row.tone),
                    Column[Row]("Name", lambda row: row.name, width=18, grow=1, most=38),
                    Column[Row]("", lambda row: row.about, width=14, grow=2, most=90, drop=2, tone="muted"),
                    Column[Row]("", lambda row: row.extra, width=8, drop=1, tone="muted"),
                ),
                id="told-list",
                classes="panes-list",
            )  # fmt: skip
            yield TextView(id="told-text", classes="panes-record")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#told-panes").set_class(True, "-preview")
        self._show_part()

    def on_resize(self) -> None:
        self._show_part()

    @property
    def row(self) -> Row | None:
        """What is under the cursor."""
        found: Row | None = self.query_one("#told-list", OpenList).current
        return found

    @property
    def entity(self) -> EntityView | None:
        """The agent, skill, rule … under the cursor."""
        return self.row.of if self.row is not None and isinstance(self.row.of, EntityView) else None

    def read(self) -> ZoneInfo:
        return ZoneInfo(self.engine.run(show_session, ListSessions()).timezone)

    def show(self, view: ZoneInfo) -> None:
        self.zone = view
        self._draw()

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        found = self.part.read(self.engine, self.department, self.words)
        return Rows(len(found), found[first : first + count])

    def reveal(self, item_id: str) -> None:
        """Put the cursor on a row."""
        self.listing.reload(item_id)

    @on(TabLine.Chosen)
    def _chosen(self, event: TabLine.Chosen) -> None:
        self.action_part(event.choice)

    def action_part(self, part_id: str) -> None:
        """Show a part."""
        self.part = next(part for part in PARTS if part.id == part_id)
        self.words = ""
        self.narrow("")
        self._show_part()
        self.listing.cursor = 0
        self.listing.reload()

    def action_turn(self, by: int) -> None:
        """The next part, or the one before."""
        at = PARTS.index(self.part)
        self.action_part(PARTS[(at + by) % len(PARTS)].id)

    def _show_part(self) -> None:
        line = self.query_one("#told-parts", TabLine)
        wide = self.size.width >= WIDE
        line.choices = tuple(Choice(part.id, part.title if wide else part.short) for part in PARTS)
        line.active = self.part.id
        makes = " n makes one." if self.part.kind else ""
        self.listing.empty = self.EMPTY or f"None: {self.part.about}.{makes}"

    @on(PagedList.Highlighted, "#told-list")
    def _draw(self) -> None:
        if self.row is None:
            self.query_one("#told-text", TextView).show((Prose(""),))
        else:
            self._read_facts(self.row)

    @work(thread=True, group="facts", exclusive=True, exit_on_error=False)
    def _read_facts(self, row: Row) -> None:
        try:
            blocks = facts(self.engine, row, self.zone, self.department)
        except EngineError as error:
            self.call_later(self.complain, str(error))
        else:
            self.call_later(self._show_facts, row, blocks)

    def _show_facts(self, row: Row, blocks: tuple[Block, ...]) -> None:
        if self.row is not None and self.row.id == row.id:
            self.query_one("#told-text", TextView).show(blocks)

    @on(OpenList.Opened, "#told-list")
    @work(exit_on_error=False)
    async def _opened(self, event: OpenList.Opened) -> None:
        """All of it, over the page."""
        event.stop()
        row = event.row
        blocks = await self.run_worker(partial(facts, self.engine, row, self.zone, self.department), thread=True, exit_on_error=False).wait()  # fmt: skip
        self.app.push_screen(Reader(row.name, blocks))

    @work(exit_on_error=False)
    async def action_new(self) -> None:
        """Make one."""
        if self.part.kind is None:
            self.say("Choose a kind first: 1 agents, 2 skills, 3 rules.")
            return
        made = await forms.edit_entity(self, self.part.kind, None, "")
        if made is not None:
            self.say(f"{made.name} is there. z to undo.")
            self.listing.reload(made.entity_id)

    @work(exit_on_error=False)
    async def action_edit(self) -> None:
        """Change it."""
        row = self.row
        if row is not None and isinstance(row.of, ConfigValue):
            if await forms.edit_setting(self, row.of, self.department) is not None:
                self.say("Changed. z to undo.")
        elif self.entity is not None and self.part.kind is not None:
            if await forms.edit_entity(self, self.part.kind, self.entity, "") is not None:
                self.say("Changed. z to undo.")
        else:
            self.say("This cannot be changed here.")

    def action_switch(self) -> None:
        """On or off."""
        if (one := self.entity) is not None:
            wanted = EnableEntity(entity_id=one.entity_id, enabled=not one.enabled)
            state = "off" if one.enabled else "on"
            self.run(set_enabled, wanted, lambda _: self.say(f"{one.name} is {state}. z to undo."))

    def action_delete(self) -> None:
        """Delete it."""
        if (one := self.entity) is not None:
            wanted = EntityKey(entity_id=one.entity_id)
            self.run(delete_entity, wanted, lambda _: self.say(f"{one.name} is deleted. z brings it back."))  # fmt: skip

    def action_run_now(self) -> None:
        """Try it."""
        if (one := self.entity) is None or one.kind not in _RUN:
            self.say("Hooks and workflows can be run.")
            return
        operation, name = _RUN[one.kind]
        self.run(operation, {name: one.entity_id}, lambda _: self.say(f"{one.name} ran: y shows the log."))  # fmt: skip

    @work(exit_on_error=False)
    async def action_log(self) -> None:
        """What it did."""
        if (one := self.entity) is None or one.kind not in LOGS:
            self.say("Hooks, workflows and schedules have a log.")
            return
        read = partial(log, self.engine, one, self.zone, _LONG_LOG)
        blocks = await self.run_worker(read, thread=True, exit_on_error=False).wait()
        self.app.push_screen(Reader(one.name, blocks))

    def action_chat(self) -> None:
        self.visit("assistant")

    def action_department(self) -> None:
        """The settings of the other department."""
        ids = [one.id for one in departments.DEPARTMENTS]
        self.department = ids[(ids.index(self.department) + 1) % len(ids)]
        self.action_part("settings")
        self.say(f"Settings of {departments.find(self.department).name}.")
