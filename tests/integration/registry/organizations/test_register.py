"""What happens to an organization once it stands in the register."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import lines_about
from accounts.models import User
from registry.organizations import actions
from registry.organizations.choices import Purpose, State, Status
from registry.organizations.models import (
    AnnualReport,
    CountySettings,
    Filing,
    Nurture,
    Organization,
    PurchasedService,
    Service,
    Support,
)
from search.models import OutboxEntry

from . import makers

pytestmark = pytest.mark.django_db


def days(count: int) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=count)


def test_a_registration_holds_three_years_to_the_day(village, writer):
    with time_machine.travel("2024-02-29 10:00+08:00"):
        organization = makers.an_organization(village, writer)
    assert organization.valid_from == datetime.date(2024, 2, 29)
    assert organization.valid_until == datetime.date(2027, 2, 28)


def test_expiry_is_said_once_and_told(organization, django_capture_on_commit_callbacks, capsys):
    with time_machine.travel(days(1200)), django_capture_on_commit_callbacks(execute=True):
        call_command("expire_filings")
        call_command("expire_filings")
    assert capsys.readouterr().out == "1 expired, 0 reminded\n0 expired, 0 reminded\n"
    organization.refresh_from_db()
    assert organization.status == Status.EXPIRED
    assert [message.subject for message in mail.outbox] == ["“柳河村舞龙队”的备案已过期 - 乡约"]
    assert lines_about(organization).filter(action="organizations.expire").count() == 1


def test_the_day_counts_even_before_the_timer_runs(organization):
    assert Organization.objects.registered().exists()
    with time_machine.travel(days(1200)):
        assert not Organization.objects.registered().exists()
        assert not organization.is_registered
        assert organization.standing == "已过期"


def test_renewal_is_offered_in_its_window_and_reminded_of_once(
    organization, writer, django_capture_on_commit_callbacks
):
    last = organization.valid_until
    with pytest.raises(ValidationError, match="还没有到续期的时候"):
        actions.start_renewal(organization=organization, by=writer)
    with time_machine.travel(f"{last - datetime.timedelta(days=15)} 09:00+08:00"):
        with django_capture_on_commit_callbacks(execute=True):
            assert len(actions.remind_of_renewal()) == 1
            assert actions.remind_of_renewal() == []
        assert "可以申请续期了" in mail.outbox[0].subject
        renewal = actions.start_renewal(organization=organization, by=writer)
        assert (renewal.purpose, renewal.state) == (Purpose.RENEWAL, State.DRAFT)
        assert renewal.head_phone == "13800001234"
        assert (renewal.founders.count(), renewal.members.count(), renewal.files.count()) == (2, 10, 1)
        with pytest.raises(ValidationError, match="没有办结"):
            actions.start_renewal(organization=organization, by=writer)


def test_the_window_is_the_countys(organization, writer, county):
    CountySettings.objects.filter(county=county).update(renewal_window_days=100)
    with time_machine.travel(f"{organization.valid_until - datetime.timedelta(days=90)} 09:00+08:00"):
        assert len(actions.remind_of_renewal()) == 1
        assert actions.start_renewal(organization=organization, by=writer).organization == organization


def test_a_renewal_continues_the_period_and_carries_changes(organization, writer, reviewer):
    until = organization.valid_until
    with time_machine.travel(f"{until - datetime.timedelta(days=5)} 09:00+08:00"):
        renewal = actions.start_renewal(organization=organization, by=writer)
        actions.save_draft_step(filing=renewal, values={"premises": "新礼堂"}, by=writer)
        actions.submit(filing=renewal, by=writer)
        renewed = actions.approve_filing(filing=renewal, by=reviewer)
    assert renewed.pk == organization.pk
    assert renewed.number == organization.number
    assert renewed.premises == "新礼堂"
    assert renewed.filing == renewal
    assert renewed.valid_from == until + datetime.timedelta(days=1)
    assert renewed.valid_until == datetime.date(until.year + 3, until.month, until.day)
    assert renewed.reminded_on is None


def test_an_expired_organization_renews_from_the_day_of_approval(organization, writer, reviewer):
    with time_machine.travel(days(1300)):
        actions.expire_registrations()
        renewal = actions.start_renewal(organization=organization, by=writer)
        actions.submit(filing=renewal, by=writer)
        renewed = actions.approve_filing(filing=renewal, by=reviewer)
        assert renewed.valid_from == timezone.localdate()
        assert renewed.is_registered


def test_deregistration_ends_everything_and_frees_the_name(
    organization, writer, reviewer, village, django_capture_on_commit_callbacks
):
    with pytest.raises(ValidationError, match="注销原因"):
        actions.deregister(organization=organization, reason="  ", by=reviewer)
    with time_machine.travel(days(1200)):
        renewal = actions.start_renewal(organization=organization, by=writer)
        actions.submit(filing=renewal, by=writer)
        with django_capture_on_commit_callbacks(execute=True):
            actions.deregister(organization=organization, reason="自行解散", by=reviewer)
        renewal.refresh_from_db()
        assert renewal.state == State.REFUSED
        assert renewal.decisions.get().remark == "组织已经注销。"
        assert "自行解散" in mail.outbox[0].body
        with pytest.raises(ValidationError, match="已经注销"):
            actions.deregister(organization=organization, reason="再来", by=reviewer)
        with pytest.raises(ValidationError, match="已经注销"):
            actions.start_renewal(organization=organization, by=writer)
        assert makers.an_organization(village, writer, name=organization.name).is_registered


def test_deregistration_throws_an_unsubmitted_renewal_away(organization, writer, reviewer):
    with time_machine.travel(days(1200)):
        draft = actions.start_renewal(organization=organization, by=writer)
        actions.deregister(organization=organization, reason="自行解散", by=reviewer)
    assert not Filing.objects.filter(pk=draft.pk).exists()


def test_numbers_count_on_by_county_and_year(village, writer):
    with time_machine.travel("2025-06-01 10:00+08:00"):
        first, second = makers.an_organization(village, writer), makers.an_organization(village, writer)
    with time_machine.travel("2026-01-02 10:00+08:00"):
        third = makers.an_organization(village, writer)
    assert [one.number for one in (first, second, third)] == ["99010020250001", "99010020250002", "99010020260001"]


def test_the_last_manager_stays(organization, writer):
    second = User.objects.create_user("zhou@example.org", "zhou@example.org")
    with pytest.raises(ValidationError, match="至少要有一名管理员"):
        actions.remove_manager(manager=organization.managers.get(), by=writer)
    added = actions.add_manager(organization=organization, user=second, by=writer)
    assert actions.add_manager(organization=organization, user=second, by=writer) == added
    actions.remove_manager(manager=organization.managers.get(user=writer), by=second)
    assert organization.managers.get().user == second
    told = lines_about(organization).filter(action="organizations.add_manager")
    assert told.count() == 1


def a_service(organization: Organization, **changes) -> Service:
    values = {
        "name": "少年舞龙课",
        "description": "教孩子舞龙",
        "location": "文化礼堂",
        "hours": "周六下午",
        "cost": "免费",
        "contact": "0570-5123456",
    }
    return Service(organization=organization, **(values | changes))


def test_a_service_goes_stale_by_its_countys_days(organization, county, writer):
    service = actions.save_service(service=a_service(organization), by=writer)
    assert not Service.objects.stale().exists()
    with time_machine.travel(days(366)):
        assert Service.objects.stale().get() == service
        assert service.is_stale(365)
        CountySettings.objects.filter(county=county).update(stale_service_days=400)
        assert not Service.objects.stale().exists()
        actions.confirm_service(service=service, by=writer)
    CountySettings.objects.filter(county=county).update(stale_service_days=365)
    service.refresh_from_db()
    assert service.confirmed_on > timezone.localdate()
    assert not Service.objects.stale().exists()


def test_services_need_a_registration(organization, writer):
    with time_machine.travel(days(1200)), pytest.raises(ValidationError, match="不在有效期内"):
        actions.save_service(service=a_service(organization), by=writer)
    assert not Service.objects.exists()


def test_the_search_is_told(organization, writer, reviewer):
    service = actions.save_service(service=a_service(organization), by=writer)
    OutboxEntry.objects.all().delete()
    actions.deregister(organization=organization, reason="自行解散", by=reviewer)
    told = set(OutboxEntry.objects.values_list("source", "object_pk"))
    assert told == {("organization", organization.pk), ("service", service.pk)}


def a_report(organization: Organization, **changes) -> AnnualReport:
    values = {
        "year": organization.registered_on.year,
        "work": "教了四十次舞龙",
        "activities": 40,
        "people_served": 800,
        "members": 10,
        "opening_balance": Decimal("100.00"),
        "income": Decimal("2000.50"),
        "expenditure": Decimal("1500.25"),
    }
    return AnnualReport(organization=organization, **(values | changes))


def test_a_report_is_corrected_until_it_is_confirmed(organization, writer, reviewer):
    first = actions.file_annual_report(report=a_report(organization), by=writer)
    second = actions.file_annual_report(report=a_report(organization, activities=41), by=writer)
    assert first.pk == second.pk
    assert AnnualReport.objects.get().closing_balance == Decimal("600.25")
    actions.confirm_annual_report(report=second, by=reviewer)
    with pytest.raises(ValidationError, match="已经确认"):
        actions.file_annual_report(report=a_report(organization, activities=42), by=writer)
    with pytest.raises(ValidationError, match="已经确认"):
        actions.confirm_annual_report(report=second, by=reviewer)
    assert AnnualReport.objects.get().activities == 41


def test_a_report_of_a_year_that_is_not_to_be_reported(organization, writer):
    for year in (organization.registered_on.year - 1, timezone.localdate().year + 1):
        with pytest.raises(ValidationError, match="只能报送"):
            actions.file_annual_report(report=a_report(organization, year=year), by=writer)


def test_nobody_spends_what_they_do_not_have(organization, writer):
    with pytest.raises(ValidationError, match="支出不能多于"):
        actions.file_annual_report(report=a_report(organization, expenditure=Decimal("2100.51")), by=writer)
    assert not AnnualReport.objects.exists()


def a_contract(organization: Organization, **changes) -> PurchasedService:
    values = {
        "number": "云购服1号",
        "title": "老年助餐",
        "purchaser": "清溪镇人民政府",
        "amount": Decimal("186000.00"),
        "starts_on": datetime.date(2026, 1, 1),
        "ends_on": datetime.date(2026, 12, 31),
        "deliverables": "供餐 300 天",
    }
    return PurchasedService(organization=organization, **(values | changes))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"amount": Decimal(0)}, "0.01"),
        ({"ends_on": datetime.date(2025, 12, 31)}, "结束日期不能早于开始日期"),
        ({"rating": "good"}, "一起填"),
        ({"title": "<script>alert(1)</script>"}, "网页代码"),
    ],
)
def test_a_contract_that_cannot_be(organization, reviewer, wrong, told):
    with pytest.raises(ValidationError, match=told):
        actions.award_contract(contract=a_contract(organization, **wrong), by=reviewer)
    assert not PurchasedService.objects.exists()


def test_a_contract_is_evaluated(organization, reviewer):
    contract = actions.award_contract(contract=a_contract(organization), by=reviewer)
    actions.evaluate_contract(contract=contract, rating="good", evaluation="按时供餐", by=reviewer)
    contract.refresh_from_db()
    assert (contract.rating, contract.evaluated_on) == ("good", timezone.localdate())
    assert {line.action for line in lines_about(contract)} == {
        "organizations.award_contract",
        "organizations.evaluate_contract",
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        PurchasedService.objects.update(amount=Decimal(-1))


def test_nurture_and_support_leave_their_lines(organization, reviewer):
    stage = actions.record_stage(nurture=Nurture(organization=organization, stage="seed"), by=reviewer)
    support = Support(organization=organization, kind="venue", description="办公位一个", provider="服务中心")
    actions.record_support(support=support, by=reviewer)
    assert lines_about(stage).get().details["organization"] == organization.number
    assert lines_about(support).get().actor == str(reviewer)
    with pytest.raises(ValidationError, match="已记过这个阶段"):
        actions.record_stage(nurture=Nurture(organization=organization, stage="seed"), by=reviewer)


def test_settings_stay_in_their_limits(county, reviewer):
    settings = actions.open_county(county=county, by=reviewer)
    settings.opinion_days = 0
    with pytest.raises(ValidationError, match="1"):
        actions.save_settings(settings=settings, by=reviewer)
    with pytest.raises(IntegrityError), transaction.atomic():
        CountySettings.objects.update(opinion_days=0)
