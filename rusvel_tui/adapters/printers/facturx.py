"""What makes a PDF/A-3 with an attached invoice a Factur-X: four properties in its XMP metadata.

typst cannot write them, so they come in an incremental update (ISO 32000-1, 7.5.6): the metadata object once more,
with a table that points to it. Nothing that was written before moves.
"""

from __future__ import annotations

import re

_SPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_VALUES = {
    "DocumentType": ("INVOICE", "What kind of document the attachment is"),
    "DocumentFileName": ("factur-x.xml", "The name of the attachment"),
    "Version": ("1.0", "The version of the attachment's schema"),
    "ConformanceLevel": ("EN 16931", "The profile of the attachment"),
}
_METADATA = re.compile(
    rb"(\d+) 0 obj\n<</Length \d+/Type/Metadata/Subtype/XML>>\nstream\n(.*?)\nendstream", re.DOTALL
)
_TRAILER = re.compile(rb"trailer\n<<(.*?)>>\s*startxref\n(\d+)", re.DOTALL)


def with_facturx(pdf: bytes) -> bytes:
    """The PDF with the properties of Factur-X, profile EN 16931; raises `ValueError` for one that typst did not make."""
    metadata, trailer = _METADATA.search(pdf), _TRAILER.search(pdf)
    if metadata is None or trailer is None:
        raise ValueError("this PDF has no metadata in the form that typst writes")
    number, xmp = int(metadata[1]), _extended(metadata[2].decode()).encode()
    start = len(pdf) + 1
    made = (
        b"%d 0 obj\n<</Length %d/Type/Metadata/Subtype/XML>>\nstream\n%s\nendstream\nendobj\n"
        % (
            number,
            len(xmp),
            xmp,
        )
    )
    table = b"xref\n0 1\n0000000000 65535 f \n%d 1\n%010d 00000 n \n" % (number, start)
    ending = b"trailer\n<<%s/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        trailer[1],
        trailer[2],
        start + len(made),
    )
    return pdf + b"\n" + made + table + ending


def _extended(xmp: str) -> str:
    """The packet with the values, and with the schema that PDF/A wants for properties it does not know."""
    values = "".join(f"<fx:{name}>{value}</fx:{name}>" for name, (value, _) in _VALUES.items())
    described = f'<rdf:Description rdf:about="" xmlns:fx="{_SPACE}">{values}</rdf:Description>'
    end = "</rdf:Bag></pdfaExtension:schemas>"
    if end not in xmp:
        raise ValueError("the metadata of this PDF describes no schemas")
    return xmp.replace(end, _schema() + end, 1).replace("</rdf:RDF>", described + "</rdf:RDF>", 1)


def _schema() -> str:
    properties = "".join(
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        f"<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{meaning}</pdfaProperty:description></rdf:li>"
        for name, (_, meaning) in _VALUES.items()
    )
    return (
        '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{_SPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )
