"""What has too many rows for a select is typed in filters, looked for in a dialog in forms, and grouped in public."""

from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.contrib.settings.models import BaseSiteSetting

from accounts import filters, viewsets
from accounts.filters import PlaceFilter
from accounts.models import User
from accounts.roles import Role
from accounts.viewsets import ScopedChooser, limit_choices
from registry.places.fields import PlaceField
from registry.places.models import Kind, Place
from registry.volunteers.models import Team, Volunteer
from registry.volunteers.views import registering

from .routes import OUR_APPS
from .volunteers.factories import a_volunteer, resident_number

pytestmark = pytest.mark.django_db


class WhereForm(forms.Form):
    place = forms.ModelChoiceField(Place.objects.of_kind(Kind.VILLAGE, Kind.TOWNSHIP))


def villages_of(township: Place, count: int) -> list[Place]:
    code = int(f"{township.code}300")
    return [township.add_child(code=str(code + n), name=f"新村{n}", kind=Kind.VILLAGE) for n in range(count)]


@pytest.fixture
def office(township, appoint) -> tuple[User, Client]:
    user = appoint(township, Role.TOWNSHIP_OFFICIAL)
    client = Client()
    client.force_login(user)
    return user, client


def test_a_short_list_is_a_select_and_a_long_one_a_dialog(office, village, sibling, monkeypatch):
    user, client = office
    client.get("/admin/")
    form = WhereForm()
    limit_choices(form, user)
    assert type(form.fields["place"].widget) is forms.Select
    monkeypatch.setattr(viewsets, "MOST_CHOICES", 2)
    form = WhereForm({"place": village.pk})
    limit_choices(form, user)
    assert isinstance(form.fields["place"].widget, ScopedChooser)
    assert form.is_valid()
    assert "kinds=township%2Cvillage" in str(form["place"])
    assert village.name in str(form["place"])


def test_the_dialog_offers_the_levels_that_the_form_takes(office, village, sibling, grid):
    _user, client = office
    names = {str(row) for row in client.get("/admin/place_chooser/?kinds=village").context["results"]}
    assert names == {"柳河村", "𠅤山村"}
    results = client.get("/admin/place_chooser/results/?kinds=grid").context["results"]
    assert [str(row) for row in results] == ["柳河东网格"]


def test_a_volunteer_is_looked_for_by_name_and_told_from_namesakes(office, village, other_township):
    _user, client = office
    a_volunteer(village, name="王𠅤", phone="13811112222")
    a_volunteer(other_township, name="王五", phone="13811113333")
    page = client.get("/admin/volunteer_chooser/results/?q=王").content.decode()
    assert "王𠅤" in page
    assert "138****2222" in page
    assert "13811112222" not in page
    assert "王五" not in page
    chosen = client.get(f"/admin/volunteer_chooser/chosen/{Volunteer.objects.get(name='王𠅤').pk}/").json()
    assert chosen["result"]["title"] == "王𠅤　138****2222"
    assert client.get(f"/admin/volunteer_chooser/chosen/{Volunteer.objects.get(name='王五').pk}/").status_code in (
        403,
        404,
    )


def test_a_team_is_looked_for_by_name_and_told_from_one_called_alike(
    office, village, sibling, other_township, monkeypatch
):
    _user, client = office
    for place in (village, sibling, other_township):
        Team.objects.create(name="护河队", place=place)
    Team.objects.create(name="巾帼队", place=village)
    with CaptureQueriesContext(connection) as few:
        page = client.get("/admin/team_chooser/results/?q=护河").content.decode()
    assert page.count("护河队") == 2
    assert "柳河村" in page
    assert "𠅤山村" in page
    assert "石桥乡" not in page
    assert "巾帼队" not in page
    for number in range(9):
        Team.objects.create(name=f"护河{number}队", place=village)
    with CaptureQueriesContext(connection) as many:
        client.get("/admin/team_chooser/results/?q=护河")
    assert len(many) == len(few)
    elsewhere = Team.objects.get(place=other_township)
    assert client.get(f"/admin/team_chooser/chosen/{elsewhere.pk}/").status_code in (403, 404)
    monkeypatch.setattr(viewsets, "MOST_CHOICES", 2)
    form = client.get("/admin/volunteers/activities/new/").context["form"]
    assert isinstance(form.fields["team"].widget, ScopedChooser)


