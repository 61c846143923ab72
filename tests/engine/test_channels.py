"""Deep links: each channel at the right person, and never anything that a link must not hold."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.gtm.outreach.sequences.channels import CHANNELS, MAX_LINK, Reach, deep_link
from tests.factories import Desk

TEXT = "Hi Änna & co, 50% off? #1\nBest"
PHONE = Reach(phone="+4930123456")


@pytest.mark.parametrize(
    ("channel", "reach", "start"),
    [
        ("whatsapp", PHONE, "https://wa.me/4930123456?text="),
        ("sms", PHONE, "sms:+4930123456?body="),
        ("phone", PHONE, "tel:+4930123456"),
        ("telegram", PHONE, "https://t.me/+4930123456"),
        ("telegram", Reach(fields={"telegram": "@anna_s"}), "https://t.me/anna_s?text="),
        ("telegram", Reach(links=("https://t.me/anna_s",)), "https://t.me/anna_s?text="),
        ("messenger", Reach(fields={"messenger": "anna.smith"}), "https://m.me/anna.smith?text="),
        ("messenger", Reach(links=("https://www.facebook.com/anna.s/",)), "https://m.me/anna.s?text="),
        ("instagram", Reach(links=("https://www.instagram.com/anna/",)), "https://ig.me/m/anna"),
        ("x", Reach(fields={"x": "123456"}), "https://x.com/messages/compose?recipient_id=123456&text="),
        ("x", Reach(links=("https://twitter.com/anna",)), "https://x.com/anna"),
        ("linkedin", Reach(profile="anna-smith-1"), "https://www.linkedin.com/in/anna-smith-1/"),
        ("linkedin", Reach(profile="ännä/../x"), "https://www.linkedin.com/in/%C3%A4nn%C3%A4%2F..%2Fx/"),
        ("line", Reach(fields={"line": "@shop"}), "https://line.me/R/oaMessage/%40shop/?"),
    ],
)  # fmt: skip
def test_t_074_each_channel_opens_at_the_person(channel: str, reach: Reach, start: str) -> None:
    """E.164 becomes digits; the text is prefilled where the channel takes one."""
    link = deep_link(channel, reach, TEXT)
    assert link.startswith(start)
    if start.endswith("="):
        assert parse_qs(urlsplit(link).query)[re.split("[?&]", start)[-1][:-1]] == [TEXT]
    if start.endswith("/?"):
        assert unquote(link.removeprefix(start)) == TEXT


@pytest.mark.parametrize("channel", ["email", "in_person", "other"])
def test_some_channels_have_no_link(channel: str) -> None:
    assert deep_link(channel, Reach(phone="+4930123456", profile="a"), TEXT) == ""


@pytest.mark.parametrize("channel", sorted(CHANNELS))
def test_who_cannot_be_reached_gets_no_link(channel: str) -> None:
    assert deep_link(channel, Reach(), TEXT) == ""
    for phone in ("030 123", "+0301", "+49;ext=1", "javascript:alert(1)"):
        assert deep_link(channel, Reach(phone=phone), TEXT) == ""


@pytest.mark.parametrize(
    "bad",
    [
        "javascript:alert(1)", "a b", "a/../b", "a?x=1", "a#b", "a%0d%0ab", "https://evil.example/t.me/anna",
        "https://t.me.evil.example/anna", "https://t.me@evil.example/anna", "http://[", "\x1b]8;;x", "a\nb",
    ],
)  # fmt: skip
def test_a_handle_that_is_none_makes_no_link(bad: str) -> None:
    for channel in ("telegram", "x", "messenger", "instagram", "line"):
        assert deep_link(channel, Reach(fields={channel: bad}), "") == ""
        assert deep_link(channel, Reach(links=(bad,)), "") == ""


def test_a_text_that_is_too_long_is_left_out() -> None:
    link = deep_link("whatsapp", PHONE, "ä" * MAX_LINK)
    assert link == "https://wa.me/4930123456"


ANY = st.text(max_size=40)
REACH = st.builds(
    Reach,
    phone=ANY | st.just("+4930123456"),
    profile=ANY,
    links=st.lists(ANY | ANY.map(lambda t: f"https://t.me/{t}"), max_size=3).map(tuple),
    fields=st.dictionaries(st.sampled_from(sorted(CHANNELS)), ANY, max_size=4),
)


@settings(deadline=None)
@given(st.sampled_from(sorted(CHANNELS)), REACH, ANY)
def test_a_link_is_safe_whatever_a_person_is_called(channel: str, reach: Reach, text: str) -> None:
    """Printable ASCII, a known scheme, the host of the channel and no other."""
    link = deep_link(channel, reach, text)
    assert re.fullmatch(r"(?:(?:https|tel|sms):[!-~]+)?", link)
    if link.startswith("https"):
        hosts = {"wa.me", "t.me", "m.me", "ig.me", "x.com", "line.me", "www.linkedin.com"}
        assert urlsplit(link).netloc in hosts
        assert not {"<", ">", '"', "\\", "^", "`"} & set(link)


def test_c_143_q_066_a_task_has_its_text_and_its_link(desk: Desk) -> None:
    """C-143, Q-066: what to do, the text to copy, and where to go."""
    person = desk.contact("Anna Smith", phones=("+49 30 123456",))
    step: dict[str, Any] = {
        "channel": "whatsapp", "subject": "Write to {{first_name}}", "body": "Hi {{first_name}}, a word?",
        "instructions": "Be short.",
    }  # fmt: skip
    desk.enrol(desk.sequence(step), person)
    desk.work()
    [task] = desk.call("gtm.crm.list_tasks").items
    assert (task.subject, task.body) == ("Write to Anna", "Be short.\n\nHi Anna, a word?")
    assert task.metadata["copy"] == "Hi Anna, a word?"
    assert task.metadata["link"] == "https://wa.me/4930123456?text=Hi%20Anna%2C%20a%20word%3F"
