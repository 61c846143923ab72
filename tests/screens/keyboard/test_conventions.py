"""The keymap row by row, as the research settled it, and where ours is another one with the reason."""

from __future__ import annotations

import pytest

from rusvel_tui.actions import Action, shown
from rusvel_tui.every_key import EVERYWHERE, every_binding, every_part

LISTS, BOARD, TEXT = "VirtualList", "Board", "TextView"
ROWS = """
VirtualList | j k | rows.down rows.up
VirtualList | ↓ ↑ | rows.down rows.up
Board | h l | board.left board.right
VirtualList | g_g home | rows.first rows.first
VirtualList | G end | rows.last rows.last
VirtualList | space x | rows.mark rows.mark
VirtualList | v X J K | rows.range rows.mark_all rows.extend_down rows.extend_up
VirtualList | enter o | rows.open rows.sort
VirtualList | ctrl+d ctrl+u PgDn PgUp | rows.half_down rows.half_up rows.page_down rows.page_up
VirtualList | n N | find.next find.previous
Everywhere | esc q tab shift+tab | app.back app.leave app.next_pane app.pane_before
Contacts | 1 9 f | views.open_1 views.open_9 views.filter
Companies | 1 9 f | views.open_1 views.open_9 views.filter
Deals | 1 9 f | views.open_1 views.open_9 views.filter
Invoices | 1 9 f | views.open_1 views.open_9 views.filter
Everywhere | / : ctrl+p ? f1 | app.find app.command app.palette app.help app.help
Everywhere | g_t g_i g_c g_o g_d | go.today go.inbox go.contacts go.companies go.deals
Everywhere | g_s g_k g_v g_r g_a | go.sequences go.tasks go.invoices go.growth go.assistant
Everywhere | g_, g_/ | app.session app.search
Everywhere | c_c c_o c_d c_t c_n | new.contact new.company new.deal new.task new.note
Everywhere | c_s c_v c_m | new.sequence new.invoice new.mail
Everywhere | z Z . y ctrl+l ctrl+z | app.undo app.redo app.repeat app.copy app.redraw app.suspend
Contacts | p D | contacts.preview contacts.delete
Companies | D | companies.delete
Deals | D | deals.delete
Invoices | p D | invoices.preview invoices.delete
Sequences | D | sequences.end
Inbox | a A r R e E i I | inbox.approve inbox.approve_all inbox.reject inbox.again inbox.edit inbox.edit_outside inbox.redraft inbox.redraft_again
Inbox | [ ] d s S w t P | inbox.older inbox.newer inbox.diff inbox.snooze inbox.time inbox.why inbox.test inbox.raw
Inbox | b 1 7 u O M | inbox.next_box inbox.box_1 inbox.box_7 inbox.unapprove inbox.person inbox.sent
Board | H L J K + - | board.back board.forward board.lower board.higher board.expand board.collapse
Deals | m_1 m_w m_x e w s t | deals.to_lead deals.to_won deals.to_lost deals.edit deals.why deals.snooze deals.task
Contacts | / e E T S B = O | contacts.find contacts.edit contacts.edit_text contacts.tags contacts.enrol contacts.suppress contacts.merge contacts.company
Sequences | e E p V P | sequences.edit sequences.edit_text sequences.preview sequences.versions sequences.pause
SequenceEditor | K J | steps.sooner steps.later
Dialogs | 1 5 e s enter | card.choose_1 card.choose_5 card.note card.later card.done
Dialogs | esc ctrl+s | form.cancel form.save
"""
"""Where, the keys in the order of the research's table, and the action of each; two keys in a row are joined by `_`."""

DEVIATIONS = {
    "h l in lists": "Our lists have neither levels nor a cursor in columns; on the board they move between columns.",
    "o in the inbox": "Its order is that in which things need a yes; o goes to where a mail comes from.",
    "p everywhere": "Where a record lies beside a list it is shown as soon as there is room; contacts and invoices hide it.",
    "` , ` and `;` in the inbox": "Comma begins a pair and semicolon jumps, on every page. Who has no brackets types :older text.",
    "E on deals": "A deal is six short fields; the form shows what is wrong beside each of them.",
    "M in sequences": "Moving people is a key of the versions (V), where one sees between which.",
    "c s as a step": "c s makes a sequence everywhere; n makes a step in the editor.",
}  # fmt: skip
"""Rows of the table that are not so here, each with the reason."""


def bound(where: str) -> dict[str, str]:
    """Ids by shown key, in one part of the program."""
    if where == "Dialogs":
        keyed = ((one.key, id_) for id_, one in every_binding().items())
        return {f"{shown(key)} {id_}": id_ for keys, id_ in keyed for key in keys.split(",")}
    part = next(part for part in every_part() if part.name == where)
    return {shown(key): one.id for one in part.actions for key in one.keys.split(",")}


@pytest.mark.parametrize("row", ROWS.strip().splitlines())
def test_the_keys_do_what_fingers_expect(row: str) -> None:
    where, keys, ids = (part.strip() for part in row.split("|"))
    table = bound(where)
    pairs = list(zip(keys.split(), ids.split(), strict=True))
    for key, id_ in pairs:
        name = key.replace("_", " ")
        found = table.get(f"{name} {id_}" if where == "Dialogs" else name)
        assert found == id_, f"{name} in {where}"


def test_a_deviation_has_a_reason_and_the_two_that_name_a_way_have_it() -> None:
    assert all(reason.endswith(".") for reason in DEVIATIONS.values())
    commands = {action.command for part in every_part() for action in part.actions}
    assert {"older text", "newer text", "versions", "edit"} <= commands


def test_every_action_of_every_part_can_be_named() -> None:
    """(b) Also those of panes inside of pages."""
    nameless = [action.id for part in every_part() for action in part.actions if not _named(action)]
    assert nameless == []


def _named(action: Action) -> bool:
    return bool(action.command and action.label and action.help.endswith("."))


def test_the_names_after_colon_are_unique_where_they_meet() -> None:
    """One `:` name means one thing on a page, with its panes' names for moving aside."""
    around = {one.command: one.id for one in next(p for p in every_part() if p.name == EVERYWHERE).actions}  # fmt: skip
    for part in (one for one in every_part() if one.is_page):
        seen: dict[str, str] = {}
        for action in {one.id: one for one in part.actions}.values():
            assert seen.setdefault(action.command, action.id) == action.id, part.name
            other = around.get(action.command)
            assert other in (None, action.id, "app.find", "app.copy"), (part.name, action.command)
