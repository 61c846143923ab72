"""The keymap: which key does what, in every widget and in the whole application. Pages list their own keys.

Change a key here, or in a page's `ACTIONS`; bindings, help, `:` names and the palette follow.
"""

from __future__ import annotations

from rusvel_tui.actions import APP, GO, MARKING, MOVE, VIEW, Action

NEVER = frozenset({
    "ctrl+i", "ctrl+m", "ctrl+h", "ctrl+j", "ctrl+left_square_bracket",            # arrive as another key
    "ctrl+enter", "alt+enter", "shift+enter", "ctrl+space", "ctrl+@", "alt+backspace",
    "ctrl+slash", "ctrl+underscore", "ctrl+backslash",
    "ctrl+a", "ctrl+b", "ctrl+c", "ctrl+g", "ctrl+n", "ctrl+o", "ctrl+q", "ctrl+s", "ctrl+t", "ctrl+w",
    "f10", "f11",                                                                   # taken on the way
    "tilde", "circumflex_accent", "grave_accent", "apostrophe", "quotation_mark",  # dead keys
})  # fmt: skip
"""Keys that do not arrive everywhere: terminals, tmux, screen, browsers or keyboard layouts take or change them."""

MOVES: tuple[Action, ...] = (
    Action("rows.down", "j,down", "Down", "move(1)", "down", "Go to the next row.", MOVE),
    Action("rows.up", "k,up", "Up", "move(-1)", "up", "Go to the row before.", MOVE),
    Action(
        "rows.first",
        "g g,home",
        "First",
        "move(-1000000000)",
        "first",
        "Go to the first row.",
        MOVE,
    ),
    Action("rows.last", "G,end", "Last", "move(1000000000)", "last", "Go to the last row.", MOVE),
    Action(
        "rows.half_down",
        "ctrl+d",
        "Half page down",
        "page(1)",
        "half down",
        "Half a page down.",
        MOVE,
    ),
    Action(
        "rows.half_up", "ctrl+u", "Half page up", "page(-1)", "half up", "Half a page up.", MOVE
    ),
    Action("rows.page_down", "pagedown", "Page down", "page(2)", "page down", "A page down.", MOVE),
    Action("rows.page_up", "pageup", "Page up", "page(-2)", "page up", "A page up.", MOVE),
)

ROWS: tuple[Action, ...] = (
    Action(
        "rows.open", "enter", "Open", "open", "open", "Open the row under the cursor.", foot=True
    ),
    Action(
        "rows.mark", "x,space", "Mark", "mark", "mark", "Mark the row and go to the next.", MARKING
    ),
    Action(
        "rows.range",
        "v",
        "Range",
        "range",
        "mark range",
        "Mark every row you pass; again to stop.",
        MARKING,
    ),
    Action(
        "rows.mark_all",
        "X",
        "Mark all",
        "mark_all",
        "mark all",
        "Mark all rows of this list, or none.",
        MARKING,
    ),
    Action(
        "rows.extend_down",
        "J,shift+down",
        "Extend down",
        "extend(1)",
        "mark down",
        "Mark and move down.",
        MARKING,
    ),
    Action(
        "rows.extend_up",
        "K,shift+up",
        "Extend up",
        "extend(-1)",
        "mark up",
        "Mark and move up.",
        MARKING,
    ),
)

BOARD: tuple[Action, ...] = (
    Action("board.down", "j,down", "Down", "move(0, 1)", "down", "Go to the card below.", MOVE),
    Action("board.up", "k,up", "Up", "move(0, -1)", "up", "Go to the card above.", MOVE),
    Action("board.right", "l,right", "Right", "move(1, 0)", "right", "Go to the next column.", MOVE),
    Action("board.left", "h,left", "Left", "move(-1, 0)", "left", "Go to the column before.", MOVE),
    Action("board.first", "g g,home", "First", "move(0, -1000000000)", "first", "Go to the first card.", MOVE),
    Action("board.last", "G,end", "Last", "move(0, 1000000000)", "last", "Go to the last card.", MOVE),
    Action("board.page_down", "pagedown,ctrl+d", "Page down", "page(1)", "page down", "A page down.", MOVE),
    Action("board.page_up", "pageup,ctrl+u", "Page up", "page(-1)", "page up", "A page up.", MOVE),
    Action("board.open", "enter", "Open", "open", "open", "Open the card.", foot=True),
    Action("board.forward", "L,shift+right", "Next stage", "shift(1)", "move right",
           "Move the card to the next column.", foot=True),
    Action("board.back", "H,shift+left", "Stage before", "shift(-1)", "move left",
           "Move the card to the column before.", foot=True),
    Action("board.lower", "J,shift+down", "Lower", "reorder(1)", "lower", "Move the card down in its column."),
    Action("board.higher", "K,shift+up", "Higher", "reorder(-1)", "higher", "Move the card up in its column."),
    Action("board.collapse", "minus", "Collapse", "collapse(True)", "collapse", "Make the column narrow.", VIEW),
    Action("board.expand", "plus", "Expand", "collapse(False)", "expand", "Make the column wide again.", VIEW),
)  # fmt: skip

