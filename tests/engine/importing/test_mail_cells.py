"""Cells of mail text: which addresses they hold, and which pieces are none."""

from __future__ import annotations

import pytest

from rusvel_tui.engine.gtm.crm.importing.mail_cells import mail_pieces, read_mail

CELLS: dict[str, tuple[list[str], int]] = {
    "ann@shop.example": (["ann@shop.example"], 0),
    " Ann@SHOP.example ": (["Ann@shop.example"], 0),
    "a@x.example ::: b@x.example": (["a@x.example", "b@x.example"], 0),
    "a@x.example;b@x.example,c@x.example/d@x.example": ([f"{c}@x.example" for c in "abcd"], 0),
    ";a@x.example;; ": (["a@x.example"], 0),
    "a@x.example; nonsense": (["a@x.example"], 1),
    "Ann Lee <ann@shop.example>": (["ann@shop.example"], 0),
    '"Lee, Ann" <ann@shop.example>, Bob <bob@shop.example>': (
        ["ann@shop.example", "bob@shop.example"],
        0,
    ),
    "Ann <>": ([], 1),
    "<nonsense>": ([], 1),
    "MAILTO:ann@shop.example?subject=Hi": (["ann@shop.example"], 0),
    "<mailto:ann@shop.example>": (["ann@shop.example"], 0),
    "ann\u200b@shop.example\ufeff": (["ann@shop.example"], 0),
    "ann\u200c\u200d@shop.example": (["ann@shop.example"], 0),
    "ann@shop.example\u00a0": (["ann@shop.example"], 0),
    "ann@shop.example\n": (["ann@shop.example"], 0),
    "ann@shop.example\r\nBcc: all@shop.example": ([], 1),
    "anna@xn--bcher-kva.example": (["anna@bücher.example"], 0),
    "用户@例子.example": (["用户@例子.example"], 0),
    "'-ann@shop.example": (["-ann@shop.example"], 0),
    "ann+x@shop.example": (["ann+x@shop.example"], 0),
    "ann@shop": ([], 1),
    "ann@@shop.example": ([], 1),
    "ann@shop..example": ([], 1),
    "ann@shop.example.": ([], 1),
    "ann lee@shop.example": ([], 1),
    "\u202eann@shop.example": ([], 1),
    "private": ([], 1),
    "n/a": ([], 0),
    "undefined": ([], 0),
    "": ([], 0),
    ";": ([], 0),
    "mailto:": ([], 0),
    "email_not_unlocked@domain.example": ([], 0),
    "Email_Not_Unlocked@domain.example; a@x.example": (["a@x.example"], 0),
    "<email_not_unlocked@domain.example>": ([], 0),
    "/o=ExampleOrg/ou=Group/cn=Recipients/cn=ann": ([], 0),
    "/O=EXAMPLEORG/cn=ann": ([], 0),
}


@pytest.mark.parametrize(("cell", "wanted"), CELLS.items())
def test_a_cell(cell: str, wanted: tuple[list[str], int]) -> None:
    found = read_mail([(cell, "")])
    assert (list(found.addresses), len(found.bad)) == wanted
    assert bool(found.reason) == bool(found.bad)


def test_cells_in_their_order_and_each_address_once() -> None:
    found = read_mail([("b@x.example", "work"), ("a@x.example; B@X.example", "home")])
    assert list(found.addresses) == ["b@x.example", "a@x.example"]


def test_the_bad_piece_is_kept_as_it_was_written() -> None:
    assert read_mail([("a@x.example, one@@two.example ", "")]).bad == ("one@@two.example",)


def test_pieces_are_not_split_inside_angle_brackets() -> None:
    assert mail_pieces("Ann <a@x.example;b@x.example>") == ["a@x.example;b@x.example"]
