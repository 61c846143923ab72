"""Debian's OpenSSH from scratch configuration: a server on loopback with throw-away keys, and the client's command line."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.system.helpers import wait_for
from tests.system.mail_servers import free_port, listens

_SSHD = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin")
_PRIVATE = Path("/run/sshd")
"""Where a server that runs as root keeps its unprivileged part."""
_CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
AcceptEnv NO_COLOR COLORTERM
PrintMotd no
PrintLastLog no
LogLevel ERROR
"""


def missing() -> str:
    """Why there can be no server here; empty when there can."""
    for name, found in (("sshd", _SSHD), ("ssh", shutil.which("ssh"))):
        if not found:
            return f"{name} is not installed: `make test-ssh` installs it"
    if os.geteuid() == 0 and not _PRIVATE.is_dir():
        return f"{_PRIVATE} is missing, which sshd wants of root: `make test-ssh` makes it"
    return ""


class SshServer:
    """Lets whoever runs the tests log in, with a key of this folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        for name in ("host", "user"):
            words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
            subprocess.run(words, check=True, capture_output=True)
        config = folder / "sshd_config"
        config.write_text(_CONFIG.format(port=self.port, folder=folder), encoding="utf-8")
        self._log = (folder / "sshd.log").open("wb")
        self._process = subprocess.Popen(
            [str(_SSHD), "-D", "-e", "-f", str(config)], stderr=self._log
        )

    def __enter__(self) -> SshServer:
        try:
            wait_for(lambda: listens(self.port), "sshd to listen")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(20)
        self._log.close()

    def command(
        self, words: Sequence[str], env: Mapping[str, str], *options: str
    ) -> tuple[str, ...]:
        """What a person would type at the other end of the line, to run these words in a terminal here."""
        remote = shlex.join(["env", *(f"{name}={value}" for name, value in env.items()), *words])
        own = {
            "IdentityFile": self.folder / "user",
            "UserKnownHostsFile": self.folder / "known",
            "StrictHostKeyChecking": "no",
            "BatchMode": "yes",
            "ControlPath": "none",
            "LogLevel": "ERROR",
        }
        settings = [word for name, value in own.items() for word in ("-o", f"{name}={value}")]
        who = f"{pwd.getpwuid(os.getuid()).pw_name}@127.0.0.1"
        return (
            "ssh",
            *("-F", "none", "-p", str(self.port)),
            *settings,
            *options,
            *("-tt", who, remote),
        )
