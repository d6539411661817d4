"""What tests of printing share."""

import random
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from printing import actions, kinds
from printing.fields import Field, Fields
from printing.models import IssuedDocument
from printing.tables import Sheets

KIND = "tests.sheet"
kinds.register(KIND, label="公示表", prefix="测试公示", digits=3, per_place=True)
kinds.register("tests.certificate", label="证明", prefix="测试证")

NAMES = ["张德福", "李秀英", "𠅤小明", "周䶮", "阿依古丽·阿不都热依木江·买买提·吐尔逊"]


@pytest.fixture
def clerk(db: None) -> Any:
    """Somebody who issues documents."""
    return get_user_model().objects.create_user(username="clerk", password="long-enough-4-tests")


@pytest.fixture
def table() -> dict[str, Any]:
    """What `pdf.render` takes for a table of 80 households, some with long names."""
    return make_table(80)


def make_table(count: int) -> dict[str, Any]:
    """The same households each time."""
    dice = random.Random(count)
    rows = [
        {"head": dice.choice(NAMES), "family": dice.randint(-9, 40), "public": dice.randint(0, 30)}
        for _ in range(count)
    ]
    fields = Fields(
        Field("#", "序号", 1, "center"),
        Field("head", "户主", 3),
        Field("family", "家庭美德", 2, "right", group="积分"),
        Field("public", "公共秩序", 2, "right", group="积分"),
    )
    sheets = Sheets(rows, 32, first_page=26, ending=14, totals=["family", "public"], lines=fields.line_counter(45))
    context = {"issuer": "石桥村村民委员会", "period": "2026年9月", "signers": ["制表", "审核"], "fields": fields}
    return {"template": "printing/table.html", "context": context, "sheets": sheets}


@pytest.fixture
def issue(clerk: Any) -> Any:
    """Issue a short document."""

    def call(**changes: Any) -> IssuedDocument:
        given = {
            "kind": "tests.certificate",
            "title": "志愿服务记录证明",
            "template": "printing/base.html",
            "context": {"issuer": "石桥村"},
            "issuer": "石桥村",
            "place_code": "330109102201",
            "facts": [("服务时长", "35.5 小时")],
            "filename": "证明.pdf",
            "subject": "张*福",
            "by": clerk,
        }
        return actions.issue(**(given | changes))

    return call


@pytest.fixture(autouse=True)
def _data_folder(settings: Any, tmp_path: Any) -> None:
    """Stored files in a folder of the test's own."""
    settings.DATA_DIR = tmp_path
