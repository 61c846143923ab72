"""The code lists of EN 16931, as far as invoices from here need them."""

from __future__ import annotations

from rusvel_tui.engine.text import fold

CUSTOMIZATION = "urn:cen.eu:en16931:2017"
INVOICE, CREDIT_NOTE = "380", "381"
"""UNTDID 1001."""
SEPA_TRANSFER, TRANSFER = "58", "30"
"""UNTDID 4461: how to pay."""
EMAIL = "EM"
"""Electronic address scheme (EAS): a mail address."""

_UNITS = {
    "HUR": "h hr hrs hour hours std stunde stunden",
    "DAY": "d day days tag tage",
    "WEE": "week weeks woche wochen",
    "MON": "month months monat monate",
    "ANN": "year years jahr jahre",
    "MIN": "min minute minutes",
    "H87": "piece pieces pc pcs stk stuck item items unit units",
    "KGM": "kg kilogram",
    "GRM": "g gram",
    "LTR": "l liter litre liters litres",
    "MTR": "m meter metre meters metres",
    "KMT": "km kilometer kilometre",
    "MTK": "m2 m² sqm",
    "MTQ": "m3 m³",
    "KWH": "kwh",
    "SET": "set sets",
    "LS": "flat fixed pauschal lump-sum",
    "ZP": "page pages seite seiten",
    "D68": "word words wort worte worter",
    "C62": "",
}
"""UN/ECE Recommendation 20: the code, and how people write it."""
_CODES = {word: code for code, words in _UNITS.items() for word in words.split()}


def unit_code(unit: str) -> str:
    """The code of a unit; `one` (C62) for a word that has none."""
    word = fold(unit).rstrip(".")
    return _CODES.get(word) or (unit.upper() if unit.upper() in _UNITS else "C62")


EXEMPTIONS = {
    "E": ("", "Exempt from tax"),
    "AE": ("VATEX-EU-AE", "Reverse charge: the recipient owes the tax"),
    "K": ("VATEX-EU-IC", "Supply within the EU, free of tax"),
    "G": ("VATEX-EU-G", "Export outside the EU, free of tax"),
    "O": ("VATEX-EU-O", "Not subject to tax"),
}
"""Why no tax is taken (BT-121 and BT-120), by category."""
