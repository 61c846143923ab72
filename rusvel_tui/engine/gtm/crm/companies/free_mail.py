"""Domains whose addresses say nothing about an employer: everybody can get one there."""

from __future__ import annotations

import re

_ANY_COUNTRY = frozenset(("gmail", "googlemail", "hotmail", "live", "outlook", "yahoo", "ymail", "gmx", "yandex"))  # fmt: skip
"""Providers that have the same name under many endings: `yahoo.co.uk`, `gmx.net`."""
_ENDING = re.compile(r"com|net|org|info|[a-z]{2}|(?:co|com|ne)\.[a-z]{2}")
_DOMAINS = frozenset(
    """
    163.com 126.com aim.com aol.com arcor.de bigpond.com bluewin.ch bol.com.br btinternet.com charter.net comcast.net
    cox.net daum.net earthlink.net email.de fastmail.com fastmail.fm foxmail.com free.fr freenet.de hanmail.net
    hey.com hushmail.com icloud.com inbox.lv inbox.ru kabelmail.de laposte.net libero.it list.ru mac.com mail.com
    mail.de mail.ru mailbox.org me.com mailfence.com msn.com naver.com ntlworld.com o2.pl onet.pl optonline.net
    orange.fr passport.com pm.me posteo.de proton.me protonmail.ch protonmail.com qq.com rambler.ru rediffmail.com
    rocketmail.com runbox.com sbcglobal.net seznam.cz sfr.fr shaw.ca sina.com sky.com sohu.com t-online.de
    telenet.be telia.com terra.com.br tiscali.it tuta.com tutanota.com uol.com.br ukr.net vodafone.de wanadoo.fr
    web.de wp.pl virgilio.it verizon.net xs4all.nl yeah.net zoho.com ziggo.nl
    """.split()
)


def is_free_mail(domain: str) -> bool:
    """Whether anybody can get an address of this domain, so that it names no company."""
    bare = domain.casefold()
    name, _, ending = bare.partition(".")
    return bare in _DOMAINS or (name in _ANY_COUNTRY and _ENDING.fullmatch(ending) is not None)
