"""Official papers: HTML to PDF, numbered and verifiable documents, batches, spreadsheets, charts.

Knows no other app. Others print through their own `reports.py` with these pieces:

**A PDF** (`printing.pdf`)::

    pdf.render("covenants/reports/month.html", context, title="…", sheets=Sheets(rows, per_page=30, totals=["points"]))

The template extends `printing/base.html`; its blocks and the classes of its style sheet are listed there. The same
input gives the same bytes. `sheets` cuts a long table into pages with subtotals (`printing.tables`); in the template it
is `{% include "printing/includes/sheets.html" %}` or a loop of one's own over `sheets`.

**An issued document** (`printing.actions`): numbered, frozen, verifiable by anybody who holds the paper::

    # in apps.py ready(), or in the module that issues: once for each kind
    kinds.register("volunteers.certificate", label=_("志愿服务记录证明"), prefix="志服证")

    document = actions.issue(
        kind="volunteers.certificate", title="志愿服务记录证明", issuer="石桥村", place_code="330109102201",
        template="volunteers/certificate.html", context={…}, subject="张*", facts=[("服务时长", "35.5 小时")],
        filename="志愿服务记录证明-张三.pdf", by=request.user,
    )
    actions.revoke(document=document, category="error", reason="…", by=request.user)
    actions.replace(document=document, reason="…", by=request.user, …what issue() takes…)

The template is given `stamp` beside the context: number, code, QR, date (`printing.stamps.Stamp`). Without it (a
preview) pass `draft=True` in the context: the page then says that it is none. `issue` commits its number before it
lays the pages out: called outside a transaction it holds no lock meanwhile, called inside one it is as atomic as that.
`document.content()` gives the stored bytes after checking their hash.

**An answer** (`printing.responses`): `pdf_response(document, inline=True)` or `file_response(bytes, "花名册.xlsx")`.
The caller checks who may have it.

**A batch** (`printing.batches`)::

    @batches.producer("covenants.month_report")           # in a module that the app's ready() imports
    def month_report(*, village: str, month: str) -> IssuedDocument | Product: …

    items = [batches.Item("石桥村", "covenants.month_report", {"village": "330109102201", "month": "2026-09"}), …]
    batch = batches.start(title="九月积分公示", items=items, by=request.user)
    return redirect(batch)                                # progress, cancelling, failures, the archive

A producer runs in a process of its own, takes what JSON can hold, and returns an issued document or a `Product` (bytes
and file name). One that is `closing` makes the last item of a batch, a table of what all others say: they hand that on
with `WithFigures`, and it reads it from the items. An exception that is a `batches.ItemFailed` or a ValidationError is
shown with its text; others are logged and shown as an error of the system.

**Spreadsheets**: `xlsx.workbook(…)` and `csv.table(…)` take the same `columns.Column` and rows.

**Charts**: `charts.bars(…)`, `charts.lines(…)`, `charts.sparkline(…)` return SVG for pages and PDFs alike.
"""
