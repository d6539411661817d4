"""A few invented laws in the form of the real ones: enough to show each rule, small enough to read."""

from pathlib import Path

import pytest

from knowledge.laws import actions
from knowledge.laws.models import Law

CODE = "中华人民共和国邻里法典"
LAW = "中华人民共和国楼道管理法"
LOANS = "最高人民法院关于审理借伞案件适用法律若干问题的规定"


def statute(
    title: str, body: str, *, history: str = "2020年1月2日 某会议通过\n\n2020年3月1日 施行", book: str = ""
) -> str:
    """A file as the collection writes it."""
    second = f"# {book}\n\n" if book else ""
    return f"# {title}\n\n{second}{history}\n\n<!-- INFO END -->\n\n{body}\n"


UMBRELLAS = "第一条 借伞不还的，适用邻里法典第二条、第三条和《楼道管理法》第三条之一。"

CORRIDOR_NOW = """## 第一章 总则

第一条 为了楼道畅通，根据《中华人民共和国邻里法典》第二条，制定本法。

第二条 楼道里不得堆放杂物。

前款所称杂物，包括下列物品：

（一）煤气罐；

（二）电动车。

## 第二章 责任

第三条 违反本法第二条第一款的，由邻里会议劝告。

第三条之一 依照前条劝告不听的，适用第二条至第三条的规定。

第四条 本法自2024年1月1日起施行。"""

CORRIDOR_OLD = """第一条 为了楼道畅通，制定本法。

第二条 楼道里不得堆放杂物。

第三条 违反本法第二条的，劝告。

第五条 本法自2010年1月1日起施行。"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder of invented laws: a code of two books, a law in two editions, an interpretation, a reply, a copy."""
    files = {
        "民法典/总则.md": statute(
            CODE, "## 第一章 基本规定\n\n第一条 邻里应当和睦。\n\n第二条 有事好商量。", book="总则"
        ),
        "民法典/楼道编.md": statute(CODE, "## 第一章 一般规定\n\n第三条 楼道由邻里共用。", book="楼道编"),
        "行政法/楼道管理法(2023-12-29).md": statute(
            LAW, CORRIDOR_NOW, history="2010年1月1日 通过\n\n2023年12月29日 修订"
        ),
        "行政法/楼道管理法(2010-01-01).md": statute(
            LAW, CORRIDOR_OLD, history="2010年1月1日 通过\n\n2010年1月1日 施行"
        ),
        "司法解释/最高人民法院关于审理借伞案件适用法律若干问题的规定(2022-05-06).md": statute(
            LOANS,
            f"为正确审理借伞案件，制定本规定。\n\n{UMBRELLAS}",
            history="2022年5月1日 通过\n\n2022年6月1日 施行",
        ),
        "司法解释/关于审理借伞案件适用法律若干问题的规定.md": statute(
            LOANS.removeprefix("最高人民法院"),
            UMBRELLAS,
            history="2022年5月1日 通过\n\n2022年6月1日 施行",
        ),
        "司法解释/最高人民法院关于门铃问题的批复.md": statute(
            "最高人民法院关于门铃问题的批复",
            "现答复如下：\n\n一、可以安装。\n\n二、不得对着邻居。",
            history="2021年2月3日 通过",
        ),
        "行政法/_index.md": "---\nbookCollapseSection: true\n---",
    }
    for name, content in files.items():
        target = tmp_path / "laws" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
    return tmp_path / "laws"


@pytest.fixture
def laws(db, corpus: Path) -> dict[str, Law]:
    """The invented laws, imported; by short title."""
    actions.import_folder(path=corpus, index=False)
    return {law.short_title: law for law in Law.objects.all()}
