"""HTML to PDF, by WeasyPrint: tagged, with embedded fonts, and the same bytes for the same input."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from .errors import PrintingError, ResourceRefused
from .fetcher import OwnFilesFetcher, base_url
from .tables import Sheets, SheetTooTall
from .undisturbed import undisturbed

if TYPE_CHECKING:
    from weasyprint import Document

PAPERS = ("a5-landscape", "a4", "a4-landscape", "a3", "a3-landscape")
LANGUAGE = "zh-CN"
_MAX_TRIES = 12
"""How often a table is cut into smaller pages before it is given up: a row would have to be as tall as a page."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def render(
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    paper: str = "a4",
    author: str = "",
    created: datetime | None = None,
    sheets: Sheets | None = None,
) -> bytes:
    """A template that extends `printing/base.html`, as the bytes of a PDF/UA-1 file.

    `title` is the document's title; `paper` one of PAPERS; `author` who issues it; `created` the moment that stands in
    the file's properties (none: the file has none, and is the same whenever it is made). `sheets` cuts a long table
    into pages: laid out with as many rows as asked for, and again with fewer when rows turn out taller than reckoned,
    so that a subtotal always stands on the page whose rows it adds.
    Raises PrintingError with a text for the user.
    """
    if paper not in PAPERS:
        raise ValueError(f"paper is one of {', '.join(PAPERS)}, not {paper!r}")
    fixed = {"title": title, "paper": paper, "author": author, "created": _w3c(created), "language": LANGUAGE}
    for _attempt in range(_MAX_TRIES):
        # Paper speaks the language of the office, whatever its reader chose for the screen.
        with translation.override("zh-hans"):
            html = render_to_string(template, {**context, **fixed, "sheets": sheets})
        try:
            with undisturbed():
                return _write(_lay_out(html, sheets), html)
        except SheetTooTall:
            if sheets is None or sheets.per_page == 1:
                break
            sheets = sheets.with_fewer_rows()
    raise PrintingError(_("表格里有一行太高，一页放不下。请缩短这一行的文字再打印。"))


def from_html(html: str) -> bytes:
    """A whole HTML page as PDF. It should say its language and title as `printing/base.html` does."""
    with undisturbed():
        return _write(_lay_out(html, None), html)


def _lay_out(html: str, sheets: Sheets | None) -> "Document":
    # Loaded when something is printed: it takes a second, and needs libraries that a site without printing may lack.
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError

    try:
        page = HTML(string=_CONTROL.sub("", html), base_url=base_url(), url_fetcher=OwnFilesFetcher())
        document = page.render(font_config=FontConfiguration(), pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as error:
        raise ResourceRefused(str(error.__cause__ or error)) from error
    if sheets is not None:
        sheets.check([page.anchors for page in document.pages])
    return document


def _write(document: "Document", html: str) -> bytes:
    # The identifier is asked of every PDF; WeasyPrint leaves it out, since it cannot know one that stays the same.
    identifier = hashlib.sha256(html.encode("utf-8", "surrogatepass")).hexdigest()[:32].encode()
    content: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier, finisher=_settle)
    return content


def _settle(_document: "Document", pdf: Any) -> None:
    """Write every object once: pydyf asks each for its bytes a second time to hash them for the identifier."""
    from pydyf import Object

    class Settled(Object):
        def __init__(self, source: Any) -> None:
            super().__init__()
            self.number, self.generation, self.free = source.number, source.generation, source.free
            self._data, self._compressible = source.data, source.compressible

        @property
        def data(self) -> bytes:
            return self._data

        @property
        def compressible(self) -> bool:
            return self._compressible

    pdf.objects = [one if one.free == "f" else Settled(one) for one in pdf.objects]


def _w3c(moment: datetime | None) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else ""
