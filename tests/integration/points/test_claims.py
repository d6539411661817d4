"""The way of a claim: who may do which step, and what stops it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import lines_about
from accounts.models import User
from home.contentversion import ContentVersion
from knowledge.points.actions import claims, posting
from knowledge.points.choices import ClaimState, Source
from knowledge.points.models import Balance, Claim, Household, Item, LedgerLine, Rules
from registry.places.models import Place
from tests.integration.points.conftest import TODAY
from tests.integration.points.makers import key, make_household, make_item

pytestmark = pytest.mark.django_db
Enter = Callable[..., Claim]


def test_a_claim_goes_from_entry_to_the_ledger(
    enter: Enter, publicize: Enter, household: Household, cleaning: Item, official: User, time_machine: object
) -> None:
    claim = publicize(enter(household, cleaning, quantity=3))
    assert (claim.state, claim.points) == (ClaimState.PUBLICIZED, 6)
    assert (claim.public_from, claim.public_until) == (TODAY, TODAY + timedelta(days=6))
    assert posting.post_due(place=household.village, by=official) == []
    time_machine.move_to("2026-10-27 00:05+08:00")
    (line,) = posting.post_due(place=household.village, by=None)
    claim.refresh_from_db()
    assert (claim.state, claim.line) == (ClaimState.POSTED, line)
    assert (line.points, line.account, line.title) == (6, "order", "参加村庄清洁日 × 3")
    assert (line.evidence_number, line.dated_on) == ("202610-0001", TODAY)
    assert Balance.objects.get(household=household).points == 6
    assert posting.post_due(place=household.village, by=None) == []


def test_each_step_leaves_an_audit_line(enter: Enter, publicize: Enter, household: Household, cleaning: Item) -> None:
    claim = publicize(enter(household, cleaning))
    actions = [line.action for line in lines_about(claim)]
    assert actions == ["points.review_claim", "points.review_claim", "points.check_claim", "points.enter_claim"]


def test_nobody_checks_or_reviews_what_they_entered(
    enter: Enter, household: Household, cleaning: Item, official: User, clerk: User
) -> None:
    claim = enter(household, cleaning)
    with pytest.raises(ValidationError, match="要由别人初审"):
        claims.check(claims=[claim], by=official)
    claims.check(claims=[claim], by=clerk)
    with pytest.raises(ValidationError, match="不能自己评议"):
        claims.review(claims=[claim], agrees=True, by=official)


def test_the_database_refuses_a_check_by_who_entered(
    enter: Enter, household: Household, cleaning: Item, official: User
) -> None:
    claim = enter(household, cleaning)
    with pytest.raises(IntegrityError, match="points_claim_checked_by_another"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(checked_by=official, checked_at=timezone.now())


def test_one_reviewer_alone_makes_nothing_public(
    enter: Enter, household: Household, cleaning: Item, clerk: User, panel: list[User]
) -> None:
    claim = enter(household, cleaning)
    claims.check(claims=[claim], by=clerk)
    claims.review(claims=[claim], agrees=True, by=panel[0])
    with pytest.raises(ValidationError, match="已经评议过"):
        claims.review(claims=[claim], agrees=True, by=panel[0])
    claim.refresh_from_db()
    assert claim.state == ClaimState.CHECKED


def test_two_noes_refuse_with_their_reasons(
    enter: Enter, household: Household, cleaning: Item, clerk: User, panel: list[User]
) -> None:
    claim = enter(household, cleaning)
    claims.check(claims=[claim], by=clerk)
    with pytest.raises(ValidationError, match="写明理由"):
        claims.review(claims=[claim], agrees=False, by=panel[0])
    claims.review(claims=[claim], agrees=False, reason="那天没来", by=panel[0])
    claims.review(claims=[claim], agrees=True, by=panel[1])
    claims.review(claims=[claim], agrees=False, reason="照片不是本村", by=panel[2])
    claim.refresh_from_db()
    assert (claim.state, claim.refusal) == (ClaimState.REFUSED, "那天没来；照片不是本村")


def test_the_panel_can_be_larger(
    enter: Enter, publicize: Enter, rules: Rules, household: Household, cleaning: Item, panel: list[User]
) -> None:
    Rules.objects.update(panel_size=3, publicity_days=10)
    claim = publicize(enter(household, cleaning))
    assert claim.state == ClaimState.CHECKED
    claims.review(claims=[claim], agrees=True, by=panel[2])
    claim.refresh_from_db()
    assert claim.public_until == TODAY + timedelta(days=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rules.objects.update(panel_size=1)


def test_an_open_objection_keeps_a_claim_out_of_the_ledger(
    enter: Enter, publicize: Enter, household: Household, cleaning: Item, official: User, time_machine: object
) -> None:
    claim = publicize(enter(household, cleaning))
    objection = claims.object_to(claim=claim, name="李四", phone="13900005678", text="那天他不在村里")
    time_machine.move_to("2026-11-05 09:00+08:00")
    assert posting.post_due(place=household.village, by=None) == []
    claims.decide_objection(objection=objection, upheld=False, answer="有签到表", by=official)
    assert len(posting.post_due(place=household.village, by=None)) == 1
    with pytest.raises(ValidationError, match="已经处理过"):
        claims.decide_objection(objection=objection, upheld=True, answer="再看", by=official)


def test_an_objection_that_holds_refuses_the_claim(
    enter: Enter, publicize: Enter, household: Household, cleaning: Item, official: User
) -> None:
    claim = publicize(enter(household, cleaning))
    objection = claims.object_to(claim=claim, name="李四", phone="13900005678", text="那天他不在村里")
    claims.decide_objection(objection=objection, upheld=True, answer="查实当天外出", by=official)
    claim.refresh_from_db()
    assert (claim.state, claim.refusal) == (ClaimState.REFUSED, "查实当天外出")


def test_objections_are_taken_in_the_publicity_alone(
    enter: Enter, publicize: Enter, household: Household, cleaning: Item, littering: Item, time_machine: object
) -> None:
    entered = enter(household, cleaning)
    negative = publicize(enter(household, littering))
    public = publicize(enter(household, cleaning))
    time_machine.move_to("2026-11-05 09:00+08:00")
    for claim in (entered, negative, public):
        with pytest.raises(ValidationError, match="公示期已过"):
            claims.object_to(claim=claim, name="李四", phone="13900005678", text="不对")


def test_what_cannot_be_entered(
    enter: Enter, household: Household, cleaning: Item, littering: Item, sibling: Place, official: User
) -> None:
    other = make_household(sibling, official)
    ended = make_item(household.village, "旧项目", 3, valid_until=date(2025, 12, 31))
    proven = make_item(household.village, "见义勇为", 50, needs_evidence=True)
    refused = [
        ("不能晚于今天", lambda: enter(household, cleaning, on=TODAY + timedelta(days=1))),
        ("不在有效期内", lambda: enter(household, ended)),
        ("不是这个村的", lambda: enter(other, cleaning)),
        ("数量至少是 1", lambda: enter(household, cleaning, quantity=0)),
        ("只剩 10 分", lambda: enter(household, cleaning, quantity=6)),
        ("不能自报", lambda: enter(household, littering, source=Source.HOUSEHOLD, by=None)),
        ("要附照片", lambda: enter(household, proven, source=Source.HOUSEHOLD, by=None)),
    ]
    for message, attempt in refused:
        with pytest.raises(ValidationError, match=message):
            attempt()
    assert not Claim.objects.exists()


def test_a_household_declares_with_photos_once(enter: Enter, household: Household, village: Place) -> None:
    proven = make_item(village, "见义勇为", 50, needs_evidence=True)
    form = key()
    sent = {"source": Source.HOUSEHOLD, "by": None, "request_key": form}
    claim = enter(household, proven, photos=[SimpleUploadedFile("a.jpg", b"\xff\xd8\xff")], **sent)
    assert enter(household, proven, photos=[SimpleUploadedFile("a.jpg", b"\xff\xd8\xff")], **sent) == claim
    assert claim.photos.count() == 1
    assert "/media/" not in claim.photos.get().file.path


def test_claims_that_wait_count_towards_the_cap(enter: Enter, household: Household, cleaning: Item) -> None:
    enter(household, cleaning, quantity=4)
    with pytest.raises(ValidationError, match="只剩 2 分"):
        enter(household, cleaning, quantity=2)
    enter(household, cleaning, quantity=2, on=date(2026, 9, 30))
    enter(household, cleaning)


def test_a_change_of_an_item_changes_nothing_entered(
    enter: Enter, post: Callable[..., LedgerLine], household: Household, cleaning: Item
) -> None:
    line, waiting = post(household, cleaning), enter(household, cleaning)
    cleaning.name, cleaning.points, cleaning.cap = "改了名", 9, None
    cleaning.save()
    line.refresh_from_db()
    waiting.refresh_from_db()
    assert (line.title, line.points) == ("参加村庄清洁日", 2)
    assert (waiting.item_name, waiting.points) == ("参加村庄清洁日", 2)


def test_a_batch_is_entered_whole_or_not_at_all(
    household: Household, cleaning: Item, littering: Item, official: User, village: Place
) -> None:
    second = make_household(village, official)
    deeds = [claims.Deed(household, cleaning, 2), claims.Deed(second, cleaning, 9), claims.Deed(second, littering)]
    given = {"place": village, "title": "周五清洁日", "happened_on": TODAY, "source": Source.GRID, "by": official}
    with pytest.raises(ValidationError) as refused:
        claims.enter_batch(deeds=deeds, request_key=key(), **given)
    assert [second.head in message for message in refused.value.messages] == [True]
    assert not Claim.objects.exists()
    form = key()
    batch = claims.enter_batch(deeds=deeds[::2], request_key=form, **given)
    assert claims.enter_batch(deeds=deeds[::2], request_key=form, **given) == batch
    assert batch.claims.count() == 2


def test_a_batch_takes_few_queries(
    cleaning: Item, littering: Item, official: User, village: Place, django_assert_max_num_queries: object
) -> None:
    deeds = [claims.Deed(make_household(village, official), item) for _ in range(20) for item in (cleaning, littering)]
    with django_assert_max_num_queries(12):
        claims.enter_batch(
            place=village,
            title="清洁日",
            happened_on=TODAY,
            deeds=deeds,
            source=Source.GRID,
            by=official,
            request_key=key(),
        )


def test_posting_refuses_what_no_longer_fits(
    enter: Enter, publicize: Enter, household: Household, cleaning: Item, time_machine: object
) -> None:
    first, second = publicize(enter(household, cleaning, quantity=3)), publicize(enter(household, cleaning, quantity=2))
    cleaning.cap = 8
    cleaning.save()
    time_machine.move_to("2026-11-05 09:00+08:00")
    assert [line.claim for line in posting.post_due(place=household.village, by=None)] == [first]
    second.refresh_from_db()
    assert second.state == ClaimState.REFUSED
    assert "只剩 2 分" in second.refusal


def test_points_are_not_taken_below_nothing_where_that_is_forbidden(
    enter: Enter, publicize: Enter, household: Household, littering: Item, time_machine: object
) -> None:
    Balance.objects.update(may_be_negative=False)
    claim = publicize(enter(household, littering))
    time_machine.move_to("2026-11-05 09:00+08:00")
    assert posting.post_due(place=household.village, by=None) == []
    claim.refresh_from_db()
    assert "不能为负" in claim.refusal


def test_posting_makes_the_public_pages_anew(
    enter: Enter, publicize: Enter, household: Household, cleaning: Item, time_machine: object,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:  # fmt: skip
    publicize(enter(household, cleaning))
    time_machine.move_to("2026-11-05 09:00+08:00")
    with django_capture_on_commit_callbacks(execute=True):
        posting.post_due(place=household.village, by=None)
    assert ContentVersion.objects.get().number >= 1
