"""Delivery reports: structured ones (RFC 3464) and the plain notices of older mail systems, as one kind of data."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rusvel_tui.engine.gtm.mail.classifying.codes import first_code, is_vague
from rusvel_tui.engine.gtm.mail.reading.html_text import html_to_text
from rusvel_tui.engine.gtm.mail.reading.message import Parsed, message_ids

STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
_ROBOT = re.compile(
    r"^(?:mailer-?daemon|mail-?daemon|maildaemon|postmaster|mailerdaemon|bounces?|microsoftexchange[0-9a-f]*|mdaemon|mailadmin|mail-?delivery|no-?reply-?bounce|smtp|ndr|mail-?service|[a-z0-9_]*_smtp_[a-z_]*|imss|symantec[a-z_]*)(?:[-+=.\\].*)?@|^(?:mailer-daemon|postmaster)?$",
    re.IGNORECASE,
)
_ROBOT_NAME = re.compile(r"mail delivery|delivery (?:sub)?system|mailer[- ]daemon|mail system|postmaster|mail administrator|mail gateway|zustellsystem", re.I)  # fmt: skip
_FAILED = re.compile(
    r"undeliver|not? (?:yet )?(?:be |been )?delivered|mail failed|failed mail|(?:not|n't) able to deliver|permanent error|this user doesn|over quota|mailbox (?:is )?full|processing error|delivery warning|user unknown|unknown user|no such user|non-?deliver|delivery (?:status|failure|failed|has failed|problem|error|notification|report|incomplete|delayed|unsuccessful)|fail(?:ed|ure)(?: to deliver| notice| delivery|:)|(?:mail|message)s? (?:could not|was not|cannot|can't|wasn't|couldn't|did not reach|returned|delivery failed|not delivered|status|undeliverable|system error)|returned (?:mail|to sender|message)|returning (?:your )?(?:mail|message)|could(?: ?n[o']t)? (?:not )?be (?:delivered|handed|reached|found)|did not reach|unable to (?:deliver|relay|send)|permanent(?: fatal)? error|fatal errors|address(?:es)? (?:rejected|failed|not found)|rejected (?:mail|message|your)|delayed|bounced?\b|unzustellbar|nicht zugestellt|konnte nicht|zustellung|fehlgeschlagen|unzustellbarkeit|non remis|non distribu|echec de (?:la )?(?:remise|livraison|distribution)|n'a pas pu etre (?:remis|distribu|livre)|no se (?:pudo|puede|ha podido) entreg|no entregad|rechazad|mancat[ao] (?:recapito|consegna)|non (?:e stato )?recapitat|non consegnat|nao (?:foi )?entregue|nao pode ser entregue|falha na entrega|onbestelbaar|niet (?:worden )?(?:afgeleverd|bezorgd)|kunde inte levereras|olevererbar|ikke (?:leveres|levert|leveret)|kunne ikke leveres|niedostarcz|nie (?:mozna|zostala) dostarcz|nedorucit|nelze dorucit|toimitus epaonnistui|не доставлен|недоставлен|невозможно доставить|配信(?:不能|できません|失敗)|配達不能|無法傳遞|无法送达|退信|未送達|teslim edilemedi",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"\bdelayed\b|\bwarning\b|still being (?:re)?tried|will (?:be )?(?:re-?tr(?:y|ied)|keep trying|continue)|not yet been delivered|has not yet|delivery attempts will continue|being tried|no action is required|temporar\w+ problem.*will|verzoger|wird weiterhin versucht|retarde?|en attente|retrasad|ritardat|vertraagd",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"^[\s>]*(?:-{2,}.*(?:copy|original|returned|headers|message follows|message text|transcript|unsent|undelivered|forwarded|nachricht|message d'origine|mensaje).*|-{3,} ?below this line.*|.*(?:copy of (?:your|the) (?:message|mail)|original message (?:follows|headers)|message headers? follow).*:?|return-path: ?<.*|received: (?:from|by|\(qmail) .*)$",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")


@dataclass(frozen=True, slots=True)
class Recipient:
    """What a report says of one recipient."""

    addresses: tuple[str, ...]
    """As it was written to and as it became, in lower case."""
    action: str
    status: str
    diagnostic: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report of a mail system: on which of our mails, on whom, and the words around it."""

    recipients: tuple[Recipient, ...]
    """From the structured part; empty in a plain notice."""
    named: tuple[str, ...]
    """Every address that the notice names outside the copy of our mail, in lower case."""
    notice: str
    """The text above the copy."""
    attached_ids: tuple[str, ...]
    """Message ids of the mail that came back, as far as it came along."""
    delayed: bool
    """Whether a plain notice speaks of a delay only."""


def read_report(mail: Parsed, sender: str, sender_name: str) -> Report | None:
    """The report that a mail is; none when it is none."""
    structured = "\n\n".join(part.text for part in mail.parts if part.kind in STATUS_PARTS)
    notice, copy = _notice(mail)
    is_report = any(part.kind in STATUS_PARTS for part in mail.parts)
    known = known_formats(mail, sender, sender_name, notice)
    if not (is_report or known or _is_notice(mail, sender, sender_name, notice)):
        return None
    failed = mail.all("x-failed-recipients")
    return Report(
        recipients=tuple(_recipients(structured)),
        named=tuple(dict.fromkeys((*_addresses(" ".join((*failed, notice))), *known))),
        notice=notice,
        attached_ids=tuple(_attached_ids(mail, copy)),
        delayed=bool(_DELAYED.search(f"{mail.header('subject')}\n{notice}")) and not failed,
    )


