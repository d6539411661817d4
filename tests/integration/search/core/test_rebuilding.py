"""The index built anew while the site goes on."""

import pytest
from django.test import TestCase

from search import outbox, rebuilding
from search.engines.base import EngineBusy
from search.models import OutboxEntry, Suggestion
from search.rebuilding import rebuild

from .conftest import found

pytestmark = pytest.mark.django_db

commit = TestCase.captureOnCommitCallbacks


def waiting() -> int:
    return OutboxEntry.objects.filter(delivered_at=None).count()


def during(words, act):
    """A source that does something when its first document is read."""
    documents = words.documents

    def reading(pks=None):
        for number, document in enumerate(documents(pks)):
            yield document
            if number == 0 and pks is None:
                act()

    words.documents = reading


def test_everything_is_in_the_first_index(unbuilt, words, add_word):
    pks = [add_word(f"词{number}").pk for number in range(3)]
    report = rebuild()
    assert (report.documents, report.errors, report.replayed) == ({"word": 3}, {}, 0)
    assert found(unbuilt, "词") == {f"word:{pk}" for pk in pks}
    assert Suggestion.objects.count() == 3


def test_what_waited_is_delivered_by_it(unbuilt, words, add_word):
    outbox.record("word", [add_word("房东").pk])
    rebuild()
    assert waiting() == 0
    assert outbox.deliver() == outbox.Delivery()


def test_a_change_in_the_meantime_is_in_both_indexes(engine, words, add_word):
    old = add_word("旧词")
    outbox.record("word", [old.pk])
    outbox.deliver()

    def change():
        old.words = "改词"
        old.save()
        with commit(execute=True):
            outbox.record("word", [old.pk])
        # Visible at once, in the index that is still in use.
        assert found(engine, "改词") == {f"word:{old.pk}"}

    during(words, change)
    # The line of before is replayed with it: it is not older than clocks may differ.
    assert rebuild().replayed == 2
    assert found(engine, "改词") == {f"word:{old.pk}"}
    assert found(engine, "旧词") == set()
    assert waiting() == 0


def test_a_change_in_the_meantime_that_could_not_be_delivered_is_in_the_new_index(engine, words, add_word):
    old = add_word("旧词")

    def change():
        old.delete()
        outbox.record("word", [pk])
        with outbox.held():
            outbox.record("word", [add_word("新词").pk])

    pk = old.pk
    during(words, change)
    rebuild()
    assert found(engine, "旧词") == set()
    assert len(found(engine, "新词")) == 1
    assert waiting() == 0


def test_a_row_that_cannot_be_made_or_stored_is_told_and_the_rest_is_there(engine, words, add_word):
    first, broken, refused, last = (add_word(text) for text in ("甲词", "坏词", "废词", "乙词"))
    outbox.record("word", [broken.pk, last.pk])
    report = rebuild()
    assert set(report.errors) == {f"word:{broken.pk}", f"word:{refused.pk}"}
    assert report.documents == {"word": 2}
    assert found(engine, "词") == {f"word:{first.pk}", f"word:{last.pk}"}
    # Only the line of the broken row waits on.
    assert [line.object_pk for line in OutboxEntry.objects.filter(delivered_at=None)] == [broken.pk]


def test_a_rebuild_that_breaks_keeps_the_old_index_and_the_lines(engine, words, add_word, monkeypatch):
    word = add_word("房东")
    outbox.record("word", [word.pk])
    outbox.deliver()
    outbox.record("word", [word.pk])
    monkeypatch.setattr(rebuilding.suggestions, "replace_all", lambda documents: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        rebuild()
    assert found(engine, "房东") == {f"word:{word.pk}"}
    assert waiting() == 1


def test_two_at_once_are_refused(engine, words):
    with engine.rebuilding(), pytest.raises(EngineBusy):
        rebuild()


def test_phrases_of_what_is_gone_are_gone(engine, words, add_word):
    word = add_word("房东")
    rebuild()
    word.delete()
    add_word("包租婆")
    rebuild()
    assert [row.phrase for row in Suggestion.objects.all()] == ["包租婆"]


def test_progress_is_told_with_the_number_of_rows(engine, words, add_word):
    add_word("房东")
    seen = []

    def progress(documents, source, total):
        seen.append((source.name, total))
        return documents

    rebuild(progress=progress)
    assert seen == [("word", 1)]
