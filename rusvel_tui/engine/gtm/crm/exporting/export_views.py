"""What an export is asked and what it answers."""

from __future__ import annotations

from typing import Literal

from rusvel_tui.engine.gtm.crm.people.contact_inputs import Texts
from rusvel_tui.engine.operation import Input, View


class ExportFile(Input):
    """What to write, and where."""

    path: str
    """The file; it is readable by you only."""
    filter: str = ""
    """A filter line such as `tag:fair -tag:vip`; everything when left out."""
    overwrite: bool = False
    """Whether a file that is there already may be replaced."""
    bom: bool = False
    """Whether a CSV file begins with a byte order mark: some spreadsheets take it for another encoding without."""


class ExportContacts(ExportFile):
    """Which contacts, in which form, and where to."""

    format: Literal["", "csv", "json", "vcard3", "vcard4"] = ""
    """By the ending of the file when left out: `.vcf` is vCard 4.0, `.json` the table as a list of objects."""
    contact_ids: Texts = ()
    """Instead of a filter."""


class ExportDone(View):
    """What was written."""

    path: str
    format: str
    exported: int
    """How many contacts, companies, deals or documents."""
    bytes: int
