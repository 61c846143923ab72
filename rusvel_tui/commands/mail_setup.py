"""How the guided start reaches the settings: the folder for mails is written to `config.toml` and followed at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rusvel_tui.commands.desk import Desk
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.worker import Worker

if TYPE_CHECKING:
    from rusvel_tui.screens.first_run.setup import Setup


def setup_of(desk: Desk, engine: Engine, worker: Worker) -> Setup:
    """The guide's way to the settings of this run."""
    from rusvel_tui.screens.first_run.setup import Setup
    from rusvel_tui.settings import config_path, data_path

    config = config_path(desk.environ)

    def keep(folder: Path) -> str:
        from rusvel_tui.bootstrap import reroute
        from rusvel_tui.settings_file import write_setting

        settings = desk.settings().model_copy(update={"mail_folder": folder.expanduser()})
        reroute(
            (engine, worker.engine),
            settings,
            lambda: write_setting(config, "mail_folder", str(folder)),
        )
        return engine.policy.mailer

    return Setup(config=config, folder=data_path() / "outbox", keep_mails_in=keep)
