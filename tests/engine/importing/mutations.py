"""Broken contact files without end: whole ones, damaged in the ways in which files are damaged."""

from __future__ import annotations

import random
from collections.abc import Iterator

TABLES = (
    'First Name,Last Name,URL,Email Address,Company,Position,Connected On\nAna,"García Ruiz",'
    'https://www.linkedin.com/in/fixture-ana,ana@x.example,"Studio ""N"", LLC",Owner,03 Jan 2024\n'
    ",,,,,,30 Apr 2026\nBo,Lind,linkedin.com/in/fixture-bo,,Acme,,\n",
    "First Name,Last Name,Notes,Organization Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value\n"
    'Ann,Lee,"one\ntwo",Acme,* myContacts ::: Work,* Work,ann@x.example ::: a2@x.example,+41319280960\n'
    ",,,,,,,+49 30 222222\n",
    "Title;First Name;E-mail Address;E-mail Type;E-mail 2 Address;Business Phone;Categories\n"
    "Dr.;Renée;/o=Org/cn=r;EX;renee@x.example;+33 1 99 00 11 22;A;B\n;Bob;bob@x.example;SMTP;;;\n",
    "Record ID,First Name,Email,Unsubscribed from all email,Associated Company\n1.2E+11,Ann,ann@x.example,true,;Acme\n"
    "2,Bob,not-an-address,false,\n",
    "Person - Name\tPerson - Email\tPerson - Phone\tPerson - Marketing status\nAnn\ta@x.example, b@x.example\t12345\tBounced\n",
    '"First Name","Email","Account Owner"\n"Ann","a@x.example","Runa"\n\n"Grand Totals (1 records)"\n',
    'email,name,attributes,status\na@x.example,Ann,"{""city"": ""Oslo"", ""n"": [1, 2]}",blocklisted\n',
    "name|email|company\nAnn|a@x.example|Acme\nAnn||Acme\n|b@x.example|\n",
    "Rusvel ID,Name,E-mail 1 - Label,E-mail 1 - Value,Tags,Field: City,Suppressed addresses\n"
    "1,'=Ann,work,a@x.example,x ::: y,Cork,a@x.example\n",
)
CARDS = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lee;Ann;;;\r\nFN:Ann Lee\r\nORG:Acme;\r\nitem1.EMAIL;type=INTERNET:ann@x.example\r\n"
    "item1.X-ABLabel:_$!<Work>!$_\r\nPHOTO;ENCODING=b:/9j/4AAQSkZJRgABAQAAAQABAAD//gA8\r\n Q1JFQVRP=\r\n"
    "NOTE:one\\ntwo\\, three\r\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-12-10\r\nEND:VCARD\r\n",
    "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=98stergaard;Zo=C3=AB;;;\nTEL;CELL;PREF:+4712345678\n"
    "NOTE;ENCODING=QUOTED-PRINTABLE:a long=\n note\nEND:VCARD\n",
    'BEGIN:VCARD\nVERSION:4.0\nKIND:org\nFN:Acme\nTEL;VALUE=uri;TYPE="voice,cell":tel:+1-212-555-0100;ext=1\nADR:;;1 Road;Cork;;;Ireland\n'
    "X-RUSVEL-FIELD:City;Cork\nX-RUSVEL-SUPPRESSED:a@x.example\nEMAIL:a@x.example\nCATEGORIES:a,b\\,c\nEND:VCARD\n",
)
_PIECES = (
    b'"', b'""', b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3", b"\xed\xa0\x80",
    b"=", b"=\n", b"\\", b":", b"@", b"<", b">", b" ::: ", b"{", b"}", b"[[", b"\x1b[31m", b"\x1b]8;;", b"'=", b"1E+99", b"nonsense",
    "\u202e".encode(), "\u200d".encode(), "🚀".encode(), b"BEGIN:VCARD\n", b"END:VCARD\n", b"AGENT:\nBEGIN:VCARD\n", b"\n ",
    b"name,email\n", b"sep=;\n", b"Notes:\n", b'"Copyright\n', b"null", b"-", b"mailto:a@x.example?x", b"email_not_unlocked@x.example",
)  # fmt: skip
_ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-16", "utf-16-be", "cp1252", "utf-8-sig")


def mutations(seeds: tuple[str, ...], count: int, seed: int) -> Iterator[bytes]:
    """So many damaged files; the same seed gives the same ones."""
    chance = random.Random(seed)  # noqa: S311 - the same files in every run
    for _ in range(count):
        text = "".join(chance.choices(seeds, k=chance.randint(1, 2)))
        data = bytearray(text.encode(chance.choice(_ENCODINGS), "replace"))
        for _ in range(chance.randint(1, 6)):
            _damage(data, chance)
        yield bytes(data)


def _damage(data: bytearray, chance: random.Random) -> None:
    """Put something in, take something out, double it, move it, change a byte, or cut the file."""
    place = chance.randint(0, len(data))
    end = min(len(data), place + chance.randint(0, 12))
    kind = chance.randrange(6)
    if kind == 0:
        data[place:place] = chance.choice(_PIECES)
    elif kind == 1:
        del data[place:end]
    elif kind == 2:
        data[place:place] = data[place:end]
    elif kind == 3:
        piece = data[place:end]
        del data[place:end]
        other = chance.randint(0, len(data))
        data[other:other] = piece
    elif kind == 4 and data:
        data[chance.randrange(len(data))] = chance.randrange(256)
    elif chance.random() < 0.2:
        del data[place:]
