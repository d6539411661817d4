"""Changes on their way to the index: never lost, never older than what is there, none in another's way."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import TestCase
from django.utils import timezone

from search import outbox
from search.engines.base import EngineBusy, SearchUnavailable
from search.models import OutboxEntry, Suggestion

from .conftest import found

pytestmark = pytest.mark.django_db

commit = TestCase.captureOnCommitCallbacks


def waiting() -> int:
    return OutboxEntry.objects.filter(delivered_at=None).count()


def test_a_change_is_found_after_its_commit(engine, words, add_word):
    with commit(execute=True):
        word = add_word("房东", "出租人")
        outbox.record("word", [word.pk])
        assert found(engine, "房东") == set()
    assert found(engine, "房东") == {f"word:{word.pk}"}
    assert waiting() == 0


def test_the_row_is_read_when_it_is_delivered(engine, words, add_word):
    word = add_word("房东", "出租人")
    with commit(execute=True):
        outbox.record("word", [word.pk])
        word.words = "包租婆"
        word.save()
    assert found(engine, "包租婆") == {f"word:{word.pk}"}
    assert found(engine, "房东") == set()


def test_a_row_that_is_gone_or_no_longer_searchable_leaves_the_index(engine, words, add_word):
    gone, hidden = add_word("房东"), add_word("包租婆")
    with commit(execute=True):
        outbox.record("word", [gone.pk, hidden.pk])
    pk = gone.pk
    with commit(execute=True):
        outbox.record("word", [pk, hidden.pk])
        gone.delete()
        hidden.active = False
        hidden.save()
    assert found(engine, "房东") | found(engine, "包租婆") == set()
    assert Suggestion.objects.count() == 0


def test_phrases_for_the_search_box_come_and_go_with_the_document(engine, words, add_word):
    word = add_word("房东")
    with commit(execute=True):
        outbox.record("word", [word.pk])
    assert [row.phrase for row in Suggestion.objects.all()] == ["房东"]


def test_a_change_that_was_rolled_back_is_no_change(engine, words, add_word):
    with commit(execute=True), transaction.atomic():
        outbox.record("word", [add_word("房东").pk])
        transaction.set_rollback(True)
    assert waiting() == 0
    word = add_word("包租婆")
    with commit(execute=True):
        outbox.record("word", [word.pk])
    assert found(engine, "包租婆") == {f"word:{word.pk}"}


def test_several_records_of_one_transaction_are_one_delivery(engine, words, add_word, monkeypatch):
    turns = []
    writing = type(engine).writing
    monkeypatch.setattr(type(engine), "writing", lambda self, **given: turns.append(1) or writing(self, **given))
    with commit(execute=True):
        for number in range(5):
            outbox.record("word", [add_word(f"词{number}").pk])
    assert len(turns) == 1
    assert waiting() == 0


def test_repeats_are_one_line(words, add_word, db):
    word = add_word("房东")
    outbox.record("word", [word.pk, word.pk])
    assert waiting() == 1
    outbox.record("word", [])
    assert waiting() == 1


def test_an_unknown_source_is_refused(words):
    with pytest.raises(KeyError, match="nothing"):
        outbox.record("nothing", [1])


def test_held_changes_wait(engine, words, add_word):
    word = add_word("房东")
    with commit(execute=True), outbox.held(), outbox.held():
        outbox.record("word", [word.pk])
    assert found(engine, "房东") == set()
    assert outbox.deliver() == outbox.Delivery(delivered=1)
    assert found(engine, "房东") == {f"word:{word.pk}"}


def test_a_request_delivers_its_own_lines_first_and_a_bounded_number(engine, words, add_word, monkeypatch):
    monkeypatch.setattr(outbox, "INLINE_LIMIT", 3)
    # A busy machine may take longer than a visitor would be made to wait.
    monkeypatch.setattr(outbox, "INLINE_WAIT", 60.0)
    with outbox.held():
        outbox.record("word", [add_word(f"旧词{number}").pk for number in range(5)])
    with commit(execute=True):
        new = add_word("新词")
        outbox.record("word", [new.pk])
    assert found(engine, "新词") == {f"word:{new.pk}"}
    assert len(found(engine, "旧词")) == 2
    assert waiting() == 3


def test_what_was_rolled_back_does_not_crowd_out_a_requests_own_lines(engine, words, add_word, monkeypatch):
    monkeypatch.setattr(outbox, "INLINE_LIMIT", 3)
    monkeypatch.setattr(outbox, "INLINE_WAIT", 60.0)
    with outbox.held():
        outbox.record("word", [add_word(f"旧词{number}").pk for number in range(5)])
    with commit(execute=False), transaction.atomic():
        outbox.record("word", [add_word(f"废案{number}").pk for number in range(5)])
        transaction.set_rollback(True)
    with commit(execute=True):
        new = add_word("新词")
        outbox.record("word", [new.pk])
    assert found(engine, "新词") == {f"word:{new.pk}"}


def test_a_document_that_cannot_be_made_or_stored_fails_alone(engine, words, add_word):
    good, broken, refused = add_word("好词"), add_word("坏词"), add_word("废词")
    with commit(execute=True):
        outbox.record("word", [broken.pk, refused.pk, good.pk])
    assert found(engine, "好词") == {f"word:{good.pk}"}
    lines = {line.object_pk: line for line in OutboxEntry.objects.all()}
    assert "cannot be made" in lines[broken.pk].error
    assert "prior" in lines[refused.pk].error
    assert (lines[broken.pk].attempts, lines[broken.pk].delivered_at) == (1, None)
    assert lines[good.pk].delivered_at is not None
    assert {line.object_pk for line in outbox.problems()} == {broken.pk, refused.pk}


def test_what_failed_too_often_waits_for_a_person(engine, words, add_word):
    broken = add_word("坏词")
    outbox.record("word", [broken.pk])
    for _ in range(outbox.MAX_ATTEMPTS):
        assert outbox.deliver().failed == 1
    assert outbox.deliver() == outbox.Delivery()
    broken.words = "好词"
    broken.save()
    assert outbox.deliver(retry=True).delivered == 1
    assert found(engine, "好词") == {f"word:{broken.pk}"}
    assert OutboxEntry.objects.get().error == ""


def test_a_source_that_cannot_be_read_keeps_its_lines(engine, words, add_word, monkeypatch):
    outbox.record("word", [add_word("房东").pk])
    monkeypatch.setattr(words, "queryset", lambda: 1 / 0)
    assert outbox.deliver() == outbox.Delivery(failed=1, left=1)
    monkeypatch.undo()


def test_lines_of_a_source_that_is_no_more_are_let_go(engine, words):
    OutboxEntry.objects.create(source="removed", object_pk=1)
    assert outbox.deliver() == outbox.Delivery(delivered=1)


def test_without_an_index_the_change_is_made_and_its_line_waits(unbuilt, words, add_word):
    with commit(execute=True):
        outbox.record("word", [add_word("房东").pk])
    line = OutboxEntry.objects.get()
    assert (line.delivered_at, line.attempts) == (None, 0)
    with pytest.raises(SearchUnavailable):
        outbox.deliver()


def test_a_busy_engine_delays_and_loses_nothing(engine, words, add_word, monkeypatch):
    monkeypatch.setattr(outbox, "INLINE_WAIT", 0.05)
    with engine.writing(), commit(execute=True):
        word = add_word("房东")
        outbox.record("word", [word.pk])
    assert waiting() == 1
    with engine.writing(), pytest.raises(EngineBusy):
        outbox.deliver(wait=0.05)
    assert outbox.deliver().delivered == 1
    assert found(engine, "房东") == {f"word:{word.pk}"}


def test_an_engine_that_breaks_does_not_break_the_caller(engine, words, add_word, monkeypatch):
    monkeypatch.setattr(type(engine), "writing", lambda self, **given: 1 / 0)
    with commit(execute=True):
        outbox.record("word", [add_word("房东").pk])
    assert waiting() == 1


def test_a_delivery_that_dies_before_its_commit_is_done_again(engine, words, add_word, monkeypatch):
    word = add_word("房东")
    outbox.record("word", [word.pk])
    monkeypatch.setattr(outbox, "_mark", lambda *given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        outbox.deliver()
    monkeypatch.undo()
    assert waiting() == 1
    assert outbox.deliver().delivered == 1
    assert found(engine, "房东") == {f"word:{word.pk}"}


def test_delivered_lines_are_kept_for_a_day(engine, words, add_word):
    old = OutboxEntry.objects.create(source="word", object_pk=1, delivered_at=timezone.now() - timedelta(days=2))
    recent = OutboxEntry.objects.create(source="word", object_pk=1, delivered_at=timezone.now() - timedelta(hours=2))
    outbox.record("word", [add_word("房东").pk])
    outbox.deliver()
    kept = set(OutboxEntry.objects.values_list("pk", flat=True))
    assert old.pk not in kept
    assert recent.pk in kept


def test_lag_is_the_age_of_the_oldest_line(words, add_word):
    assert outbox.lag() == timedelta()
    outbox.record("word", [add_word("房东").pk])
    OutboxEntry.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    assert timedelta(minutes=4) < outbox.lag() < timedelta(minutes=6)


def test_nothing_to_deliver_takes_no_turn(engine, words, monkeypatch):
    monkeypatch.setattr(type(engine), "writing", lambda self, **given: 1 / 0)
    assert outbox.deliver() == outbox.Delivery()
