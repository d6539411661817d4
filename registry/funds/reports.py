"""The papers of funds: receipts, statements, notes of correction; and a statement's lines as CSV."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.sensitive import mask_name
from printing import actions, csv, kinds, pdf
from printing.columns import Column
from printing.fields import Field, Fields, shown
from printing.models import IssuedDocument
from printing.tables import Sheets

from . import figures
from .models import Correction, Donation, DonorKind, Entry, Fund, GoodsLine, Statement
from .periods import Period

RECEIPT = "funds.receipt"
STATEMENT = "funds.statement"
CORRECTION = "funds.correction"

kinds.register(RECEIPT, label=gettext_lazy("捐赠票据"), prefix="捐票")
kinds.register(STATEMENT, label=gettext_lazy("社区基金公开账目"), prefix="基金账")
kinds.register(CORRECTION, label=gettext_lazy("社区基金账目更正说明"), prefix="基金更")

LINES_A_PAGE = 32
"""Lines of a statement's table on an A4 page; fewer where rows turn out taller."""
TABLE_EM = 49.0
"""The width of a table on A4, in em of its type."""


def _amount(value: Decimal | int | None) -> str:
    """With its fen, the sum of no amounts too."""
    return shown(value if value is None else Decimal(value))


# Together as wide as the table: what is reckoned for a day, a number and an amount is then one line, as it is laid out.
LINE_FIELDS = Fields(
    Field("number", gettext_lazy("号"), 3, "center"),
    # A period lies in one year, and the title names it.
    Field("on", gettext_lazy("日期"), 4, "center", show=lambda day: f"{day:%m-%d}"),
    Field("kind", gettext_lazy("事项"), 5.2),
    Field("purpose", gettext_lazy("事由"), 10),
    Field("party", gettext_lazy("对方"), 8),
    Field("income", gettext_lazy("收入"), 6, "right", show=_amount),
    Field("expense", gettext_lazy("支出"), 6, "right", show=_amount),
    Field("balance", gettext_lazy("余额"), 6.8, "right"),
)


def issue_receipt(donation: Donation, *, by: Any) -> IssuedDocument:
    """The receipt of a donation, with what article 38 of the Charity Law asks for."""
    voucher = donation.voucher
    fund = voucher.fund
    given = voucher.what
    return actions.issue(
        kind=RECEIPT,
        title=_("捐赠票据"),
        template="funds/pdf/receipt.html",
        context={
            "donation": donation,
            "voucher": voucher,
            "fund": fund,
            "words": amount_in_words(voucher.amount),
            "issuer": str(fund.manager),
        },
        issuer=str(fund.manager),
        place_code=fund.place.code,
        subject=_public_name(donation),
        facts=[(_("基金"), fund), (_("捐赠"), given), (_("捐赠日期"), voucher.on)],
        filename=_("捐赠票据-%(name)s.pdf") % {"name": donation.donor},
        by=by,
    )


def issue_statement(statement: Statement, *, by: Any) -> IssuedDocument:
    """The PDF of a published statement."""
    fund = statement.fund
    return actions.issue(
        kind=STATEMENT,
        title=_("%(fund)s%(period)s账目") % {"fund": fund, "period": statement.title},
        template="funds/pdf/statement.html",
        issuer=str(fund.manager),
        place_code=fund.place.code,
        subject=str(fund),
        facts=[
            (_("账期"), statement.title),
            (_("期初余额"), _yuan(statement.opening)),
            (_("本期收入"), _yuan(statement.income)),
            (_("本期支出"), _yuan(statement.expense)),
            (_("期末余额"), _yuan(statement.closing)),
        ],
        filename=_("%(fund)s-%(period)s账目.pdf") % {"fund": fund, "period": statement.title},
        by=by,
        **_statement_pages(statement),
    )


def draft(fund: Fund, period: Period) -> Statement:
    """The account of a period from the books as they are now, not saved."""
    found = figures.of(fund, period)
    return Statement(
        fund=fund,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        opening=found.opening,
        income=found.income,
        expense=found.expense,
        closing=found.closing,
        figures=found.frozen(),
    )


def preview_statement(statement: Statement) -> bytes:
    """The PDF of a statement that is not published yet, marked as a draft."""
    pages = _statement_pages(statement)
    pages["context"]["draft"] = True
    return pdf.render("funds/pdf/statement.html", title=_("公开账目预览"), **pages)


def issue_correction(correction: Correction, *, by: Any) -> IssuedDocument:
    """The PDF of a note that corrects a statement."""
    statement = correction.statement
    fund = statement.fund
    return actions.issue(
        kind=CORRECTION,
        title=_("%(fund)s%(period)s账目更正说明") % {"fund": fund, "period": statement.title},
        template="funds/pdf/correction.html",
        context={"correction": correction, "statement": statement, "fund": fund, "issuer": str(fund.manager)},
        issuer=str(fund.manager),
        place_code=fund.place.code,
        subject=str(fund),
        facts=[(_("账期"), statement.title)],
        filename=_("%(fund)s-%(period)s更正说明.pdf") % {"fund": fund, "period": statement.title},
        by=by,
    )


