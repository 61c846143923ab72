"""Nothing that is written is forgotten in its registry, and nothing is listed that is not there.

The mailers and drafters are looked at in tests/adapters, the commands in tests/cli, the operations beside this file.
"""

from __future__ import annotations

import ast
import inspect
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from textual.theme import Theme

from rusvel_tui import screens, theme
from rusvel_tui.commands import COMMANDS
from rusvel_tui.engine import migrations, models
from rusvel_tui.engine.event_kinds import EVENT_KINDS
from rusvel_tui.engine.gtm.crm.importing import presets
from rusvel_tui.engine.gtm.outreach.enrolling import ends
from rusvel_tui.engine.gtm.outreach.sequences import step_kinds
from rusvel_tui.engine.gtm.outreach.sequences.channels import CHANNELS
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import STEP_KINDS, StepType
from rusvel_tui.engine.job_kinds import JOB_KINDS
from rusvel_tui.engine.models.base import Base
from rusvel_tui.screens.page import Page
from rusvel_tui.settings import Settings, meaning
from tests.architecture.source import Module, dotted, modules

pytestmark = pytest.mark.xdist_group("source text")  # read and parsed once

RECORDS = ("ctx.record", "self._ctx.record")


def below(package: str) -> list[Module]:
    return [module for module in modules() if module.name.startswith(f"{package}.")]


def texts(node: ast.AST) -> set[str]:
    """The texts that are written out somewhere in a node."""
    return {
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def test_every_recorded_event_kind_is_listed() -> None:
    """The first argument wherever it is written out; `record` refuses the rest when it runs."""
    recorded = {
        kind
        for module in modules()
        for call in module.calls()
        if dotted(call.func) in RECORDS and isinstance(call.args[0], ast.Constant)
        for kind in texts(call.args[0])
    }
    assert len(recorded) > 20
    assert recorded - set(EVENT_KINDS) == set()


def test_every_listed_event_kind_is_recorded_somewhere() -> None:
    """As an argument of some call: a few kinds pass through a helper on their way to `record`."""
    written = {
        text
        for module in below("rusvel_tui.engine")
        for call in module.calls()
        for argument in (*call.args, *(word.value for word in call.keywords))
        if isinstance(argument, ast.Constant)
        for text in texts(argument)
    }
    assert set(EVENT_KINDS) - written == set()


def test_every_event_kind_says_what_happened() -> None:
    assert [kind for kind, meaning in EVENT_KINDS.items() if not meaning] == []


def test_c_081_every_job_kind_is_done_and_put_right_somewhere() -> None:
    for kind in JOB_KINDS.values():
        module = import_module(kind.module)
        assert list(inspect.signature(module.handle).parameters) == ["engine", "job", "stop"]
        assert list(inspect.signature(module.recover).parameters) == ["ctx", "job", "error"]


def test_whatever_can_handle_jobs_is_a_job_kind() -> None:
    able = {
        module.name
        for module in below("rusvel_tui.engine")
        if {"handle", "recover"} <= {getattr(node, "name", "") for node in module.tree.body}
    }
    assert able == {kind.module for kind in JOB_KINDS.values()}


def test_every_migration_is_listed_under_its_number() -> None:
    files = sorted(found.name for found in iter_modules(migrations.__path__))
    listed = [f"m{m.number:04}_{m.name}" for m in migrations.MIGRATIONS]
    assert files == listed


def test_every_table_is_listed() -> None:
    for module in below("rusvel_tui.engine.models"):
        import_module(module.name)
    written = {m for m in descendants(Base) if m.__module__.startswith("rusvel_tui.")} - {Base}
    assert set(models.MODELS) == written


def test_every_preset_is_listed_and_can_be_chosen_by_its_name() -> None:
    written = [value for value in vars(presets).values() if isinstance(value, presets.Preset)]
    listed = list(presets.PRESETS.values())
    assert [preset for preset in written if preset not in listed] == []
    assert [preset.id for preset in listed] == list(presets.PRESETS)


def test_every_step_type_has_its_kind() -> None:
    """And every file of a kind its type: a new kind is a file and a line."""
    files = {found.name for found in iter_modules(step_kinds.__path__)} - {"kind"}
    assert files == {kind.key for kind in StepType}
    assert [kind for kind, known in STEP_KINDS.items() if known.type is not kind] == []


def test_every_reason_for_an_end_says_what_it_means() -> None:
    assert set(ends.MEANINGS) == set(ends.End)


def test_every_channel_stands_under_its_name() -> None:
    assert [name for name, channel in CHANNELS.items() if channel.name != name] == []
    assert all(channel.label for channel in CHANNELS.values())


def test_every_theme_is_listed() -> None:
    written = [value for value in vars(theme).values() if isinstance(value, Theme)]
    assert [made.name for made in written] == [listed.name for listed in theme.THEMES]


def test_every_page_is_a_tab() -> None:
    """A page is a class that nobody inherits from and that ends in Page."""
    for module in below("rusvel_tui.screens"):
        import_module(module.name)
    written = {
        f"{page.__module__}:{page.__name__}"
        for page in descendants(Page)
        if not page.__subclasses__() and page.__module__.startswith("rusvel_tui.")
    }
    assert {entry.path for entry in screens.PAGES} == written


def descendants(cls: type[Any]) -> set[type[Any]]:
    children: list[type[Any]] = cls.__subclasses__()
    return {cls}.union(*map(descendants, children))


@pytest.mark.parametrize("entry", screens.PAGES, ids=lambda entry: str(entry.id))
def test_a_page_says_what_it_is_for(entry: screens.Entry) -> None:
    page = entry.load()
    assert page.ABOUT.endswith(".")
    assert page.__doc__
    assert [action.help for action in page.ACTIONS if not action.help.endswith(".")] == []


def test_tabs_differ_in_id_letter_and_name() -> None:
    for part in ("id", "letter", "title", "short"):
        values = [getattr(entry, part) for entry in screens.PAGES]
        assert len(set(values)) == len(values)


def test_the_tabs_stand_in_their_order() -> None:
    order = "today inbox contacts deals sequences invoices growth assistant log"
    assert [entry.id for entry in screens.PAGES if entry.tab] == order.split()


def test_everything_that_creates_can_be_reached_by_c() -> None:
    """A creator is an async function that makes something over any page."""
    written = {
        f"{module.name}:{node.name}"
        for module in below("rusvel_tui.screens")
        for node in module.tree.body
        if isinstance(node, ast.AsyncFunctionDef)
        and node.name.startswith(("create_", "new_"))
        and [argument.arg for argument in node.args.args] == ["page"]
    }
    assert {creator.path for creator in screens.CREATORS} == written
    letters = [creator.letter for creator in screens.CREATORS]
    assert len(set(letters)) == len(letters)


def test_commands_say_what_they_do() -> None:
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)
    assert [command.name for command in COMMANDS if not command.summary] == []


def test_every_setting_is_documented() -> None:
    assert [name for name in Settings.model_fields if not meaning(name)] == []
