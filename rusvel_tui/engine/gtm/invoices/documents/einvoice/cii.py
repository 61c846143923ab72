"""An invoice or credit note as UN/CEFACT Cross Industry Invoice D16B in the syntax binding of EN 16931-3-3."""

from __future__ import annotations

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
from rusvel_tui.engine.gtm.invoices.totals.totals import TaxTotal

_CII = "urn:un:unece:uncefact:data:standard"
_SPACES = {
    "rsm": f"{_CII}:CrossIndustryInvoice:100",
    "ram": f"{_CII}:ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_CII}:UnqualifiedDataType:100",
    "qdt": f"{_CII}:QualifiedDataType:100",
}
E = Names(_SPACES)


def cii(document: Document) -> bytes:
    """The document as a Cross Industry Invoice, for itself or to be put into a PDF (Factur-X, profile EN 16931)."""
    root = E(
        "rsm:CrossIndustryInvoice",
        E(
            "rsm:ExchangedDocumentContext",
            E(
                "ram:GuidelineSpecifiedDocumentContextParameter",
                E("ram:ID", CUSTOMIZATION),
            ),
        ),
        E(
            "rsm:ExchangedDocument",
            E("ram:ID", document.number),
            E("ram:TypeCode", content.type_code(document)),
            E("ram:IssueDateTime", _day(document.issue_date)),
            tuple(
                E("ram:IncludedNote", E("ram:Content", note)) for note in content.notes_of(document)
            ),
        ),
        E(
            "rsm:SupplyChainTradeTransaction",
            tuple(_line(document, line) for line in document.lines),
            _agreement(document),
            _delivery(document) or E.empty("ram:ApplicableHeaderTradeDelivery"),
            _settlement(document),
        ),
    )
    return as_bytes(root, _SPACES)


def _day(iso: str, space: str = "udt") -> Child:
    return E(f"{space}:DateTimeString", iso.replace("-", ""), format="102")


def _line(document: Document, line: DocumentLine) -> Child:
    unit, price = unit_code(line.unit), content.price_of(document, line)
    return E(
        "ram:IncludedSupplyChainTradeLineItem",
        E("ram:AssociatedDocumentLineDocument", E("ram:LineID", str(line.position))),
        E(
            "ram:SpecifiedTradeProduct",
            E("ram:Name", line.name),
            E("ram:Description", line.details),
        ),
        E(
            "ram:SpecifiedLineTradeAgreement",
            E(
                "ram:NetPriceProductTradePrice",
                E("ram:ChargeAmount", price.amount),
                E("ram:BasisQuantity", price.base, unitCode=unit),
            ),
        ),
        E(
            "ram:SpecifiedLineTradeDelivery",
            E("ram:BilledQuantity", content.quantity_of(line), unitCode=unit),
        ),
        E(
            "ram:SpecifiedLineTradeSettlement",
            _tax("ram:ApplicableTradeTax", line.tax),
            *(_part(document, part, "false", "Discount") for part in line.total.allowances),
            *(_part(document, part, "true", "Charge") for part in line.total.charges),
            E(
                "ram:SpecifiedTradeSettlementLineMonetarySummation",
                E("ram:LineTotalAmount", document.amount(line.total.net)),
            ),
        ),
    )


def _tax(tag: str, tax: Tax) -> Child:
    return E(
        tag,
        E("ram:TypeCode", "VAT"),
        E("ram:CategoryCode", tax.category),
        E("ram:RateApplicablePercent", content.rate_of(tax)),
    )


def _part(document: Document, minor: int, indicator: str, reason: str) -> Child:
    return E(
        "ram:SpecifiedTradeAllowanceCharge",
        E("ram:ChargeIndicator", E("udt:Indicator", indicator)),
        E("ram:ActualAmount", document.amount(minor)),
        E("ram:Reason", reason),
    )


def _agreement(document: Document) -> Child:
    return E(
        "ram:ApplicableHeaderTradeAgreement",
        E("ram:BuyerReference", document.buyer.reference),
        _party("ram:SellerTradeParty", document, document.seller),
        _party("ram:BuyerTradeParty", document, document.buyer),
        E("ram:BuyerOrderReferencedDocument", E("ram:IssuerAssignedID", document.reference)),
    )