def statement_csv(statement: Statement) -> bytes:
    """Each line of a statement's period, between its opening and its closing balance. No donor is named in it."""
    columns = [
        Column(_("凭证号"), "integer"),
        Column(_("日期"), "date"),
        Column(_("事项")),
        Column(_("事由")),
        Column(_("对方")),
        Column(_("收入（元）"), "money"),
        Column(_("支出（元）"), "money"),
        Column(_("余额（元）"), "money"),
    ]
    rows: list[list[Any]] = [[None, statement.starts_on, _("期初余额"), "", "", None, None, statement.opening]]
    names = ("number", "on", "kind", "purpose", "party", "income", "expense", "balance")
    rows += [[line[name] for name in names] for line in statement_lines(statement)]
    totals = [None, statement.ends_on, _("期末余额"), "", "", statement.income, statement.expense, statement.closing]
    return csv.table(columns, rows, totals)


def statement_lines(statement: Statement) -> list[dict[str, Any]]:
    """The lines of a statement's period in the order of days, each with the balance after it.

    A frozen paper names no donor: one who withdraws their consent could not be taken out of it any more.
    """
    entries = (
        Entry.objects.filter(fund=statement.fund, on__range=(statement.starts_on, statement.ends_on))
        .disclosed()
        .select_related("voucher__recipient_organization", "voucher__recipient_place", "voucher__target")
        .select_related("voucher__fund")
        .order_by("on", "pk")
    )
    balance, lines = statement.opening, []
    for entry in entries:
        income = entry.amount if entry.is_incoming else None
        expense = None if entry.is_incoming else entry.amount
        balance += (income or Decimal(0)) - (expense or Decimal(0))
        lines.append(
            {
                "number": entry.voucher.number,
                "on": entry.on,
                "kind": entry.get_kind_display(),
                "purpose": entry.purpose,
                "party": party(entry),
                "income": income,
                "expense": expense,
                "balance": balance,
            }
        )
    return lines


def party(entry: Entry) -> str:
    """Who is on the other side of an entry, as far as everybody may know for good: a recipient, another fund."""
    voucher = entry.voucher
    if voucher.target_id:
        return str(voucher.target if voucher.fund_id == entry.fund_id else voucher.fund)
    if voucher.donor_kind:
        return str(DonorKind(voucher.donor_kind).label)
    return voucher.recipient


def _statement_pages(statement: Statement) -> dict[str, Any]:
    period = Period(statement.starts_on, statement.ends_on)
    lines = statement_lines(statement)
    context = {
        "statement": statement,
        "fund": statement.fund,
        "figures": figures.thawed(period, statement.opening, statement.figures),
        "goods_lines": _goods_lines(statement),
        "fields": LINE_FIELDS,
        "issuer": str(statement.fund.manager),
        "period": statement.title,
        "signers": [_("负责人"), _("财务"), _("监督")],
    }
    sheets = Sheets(
        lines,
        per_page=LINES_A_PAGE,
        ending=14,
        totals=["income", "expense"],
        lines=LINE_FIELDS.line_counter(TABLE_EM),
    )
    return {"context": context, "sheets": sheets}


def _goods_lines(statement: Statement) -> list[GoodsLine]:
    rows = GoodsLine.objects.filter(stock__fund=statement.fund, on__range=(statement.starts_on, statement.ends_on))
    rows = rows.select_related("stock", "voucher__recipient_organization", "voucher__recipient_place")
    return list(rows.order_by("on", "pk"))


def _public_name(donation: Donation) -> str:
    """A donor as the verification page may show them: masked, of an organization whole."""
    voucher = donation.voucher
    if voucher.donor_kind == DonorKind.ORGANIZATION:
        return voucher.donor_name
    return mask_name(voucher.donor_name) if voucher.donor_name else str(DonorKind.ANONYMOUS.label)


def _yuan(amount: Decimal) -> str:
    return _("%(amount)s 元") % {"amount": f"{amount:,.2f}"}


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def amount_in_words(amount: Decimal | None) -> str:
    """Yuan in the capital numerals of Chinese receipts: 壹仟贰佰元整, 拾万零伍拾元叁角."""
    if amount is None:
        return ""
    yuan, fen = divmod(int((amount * 100).to_integral_value()), 100)
    words = _whole(yuan) + "元" if yuan else ""
    jiao, rest = divmod(fen, 10)
    if not fen:
        return (words or "零元") + "整"
    words += f"{_DIGITS[jiao]}角" if jiao else ("零" if yuan else "")
    return words + (f"{_DIGITS[rest]}分" if rest else "整")


def _whole(number: int) -> str:
    """A whole number in capital numerals; gaps between places become one 零."""
    text, gap = "", False
    for index in range(len(_GROUPS) - 1, -1, -1):
        group = number // 10_000**index % 10_000
        if not group:
            gap = gap or bool(text)
            continue
        if text and (gap or group < 1000):
            text += "零"
        text += _group(group) + _GROUPS[index]
        gap = False
    return text


def _group(number: int) -> str:
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return text
