"""How a sequence does: people by version, replies by variant, and no more said than the numbers allow."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceView
from rusvel_tui.engine.gtm.outreach.sequences.sequences import SequenceId
from rusvel_tui.engine.gtm.outreach.results.variant_results import (
    StepVariants,
    VariantResult,
    VariantResults,
    variant_results,
)
from rusvel_tui.engine.gtm.outreach.sequences.versions import (
    ListVersions,
    VersionList,
    VersionView,
    list_versions,
)
from rusvel_tui.screens.attempts import attempt
from rusvel_tui.screens.dialogs import Reader
from rusvel_tui.screens.page import Page
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose

Found = tuple[VersionList, VariantResults]


async def show_results(page: Page[Any], seen: SequenceView) -> None:
    """`R`: the results of a sequence."""
    found = await attempt(page, partial(_read, page.engine, seen.sequence_id))
    if found is not None:
        blocks = tuple(result_blocks(seen, *found))
        page.app.push_screen(Reader(f"Results of {seen.name}", blocks))


def _read(engine: Engine, sequence_id: str) -> Found:
    with engine.connected():
        versions = engine.run(list_versions, ListVersions(sequence_id=sequence_id))
        return versions, engine.run(variant_results, SequenceId(sequence_id=sequence_id))


def result_blocks(
    seen: SequenceView, versions: VersionList, variants: VariantResults
) -> Iterator[Block]:
    """People in all, then by version, then the variants of each step."""
    enrolled = seen.active + seen.paused + seen.completed + seen.cancelled
    yield Fact("Enrolled", str(enrolled), "strong")
    for name, count in _states(seen):
        yield Fact(name, f"{count}{_share(count, enrolled)}")
    yield Heading("By version")
    for version in versions.items:
        yield Fact(f"v{version.number}", _version(version), "" if version.current else "muted")
    for step in variants.steps:
        yield from _step(step)
    if not variants.steps:
        yield Prose("")
        yield Prose("No step has variants. In the editor, e on a step adds some.", "muted")


def _states(seen: SequenceView) -> tuple[tuple[str, int], ...]:
    return (
        ("Under way", seen.active),
        ("Paused", seen.paused),
        ("Went through", seen.completed),
        ("Ended early", seen.cancelled),
    )


def _version(version: VersionView) -> str:
    now = " · new people get it" if version.current else ""
    busy = version.active + version.paused
    return f"{busy + version.ended} enrolled, {busy} under way, {version.ended} ended{now}"


def _step(step: StepVariants) -> Iterator[Block]:
    yield Heading(f"Step {step.step}: variants")
    for one in step.variants:
        yield Fact(
            f"{one.name} ×{one.weight}", _variant(one), "good" if one.name == step.best else ""
        )
        if one.subject:
            yield Fact("", one.subject, "muted")
    yield Prose(step.text, "strong")


def _variant(one: VariantResult) -> str:
    if not one.sent:
        return "none sent yet"
    bounced = f", {one.bounced} bounced" if one.bounced else ""
    rate = f"{one.reply_rate:.0%} (95 % sure: {one.low:.0%} to {one.high:.0%})"
    return f"{one.sent} sent, {one.replied} replied, {one.positive} positive{bounced} · {rate}"


def _share(count: int, whole: int) -> str:
    return f" · {count / whole:.0%}" if whole else ""
