"""Producers for the tests of batches; loaded by the processes of a batch, too."""

import os

from django.core.exceptions import ValidationError

from printing import actions, batches
from printing.models import BatchItem, IssuedDocument

from . import conftest


@batches.producer("tests.text")
def text(*, words: str) -> batches.Product:
    """A text file."""
    return batches.Product(words.encode(), f"{words}.txt")


@batches.producer("tests.counted")
def counted(*, words: str) -> batches.WithFigures:
    """A text file, with the number of its characters for the item that closes the batch."""
    return batches.WithFigures(text(words=words), len(words))


@batches.producer("tests.closing", closing=True)
def closing(*, batch: int) -> batches.Product:
    """What the others said, or why they did not."""
    others = BatchItem.objects.filter(batch=batch).exclude(producer="tests.closing").order_by("position")
    said = [f"{other.label} {other.status} {other.figures} {other.error}".strip() for other in others]
    return batches.Product("\n".join(said).encode(), "合计.txt")


@batches.producer("tests.process")
def process(*, number: int) -> batches.Product:
    """The number of the process that makes it."""
    return batches.Product(str(os.getpid()).encode(), f"{number}.txt")


@batches.producer("tests.failing")
def failing(*, how: str) -> batches.Product:
    """Goes wrong in the way asked for."""
    match how:
        case "told":
            raise batches.ItemFailed("石桥村本月没有积分")
        case "invalid":
            raise ValidationError(["月份不对", "没有这个村"])
        case "crash":
            os._exit(3)
        case _:
            raise RuntimeError("secret detail")


@batches.producer("tests.document")
def document(*, place: str) -> IssuedDocument:
    """An issued document."""
    return actions.issue(
        kind=conftest.KIND,
        title=f"{place}公示表",
        template="printing/base.html",
        context={},
        issuer=place,
        place_code=place,
        facts=[],
        filename=f"{place}公示表.pdf",
        by=None,
    )
