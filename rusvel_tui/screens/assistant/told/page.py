"""What the assistant is told and may do: made, changed, switched on and off, deleted, tried."""

from __future__ import annotations

from functools import partial

from textual import on, work

from rusvel_tui.actions import Action
from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.config.operations import ConfigValue
from rusvel_tui.engine.agent.entities.saving import EnableEntity, delete_entity, set_enabled
from rusvel_tui.engine.agent.entities.views import EntityKey
from rusvel_tui.screens.assistant.told import forms
from rusvel_tui.screens.assistant.told.facts import LOGS, facts, log
from rusvel_tui.screens.assistant.told.panes import ToldPanes
from rusvel_tui.screens.assistant.told.parts import PARTS
from rusvel_tui.screens.shared.dialogs import Reader
from rusvel_tui.widgets.line_input import Question
from rusvel_tui.widgets.open_list import OpenList

_LONG_LOG = 200
"""Runs in the log of one thing."""
_RUN = {"hook": ("agent.hooks.test", "hook"), "workflow": ("agent.workflows.run", "workflow")}
"""The operation that runs one now, and the name of its input."""


class ToldPage(ToldPanes):
    """Verbs on what the assistant is told."""

    TOPICS = frozenset({"agent.entity", "agent.config", "agent.hook", "agent.schedule", "agent.workflow"})  # fmt: skip
    ABOUT = (
        "Agents, skills and rules are what the assistant is told; hooks, workflows and schedules run by themselves. "
        "What is off is kept and does nothing."
    )
    ACTIONS = (
        Action("told.new", "n", "New", "new", "new entity", "Make one of the kind in front.", foot=True),
        Action("told.edit", "e", "Edit", "edit", "edit entity", "Change what is under the cursor.", foot=True),
        Action("told.toggle", "o", "On or off", "switch", "on or off", "Let it count, or keep it without effect.", foot=True),
        Action("told.delete", "D", "Delete", "delete", "delete entity", "Delete it; z brings it back.", foot=True),
        Action("told.run", "R", "Run now", "run_now", "run now", "Try a hook, or begin a workflow."),
        Action("told.log", "w", "Log", "log", "run log", "What a hook, workflow or schedule did."),
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

    def action_turn(self, by: int) -> None:
        """The next part, or the one before."""
        at = PARTS.index(self.part)
        self.action_part(PARTS[(at + by) % len(PARTS)].id)

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

    @work(exit_on_error=False)
    async def action_run_now(self) -> None:
        """Try it."""
        if (one := self.entity) is None or one.kind not in _RUN:
            self.say("Hooks and workflows can be run.")
            return
        operation, name = _RUN[one.kind]
        data: dict[str, object] = {name: one.entity_id}
        if "{{input}}" in str(one.body) and one.kind == "workflow":
            said = await self.ask_line(Question("workflow input", "Input: ", hint=f"what {one.name} is about"))  # fmt: skip
            if said is None:
                return
            data["inputs"] = {"input": said}
        self.run(operation, data, lambda _: self.say(f"{one.name} began: y shows the log."))

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
