"""PDFs: what is in them, that they come out the same, and what they may not load."""

import io
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils.html import escape
from pypdf import PdfReader

from printing import checks, pdf
from printing.errors import PrintingError, ResourceRefused
from printing.stamps import Stamp
from printing.tables import Sheets

from .conftest import make_table

WHEN = datetime(2026, 9, 30, 8, 0, tzinfo=UTC)
STAMP = Stamp("测试公示〔2026〕001号", "4NY4TAN1NV4Q", WHEN, "石桥村", "公示表", "公示表")


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def texts(content: bytes) -> list[str]:
    return [page.extract_text() for page in read(content).pages]


def html(body: str, head: str = "") -> str:
    return f'<!DOCTYPE html><html lang="zh-CN"><head><title>页</title>{head}</head><body>{body}</body></html>'


def test_a_table_has_its_subtotals_on_the_pages_of_its_rows(table):
    content = pdf.render(**table, title="积分公示表")
    pages = texts(content)
    sheets = table["sheets"]
    assert len(pages) > 2
    seen = 0
    for text in pages:
        if "本页小计" not in text:
            continue
        numbers = [int(n) for n in re.findall(r"^(\d+) ?(?:张|李|𠅤|周|阿)", text, flags=re.MULTILINE)]
        rows = [sheets.rows[n - 1] for n in numbers]
        subtotal = re.search(r"本页小计\s*(-?[\d,]+)\s+(-?[\d,]+)", text)
        assert subtotal is not None
        assert int(subtotal[1].replace(",", "")) == sum(row["family"] for row in rows)
        assert int(subtotal[2].replace(",", "")) == sum(row["public"] for row in rows)
        seen += len(rows)
    assert seen == len(sheets.rows)
    for position, text in enumerate(pages, start=1):
        assert f"第 {position} 页，共 {len(pages)} 页" in text
        assert ("家庭美德" in text) == ("本页小计" in text)
    total = "{family:,} {public:,}".format(**sheets.grand_totals)
    assert total in pages[-1].replace("合计", "合计 ").replace("  ", " ")


def test_signatures_stand_below_rows(table):
    last = texts(pdf.render(**table, title="积分公示表"))[-1]
    assert "制表" in last
    assert "盖章处" in last
    assert "合计" in last


def test_rows_that_run_over_are_dealt_again():
    table = make_table(60)
    sheets = table["sheets"]
    optimistic = Sheets(sheets.rows, 50, totals=["family", "public"])
    pages = texts(pdf.render(**(table | {"sheets": optimistic}), title="表"))
    assert sum("本页小计" in text for text in pages) >= 2
    assert "合计" in pages[-1]


def test_a_row_taller_than_a_page_is_told():
    table = make_table(1)
    table["sheets"] = Sheets([{"head": "长" * 6000, "family": 1, "public": 1}], 3, totals=["family"])
    with pytest.raises(PrintingError, match="太高"):
        pdf.render(**table, title="表")


def test_an_empty_table_says_so():
    [text] = texts(pdf.render(**make_table(0), title="表"))
    assert "本期没有记录" in text
    assert "合计" in text


def test_marks_of_an_issued_document_stand_on_each_page(table):
    table["context"]["stamp"] = STAMP
    content = pdf.render(**table, title="积分公示表")
    for text in texts(content):
        assert "测试公示〔2026〕001号" in text
        assert "4NY4-TAN1-NV4Q" in text
    assert "扫码核验真伪" in texts(content)[-1]


def test_a_preview_says_so_on_each_page(table):
    table["context"]["draft"] = True
    for text in texts(pdf.render(**table, title="表")):
        assert "不作凭证" in text.replace("\n", "")


def test_title_language_tags_and_bookmarks(table):
    reader = read(pdf.render(**table, title="石桥村 𠅤 公示表", author="石桥村", created=WHEN))
    assert reader.metadata.title == "石桥村 𠅤 公示表"
    assert reader.metadata.author == "石桥村"
    assert reader.metadata.creation_date == WHEN
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "zh-CN"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()
    assert [entry.title for entry in reader.outline] == ["石桥村 𠅤 公示表"]
    tags = set()

    def walk(element):
        element = element.get_object()
        if not isinstance(element, dict):
            return
        tags.add(element.get("/S"))
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            walk(kid)

    walk(root["/StructTreeRoot"]["/K"][0])
    assert {"/H1", "/Table", "/THead", "/TR", "/TH", "/TD"} <= tags


