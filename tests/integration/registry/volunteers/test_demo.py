"""The demo's volunteers: hours that hold, and certificates in every state."""

from collections import Counter
from typing import Any

import pytest
from django.core import mail

from accounts.models import User
from registry.places import demo as places
from registry.volunteers import demo, demo_certificates
from registry.volunteers.models import Certificate, HourLine, Volunteer

from .factories import client_of

pytestmark = pytest.mark.django_db


def test_certificates_are_asked_for_issued_refused_and_revoked_and_a_second_run_changes_nothing(
    settings: Any, tmp_path: Any, django_capture_on_commit_callbacks: Any
):
    settings.DATA_DIR = tmp_path
    keeper = User.objects.create_superuser("keeper")
    account = User.objects.create_user("zhiyuan", "zhiyuan@example.com", "x")
    places.load()
    villages = places.villages()[:5]
    demo.load(places=villages, by=keeper)
    with django_capture_on_commit_callbacks(execute=True):
        assert demo_certificates.load(places=villages, by=keeper, account=account) == 9
    assert mail.outbox == []
    assert Counter(one.standing for one in Certificate.objects.all()) == {
        "待出具": 5,
        "已出具": 2,
        "不予出具": 1,
        "已撤销": 1,
    }
    shown = client_of(account).get("/volunteer/mine/").content.decode()
    assert Volunteer.objects.get(user=account).certificates.get().number in shown

    before = list(Certificate.objects.values()), HourLine.objects.count()
    demo.load(places=villages, by=keeper)
    assert demo_certificates.load(places=villages, by=keeper, account=account) == 9
    assert (list(Certificate.objects.values()), HourLine.objects.count()) == before
