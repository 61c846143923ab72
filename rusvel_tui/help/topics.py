"""The topics of `rusvel help`: one text each, in `texts/`. Plain data, so that any front end can show them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

_TEXTS = Path(__file__).with_name("texts")


class Topic(NamedTuple):
    """One text: its name, its line in the list, and the page of the dashboard whose keys it names."""

    name: str
    summary: str
    page: str = ""

    @property
    def text(self) -> str:
        """The text as Markdown; it begins with its title."""
        return (_TEXTS / f"{self.name}.md").read_text(encoding="utf-8")


TOPICS: tuple[Topic, ...] = (
    Topic("start", "from nothing to the first mail that left"),
    Topic("today", "what needs you now, and how it is ranked", "today"),
    Topic("inbox", "yes and no: what waits, and what each key does", "inbox"),
    Topic("contacts", "people, companies, tags, views, duplicates", "contacts"),
    Topic("deals", "the board, next steps, the forecast", "deals"),
    Topic("sequences", "steps, versions, who is in them, when they go", "sequences"),
    Topic("templates", "the language of texts: fields, fallbacks, parts"),
    Topic("filters", "one line that says which people, deals or invoices are meant"),
    Topic("mail", "sending, receiving, senders, limits, doubts", "mail"),
    Topic("invoices", "numbers, payments, reminders, files", "invoices"),
    Topic("growth", "KPIs, funnels, cohorts, alerts", "growth"),
    Topic("assistant", "asking, proposals, agents, hooks, workflows", "assistant"),
    Topic("keys", "keys that are the same everywhere"),
    Topic("sessions", "workspaces, and who may do what in them"),
    Topic("files", "where everything lies, and which files can be read and written"),
    Topic("backup", "copies, putting one back, what a restored file does"),
    Topic("ssh", "at home over a line: tmux, guests, several at once"),
    Topic("scripting", "JSON, operations, HTTP, MCP, completion"),
    Topic("exit-codes", "what a command answers to the shell"),
    Topic("trouble", "when something does not go, look here first"),
)
"""All there are, in the order of the list; add yours here and its file to `texts/`."""


def find(name: str) -> Topic | None:
    """The topic of that name."""
    return next((topic for topic in TOPICS if topic.name == name.casefold()), None)
