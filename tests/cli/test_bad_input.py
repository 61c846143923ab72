"""Bad input: one sentence on stderr, its exit code, nothing on stdout, and nothing changed."""

from __future__ import annotations

import errno
import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import BaseModel

from rusvel_tui.commands.running import explain
from tests.cli.conftest import Answer, Cli
from tests.system.helpers import PATIENCE, python


def refused(cli: Cli, code: int, *words: str) -> str:
    """The sentence of a command that must fail with that code and change nothing."""
    before = cli.dump()
    answer = cli(*words, code=code)
    assert answer.out == ""
    assert answer.err.count("\n") == 1
    assert "Traceback" not in answer.err
    assert cli.dump() == before
    return answer.err


@pytest.mark.parametrize(
    "email",
    [
        "nobody",
        "a@b@c.example",
        "a b@c.example",
        "<a@b.example>",
        "a@b.example\r\nBcc: x@y.example",
    ],
)
def test_a_bad_address(cli: Cli, email: str) -> None:
    assert "is not a mail address" in refused(
        cli, 4, "call", "gtm.crm.add_contact", "name=Ada", f"email={email}"
    )


@pytest.mark.parametrize("subject", ["Hi\r\nBcc: x@y.example", "Hi\nthere", "Hi\rthere"])
def test_a_line_break_in_a_header_field(cli: Cli, subject: str) -> None:
    mail = cli.drafted()
    assert "subject" in refused(cli, 4, "queue", "edit", mail["id"], "--subject", subject)


def test_an_unknown_contact(cli: Cli) -> None:
    assert "There is no contact 'x'" in refused(
        cli, 3, "call", "gtm.crm.get_contact", "contact_id=x"
    )
    sequence = cli.call("gtm.outreach.create_sequence", name="Intro", steps=[{"template": "Hi"}])[
        "sequence_id"
    ]
    cli.call("gtm.outreach.activate_sequence", sequence_id=sequence)
    refused(
        cli, 3, "call", "gtm.outreach.execute_sequence", f"sequence_id={sequence}", "contact_id=x"
    )


def test_a_wrong_state(cli: Cli) -> None:
    contact = cli.call("gtm.crm.add_contact", name="Ada", email="ada@example.com")["contact_id"]
    sequence = cli.call("gtm.outreach.create_sequence", name="Intro", steps=[{"template": "Hi"}])[
        "sequence_id"
    ]
    words = [
        "call",
        "gtm.outreach.execute_sequence",
        f"sequence_id={sequence}",
        f"contact_id={contact}",
    ]
    assert "Activate it first" in refused(cli, 5, *words)
    refused(cli, 5, "call", "gtm.outreach.pause_sequence", f"sequence_id={sequence}")


def test_a_stale_version(cli: Cli) -> None:
    contact = cli.call("gtm.crm.add_contact", name="Ada")
    words = [
        "call",
        "gtm.crm.update_contact",
        f"contact_id={contact['contact_id']}",
        "title=Countess",
    ]
    cli(*words, "version=1")
    assert "changed by somebody else" in refused(cli, 5, *words, "version=1")


def test_a_broken_template(cli: Cli) -> None:
    words = [
        "call",
        "gtm.outreach.create_sequence",
        "name=Intro",
        'steps=[{"template": "Hi {{frist_name}}"}]',
    ]
    assert "frist_name" in refused(cli, 4, *words)


def test_numbers_beyond_everything(cli: Cli) -> None:
    contact = cli.call("gtm.crm.add_contact", name="Ada")["contact_id"]
    huge = "9" * 40
    refused(cli, 4, "call", "gtm.crm.add_deal", f"contact_id={contact}", "title=x", f"value={huge}")
    refused(cli, 4, "call", "gtm.crm.list_contacts", f"limit={huge}")
    refused(cli, 5, "call", "gtm.crm.update_contact", f"contact_id={contact}", f"version={huge}")


def test_a_read_only_look(cli: Cli) -> None:
    sentence = refused(cli, 7, "--read-only", "call", "gtm.crm.add_contact", "name=Ada")
    assert (
        sentence
        == "This is a read-only session. Start rusvel without --read-only to change things.\n"
    )
    cli("--read-only", "gtm", "status")


def test_a_file_that_must_not_be_written(cli: Cli) -> None:
    # The write version of the header says that only a newer SQLite may write (sqlite.org/fileformat2.html).
    content = bytearray(cli.db.read_bytes())
    content[18] = 9
    cli.db.write_bytes(content)
    answer = cli("call", "gtm.crm.add_contact", "name=Ada", code=7)
    assert (
        answer.err
        == f"{cli.db} cannot be written. Check the permissions of the file and its folder.\n"
    )
    assert cli.db.read_bytes() == bytes(content)


def _text(path: Path) -> None:
    path.write_text(
        "just a text that is a little longer than a header of a database file would be, " * 3
    )


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("CREATE TABLE t (x)")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [(_text, "is not a database"), (_foreign, "belongs to another program"), (Path.touch, "is empty"), (Path.mkdir, "is a folder")],
)  # fmt: skip
@pytest.mark.parametrize(
    "words",
    [["gtm", "status"], ["session", "create", "acme"], ["worker", "--once"], ["demo", "--no-open"]],
)
def test_not_a_database(
    bare: Cli, make: Callable[[Path], None], sentence: str, words: list[str]
) -> None:
    make(bare.db)
    before = bare.db.read_bytes() if bare.db.is_file() else b""
    answer = bare(*words, code=4)
    assert sentence in answer.err
    assert answer.err.count("\n") == 1
    assert (bare.db.read_bytes() if bare.db.is_file() else b"") == before


def test_input_that_is_no_text(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(cli, 4, "--session", "\udcff", "gtm", "status")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe"), encoding="utf-8"))
    assert refused(cli, 4, "call", "gtm.crm.add_contact", "--input", "-") == (
        "The input holds bytes that are no text in UTF-8.\n"
    )


def test_an_interrupt_is_quiet(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    class Impatient(io.StringIO):
        def read(self, size: int | None = -1, /) -> str:
            raise KeyboardInterrupt

    monkeypatch.setattr("sys.stdin", Impatient())
    assert cli("call", "gtm.crm.add_contact", "--input", "-", code=130) == Answer(130, "", "")


def test_a_reader_that_leaves_early_is_no_error(bare: Cli) -> None:
    process = python("-m", "rusvel_tui", "tools")
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(PATIENCE) == 0
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stderr.close()


class _Number(BaseModel):
    number: int


def _invalid() -> Exception:
    try:
        _Number.model_validate({"number": "x"})
    except ValueError as error:
        return error
    raise AssertionError


@pytest.mark.parametrize(
    ("error", "code", "part"),
    [
        (_invalid(), 4, "number: "),
        (
            FileNotFoundError(errno.ENOENT, "No such file or directory", "x.txt"),
            3,
            "x.txt: No such file",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "x.txt"),
            7,
            "x.txt: Permission denied.",
        ),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "No space left on device."),
        (OverflowError("int too big"), 4, "too large"),
        (RuntimeError("a bug"), 1, "Something is wrong inside rusvel (RuntimeError: a bug)."),
    ],
)
def test_every_error_is_a_sentence_with_a_code(error: Exception, code: int, part: str) -> None:
    sentence, found = explain(error)
    assert found == code
    assert part in sentence


def test_a_bug_shows_its_place_when_asked(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_words: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("rusvel_tui.commands.history.undo", None)
    assert "Please report it" in cli("undo", code=1).err
    monkeypatch.setenv("RUSVEL_DEBUG", "1")
    with pytest.raises(AttributeError):
        cli("undo")
