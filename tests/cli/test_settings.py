"""Settings: their variables, the file, what is wrong with them, and what stays hidden."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rusvel_tui.engine.errors import InvalidInput, NotConfigured
from rusvel_tui.settings import Settings, config_path, data_path, load, meaning, variable

CANARY = "canary-7f3a"


def test_every_field_is_documented() -> None:
    assert [name for name in Settings.model_fields if not meaning(name)] == []


def test_the_environment_fills_the_model() -> None:
    loaded = load(
        {
            "RUSVEL_DB": "~/desk.db",
            "RUSVEL_NOW": "2026-11-21",
            "RUSVEL_UNDO_SECONDS": "0",
            "RUSVEL_DAILY_CAP": "40",
            "RUSVEL_SMTP_PORT": "2525",
            "RUSVEL_SMTP_FORCE_PLAIN": "yes",
            "ANTHROPIC_API_KEY": CANARY,
            "PATH": "/bin",
        }
    )
    settings = loaded.require(sending=True)
    assert settings.db == Path.home() / "desk.db"
    assert settings.now == datetime(2026, 11, 21, tzinfo=UTC)
    assert (settings.undo_seconds, settings.daily_cap, settings.smtp_port) == (0, 40, 2525)
    assert settings.smtp_force_plain
    assert settings.anthropic_api_key.reveal() == CANARY
    assert loaded.origins["daily_cap"] == "RUSVEL_DAILY_CAP"
    assert CANARY not in repr(loaded)


def test_an_empty_variable_is_not_set() -> None:
    loaded = load({"RUSVEL_DAILY_CAP": "", "RUSVEL_SMTP_HOST": ""})
    assert loaded.settings == Settings()
    assert loaded.origins == {}


def test_the_user_name_has_two_names() -> None:
    assert load({"RUSVEL_SMTP_USER": "ada"}).settings.smtp_username == "ada"
    both = load({"RUSVEL_SMTP_USER": "ada", "RUSVEL_SMTP_USERNAME": "grace"})
    assert both.settings.smtp_username == "grace"
    assert both.origins["smtp_username"] == "RUSVEL_SMTP_USERNAME"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RUSVEL_UNDO_SECONDS", "soon"),
        ("RUSVEL_UNDO_SECONDS", "-1"),
        ("RUSVEL_SMTP_PORT", "70000"),
        ("RUSVEL_SMTP_TLS", "ssl"),
        ("RUSVEL_SMTP_FORCE_PLAIN", "perhaps"),
        ("RUSVEL_DAILY_CAP", "1.5"),
        ("RUSVEL_NOW", "tomorrow"),
        ("RUSVEL_DB", "postgres://desk"),
    ],
)
def test_a_wrong_value_names_its_variable(name: str, value: str) -> None:
    loaded = load({name: value})
    with pytest.raises(InvalidInput, match=f"^{name} is wrong: "):
        loaded.require(sending=True)
    assert loaded.settings == Settings()


def test_a_wrong_value_about_mail_counts_for_sending_only() -> None:
    assert load({"RUSVEL_SMTP_PORT": "x"}).require(sending=False) == Settings()
    with pytest.raises(InvalidInput):
        load({"RUSVEL_UNDO_SECONDS": "x"}).require(sending=False)


def test_an_option_wins_over_the_environment() -> None:
    loaded = load({"RUSVEL_DB": "a.db"}, {"db": "b.db", "session": None})
    assert loaded.settings.db == Path("b.db")
    assert loaded.origins == {"db": "--db"}
    assert load({}, {"now": "never"}).problems["now"].startswith("--now is wrong: ")


def test_unknown_variables_are_found() -> None:
    environ = {"RUSVEL_SMPT_HOST": "x", "RUSVEL_CONFIG": "/dev/null", "RUSVEL_DEBUG": "1"}
    assert load(environ).unknown == ("RUSVEL_SMPT_HOST",)


def _config(path: Path, text: str, mode: int = 0o600) -> dict[str, str]:
    path.write_text(text)
    path.chmod(mode)
    return {"RUSVEL_CONFIG": str(path)}


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    environ = _config(
        tmp_path / "c.toml",
        'smtp_host = "mail.example"\nundo_seconds = 5\nsmtp_force_plain = true\n',
    )
    loaded = load(environ | {"RUSVEL_UNDO_SECONDS": "7"})
    assert loaded.settings.smtp_host == "mail.example"
    assert loaded.settings.undo_seconds == 7
    assert loaded.settings.smtp_force_plain
    assert loaded.origins["smtp_host"] == str(tmp_path / "c.toml")


def test_the_file_lies_in_the_configuration_folder(home: Path) -> None:
    path = config_path({})
    assert path.is_relative_to(home)
    assert data_path().is_relative_to(home)
    path.parent.mkdir(parents=True)
    path.write_text('session = "acme"')
    assert load({}).settings.session == "acme"


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match=r"RUSVEL_CONFIG names .* no such file"):
        load({"RUSVEL_CONFIG": str(tmp_path / "none.toml")})
    with pytest.raises(NotConfigured, match="cannot be read"):
        load({"RUSVEL_CONFIG": str(tmp_path)})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("smtp_hots = 'x'", "there is no setting 'smtp_hots'"),
        ("smtp_host = ", "is not valid TOML"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        load(_config(tmp_path / "c.toml", text))


def test_a_wrong_value_in_the_file_names_the_file(tmp_path: Path) -> None:
    loaded = load(_config(tmp_path / "c.toml", "undo_seconds = 'soon'"))
    assert loaded.problems["undo_seconds"].startswith(
        f"undo_seconds in {tmp_path / 'c.toml'} is wrong: "
    )
    assert load(_config(tmp_path / "c.toml", "smtp_password = 5")).problems.keys() == {
        "smtp_password"
    }


@pytest.mark.parametrize(
    "name", ["smtp_password", "imap_password", "anthropic_api_key", "api_token"]
)
def test_secrets_that_others_can_read_are_refused(tmp_path: Path, name: str) -> None:
    text = f'{name} = "{CANARY}"'
    with pytest.raises(NotConfigured, match=f"holds {name} and others can read it") as caught:
        load(_config(tmp_path / "c.toml", text, 0o644))
    assert CANARY not in str(caught.value)
    assert getattr(load(_config(tmp_path / "c.toml", text)).settings, name).reveal() == CANARY


def test_secrets_of_webhooks_are_secrets(tmp_path: Path) -> None:
    text = f'[webhooks]\nshop = "{CANARY}"\n'
    loaded = load(_config(tmp_path / "c.toml", text))
    assert loaded.settings.webhooks["shop"].reveal() == CANARY
    assert CANARY not in repr(loaded.settings)
    with pytest.raises(NotConfigured, match="holds webhooks and others can read it"):
        load(_config(tmp_path / "c.toml", text, 0o644))


def test_the_variables_are_those_of_the_documentation() -> None:
    assert {variable(name) for name in Settings.model_fields} == {
        "RUSVEL_DB", "RUSVEL_SESSION", "RUSVEL_NOW", "RUSVEL_UNDO_SECONDS", "RUSVEL_DAILY_CAP",
        "RUSVEL_MIN_GAP_SECONDS", "RUSVEL_NEW_PER_DAY", "RUSVEL_RAMP", "RUSVEL_SMTP_HOST", "RUSVEL_SMTP_PORT", "RUSVEL_SMTP_USERNAME",
        "RUSVEL_SMTP_PASSWORD", "RUSVEL_SMTP_FROM", "RUSVEL_SMTP_TLS", "RUSVEL_SMTP_CA_FILE",
        "RUSVEL_SMTP_FORCE_PLAIN", "RUSVEL_MAIL_FOLDER", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "RUSVEL_MODEL",
        "RUSVEL_PERMISSIONS", "RUSVEL_SMTP_ACCOUNTS", "RUSVEL_SMTP_DKIM_KEY_FILE", "RUSVEL_SMTP_DKIM_SELECTOR", "RUSVEL_IMAP_HOST", "RUSVEL_IMAP_PORT", "RUSVEL_IMAP_USERNAME", "RUSVEL_IMAP_PASSWORD", "RUSVEL_IMAP_TLS", "RUSVEL_IMAP_CA_FILE", "RUSVEL_IMAP_FOLDERS", "RUSVEL_IMAP_SENT", "RUSVEL_MAILDIR_IN", "RUSVEL_MAIL_POLL_SECONDS", "RUSVEL_INVOICE_TEMPLATE", "RUSVEL_FONTS",
        "RUSVEL_MODEL_SCRIPT", "RUSVEL_HOOK_COMMANDS", "RUSVEL_HOOK_PLAIN_HTTP", "RUSVEL_HOOK_SECRET",
        "RUSVEL_API_TOKEN", "RUSVEL_WEBHOOKS", "RUSVEL_ASCII", "RUSVEL_PRIVATE", "RUSVEL_LOG_LEVEL", "RUSVEL_BACKUP_DAYS",
        "RUSVEL_BACKUP_FOLDER", "RUSVEL_KEYMAP",
    }  # fmt: skip


def test_q_046_senders_can_have_mail_accounts_of_their_own(tmp_path: Path) -> None:
    """A table for each in the file that only its owner can read; passwords never show."""
    text = f'[smtp_accounts.sales]\nhost = "127.0.0.1"\nport = 2526\nusername = "s@acme.example"\npassword = "{CANARY}"\n'
    loaded = load(_config(tmp_path / "c.toml", text))
    account = loaded.settings.smtp_accounts["sales"]
    assert (account.host, account.port, account.password.reveal()) == ("127.0.0.1", 2526, CANARY)
    assert CANARY not in repr(loaded)
    with pytest.raises(NotConfigured, match="others can read it"):
        load(_config(tmp_path / "d.toml", text, 0o644))
