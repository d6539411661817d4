"""Who recorded the hours certifies them: an organization its own, and no other organization's."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.audit import lines_about
from accounts.models import User
from accounts.roles import Role
from registry.organizations.actions import deregister
from registry.organizations.models import Organization
from registry.volunteers import actions
from registry.volunteers.models import Certificate, Volunteer

from ..organizations import makers
from .factories import a_volunteer, an_activity, at, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def desk(manager: User) -> Client:
    return client_of(manager)


@pytest.fixture
def served(village, organization, manager, official) -> Volunteer:
    """Somebody with two hours for the organization and one for the village."""
    account = User.objects.create_user("zhang@example.org", "zhang@example.org", "x")
    volunteer = a_volunteer(village, name="张𠅤远", user=account)
    theirs = an_activity(village, by=manager, organization=organization, title="舞龙排练")
    give(volunteer, theirs, 4, by=manager, days=2)
    give(volunteer, an_activity(village, by=official, title="清理河道"), 2, by=official, days=1)
    return volunteer


@pytest.fixture
def requested(served, organization) -> Certificate:
    return ask(served, organization)


def give(volunteer: Volunteer, activity: Any, halves: int, *, by: User, days: int) -> Any:
    starts_at = at(9, days=-days)
    return actions.record_hours(
        volunteer=volunteer,
        activity=activity,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30 * halves),
        halves=halves,
        by=by,
    )


def ask(volunteer: Volunteer, organization: Organization) -> Certificate:
    return actions.request_certificate(
        volunteer=volunteer, place=organization.place, organization=organization, by=volunteer.user
    )


def addresses(base: str, certificate: Certificate) -> list[str]:
    """The pages of one certificate."""
    one = f"{base}/certificates/{certificate.pk}/"
    return [one, f"{one}file/", f"{one}refuse/", f"{one}revoke/"]


def test_from_the_request_to_the_paper(
    served, organization, desk, base, manager, django_capture_on_commit_callbacks: Callable[..., Any]
):
    theirs = client_of(served.user)
    with django_capture_on_commit_callbacks(execute=True):
        asked = theirs.post("/volunteer/mine/certificates/", {"issuer": f"o{organization.pk}"})
    assert asked.status_code == 302
    requested = Certificate.objects.get()
    page = f"{base}/certificates/{requested.pk}/"
    assert [letter.to for letter in mail.outbox] == [["lin@example.org"]]
    assert page in mail.outbox[0].body

    assert "1 份证明待出具" in desk.get(f"/organizations/mine/{organization.number}/").content.decode()
    assert "1 份记录证明等待出具" in desk.get(f"{base}/").content.decode()
    assert "张𠅤远" in desk.get(f"{base}/certificates/?state=requested").content.decode()
    shown = desk.get(page).content.decode()
    assert "服务 2 小时，培训 0 小时，共 1 条" in shown, "the village's hour is the village's to certify"
    assert served.masked_id in shown
    assert served.id_number not in shown
    preview = desk.get(f"{page}file/")
    assert preview["Content-Type"] == "application/pdf"
    assert "no-store" in preview["Cache-Control"]

    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post(page).url == page
    requested.refresh_from_db()
    document = requested.document
    assert document is not None
    assert (requested.state, requested.service_halves, requested.training_halves) == ("issued", 4, 0)
    assert (document.issuer, document.issued_by) == ("柳河村舞龙队", manager)
    assert lines_about(requested).get(action="volunteers.issue_certificate").actor_id == manager.pk
    assert desk.get(f"{page}file/").content == document.content()
    public = Client().get(document.verify_url).content.decode()
    assert "柳河村舞龙队" in public
    assert document.number in public
    assert "张𠅤远" not in public
    assert [letter.to for letter in mail.outbox] == [["zhang@example.org"]]
    assert document.number in mail.outbox[0].body
    assert theirs.get(f"/volunteer/mine/certificates/{requested.pk}.pdf").content == document.content()
    assert "证明待出具" not in desk.get(f"/organizations/mine/{organization.number}/").content.decode()


def test_the_paper_and_the_letters_speak_the_language_of_the_office(
    requested, desk, base, django_capture_on_commit_callbacks: Callable[..., Any]
):
    desk.cookies["django_language"] = "en"
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"{base}/certificates/{requested.pk}/")
    requested.refresh_from_db()
    assert requested.document.title == "志愿服务记录证明"
    assert [label for label, _value in requested.document.facts] == ["服务时长", "培训时长", "服务期间"]
    assert mail.outbox[-1].subject == "志愿服务记录证明已出具 - 乡约"


def test_a_refusal_says_why_and_reaches_the_volunteer(
    requested, desk, base, django_capture_on_commit_callbacks: Callable[..., Any]
):
    page = f"{base}/certificates/{requested.pk}/"
    assert "why" in desk.post(f"{page}refuse/", {"why": " "}).context["form"].errors
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post(f"{page}refuse/", {"why": "请先核对时长"}).url == page
    requested.refresh_from_db()
    assert (requested.state, requested.refused_why) == ("refused", "请先核对时长")
    assert "请先核对时长" in mail.outbox[-1].body
    assert "请先核对时长" in desk.get(page).content.decode()
    desk.post(page)
    requested.refresh_from_db()
    assert requested.state == "refused", "what is decided stays so"


def test_an_issued_one_is_revoked_by_who_issued_it(
    requested, desk, base, django_capture_on_commit_callbacks: Callable[..., Any]
):
    page = f"{base}/certificates/{requested.pk}/"
    assert "还没有出具" in str(desk.post(f"{page}revoke/", {"category": "error", "why": "x"}).context["form"].errors)
    desk.post(page)
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post(f"{page}revoke/", {"category": "error", "why": "多记了半小时"}).url == page
    requested.refresh_from_db()
    assert not requested.holds
    assert requested.document.number in mail.outbox[-1].body
    assert "多记了半小时" not in mail.outbox[-1].body
    assert "已撤销" in desk.get(page).content.decode()
    assert "已撤销" in desk.get(f"{base}/certificates/").content.decode()
    assert "撤销" in Client().get(requested.document.verify_url).content.decode()


def test_a_manager_of_another_organization_sees_and_issues_nothing(requested, base, sibling, served, village):
    others = User.objects.create_user("wu@example.org", "wu@example.org", "x")
    theirs = makers.an_organization(sibling, others, name="𠅤山村合唱团")
    foreign, own = client_of(others), f"/volunteer/organizing/{theirs.number}"
    of_the_village = actions.request_certificate(volunteer=served, place=village, by=None)
    decision = {"why": "x", "category": "error"}
    for address in (
        f"{base}/certificates/",
        *addresses(base, requested),
        *addresses(own, requested),
        *addresses(own, of_the_village),
    ):
        assert foreign.get(address).status_code == 404, address
        assert foreign.post(address, decision).status_code in (404, 405), address
        assert Client().get(address).url.startswith("/account/login/"), address
    for address in (f"{own}/certificates/", f"{own}/certificates/?state=requested", f"{own}/"):
        assert "张𠅤远" not in foreign.get(address).content.decode()
        assert "等待出具" not in foreign.get(address).content.decode()
    assert set(Certificate.objects.values_list("state", flat=True)) == {"requested"}


def test_what_was_asked_of_the_village_is_not_the_organizations(served, village, desk, base):
    asked = actions.request_certificate(volunteer=served, place=village, by=None)
    for address in addresses(base, asked):
        assert desk.get(address).status_code == 404, address
    assert "张𠅤远" not in desk.get(f"{base}/certificates/").content.decode()


def test_an_official_of_the_village_has_no_desk_there(requested, base, official):
    browser = client_of(official)
    for address in (f"{base}/certificates/", *addresses(base, requested)):
        assert browser.get(address).status_code == 404, address


def test_who_is_no_longer_registered_certifies_nothing_and_the_village_does(
    requested, organization, desk, base, official
):
    page = f"{base}/certificates/{requested.pk}/"
    issued = ask(a_second(organization), organization)
    desk.post(f"{base}/certificates/{issued.pk}/")
    run_out(organization)
    shown = desk.get(page).content.decode()
    assert "不在册" in shown
    assert f'href="{page}refuse/"' not in shown
    assert "不在册" in desk.post(page, follow=True).content.decode()
    for address, said in (
        (f"{page}refuse/", {"why": "x"}),
        (f"{base}/certificates/{issued.pk}/revoke/", {"category": "error", "why": "x"}),
    ):
        assert "不在册" in str(desk.post(address, said).context["form"].errors)
    requested.refresh_from_db()
    issued.refresh_from_db()
    assert requested.state == "requested"
    assert issued.holds
    theirs = client_of(official)
    assert "它现在不在册" in theirs.get(f"/admin/volunteers/certificates/{requested.pk}/").content.decode()
    assert theirs.post(f"/admin/volunteers/certificates/{requested.pk}/").status_code == 302
    requested.refresh_from_db()
    assert requested.state == "issued"
    assert requested.document.issuer == requested.issuer == requested.place.full_name
    assert requested.service_halves == 4, "the hours that the organization recorded"
    issued.refresh_from_db()
    assert issued.issuer == "柳河村舞龙队", "a paper that was issued keeps its name"


def test_the_actions_themselves_refuse_who_acts_for_nobody_registered(
    requested, organization, manager, official, sibling, appoint
):
    issued = actions.issue_certificate(certificate=ask(a_second(organization), organization), by=manager)
    deregister(organization=organization, reason="队员都外出了", by=official)
    revocation = {"category": "error", "why": "x"}
    for by in (manager, appoint(sibling, Role.VILLAGE_OFFICIAL), User.objects.create_user("passer-by")):
        for act in (
            lambda by=by: actions.issue_certificate(certificate=requested, by=by),
            lambda by=by: actions.refuse_certificate(certificate=requested, why="x", by=by),
            lambda by=by: actions.revoke_certificate(certificate=issued, **revocation, by=by),
        ):
            with pytest.raises(ValidationError, match="不在册"):
                act()
    requested.refresh_from_db()
    issued.document.refresh_from_db()
    assert (requested.state, issued.holds) == ("requested", True)
    actions.revoke_certificate(certificate=issued, **revocation, by=official)
    assert actions.issue_certificate(certificate=requested, by=official).issuer == requested.place.full_name


def test_nobody_is_written_to_who_can_no_longer_issue_and_the_volunteer_sees_who_does(
    served, organization, django_capture_on_commit_callbacks: Callable[..., Any]
):
    run_out(organization)
    theirs = client_of(served.user)
    shown = theirs.get("/volunteer/mine/certificates/").content.decode()
    assert "（“柳河村舞龙队”已不在册，它记录的 2 小时由这里出具）" in shown
    with django_capture_on_commit_callbacks(execute=True):
        assert theirs.post("/volunteer/mine/certificates/", {"issuer": f"o{organization.pk}"}).status_code == 302
    assert Certificate.objects.get().organization == organization
    assert mail.outbox == []


def run_out(organization: Organization) -> None:
    """Its registration ended yesterday."""
    long_ago = timezone.localdate() - timedelta(days=400)
    Organization.objects.filter(pk=organization.pk).update(
        registered_on=long_ago, valid_from=long_ago, valid_until=timezone.localdate() - timedelta(days=1)
    )


def a_second(organization: Organization) -> Volunteer:
    """Somebody else with hours for the organization."""
    volunteer = a_volunteer(organization.place, name="李小云")
    activity = organization.volunteer_activities.get()
    give(volunteer, activity, 2, by=organization.managers.get().user, days=4)
    return volunteer


def test_nobody_certifies_their_own_service(served, organization, desk, base, manager, official):
    served.user = manager
    served.save(update_fields=["user"])
    own = ask(served, organization)
    page = f"{base}/certificates/{own.pk}/"
    assert "由别的管理员" in desk.get(page).content.decode()
    assert "请由别人出具" in desk.post(page, follow=True).content.decode()
    with pytest.raises(ValidationError):
        actions.issue_certificate(certificate=own, by=manager)
    own.refresh_from_db()
    assert own.state == "requested"
    assert actions.issue_certificate(certificate=own, by=official).state == "issued"


def test_there_is_no_paper_without_hours(requested, served, desk, base):
    line = served.hour_lines.get(activity__title="舞龙排练")
    actions.object_to_hours(line=line, reason="多记了", by=served.user)
    page = f"{base}/certificates/{requested.pk}/"
    assert "没有可以证明的时长" in desk.get(page).content.decode()
    assert desk.get(f"{page}file/").status_code == 404
    assert "没有可以证明的时长" in desk.post(page, follow=True).content.decode()
    requested.refresh_from_db()
    assert requested.state == "requested"


def test_a_later_correction_shows_on_the_page(requested, served, desk, base, manager):
    page = f"{base}/certificates/{requested.pk}/"
    desk.post(page)
    actions.correct_hours(line=served.hour_lines.get(activity__title="舞龙排练"), halves=3, reason="核实", by=manager)
    assert "与现在的记录不一致" in desk.get(page).content.decode()


def test_the_list_asks_as_much_for_many_as_for_few(
    organization, desk, base, manager, village, django_assert_max_num_queries: Callable[..., Any]
):
    activity = an_activity(village, by=manager, organization=organization, title="舞龙排练")
    counts = []
    for many in (2, 9):
        for number in range(many):
            volunteer = a_volunteer(village, name=f"人{many}{number}")
            give(volunteer, activity, 2, by=manager, days=3)
            ask(volunteer, organization)
        with django_assert_max_num_queries(30) as asked:
            assert desk.get(f"{base}/certificates/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1], counts