TEXT: tuple[Action, ...] = (
    Action("text.down", "j,down", "Down", "scroll(1)", "down", "Scroll a line down.", MOVE),
    Action("text.up", "k,up", "Up", "scroll(-1)", "up", "Scroll a line up.", MOVE),
    Action(
        "text.page_down",
        "pagedown,ctrl+d,space",
        "Page down",
        "page(1)",
        "page down",
        "A page down.",
        MOVE,
    ),
    Action("text.page_up", "pageup,ctrl+u", "Page up", "page(-1)", "page up", "A page up.", MOVE),
    Action("text.first", "g g,home", "Top", "scroll(-1000000000)", "first", "Go to the top.", MOVE),
    Action("text.last", "G,end", "End", "scroll(1000000000)", "last", "Go to the end.", MOVE),
)

APPLICATION: tuple[Action, ...] = (
    Action("app.command", "colon", "Command", "command", "command", "Type a command.", APP),
    Action(
        "app.palette",
        "ctrl+p",
        "Palette",
        "command_palette",
        "palette",
        "Search everything you can do.",
        APP,
    ),
    Action(
        "app.help",
        "question_mark,f1",
        "Help",
        "help",
        "help",
        "All keys of this page; :help TOPIC explains one thing.",
        APP,
        takes="[TOPIC]",
    ),
    Action(
        "app.back",
        "escape",
        "Back",
        "step_back",
        "back",
        "Close what is on top, then clear marks, then the filter.",
        APP,
    ),
    Action(
        "app.leave", "q", "Leave", "leave", "q", "Go back; on a page with a tab: end rusvel.", APP
    ),
    Action("app.undo", "z", "Undo", "undo", "undo", "Take back the last change.", APP),
    Action(
        "app.redo", "Z", "Redo", "redo", "redo", "Make the change again that was taken back.", APP
    ),
    Action(
        "app.find",
        "slash",
        "Find",
        "find",
        "find",
        "Find in the list; n and N go to the next match and back.",
        MOVE,
    ),
    Action(
        "app.repeat",
        "full_stop",
        "Repeat",
        "repeat",
        "repeat",
        "Do the last thing again, here, with the same answers.",
        APP,
    ),
    Action(
        "app.copy",
        "y",
        "Copy",
        "copy",
        "copy",
        "Copy the mail, the phone, the link or the id.",
        APP,
    ),
    Action(
        "app.jump",
        "semicolon",
        "Jump",
        "jump",
        "jump",
        "Show a letter on every row, tab and pane; type one to go there.",
        MOVE,
    ),
    Action(
        "app.next_pane",
        "tab",
        "Next pane",
        "next_pane",
        "next pane",
        "Go to the next part of the page.",
        MOVE,
    ),
    Action(
        "app.pane_before",
        "shift+tab",
        "Pane before",
        "pane_before",
        "pane before",
        "Go to the part before.",
        MOVE,
    ),
    Action(
        "app.search",
        "g slash",
        "Search everything",
        "search_everything",
        "search",
        "Search people, companies, deals and notes, and go there.",
        GO,
    ),
    Action("app.redraw", "ctrl+l", "Redraw", "redraw", "redraw", "Draw the screen again.", APP),
    Action(
        "app.welcome",
        "comma h",
        "Guided start",
        "welcome",
        "welcome",
        "Go through the first steps, from an empty desk to an approved draft.",
        APP,
    ),
    Action(
        "app.suspend",
        "ctrl+z",
        "Suspend",
        "suspend",
        "suspend",
        "Go back to the shell for a while; its fg brings the desk back. Nothing is drafted or sent meanwhile.",
        APP,
    ),
    Action(
        "app.theme",
        "comma t",
        "Dark or light",
        "theme",
        "theme",
        "Change the colours.",
        APP,
        takes="NAME",
    ),
    Action(
        "app.privacy",
        "comma p",
        "Privacy",
        "privacy",
        "privacy",
        "Mask names, addresses and amounts while others see your screen, or show them again.",
        APP,
    ),
    Action(
        "app.worker",
        "comma w",
        "Worker on or off",
        "worker",
        "worker",
        "Let the worker rest or go on: while it rests nothing is drafted and nothing leaves.",
        APP,
    ),
    Action(
        "app.session",
        "comma s,g comma",
        "Session",
        "session",
        "session",
        "Change the session's name, money, time zone and sender.",
        APP,
    ),
    Action(
        "app.use",
        "comma u",
        "Use session",
        "use",
        "use",
        "Work in another session.",
        APP,
        takes="NAME",
    ),
)
"""What works everywhere; the app adds one `g` key per page and one `c` key per thing that can be created."""
