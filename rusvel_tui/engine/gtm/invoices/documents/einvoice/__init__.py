"""Invoices for machines by EN 16931: the same content as UBL 2.1 and as UN/CEFACT CII D16B."""