def _party(tag: str, document: Document, party: Party) -> Child:
    numbers = content.numbers_of(document, party)
    tax_id = content.seller_tax_id(document) if party is document.seller else ""
    return E(
        tag,
        E("ram:ID", numbers.identifier),
        E("ram:Name", party.name),
        E("ram:SpecifiedLegalOrganization", E("ram:ID", numbers.registration)),
        E(
            "ram:DefinedTradeContact",
            E("ram:PersonName", party.attention),
            E("ram:TelephoneUniversalCommunication", E("ram:CompleteNumber", party.phone)),
            E("ram:EmailURIUniversalCommunication", E("ram:URIID", party.email)),
        ),
        E(
            "ram:PostalTradeAddress",
            E("ram:PostcodeCode", party.postcode),
            E("ram:LineOne", party.street),
            E("ram:LineTwo", party.street2),
            E("ram:CityName", party.city),
            E("ram:CountryID", party.country),
            E("ram:CountrySubDivisionName", party.region),
        ),
        E("ram:URIUniversalCommunication", E("ram:URIID", party.email, schemeID=EMAIL)),
        E("ram:SpecifiedTaxRegistration", E("ram:ID", tax_id, schemeID="FC")),
        E("ram:SpecifiedTaxRegistration", E("ram:ID", numbers.vat_id, schemeID="VA")),
    )


def _delivery(document: Document) -> Child:
    country = document.buyer.country if content.is_intra_eu(document) else ""
    day = content.delivery_day(document)
    return E(
        "ram:ApplicableHeaderTradeDelivery",
        E("ram:ShipToTradeParty", E("ram:PostalTradeAddress", E("ram:CountryID", country))),
        E("ram:ActualDeliverySupplyChainEvent", E("ram:OccurrenceDateTime", _day(day))),
    )


def _settlement(document: Document) -> Child:
    due = "" if content.is_credit(document) else document.due_date
    return E(
        "ram:ApplicableHeaderTradeSettlement",
        E("ram:PaymentReference", document.number if content.means_code(document) else ""),
        E("ram:InvoiceCurrencyCode", document.currency),
        _means(document),
        tuple(_tax_row(document, row) for row in document.totals.taxes),
        tuple(_adjustment(document, one) for one in document.adjustments),
        E(
            "ram:SpecifiedTradePaymentTerms",
            E("ram:Description", content.payment_terms(document)),
            E("ram:DueDateDateTime", _day(due)),
        ),
        _sums(document),
        _preceding(document),
    )


def _means(document: Document) -> Child:
    code, seller = content.means_code(document), document.seller
    if not code:
        return None
    return E(
        "ram:SpecifiedTradeSettlementPaymentMeans",
        E("ram:TypeCode", code),
        E(
            "ram:PayeePartyCreditorFinancialAccount",
            E("ram:IBANID", seller.iban),
            E("ram:AccountName", seller.name),
        ),
        E("ram:PayeeSpecifiedCreditorFinancialInstitution", E("ram:BICID", seller.bic)),
    )


def _tax_row(document: Document, row: TaxTotal) -> Child:
    code, text = content.exemption(row.tax)
    return E(
        "ram:ApplicableTradeTax",
        E("ram:CalculatedAmount", document.amount(row.amount)),
        E("ram:TypeCode", "VAT"),
        E("ram:ExemptionReason", text),
        E("ram:BasisAmount", document.amount(row.taxable)),
        E("ram:CategoryCode", row.category),
        E("ram:ExemptionReasonCode", code),
        E("ram:RateApplicablePercent", content.rate_of(row.tax)),
    )


def _adjustment(document: Document, one: DocumentAdjustment) -> Child:
    return E(
        "ram:SpecifiedTradeAllowanceCharge",
        E("ram:ChargeIndicator", E("udt:Indicator", "true" if one.is_charge else "false")),
        E("ram:ActualAmount", document.amount(one.amount)),
        E("ram:Reason", content.reason_of(one)),
        _tax("ram:CategoryTradeTax", one.tax),
    )


def _sums(document: Document) -> Child:
    totals, currency = document.totals, document.currency
    sums = (
        ("LineTotalAmount", totals.lines, True),
        ("ChargeTotalAmount", totals.charges, bool(totals.charge_parts)),
        ("AllowanceTotalAmount", totals.allowances, bool(totals.allowance_parts)),
        ("TaxBasisTotalAmount", totals.without_tax, True),
        ("TaxTotalAmount", totals.tax, True),
        ("RoundingAmount", totals.rounding, bool(totals.rounding)),
        ("GrandTotalAmount", totals.with_tax, True),
        ("TotalPrepaidAmount", totals.prepaid, bool(totals.prepaid)),
        ("DuePayableAmount", totals.payable, True),
    )
    return E(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        tuple(
            E(
                f"ram:{name}",
                document.amount(minor),
                **({"currencyID": currency} if name == "TaxTotalAmount" else {}),
            )
            for name, minor, told in sums
            if told
        ),
    )


def _preceding(document: Document) -> Child:
    if document.preceding is None:
        return None
    return E(
        "ram:InvoiceReferencedDocument",
        E("ram:IssuerAssignedID", document.preceding.number),
        E(
            "ram:FormattedIssueDateTime",
            _day(document.preceding.issue_date, "qdt"),
        ),
    )
