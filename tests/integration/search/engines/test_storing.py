"""What every engine does with documents, changes and whole new indexes."""

from dataclasses import replace
from datetime import date

import pytest

from search.documents import Document
from search.engines.base import EngineBusy, SearchUnavailable
from search.engines.stored import kept

from .making import article, asking, found, page

FULL = Document(
    key="guide:7",
    kind="guide",
    title="老板拖欠工资\x00，怎么要回来𠅤",
    url="/guides/taoxin/",
    body="第一段。\n第二段。",
    heading="劳动",
    names=("老板不发工资", "欠薪"),
    summary="先投诉，再仲裁。\ud800",
    topics=("工资", "仲裁"),
    life_event="wages",
    place="柳河村",
    date=date(2026, 5, 1),
    prior=1.5,
    suggest=("老板拖欠工资",),
    label="劳动",
)


def test_a_document_comes_back_as_it_was_given(engine, put):
    put(FULL, page(1))
    assert engine.documents(["guide:7", "page:1"]) == {"guide:7": kept(FULL), "page:1": page(1)}


def test_documents_come_in_the_order_asked_for_without_those_that_are_gone(engine, put):
    put(page(1), page(2), page(3))
    assert list(engine.documents(["page:3", "page:9", "page:1", "page:3"])) == ["page:3", "page:1"]
    assert engine.documents([]) == {}


def test_a_document_takes_the_place_of_the_one_with_its_key(engine, put):
    put(page(1, body="押金"))
    put(page(1, body="租赁"))
    assert found(engine, "押金") == []
    assert found(engine, "租赁") == ["page:1"]
    put(page(2, body="旧"), page(2, body="新"))
    assert engine.documents(["page:2"])["page:2"].body == "新"
    assert sorted(engine.keys()) == ["page:1", "page:2"]


def test_a_deleted_document_is_gone(engine, put):
    put(page(1, body="押金"), page(2, body="押金"))
    with engine.writing(wait=10) as writer:
        writer.delete("page:1")
        writer.delete("page:77")
    assert found(engine, "押金") == ["page:2"]
    assert engine.documents(["page:1"]) == {}
    assert list(engine.keys()) == ["page:2"]


@pytest.mark.parametrize(
    "broken",
    [
        page(1, prior=0.0),
        page(1, prior=-1.0),
        page(1, prior=float("nan")),
        page(1, prior=float("inf")),
        page(1, prior=0.01),
        page(1, prior=11.0),
        page(1, key="page"),
        page(1, key="page:x"),
        page(1, key="other:1"),
    ],
)
def test_a_document_that_cannot_be_stored_is_refused_and_harms_no_other(engine, broken):
    with engine.writing(wait=10) as writer:
        writer.add(page(2, body="押金"))
        with pytest.raises(ValueError):
            writer.add(broken)
        writer.add(page(3, body="押金"))
    assert sorted(engine.keys()) == ["page:2", "page:3"]
    assert writer.refused == {}


def test_one_writer_at_a_time(engine):
    with engine.writing(wait=10), pytest.raises(EngineBusy), engine.writing(wait=0.05):
        pass
    with engine.writing(wait=0):
        pass


def test_a_writer_that_fails_gives_its_turn_back(engine):
    with pytest.raises(RuntimeError), engine.writing(wait=10):
        raise RuntimeError
    with engine.writing(wait=0) as writer:
        writer.add(page(1))
    assert list(engine.keys()) == ["page:1"]


def test_how_many_bodies_hold_a_term(engine, put):
    put(article(1, "押金"), article(2, "押金与租金"), page(3, "押金"))
    assert engine.frequencies(["押金", "租金", "无"]) == ([2, 1, 0], 3)
    assert engine.frequencies([]) == ([], 3)


