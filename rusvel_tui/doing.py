"""What can be done on any page with the row, the list and the keys in sight: repeat, copy, find, jump, and ask for help."""

from __future__ import annotations

from textual import on, work

from rusvel_tui.actions import Offer, available, with_keys
from rusvel_tui.keys import APPLICATION
from rusvel_tui.typing_commands import TypingCommands
from rusvel_tui.widgets.footer import Footer
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.seeking import Seeking


class Doing(TypingCommands):
    """Looks at what is under the cursor, whatever page that is."""

    @work(exit_on_error=False)
    async def action_repeat(self) -> None:
        """The last thing again, on the row that the cursor is on now; a yes is asked for once more."""
        deed = self.deeds.last
        if deed is None:
            self.say("There is nothing to repeat yet: do something to a row first.", bad=True)
            return
        offers = (one for one in available(self.screen) if one.action.id == deed.action.id)
        if (offer := next(offers, None)) is None:
            self.say(f"“{deed.action.label}” cannot be done here.", bad=True)
        elif not deed.is_grave or await self.page.confirm(
            f"{deed.action.label}, here too?", yes=deed.action.label
        ):
            self.deeds.repeat(deed)
            await self.run_offer(offer, deed.word)

    @work(exit_on_error=False)
    async def action_copy(self) -> None:
        """Something of the row, to the clipboard."""
        await self.page.copy()

    @work(exit_on_error=False)
    async def action_find(self) -> None:
        """Words that a row holds; the cursor follows the typing, and Esc puts it back."""
        from rusvel_tui.screens.shared.finding import find_in_page

        await find_in_page(self.page)

    @on(Seeking.NothingFound)
    def _nothing_found(self, event: Seeking.NothingFound) -> None:
        self.say("Nothing here holds that. / looks for something else.")

    @on(PagedList.SortWanted)
    @work(exit_on_error=False)
    async def _sort(self, event: PagedList.SortWanted) -> None:
        from rusvel_tui.screens.shared.sorting import ask_order

        await ask_order(self.page, event.widget)

    def action_jump(self) -> None:
        """Letters over everything that one can go to."""
        from rusvel_tui.widgets.jumping import JumpScreen, targets_of

        self.push_screen(JumpScreen(targets_of(self.screen)))

    def action_next_pane(self) -> None:
        """The focus goes on."""
        self.screen.focus_next()

    def action_pane_before(self) -> None:
        """The focus goes back."""
        self.screen.focus_previous()

    @on(Footer.Pressed)
    def _foot_clicked(self, event: Footer.Pressed) -> None:
        """A click on a key is that key."""
        offers = (one for one in available(self.screen) if one.action.id == event.action_id)
        self._do(next(offers, None))

    def action_help(self, topic: str = "") -> None:
        """All keys of this page; with a word, what there is to read about it, else the keys that hold it."""
        from rusvel_tui.screens.shared.key_help import KeyHelp, offer_lines
        from rusvel_tui.screens.shared.topic_help import topic_reader

        if topic and (reader := topic_reader(topic)) is not None:
            self.push_screen(reader)
            return
        lines = offer_lines(available(self.screen))
        self.push_screen(KeyHelp("Keys and commands", lines, self.page.ABOUT, topic), self._do)

    def explain_dialog(self, key: str) -> bool:
        """The keys of the dialog on top, by the key that shows those of a page."""
        from rusvel_tui.screens.shared.key_help import KeyHelp, dialog_lines

        help_ = next(action for action in APPLICATION if action.id == "app.help")
        if key not in with_keys(help_, self.own_keys).plain_keys or isinstance(
            self.screen, KeyHelp
        ):
            return False
        if lines := dialog_lines(self.screen):
            self.push_screen(KeyHelp("Keys of this dialog", lines))
        return bool(lines)

    def _do(self, offer: Offer | None) -> None:
        """What somebody chose from a list of all there is; a word that it needs is asked for."""
        if offer is None:
            return
        if offer.action.takes and not offer.action.takes.startswith("["):
            self.open_command_line(f"{offer.action.command} ")
        else:
            self.call_next(self.run_offer, offer)
