"""A small index of documents made by hand: what the desk's tests search in."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from search import engines, querylog
from search.documents import Document
from search.engines import get_engine

GUIDE = Document(
    key="guide:1",
    kind="guide",
    title="老板拖欠工资，怎么要回来",
    url="/guides/taoxin/",
    summary="先去劳动监察大队投诉，再申请劳动仲裁，不收费。",
    body="带上工资条、考勤记录。劳动仲裁要在离职一年内申请。",
    names=("老板不发工资怎么办",),
    topics=("拖欠工资", "劳动仲裁"),
    life_event="wages",
    date=date(2026, 5, 1),
    suggest=("老板拖欠工资，怎么要回来", "老板不发工资怎么办"),
    prior=1.5,
)
QUESTION = Document(
    key="question:2",
    kind="question",
    title="押金房东不退怎么办？",
    url="/questions/yajin/",
    summary="先看合同，再找居委会调解。",
    body="出租人没有正当理由不退押金的，可以起诉。",
    topics=("租房",),
    life_event="renting",
    date=date(2026, 6, 1),
    suggest=("押金房东不退怎么办？",),
)


def article(number: int, text: str, **more: str) -> Document:
    """An article of the labour dispute law."""
    return Document(
        key=f"article:{number}",
        kind="article",
        title=f"劳动争议调解仲裁法 第{number}条",
        label=f"劳动争议调解仲裁法 第{number}条",
        url=f"/laws/laodongzhengyi/{number}/",
        heading="劳动争议调解仲裁法 第三章 仲裁",
        body=text,
        law="laodongzhengyi",
        law_kind="statute",
        date=date(2008, 5, 1),
        **more,
    )


ARTICLES = [
    article(number, f"劳动争议申请劳动仲裁的时效期间为一年，第{number}种情形；抚养费、宅基地纠纷不适用本条。")
    for number in range(10, 40)
]
DOCUMENTS = [GUIDE, QUESTION, *ARTICLES]


@pytest.fixture
def build(settings, tmp_path) -> Iterator[Callable[..., None]]:
    """Make an index of these documents, in a folder of this test's own."""
    settings.SEARCH_INDEX_DIR = tmp_path / "index"

    def made(*documents: Document) -> None:
        with get_engine().rebuilding() as new:
            for document in documents:
                new.add(document)
            with new.swapping():
                pass

    known = set(engines._engines)
    yield made
    for key in set(engines._engines) - known:
        del engines._engines[key]


@pytest.fixture
def index(build: Callable[..., None]) -> list[Document]:
    """The index of DOCUMENTS."""
    build(*DOCUMENTS)
    return DOCUMENTS


@pytest.fixture(autouse=True)
def _empty_log() -> Iterator[None]:
    """What another test searched for is not this one's."""
    querylog._noted.clear()
    yield
    querylog._noted.clear()