@pytest.mark.parametrize(("typed", "found"), [("柳河", {"甲"}), ("990100001202", {"乙"}), ("清溪", {"甲", "乙"})])
def test_a_list_is_narrowed_by_a_place_that_is_typed(typed, found, office, village, sibling):
    a_volunteer(village, name="甲")
    a_volunteer(sibling, name="乙")
    _user, client = office
    response = client.get("/admin/volunteers/people/", {"place": typed})
    assert {row.name for row in response.context["object_list"]} == found
    assert "<select" not in str(response.context["filters"].form["place"])


def test_namesakes_elsewhere_do_not_crowd_out_those_in_reach(office, township, other_township, monkeypatch):
    monkeypatch.setattr(filters, "_MOST_PLACES", 3)
    villages_of(other_township, 5)
    mine = villages_of(township, 1)[0]
    a_volunteer(mine, name="甲")
    _user, client = office
    response = client.get("/admin/volunteers/people/", {"place": "新村"})
    assert [row.name for row in response.context["object_list"]] == ["甲"]


def test_beyond_so_many_namesakes_their_own_rows_are_still_found(village, township, monkeypatch):
    monkeypatch.setattr(filters, "_MOST_PLACES", 1)
    last = villages_of(township, 3)[-1]
    a_volunteer(last, name="甲")
    found = PlaceFilter(lookup="place")
    found.parent = None
    assert [row.name for row in found.filter(Volunteer.objects.all(), "新村")] == ["甲"]


def test_villages_stand_under_their_township(county, village, sibling, other_township, django_assert_num_queries):
    far = villages_of(other_township, 1)[0]
    with django_assert_num_queries(2):
        field = PlaceField(queryset=Place.objects.of_kind(Kind.VILLAGE), empty_label="请选择")
    groups = dict(field.widget.choices[1:])
    assert groups == {
        "清溪镇": [(village.pk, "柳河村"), (sibling.pk, "𠅤山村")],
        "石桥乡": [(far.pk, "新村0")],
    }


def test_a_site_of_many_villages_leads_to_the_form_level_by_level(
    county, village, sibling, other_township, monkeypatch
):
    monkeypatch.setattr(registering, "MOST_VILLAGES", 2)
    villages_of(other_township, 1)
    user = User.objects.create_user("zhang@example.org", "zhang@example.org", "x")
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    first = client.get("/volunteer/register/?next=/volunteer/activities/1/").content.decode()
    assert 'href="?in=990100&amp;next=/volunteer/activities/1/"' in first
    second = client.get("/volunteer/register/?in=990100").content.decode()
    assert "in=990100001" in second
    address = "/volunteer/register/?in=990100001"
    form = client.get(address).context["form"]
    assert list(form.fields["place"].queryset) == [village, sibling]
    assert client.get("/volunteer/register/?in=1").status_code == 404
    given: dict[str, Any] = {
        "name": "张志远",
        "id_type": "resident",
        "id_number": resident_number(),
        "birth_date": "1990-03-05",
        "phone": "13800001234",
        "place": village.pk,
        "consent": "on",
    }
    assert client.post("/volunteer/register/", given).status_code == 200, "the way there comes first"
    assert not Volunteer.objects.exists()
    client.post(address, given)
    assert Volunteer.objects.get().place == village


def test_every_row_has_a_page_or_none_but_never_a_broken_link(admin_client):
    admin_client.get("/admin/")
    finder = AdminURLFinder()
    ours = [model for model in apps.get_models() if model.__module__.partition(".")[0] in OUR_APPS]
    assert len(ours) > 50
    for model in ours:
        if not issubclass(model, BaseSiteSetting):  # found by their site
            finder.get_edit_url(model(pk=1))


def test_a_form_asks_as_much_among_many_places_as_among_few(office, township, monkeypatch):
    _user, client = office
    monkeypatch.setattr(viewsets, "MOST_CHOICES", 1)
    counts = []
    for numbers in (range(2), range(2, 30)):
        for n in numbers:
            township.add_child(code=f"990100001{500 + n}", name=f"老村{n}", kind=Kind.VILLAGE)
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/admin/volunteers/people/new/").content.decode()
        assert "老村7" not in page
        counts.append(len(asked))
    assert counts[0] == counts[1]
