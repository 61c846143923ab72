"""HTTP over a desk, in this process: the application as a server would call it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from rusvel_tui.api.app import make_app
from tests.factories import Desk

TOKEN = "a-token-of-some-length"
SECRET = "between-us"


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    """A script that shows the token."""
    app = make_app(desk.engine, TOKEN, {"shop": SECRET})
    with TestClient(app, headers={"Authorization": f"Bearer {TOKEN}"}) as made:
        yield made


@pytest.fixture
def stranger(client: TestClient) -> TestClient:
    """Somebody without the token."""
    return TestClient(client.app)
