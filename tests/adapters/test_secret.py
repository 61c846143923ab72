"""A secret is handed over on request and shows in no other way."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from rusvel_tui.adapters.secret import Secret

VALUE = "correct horse"


def test_a_secret_shows_as_stars() -> None:
    secret = Secret.of(VALUE)
    assert f"{secret} {secret!r} {[secret]} {secret!s:>5}" == "*** *** [***]   ***"
    assert Secret.of(secret) is secret
    assert secret.reveal() == VALUE


def test_a_secret_is_not_written_down() -> None:
    for write in (pickle.dumps, json.dumps, copy.copy):
        with pytest.raises(TypeError):
            write(Secret(VALUE))


def test_only_a_secret_with_a_value_is_true() -> None:
    assert Secret(VALUE)
    assert not Secret("")


def test_a_secret_is_masked_in_other_peoples_text() -> None:
    assert Secret(VALUE).masked_in("bad: correct horse, Y29ycmVjdCBob3JzZQ==") == "bad: ***, ***"
    assert Secret("").masked_in("bad") == "bad"
