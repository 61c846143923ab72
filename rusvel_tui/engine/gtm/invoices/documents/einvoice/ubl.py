"""An invoice or credit note as UBL 2.1 (ISO/IEC 19845) in the syntax binding of EN 16931-3-2."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from rusvel_tui.engine.gtm.invoices.documents.document import (
    Document,
    DocumentAdjustment,
    DocumentLine,
)
from rusvel_tui.engine.gtm.invoices.documents.einvoice import content
from rusvel_tui.engine.gtm.invoices.documents.einvoice.codes import (
    CUSTOMIZATION,
    EMAIL,
    unit_code,
)
from rusvel_tui.engine.gtm.invoices.documents.einvoice.xml import Child, Names, as_bytes
from rusvel_tui.engine.gtm.invoices.setup.parties import Party
from rusvel_tui.engine.gtm.invoices.totals.bill import Tax

_UBL = "urn:oasis:names:specification:ubl:schema:xsd"
_PARTS = {
    "cac": f"{_UBL}:CommonAggregateComponents-2",
    "cbc": f"{_UBL}:CommonBasicComponents-2",
}
E = Names(_PARTS)


def ubl(document: Document) -> bytes:
    """The document as an `Invoice` or a `CreditNote`; what it lacks is for `einvoice.problems` to say."""
    kind = "CreditNote" if content.is_credit(document) else "Invoice"
    spaces = {"": f"{_UBL}:{kind}-2", **_PARTS}
    root = Names(spaces)(
        f":{kind}",
        E("cbc:CustomizationID", CUSTOMIZATION),
        E("cbc:ID", document.number),
        E("cbc:IssueDate", document.issue_date),
        None if content.is_credit(document) else E("cbc:DueDate", document.due_date),
        E(f"cbc:{kind}TypeCode", content.type_code(document)),
        tuple(E("cbc:Note", note) for note in content.notes_of(document)),
        E("cbc:DocumentCurrencyCode", document.currency),
        E("cbc:BuyerReference", document.buyer.reference),
        E("cac:OrderReference", E("cbc:ID", document.reference)),
        _preceding(document),
        E("cac:AccountingSupplierParty", _party(document, document.seller, is_seller=True)),
        E("cac:AccountingCustomerParty", _party(document, document.buyer)),
        _delivery(document),
        _means(document),
        E("cac:PaymentTerms", E("cbc:Note", content.payment_terms(document))),
        tuple(_adjustment(document, one) for one in document.adjustments),
        _taxes(document),
        _sums(document),
        tuple(_line(document, line, kind) for line in document.lines),
    )
    return as_bytes(root, spaces)


def _money(document: Document, tag: str, minor: int) -> Child:
    return E(tag, document.amount(minor), currencyID=document.currency)


def _preceding(document: Document) -> Child:
    if document.preceding is None:
        return None
    return E(
        "cac:BillingReference",
        E(
            "cac:InvoiceDocumentReference",
            E("cbc:ID", document.preceding.number),
            E("cbc:IssueDate", document.preceding.issue_date),
        ),
    )


def _scheme() -> Child:
    return E("cac:TaxScheme", E("cbc:ID", "VAT"))


def _party(document: Document, party: Party, *, is_seller: bool = False) -> Child:
    numbers = content.numbers_of(document, party)
    tax_id = content.seller_tax_id(document) if is_seller else ""
    return E(
        "cac:Party",
        E("cbc:EndpointID", party.email, schemeID=EMAIL),
        E("cac:PartyIdentification", E("cbc:ID", numbers.identifier)),
        E(
            "cac:PostalAddress",
            E("cbc:StreetName", party.street),
            E("cbc:AdditionalStreetName", party.street2),
            E("cbc:CityName", party.city),
            E("cbc:PostalZone", party.postcode),
            E("cbc:CountrySubentity", party.region),
            E("cac:Country", E("cbc:IdentificationCode", party.country)),
        ),
        numbers.vat_id and E("cac:PartyTaxScheme", E("cbc:CompanyID", numbers.vat_id), _scheme()),
        tax_id
        and E(
            "cac:PartyTaxScheme",
            E("cbc:CompanyID", tax_id),
            E("cac:TaxScheme", E("cbc:ID", "TAX")),
        ),
        E(
            "cac:PartyLegalEntity",
            E("cbc:RegistrationName", party.name),
            E("cbc:CompanyID", numbers.registration),
        ),
        E(
            "cac:Contact",
            E("cbc:Name", party.attention),
            E("cbc:Telephone", party.phone),
            E("cbc:ElectronicMail", party.email),
        ),
    )


def _delivery(document: Document) -> Child:
    country = document.buyer.country if content.is_intra_eu(document) else ""
    place = E("cac:Address", E("cac:Country", E("cbc:IdentificationCode", country)))
    return E(
        "cac:Delivery",
        E("cbc:ActualDeliveryDate", content.delivery_day(document)),
        E("cac:DeliveryLocation", place),
    )


def _means(document: Document) -> Child:
    code = content.means_code(document)
    if not code:
        return None
    seller = document.seller
    return E(
        "cac:PaymentMeans",
        E("cbc:PaymentMeansCode", code),
        E("cbc:PaymentID", document.number),
        E(
            "cac:PayeeFinancialAccount",
            E("cbc:ID", seller.iban),
            E("cbc:Name", seller.name),
            E("cac:FinancialInstitutionBranch", E("cbc:ID", seller.bic)),
        ),
    )


def _category(tag: str, tax: Tax, *, reason: tuple[str, str] = ("", "")) -> Child:
    return E(
        tag,
        E("cbc:ID", tax.category),
        E("cbc:Percent", content.rate_of(tax)),
        E("cbc:TaxExemptionReasonCode", reason[0]),
        E("cbc:TaxExemptionReason", reason[1]),
        _scheme(),
    )


def _adjustment(document: Document, one: DocumentAdjustment) -> Child:
    return E(
        "cac:AllowanceCharge",
        E("cbc:ChargeIndicator", "true" if one.is_charge else "false"),
        E("cbc:AllowanceChargeReason", content.reason_of(one)),
        _money(document, "cbc:Amount", one.amount),
        _category("cac:TaxCategory", one.tax),
    )


def _taxes(document: Document) -> Child:
    return E(
        "cac:TaxTotal",
        _money(document, "cbc:TaxAmount", document.totals.tax),
        tuple(
            E(
                "cac:TaxSubtotal",
                _money(document, "cbc:TaxableAmount", row.taxable),
                _money(document, "cbc:TaxAmount", row.amount),
                _category("cac:TaxCategory", row.tax, reason=content.exemption(row.tax)),
            )
            for row in document.totals.taxes
        ),
    )


def _sums(document: Document) -> Child:
    totals = document.totals
    sums = (
        ("LineExtensionAmount", totals.lines, True),
        ("TaxExclusiveAmount", totals.without_tax, True),
        ("TaxInclusiveAmount", totals.with_tax, True),
        ("AllowanceTotalAmount", totals.allowances, bool(totals.allowance_parts)),
        ("ChargeTotalAmount", totals.charges, bool(totals.charge_parts)),
        ("PrepaidAmount", totals.prepaid, bool(totals.prepaid)),
        ("PayableRoundingAmount", totals.rounding, bool(totals.rounding)),
        ("PayableAmount", totals.payable, True),
    )
    return E(
        "cac:LegalMonetaryTotal",
        tuple(_money(document, f"cbc:{name}", minor) for name, minor, told in sums if told),
    )


def _line(document: Document, line: DocumentLine, kind: str) -> Child:
    counted = "CreditedQuantity" if kind == "CreditNote" else "InvoicedQuantity"
    unit, price = unit_code(line.unit), content.price_of(document, line)
    return E(
        f"cac:{kind}Line",
        E("cbc:ID", str(line.position)),
        E(f"cbc:{counted}", content.quantity_of(line), unitCode=unit),
        _money(document, "cbc:LineExtensionAmount", line.total.net),
        *(_part(document, part, "false", "Discount") for part in line.total.allowances),
        *(_part(document, part, "true", "Charge") for part in line.total.charges),
        E(
            "cac:Item",
            E("cbc:Description", line.details),
            E("cbc:Name", line.name),
            _category("cac:ClassifiedTaxCategory", line.tax),
        ),
        E(
            "cac:Price",
            E("cbc:PriceAmount", price.amount, currencyID=document.currency),
            E("cbc:BaseQuantity", price.base, unitCode=unit),
        ),
    )


def _part(document: Document, minor: int, indicator: str, reason: str) -> ET.Element | str | None:
    return E(
        "cac:AllowanceCharge",
        E("cbc:ChargeIndicator", indicator),
        E("cbc:AllowanceChargeReason", reason),
        _money(document, "cbc:Amount", minor),
    )
