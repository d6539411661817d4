"""What may be uploaded: by content, not by name."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.uploads import sniffed_extension, validate_document


def _zip(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("章程.pdf", b"%PDF-1.7\n..."),
        ("名单.txt", "柳河村".encode()),
        ("名单.csv", "姓名,电话\n王某,1".encode("gb18030")),
        ("材料.zip", _zip("a.txt")),
        ("材料.docx", _zip("[Content_Types].xml", "word/document.xml")),
    ],
    # Not the bytes: a zip holds the time, and workers that begin in different seconds would collect different tests.
    ids=["pdf", "txt", "csv", "zip", "docx"],
)
def test_honest_files_are_taken(name: str, content: bytes) -> None:
    validate_document(SimpleUploadedFile(name, content))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("看似文档.pdf", b"MZ\x90\x00\x03"),
        ("看似文档.pdf", b"<html><script>alert(1)</script>"),
        ("网页.txt", b"  <svg onload=alert(1)>"),
        ("程序.docx", b"\x7fELF\x02\x01\x01\x00"),
        ("表格.csv", b"a\x00b"),
        ("无扩展名", b"%PDF-1.7"),
    ],
)
def test_files_that_are_not_what_they_claim_are_refused(name: str, content: bytes) -> None:
    with pytest.raises(ValidationError) as refusal:
        validate_document(SimpleUploadedFile(name, content))
    assert refusal.value.code == "wrong_type"


def test_a_file_over_the_limit_is_refused_with_both_sizes(settings) -> None:
    settings.DOCUMENT_MAX_UPLOAD_SIZE = 2048
    with pytest.raises(ValidationError) as refusal:
        validate_document(SimpleUploadedFile("大.pdf", b"%PDF-" + b"0" * 4096))
    assert refusal.value.code == "too_large"
    assert "2.0" in refusal.value.messages[0]


def test_a_character_cut_by_the_sniffed_length_is_still_text() -> None:
    text = "村规民约" * 10
    assert sniffed_extension(text.encode()[:-1]) == "txt"
