"""An invoice, credit note or quote as a paper or a file: text, print, UBL, CII, accounting. Nothing here is stored."""
