"""Debian's postfix and dovecot from scratch configuration: ordinary processes of the test, on loopback, in a folder of their own."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from tests.system.helpers import wait_for

PASSWORD = "loopback-only"
ACCOUNTS = ("ada@acme.test", "grace@firm.test")
"""The mailboxes of this little world: ours, and that of somebody we write to."""
_SBIN = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
_UNCHROOTED = """
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 5 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def missing() -> str:
    """Why these servers cannot run here; empty when they can."""
    for name in ("dovecot", "postfix"):
        if _binary(name) is None:
            return f"{name} is not installed: `make test-mail` installs it"
    if os.geteuid() != 0:
        return "postfix starts its parts under users of its own, which only root may do"
    for user in ("postfix", "dovecot", "dovenull"):
        try:
            pwd.getpwnam(user)
        except KeyError:
            return (
                f"the user {user} is missing: `make test-mail` installs the package that makes it"
            )
    return ""


class MailServers:
    """An MTA that delivers over LMTP into an IMAP server; stopped by their process ids."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="rusvel-mail-"))
        self.folder.chmod(0o755)  # the servers' own users must find their way in
        self.smtp, self.imap, self._lmtp = (free_port() for _ in range(3))
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> MailServers:
        try:
            self._start_dovecot()
            self._start_postfix()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._processes):
            process.terminate()
            process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, *command: str) -> None:
        with (self.folder / f"{Path(command[0]).name}.out").open("wb") as log:
            self._processes.append(subprocess.Popen(command, stdout=log, stderr=log))

    def _start_dovecot(self) -> None:
        folder = self.folder / "dovecot"
        mail = folder / "mail"
        mail.mkdir(parents=True)
        owner = pwd.getpwnam("mail") if _has_user("mail") else pwd.getpwnam("nobody")
        os.chown(mail, owner.pw_uid, owner.pw_gid)
        lines = (f"{name}:{{PLAIN}}{PASSWORD}::::::" for name in ACCOUNTS)
        (folder / "users").write_text("\n".join(lines) + "\n")
        group = grp.getgrgid(owner.pw_gid).gr_name
        config = _DOVECOT.format(d=folder, imap=self.imap, lmtp=self._lmtp, uid=owner.pw_uid, gid=owner.pw_gid, group=group)  # fmt: skip
        (folder / "dovecot.conf").write_text(config)
        self._run(str(_binary("dovecot")), "-F", "-c", str(folder / "dovecot.conf"))
        wait_for(lambda: listens(self.imap) and listens(self._lmtp), "dovecot to listen")

    def _start_postfix(self) -> None:
        folder = self.folder / "postfix"
        for part in ("etc", "queue", "data"):
            (folder / part).mkdir(parents=True)
        os.chown(folder / "data", pwd.getpwnam("postfix").pw_uid, -1)
        known = ", ".join(f"{name}=x" for name in ACCOUNTS)
        config = _POSTFIX.format(d=folder, lmtp=self._lmtp, known=known)
        (folder / "etc" / "main.cf").write_text(config)
        services = _UNCHROOTED.replace("smtp inet", f"127.0.0.1:{self.smtp} inet", 1)
        (folder / "etc" / "master.cf").write_text(services.lstrip())
        self._run(str(_binary("postfix")), "-c", str(folder / "etc"), "start-fg")
        wait_for(lambda: listens(self.smtp), "postfix to listen")


def _binary(name: str) -> str | None:
    return shutil.which(name, path=_SBIN)


def _has_user(name: str) -> bool:
    return any(entry.pw_name == name for entry in pwd.getpwall())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


_DOVECOT = """
base_dir = {d}/run
state_dir = {d}/state
log_path = {d}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
first_valid_uid = 1
first_valid_gid = 1
mail_access_groups = {group}
mail_location = maildir:{d}/mail/%u
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {d}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={d}/mail/%u
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = subscribe
    special_use = \\Sent
  }}
}}
"""

_POSTFIX = """
compatibility_level = 3.6
queue_directory = {d}/queue
data_directory = {d}/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
maillog_file = /dev/stdout
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.acme.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtp_dns_support_level = disabled
smtp_host_lookup = native
virtual_mailbox_domains = acme.test, firm.test
virtual_mailbox_maps = inline:{{ {known} }}
virtual_alias_maps =
alias_maps =
alias_database =
local_recipient_maps =
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
transport_maps = inline:{{ {{ gone.test = lmtp:inet:127.0.0.1:{lmtp} }} }}
default_transport = error:5.4.4 this little world ends here
smtpd_tls_security_level = none
smtpd_relay_restrictions = permit_mynetworks, reject
bounce_queue_lifetime = 10s
maximal_queue_lifetime = 10s
"""
