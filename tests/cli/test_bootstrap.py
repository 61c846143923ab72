"""From settings to adapters: which way mail takes, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.adapters.secret import Secret
from rusvel_tui.bootstrap import build, make_mailer, reach, route
from rusvel_tui.bootstrap_assistant import make_drafter
from rusvel_tui.engine.errors import EngineError, InvalidInput, NotConfigured
from rusvel_tui.engine.ports import NotSent
from rusvel_tui.settings import Settings
from tests.adapters.smtp_servers import PASSWORD, USER, real_server

NOBODY = "rusvel@localhost.localdomain"


def settings(**values: Any) -> Settings:
    return Settings(**values)


@pytest.mark.parametrize(
    ("given", "port", "tls"),
    [
        ({"smtp_host": "mail.example"}, 587, "starttls"),
        ({"smtp_host": "mail.example", "smtp_port": 465}, 465, "tls"),
        ({"smtp_host": "mail.example", "smtp_tls": "tls"}, 465, "tls"),
        ({"smtp_host": "mail.example", "smtp_port": 2525, "smtp_tls": "tls"}, 2525, "tls"),
        ({"smtp_host": "127.0.0.1", "smtp_port": 2525}, 2525, "plain"),
        ({"smtp_host": "::1"}, 587, "plain"),
        ({"smtp_host": "localhost", "smtp_tls": "starttls"}, 587, "starttls"),
        (
            {"smtp_host": "mail.example", "smtp_tls": "plain", "smtp_force_plain": True},
            587,
            "plain",
        ),
    ],
)
def test_g_057_g_181_port_and_encryption_follow_from_the_host(
    given: dict[str, Any], port: int, tls: str
) -> None:
    account = route(settings(**given)).account
    assert account is not None
    assert (account.port, account.tls) == (port, tls)


@pytest.mark.parametrize(
    ("given", "sender"),
    [
        ({"smtp_host": "mail.example", "smtp_from": "ada@Acme.example"}, "ada@acme.example"),
        ({"smtp_host": "mail.example", "smtp_username": "ada@acme.example", "smtp_password": "x"}, "ada@acme.example"),
        ({"smtp_host": "mail.example", "smtp_username": "ada", "smtp_password": "x"}, ""),
        ({"smtp_host": "localhost"}, NOBODY),
        ({"mail_folder": Path("outbox")}, NOBODY),
        ({"mail_folder": Path("outbox"), "smtp_from": "ada@acme.example"}, "ada@acme.example"),
        ({"smtp_from": "ada@acme.example"}, "ada@acme.example"),
        ({}, ""),
    ],
)  # fmt: skip
def test_g_184_the_sender_follows_from_what_is_set(given: dict[str, Any], sender: str) -> None:
    assert route(settings(**given)).sender == sender


@pytest.mark.parametrize(
    ("given", "kind", "variables"),
    [
        ({"smtp_host": "mail.example", "mail_folder": Path("o")}, NotConfigured, "RUSVEL_SMTP_HOST and RUSVEL_MAIL_FOLDER"),
        ({"smtp_host": "mail.example", "smtp_tls": "plain"}, NotConfigured, "RUSVEL_SMTP_TLS=plain"),
        ({"smtp_host": "mail.example", "smtp_username": "ada"}, NotConfigured, "RUSVEL_SMTP_PASSWORD"),
        ({"smtp_host": "mail.example", "smtp_from": "Ada <ada@acme.example>"}, InvalidInput, "RUSVEL_SMTP_FROM"),
        ({"smtp_host": "mail.example", "smtp_ca_file": Path("none.pem")}, NotConfigured, "certificate file"),
    ],
)  # fmt: skip
def test_settings_that_cannot_work_are_refused_when_mail_is_to_leave(
    tmp_path: Path, given: dict[str, Any], kind: type[EngineError], variables: str
) -> None:
    wrong = settings(**given)
    with pytest.raises(kind, match=variables):
        build(wrong, path=tmp_path / "d.db", work=True)
    reading = build(wrong, path=tmp_path / "d.db")
    assert reading.policy.mailer == ""
    reading.close()


@pytest.mark.parametrize(
    "given", [{"smtp_host": "mail.example", "smtp_port": 2525}, {"mail_folder": Path("outbox")}]
)
def test_the_label_is_the_one_of_the_mailer_itself(given: dict[str, Any]) -> None:
    way = route(settings(**given))
    mailer = make_mailer(settings(**given), way)
    assert mailer is not None
    assert mailer.label == way.label


def test_g_180_without_a_way_there_is_no_mailer() -> None:
    assert make_mailer(settings(), route(settings())) is None


def test_templates_draft_without_a_key_and_behind_one() -> None:
    assert make_drafter(settings()).name == "template"
    with_key = settings(
        anthropic_api_key=Secret("k"), model="some-model", anthropic_base_url="http://127.0.0.1:1"
    )
    assert make_drafter(with_key).name == "anthropic or template"


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_g_182_g_183_reaching_the_server_logs_in_and_sends_nothing() -> None:
    with real_server(log_in=True) as (inbox, port):
        way = route(
            settings(
                smtp_host="127.0.0.1",
                smtp_port=port,
                smtp_username=USER,
                smtp_password=Secret(PASSWORD),
            )
        )
        reach(way)
        assert inbox.logins == [USER]
        assert inbox.mails == []
        wrong = route(
            settings(
                smtp_host="127.0.0.1",
                smtp_port=port,
                smtp_username=USER,
                smtp_password=Secret("canary"),
            )
        )
        with pytest.raises(NotSent) as caught:
            reach(wrong)
        assert "canary" not in str(caught.value)


def test_a_folder_needs_no_reaching(tmp_path: Path) -> None:
    reach(route(settings(mail_folder=tmp_path / "outbox")))
    assert not (tmp_path / "outbox").exists()