def test_fonts_are_embedded_in_part_and_nothing_is_missing(table):
    content = pdf.render(**table, title="积分公示表")
    fonts = {}
    for page in read(content).pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = descendant["/FontDescriptor"].get_object()
            fonts[descriptor["/FontName"]] = descriptor
    assert fonts
    for name, descriptor in fonts.items():
        assert re.match(r"/[A-Z]{6}\+Noto-Serif-CJK-SC", name)
        assert "/FontFile3" in descriptor
        # The whole font has 20 MB and more.
        assert len(descriptor["/FontFile3"].get_data()) < 3_000_000
    text = "".join(texts(content))
    assert "𠅤小明" in text
    assert "周䶮" in text
    assert "\ufffd" not in text


_PAPERS = [("a5-landscape", 595), ("a4", 595), ("a4-landscape", 842), ("a3", 842), ("a3-landscape", 1191)]


@pytest.mark.parametrize(("paper", "width"), _PAPERS)
def test_papers(table, paper, width):
    reader = read(pdf.render(**make_table(3), title="表", paper=paper))
    assert round(float(reader.pages[0].mediabox.width)) == width


def test_an_unknown_paper_is_refused():
    with pytest.raises(ValueError):
        pdf.render(**make_table(1), title="表", paper="letter")


def test_the_same_input_gives_the_same_bytes(table):
    table["context"]["stamp"] = STAMP
    first, second = (pdf.render(**table, title="表", created=WHEN) for _ in range(2))
    assert first == second
    assert read(first).trailer["/ID"][0] == read(second).trailer["/ID"][0]


def test_another_process_gives_the_same_bytes(tmp_path):
    script = """
import sys; sys.path[:0] = sys.argv[2:]
import django; django.setup()
from pathlib import Path
from printing import pdf
from tests.integration.printing.conftest import make_table
Path(sys.argv[1]).write_bytes(pdf.render(**make_table(30), title="表"))
"""
    root = Path(django_settings.BASE_DIR)
    made = tmp_path / "other.pdf"
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    command = [sys.executable, "-c", script, str(made), str(root / "site"), str(root)]
    subprocess.run(command, check=True, env=environment, capture_output=True)
    assert made.read_bytes() == pdf.render(**make_table(30), title="表")


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/picture.png",
        "https://127.0.0.1:1/x.png",
        "ftp://example.org/x.png",
        "file:///etc/passwd",
        "file:///etc/passwd?x=.png",
        "/static/../config/settings/base.py",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/media/../db.sqlite3",
        "/etc/passwd",
        "picture.png",
    ],
)
@pytest.mark.parametrize("where", ['<img alt="x" src="{}">', '<p style="background: url({})">x</p>'])
def test_nothing_outside_is_loaded(address, where):
    with pytest.raises(ResourceRefused):
        pdf.from_html(html(where.format(escape(address))))


def test_style_sheets_and_fonts_from_outside_are_refused_too():
    with pytest.raises(ResourceRefused):
        pdf.from_html(html("x", '<link rel="stylesheet" href="http://example.org/a.css">'))
    with pytest.raises(ResourceRefused):
        pdf.from_html(html("x", "<style>@font-face { font-family: a; src: url(http://example.org/a.woff) }</style>"))
    with pytest.raises(ResourceRefused):
        pdf.from_html(html("x", "<style>@import url(file:///etc/passwd)</style>"))


def test_a_link_inside_the_media_folder_leads_nowhere_outside(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    (tmp_path / "secret.png").write_bytes(b"x")
    (settings.MEDIA_ROOT / "link.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(ResourceRefused):
        pdf.from_html(html('<img alt="x" src="/media/link.png">'))


def test_own_files_and_data_are_loaded(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    image = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"
    (tmp_path / "图.svg").write_text(image, encoding="utf-8")
    dot = f"data:image/svg+xml,{image}"
    content = pdf.from_html(
        html(f'<img alt="点" src="{dot}"><img alt="图" src="/media/图.svg"><img alt="标" src="/static/home/logo.svg">')
    )
    assert content.startswith(b"%PDF-1.7")


def test_text_of_users_stays_text():
    table = make_table(1)
    table["sheets"].rows[0]["head"] = '<img src="http://example.org/x.png"><script>1</script>\x00\x08'
    text = "".join(texts(pdf.render(**table, title="<b>表</b>\x01")))
    assert "<script>" in text.replace("\n", "")
    assert "<b>表</b>" in text


def test_the_checks_say_what_is_missing(monkeypatch):
    assert checks.libraries_and_fonts(None) == []
    monkeypatch.setattr(checks.shutil, "which", lambda name: None)
    monkeypatch.setattr(checks, "_loads", lambda name: False)
    monkeypatch.setattr(checks.ctypes.util, "find_library", lambda name: None)
    found = checks.libraries_and_fonts(None)
    assert [message.id for message in found] == ["printing.W001", "printing.W002"]
    assert "fonts-noto-cjk" in found[1].hint


def test_an_address_without_a_host_is_refused(settings):
    settings.WAGTAILADMIN_BASE_URL = "xiangyue.example"
    assert [message.id for message in checks.addresses(None)] == ["printing.E002"]