def known_formats(mail: Parsed, sender: str, sender_name: str, notice: str) -> list[str]:
    """The addresses that flufl.bounce finds in formats of its own collection; none where it is not installed.

    It is asked only about what could be a notice: it would take a person's words about one for one.
    """
    said = f"{mail.header('subject')}\n{notice[:3000]}"
    if not _may_be_notice(mail, sender, sender_name) or not _FAILED.search(said):
        return []
    try:
        from email import message_from_bytes

        from flufl.bounce import all_failures
    except ImportError:
        return []
    try:
        found = all_failures(message_from_bytes(mail.raw[:_LARGEST]))
    except Exception:  # noqa: BLE001 - its detectors were written for well-formed mail
        return []
    return [address.decode("utf-8", "replace").lower() for part in found for address in part]


def _may_be_notice(mail: Parsed, sender: str, sender_name: str) -> bool:
    null = any(value.strip() in ("<>", "") for value in mail.all("return-path"))
    return null or bool(_ROBOT.search(sender)) or bool(_ROBOT_NAME.search(sender_name))


_LARGEST = 1_000_000


def _is_notice(mail: Parsed, sender: str, sender_name: str, notice: str) -> bool:
    """A plain notice: from nobody or from a robot, and about a mail that did not arrive."""
    if mail.has("x-failed-recipients"):
        return True
    said = f"{mail.header('subject')}\n{notice[:3000]}"
    return _may_be_notice(mail, sender, sender_name) and bool(_FAILED.search(_plain(said)))


def _plain(text: str) -> str:
    import unicodedata

    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _notice(mail: Parsed) -> tuple[str, str]:
    """The words of a notice, and the copy of our mail below them."""
    texts = [part.text for part in mail.parts if part.kind == "text/plain"]
    if not any(text.strip() for text in texts):
        texts = [html_to_text(part.text) for part in mail.parts if part.kind == "text/html"]
    whole = "\n".join(texts)
    parted = _COPY.search(whole)
    return (whole[: parted.start()], whole[parted.start() :]) if parted else (whole, whole)


def _recipients(text: str) -> list[Recipient]:
    """The blocks of a delivery-status part that name a recipient."""
    return [one for block in re.split(r"\n\s*\n", text) if (one := _recipient(block)) is not None]


def _recipient(block: str) -> Recipient | None:
    fields: dict[str, str] = {}
    for line in re.sub(r"\n[ \t]+", " ", block).split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    named = [
        fields.get(name, "")
        for name in ("original-recipient", "final-recipient", "x-actual-recipient")
    ]
    addresses = dict.fromkeys(address for value in named for address in _typed_address(value))
    if not addresses:
        return None
    return Recipient(
        addresses=tuple(addresses),
        action=fields.get("action", "").split("(")[0].strip().lower(),
        status=first_code(fields.get("status", "")),
        diagnostic=" ".join(
            (fields.get("diagnostic-code", ""), fields.get("x-display-name", ""))
        ).strip(),
    )


def _typed_address(value: str) -> list[str]:
    """`rfc822; a+2Bb@c.example` (RFC 3461 xtext) and `utf-8; \\x{E9}@…` (RFC 6533) as addresses; as met, too."""
    kind, _, text = value.rpartition(";")
    if kind.strip().lower() == "utf-8":
        text = re.sub(
            r"\\x\{([0-9A-Fa-f]{2,6})\}", lambda f: chr(min(int(f[1], 16), 0x10FFFF)), text
        )
    bare = text.strip().strip("<>").strip()
    decoded = re.sub(r"\+([0-9A-F]{2})", lambda f: chr(int(f[1], 16)), bare)
    return [one.lower() for one in (bare, decoded) if "@" in one]


def _addresses(text: str) -> list[str]:
    return [found.removeprefix("smtp=").strip(".'").lower() for found in _ADDRESS.findall(text)]


def _attached_ids(mail: Parsed, copy: str) -> list[str]:
    """The ids of the mail that came back: from its own headers, attached or copied into the text."""
    from_parts = [
        found
        for headers in mail.carried
        for name, value in headers
        if name in ("message-id", "x-original-message-id")
        for found in message_ids(value)
    ]
    unfolded = re.sub(r"\n[ \t>]+", " ", copy)
    lines = re.findall(
        r"^[\s>|]*(?:x-)?(?:original-)?message-id:[^\n]*", unfolded, re.IGNORECASE | re.MULTILINE
    )
    return [*from_parts, *(found for line in lines for found in message_ids(line))]


def status_of(recipient: Recipient | None, report: Report) -> str:
    """The most telling code: of the field, else of the diagnostic text, else of the notice; `5.0.0` if that is all."""
    if recipient is None:
        return first_code(report.notice, free=True)
    codes = (
        recipient.status,
        first_code(recipient.diagnostic, free=True),
        first_code(report.notice, free=True),
    )
    telling = (
        code
        for code in codes
        if not is_vague(code) and code[0] in (recipient.status or "5")[0] + code[0]
    )
    return next(telling, recipient.status)
