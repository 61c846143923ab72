"""`rusvel search`: people, companies, deals and notes by words."""

from __future__ import annotations

from collections.abc import Iterator

from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser, add_count
from rusvel_tui.commands.tables import listing
from rusvel_tui.engine.core import parse_input
from rusvel_tui.engine.gtm.crm.finding.search import search
from rusvel_tui.engine.gtm.crm.finding.search_hits import SearchPage


def define(parser: Parser) -> None:
    """`TEXT … [--kind KIND]`."""
    parser.mixes_words = True
    parser.add_argument("words", metavar="TEXT", nargs="+", help="all of these must be there")
    parser.add_argument(
        "--kind",
        metavar="KIND",
        action="append",
        default=[],
        help="contact, company, deal or activity only; may be given more than once",
    )
    add_count(parser, 20)
    parser.set_defaults(run=run)


def run(desk: Desk) -> None:
    """Print what fits, the best first."""
    args = desk.args
    asked = {"query": " ".join(args.words), "kinds": args.kind, "limit": args.count}
    found = desk.engine().run(search, parse_input(search, asked))

    def lines(page: SearchPage) -> Iterator[str]:
        yield from listing(page.items, desk.zone, "Nothing fits.")
        if page.next:
            yield f"There is more: -n {2 * args.count} shows it."

    desk.out.view(found, lines)
