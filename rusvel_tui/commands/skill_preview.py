"""`rusvel skills preview NAME [WORDS]`: what the assistant would be told, without asking it."""

from __future__ import annotations

from collections.abc import Iterator

from rusvel_tui.commands import plain
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Verbs
from rusvel_tui.commands.seeding import ensure_seeds
from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.chat.assembling import Prepare, Prepared, prepare
from rusvel_tui.engine.agent.entities.listing import show_entity
from rusvel_tui.engine.agent.entities.views import EntityKey, slug


def preview(choice: Verbs) -> None:
    """`preview NAME [WORDS …]`."""
    parser = choice.add_parser("preview", help="show the text that a call of it becomes")
    parser.add_argument("name", metavar="NAME", help="how it is typed: weekly-review")
    parser.add_argument(
        "words", metavar="WORDS", nargs="*", help="what follows it: topic=pricing …"
    )
    parser.add_argument("--department", metavar="D", default=None, help="asked there")
    parser.set_defaults(run=run)


def run(desk: Desk) -> None:
    """Fill a skill in, and say who would answer with what."""
    ensure_seeds(desk)
    args, engine = desk.args, desk.engine()
    key = EntityKey(kind="skill", name=args.name, engine=args.department)
    if args.department is None:
        found = engine.run(show_entity, key)
        home = found.engine or departments.DEPARTMENTS[0].id
    else:
        home = departments.find(args.department).id
    words = " ".join(_quoted(word) for word in args.words)
    told = engine.run(
        prepare, Prepare(department=home, message=f"/{slug(args.name)} {words}".strip())
    )
    desk.out.view(told, _lines)


def _lines(told: Prepared) -> Iterator[str]:
    yield from told.message.splitlines()
    yield ""
    yield from plain.fields(
        (
            ("department", told.department),
            ("agent", f"@{told.agent}" if told.agent else ""),
            ("rules", ", ".join(told.rules)),
            ("tools", len(told.tools)),
        )
    )


def _quoted(word: str) -> str:
    """The shell took the quotes of `topic="two words"` away."""
    name, equals, value = word.partition("=")
    return f'{name}="{value}"' if equals and " " in value and name.isidentifier() else word
