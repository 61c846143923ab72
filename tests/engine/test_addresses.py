"""One strict syntax for mail addresses, the stored form, the key, and the form on the wire."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.addresses import MAX_BYTES, parse_address, plain_address, wire_address
from rusvel_tui.engine.errors import InvalidInput

ACCEPTED = {
    "ann@example.com": ("ann@example.com", "ann@example.com", "example.com"),
    "  ann@example.com\t": ("ann@example.com", "ann@example.com", "example.com"),
    "Ann.Lee+X@Mail.EXAMPLE": ("Ann.Lee+X@mail.example", "ann.lee+x@mail.example", "mail.example"),
    "INFO@shop.test": ("INFO@shop.test", "info@shop.test", "shop.test"),
    "o'neil@a-b--c.example": ("o'neil@a-b--c.example", "o'neil@a-b--c.example", "a-b--c.example"),
    "a!#$%&'*+-/=?^_`{|}~z@x1.co": (
        "a!#$%&'*+-/=?^_`{|}~z@x1.co",
        "a!#$%&'*+-/=?^_`{|}~z@x1.co",
        "x1.co",
    ),
    "müller@example.com": ("müller@example.com", "müller@example.com", "example.com"),
    "mu\u0308ller@example.com": ("müller@example.com", "müller@example.com", "example.com"),
    "anna@BÜCHER.example": ("anna@bücher.example", "anna@bücher.example", "bücher.example"),
    "anna@xn--bcher-kva.example": ("anna@bücher.example", "anna@bücher.example", "bücher.example"),
    "Ω@उदाहरण.परीक्षा": ("Ω@उदाहरण.परीक्षा", "ω@उदाहरण.परीक्षा", "उदाहरण.परीक्षा"),
    "a@straße.example": ("a@straße.example", "a@straße.example", "straße.example"),
    "a@printer.local": ("a@printer.local", "a@printer.local", "printer.local"),
    "1@2.c3": ("1@2.c3", "1@2.c3", "2.c3"),
}
REFUSED = [
    "",
    " ",
    "ann",
    "ann@",
    "@example.com",
    "ann@example",
    "ann@@example.com",
    "ann@a@example.com",
    "ann lee@example.com",
    "Ann <ann@example.com>",
    "<ann@example.com>",
    "ann@example.com, bob@example.com",
    "ann@example.com;bob@example.com",
    '"ann lee"@example.com',
    "ann(comment)@example.com",
    ".ann@example.com",
    "ann.@example.com",
    "a..b@example.com",
    "a\\b@example.com",
    "a:b@example.com",
    "ann@example.com.",
    "ann@.example.com",
    "ann@exa_mple.com",
    "ann@-example.com",
    "ann@example-.com",
    "ann@example.com-",
    "ann@[127.0.0.1]",
    "ann@127.0.0.1",
    "ann@example.42",
    "ann@exam ple.com",
    "ann@example.com SIZE=1",
    "ann@example.com\r\nRCPT TO:<eve@evil.example>",
    "ann@example.com\n",
    "ann\x00@example.com",
    "ann\x1b[2J@example.com",
    "ann\u202e@example.com",
    "an\u200bn@example.com",
    "ann@exam\u00adple.com",
    "ann\u00a0@example.com",
    "ann\ud800@example.com",
    "alice@example.org]<bob@evil.example>",
    "ann@☃.example",
    "ann@xn--zzzzzzzz99999.example",
    "ann@example。com",
    f"ann@{'a' * 64}.example",
    f"{'a' * 243}@example.com",
    "ann@" + ".".join(["ü" * 60] * 3) + ".example",
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_an_address_is_stored_in_one_form(text: str) -> None:
    found = parse_address(text)
    assert (found.address, found.key, found.domain) == ACCEPTED[text]


@pytest.mark.parametrize("text", REFUSED)
def test_anything_else_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_address(text)
    sentence = str(refused.value)
    assert refused.value.field == "email"
    assert "is not a mail address: " in sentence
    assert sentence.endswith(".")
    assert sentence.isprintable()


@pytest.mark.parametrize("text", ACCEPTED)
def test_the_stored_form_is_stable(text: str) -> None:
    found = parse_address(text)
    assert parse_address(found.address) == found


def test_the_longest_address_fits_exactly() -> None:
    text = f"{'a' * (MAX_BYTES - len('@example.com'))}@example.com"
    assert parse_address(text).address == text


def test_the_wire_form_has_an_ascii_domain() -> None:
    assert wire_address("Anna@bücher.example") == "Anna@xn--bcher-kva.example"
    assert wire_address("Ann@example.com") == "Ann@example.com"
    assert wire_address("müller@straße.example") == "müller@xn--strae-oqa.example"


def test_the_wire_form_refuses_what_is_no_address_or_too_long() -> None:
    with pytest.raises(InvalidInput):
        wire_address("ann@example.com\r\nDATA")
    domain = ".".join(["ü" + "a" * 50] * 4) + ".example"
    with pytest.raises(InvalidInput, match="longer than 254 bytes"):
        wire_address(f"{'a' * 20}@{domain}")


@given(st.text(max_size=40))
def test_no_text_is_an_address_by_accident(text: str) -> None:
    try:
        found = parse_address(text)
    except InvalidInput:
        return
    assert found.address.count("@") == 1
    assert found.address.isprintable()
    assert parse_address(found.address) == found


@given(st.from_regex(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,20}(\.[A-Za-z0-9]{1,8})?", fullmatch=True))
def test_every_dot_atom_is_a_local_part(local: str) -> None:
    assert parse_address(f"{local}@example.com").address == f"{local}@example.com"


_LIKE_MAIL = st.builds(
    "{}@{}".format,
    st.text(st.sampled_from("aZ09._-+'!@ xXnN\u00e9\"/"), max_size=12),
    st.text(st.sampled_from("aZ09.-xXnN_\u00e9"), max_size=70),
)


@given(st.text(max_size=30) | _LIKE_MAIL | st.from_regex(r"[\w.!+-]{1,9}@[\w.-]{1,9}\.[a-z]{2,5}"))
def test_the_quick_way_says_the_same_or_nothing(text: str) -> None:
    quick = plain_address(text)
    assert not quick or parse_address(text).address == quick


@pytest.mark.parametrize(
    ("text", "quick"),
    [
        ("Ann.Lee+X@Mail.EXAMPLE", "Ann.Lee+X@mail.example"),
        ("p1@firm-and-co.example", "p1@firm-and-co.example"),
        ("o'neil@shop.test", "o'neil@shop.test"),
        ("a@xn--bcher-kva.example", ""),
        ("a..b@shop.example", ""),
        ("a@shop.123", ""),
        ("a@shop", ""),
        ("é@shop.example", ""),
        (f"{'a' * 60}@shop.example", ""),
        ("a@shop.example\n", ""),
    ],
)
def test_what_the_quick_way_knows(text: str, quick: str) -> None:
    assert plain_address(text) == quick


def test_an_ordinary_address_does_not_load_the_international_tables() -> None:
    code = (
        "import sys; from rusvel_tui.engine.addresses import parse_address; parse_address('a@b.example');"
        "sys.exit('email_validator' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
