"""What looks like a secret is not kept."""

from __future__ import annotations

import pytest

from rusvel_tui.engine.agent.hooks.redacting import redact


@pytest.mark.parametrize(
    "text",
    [
        "password=S3CRET!x",
        '{"api_key": "S3CRETabc", "ok": 1}',
        "Authorization: Bearer S3CRETabcdef",
        "Authorization: Basic S3CRETabcdef==",
        "https://me:S3CRET@host.example/x",
        "token: 'S3CRET'",
        "SMTP_PASSWORD=S3CRET",
        "sk-ant-api03-S3CRETabcdefghijkl",
        "ghp_S3CRETabcdefghijklmnop",
        "xoxb-S3CRET-abcdefgh",
        "eyJhbGciOiJI.eyJzS3CRETi.abc",
        "-----BEGIN RSA PRIVATE KEY-----\nS3CRET\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nS3CRET",
    ],
)
def test_q_140_what_looks_like_a_secret_goes(text: str) -> None:
    assert "S3CRET" not in redact(text)
    assert "***" in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "12 contacts, 3 tokens",
        "see https://host.example/a?b=c",
        "the secret of a good loom",
        "a@b.example",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert redact(text) == text
