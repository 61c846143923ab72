"""`rusvel gtm`: what every department has, and the review of a week."""

from __future__ import annotations

from typing import Any

from rusvel_tui.commands import department
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser


def define(parser: Parser) -> None:
    """`status | list [--kind K] [-n N] | events [-n N] | review [--week W]`."""
    choice = department.define_usual(parser)
    review = choice.add_parser("review", help="a week against the one before, as Markdown")
    review.add_argument(
        "--week", metavar="W", default="", help="last (the usual), this, 2026-W47, or a day of it"
    )
    review.set_defaults(run=run_review)


def run_review(desk: Desk) -> None:
    """Print the review of a week."""
    found: Any = desk.engine().call("gtm.review.week", {"week": desk.args.week})
    desk.out.view(found, lambda review: review.markdown.splitlines())