def test_without_an_index_everything_says_so(unbuilt):
    for ask in (
        lambda: unbuilt.search(asking("押金")),
        lambda: unbuilt.facets(asking("押金"), ["kinds"]),
        lambda: unbuilt.documents(["page:1"]),
        lambda: unbuilt.frequencies(["押金"]),
        lambda: list(unbuilt.keys()),
    ):
        with pytest.raises(SearchUnavailable, match="rebuild_search"):
            ask()
    with pytest.raises(SearchUnavailable, match="rebuild_search"), unbuilt.writing():
        pass
    assert not unbuilt.status().available
    assert "rebuild_search" in unbuilt.status().message


def test_the_status(engine, put):
    put(page(1), page(2), article(3, "押金"))
    status = engine.status()
    assert status.available
    assert (status.documents, status.by_kind) == (3, {"page": 2, "article": 1})
    assert status.size > 0
    assert status.built_at is not None
    assert status.location
    assert engine.problem() == ""


def test_a_new_index_is_seen_only_when_it_takes_over(engine, put):
    put(page(1, body="押金"))
    with engine.rebuilding() as new:
        new.add(page(2, body="押金"))
        assert found(engine, "押金") == ["page:1"]
        # The site goes on writing to the old one in the meantime.
        put(page(3, body="押金"))
        assert sorted(found(engine, "押金")) == ["page:1", "page:3"]
        with new.swapping() as writer:
            writer.add(page(3, body="押金"))
            writer.delete("page:2")
            writer.add(page(4, body="押金"))
    assert sorted(found(engine, "押金")) == ["page:3", "page:4"]
    put(page(5, body="押金"))
    assert sorted(engine.keys()) == ["page:3", "page:4", "page:5"]


def test_a_rebuild_that_fails_leaves_everything_as_it_was(engine, put):
    put(page(1, body="押金"))
    for before_the_swap in (True, False):
        with pytest.raises(RuntimeError):
            _fail(engine, before_the_swap=before_the_swap)
    assert found(engine, "押金") == ["page:1"]
    put(page(4, body="押金"))
    assert sorted(engine.keys()) == ["page:1", "page:4"]


def _fail(engine, *, before_the_swap):
    with engine.rebuilding() as new:
        new.add(page(2, body="押金"))
        if before_the_swap:
            raise RuntimeError
        with new.swapping() as writer:
            writer.add(page(3))
            raise RuntimeError


def test_a_rebuild_refuses_what_cannot_be_stored(engine):
    with engine.rebuilding() as new:
        with pytest.raises(ValueError):
            new.add(page(1, prior=0.0))
        new.add(page(2))
        with new.swapping():
            assert new.refused == {}
    assert list(engine.keys()) == ["page:2"]


def test_one_rebuild_at_a_time(engine):
    with engine.rebuilding(), pytest.raises(EngineBusy), engine.rebuilding():
        pass


def test_no_writer_comes_between_the_last_changes_and_the_swap(engine):
    with engine.rebuilding() as new, new.swapping(), pytest.raises(EngineBusy), engine.writing(wait=0.05):
        pass


def test_many_rebuilds_leave_no_more_than_one_to_go_back_to(engine, put):
    for number in range(4):
        with engine.rebuilding() as new:
            new.add(replace(page(1), title=f"第{number}次"))
            with new.swapping():
                pass
    assert engine.documents(["page:1"])["page:1"].title == "第3次"
    size = engine.status().size
    assert 0 < size < 1_000_000


def test_the_index_before_the_last_rebuild_serves_again_and_back(engine, put):
    put(page(1, title="第一次"))
    with engine.rebuilding() as new:
        new.add(page(1, title="第二次"))
        with new.swapping():
            pass
    for title in ("第一次", "第二次"):
        engine.roll_back()
        assert engine.documents(["page:1"])["page:1"].title == title


def test_without_an_index_before_there_is_no_way_back(engine):
    with pytest.raises(SearchUnavailable, match="from before the last rebuild"):
        engine.roll_back()
    assert engine.status().available
