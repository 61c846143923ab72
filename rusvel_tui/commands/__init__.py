"""The commands of `rusvel`, one module each; a module is imported when its command is called."""

from __future__ import annotations

from typing import NamedTuple

from rusvel_tui.engine.departments import DEPARTMENTS


class Command(NamedTuple):
    """One command: its name, its line in the help, and the module with its `define(parser)`."""

    name: str
    summary: str
    module: str


COMMANDS = (
    Command("help", "topics, and what any name means", "help"),
    Command("session", "create, list and choose workspaces", "session"),
    *(Command(one.id, one.line, one.command) for one in DEPARTMENTS),
    Command("departments", "who they are, what they can do, their quick actions", "departments"),
    Command("call", "run any operation", "call"),
    Command("search", "find people, companies, deals and notes", "search"),
    Command("tools", "list every operation with its fields", "tools"),
    Command("import", "read contacts from a CSV or vCard file", "importing"),
    Command("export", "write contacts, companies, deals or invoices to a file", "exporting"),
    Command("invoices", "show, export and print invoices; hledger journal", "invoices"),
    Command("queue", "the mails that wait: list, show, approve, reject, edit", "queue"),
    Command("proposals", "changes that wait: list, show, approve, reject, edit", "proposals"),
    Command("mail", "the mail that comes in: list, show, fetch, ingest, answer", "mail"),
    Command("chat", "ask the assistant of a department", "chat"),
    Command("mcp", "offer the tools to another assistant, over stdin and stdout", "mcp"),
    Command("serve", "HTTP for scripts: the same operations, with a token", "serve"),
    Command("web", "the dashboard in a browser of this machine", "web"),
    Command("agents", "other voices of the assistant, called with @name", "entities"),
    Command("skills", "texts that /name stands for in a chat", "entities"),
    Command("rules", "sentences that the assistant always heeds", "entities"),
    Command("hooks", "what is done when something happened", "entities"),
    Command("workflows", "steps in their order, resumable", "entities"),
    Command("schedules", "what is done at set times", "entities"),
    Command("mcp-servers", "programs whose tools the assistant may use", "entities"),
    Command("worker", "draft and send what is due", "worker"),
    Command("undo", "take back the newest change", "history"),
    Command("redo", "make the newest undone change again", "history"),
    Command("watch", "print what happens, as it happens", "watch"),
    Command("demo", "the dashboard over generated sample data", "demo"),
    Command("doctor", "check the set-up and say what to do", "doctor"),
    Command("backup", "write a copy of the database to a new file", "backup"),
    Command("restore", "put a copy of the database back", "restore"),
    Command("archive", "everything as JSON lines, and a new database made of them", "archive"),
    Command("completion", "what your shell needs to complete rusvel's words", "completion"),
    Command("config", "show every setting and where it comes from", "config"),
)
"""Every command there is, in the order of the help; add yours here. None at all opens the dashboard."""
