"""Places in the back office, and what is done with them."""

import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts import audit
from accounts.models import AuditLine, User
from accounts.roles import Role
from registry.places import actions
from registry.places.models import Kind, Place, trails

pytestmark = pytest.mark.django_db


def office(user: User) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def chief(appoint: Any, township: Place) -> User:
    return appoint(township, Role.TOWNSHIP_OFFICIAL)


def test_grids_get_the_next_code(village, chief):
    names = ["柳河东", "柳河𠅤"]
    grids = [actions.add_grid(parent=village, name=name, by=chief) for name in names]
    assert [grid.code for grid in grids] == ["990100001201-01", "990100001201-02"]
    micro = actions.add_grid(parent=grids[0], name="第1片", by=chief, households=30, confirmed_on="2026-05-01")
    assert (micro.code, micro.kind) == ("990100001201-01-01", Kind.MICRO_GRID)
    assert not any(Place.find_problems())
    line = AuditLine.objects.filter(action="places.add_grid").first()
    assert line is not None
    assert (line.actor_id, line.place_path) == (chief.pk, micro.path)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"code": "990100001202-01"}, "code"),
        ({"code": "abc"}, "code"),
        ({"households": 3}, "__all__"),
        ({"population": -1, "confirmed_on": "2026-05-01"}, "population"),
        ({"latitude": 30}, "__all__"),
        ({"latitude": 95, "longitude": 10}, "latitude"),
    ],
)
def test_a_grid_that_does_not_fit_is_refused(village, chief, given, field):
    with pytest.raises(ValidationError) as refused:
        actions.add_grid(**{"parent": village, "name": "东", "by": chief} | given)
    assert field in refused.value.message_dict
    assert not Place.objects.of_kind(Kind.GRID).exists()
    assert not AuditLine.objects.exists()


def test_grids_stand_below_villages_and_grids_alone(township, chief, grid):
    micro = actions.add_grid(parent=grid, name="片", by=chief)
    for parent in (township, micro):
        with pytest.raises(ValidationError, match="只能在村"):
            actions.add_grid(parent=parent, name="东", by=chief)


def test_a_place_where_something_stands_is_not_deleted(village, grid, chief, appoint):
    with pytest.raises(ValidationError, match="区划代码表"):
        actions.delete_place(place=village, by=chief)
    actions.add_grid(parent=grid, name="片", by=chief)
    with pytest.raises(ValidationError, match="还有微网格"):
        actions.delete_place(place=grid, by=chief)
    actions.delete_place(place=Place.objects.get(kind=Kind.MICRO_GRID), by=chief)
    appoint(grid, Role.EDITOR)
    with pytest.raises(ValidationError, match="还登记着1 条任职"):
        actions.delete_place(place=grid, by=chief)
    assert Place.objects.filter(pk=grid.pk).exists()
    assert AuditLine.objects.filter(action="places.delete_place").count() == 1


def test_the_list_goes_level_by_level(chief, township, village, sibling, grid, other_township):
    client = office(chief)
    index = reverse("places:index")
    assert [place.name for place in client.get(index).context["object_list"]] == ["清溪镇"]
    inside = client.get(index, {"inside": township.pk})
    assert [place.name for place in inside.context["object_list"]] == ["柳河村", "𠅤山村"]
    assert "云溪县 清溪镇" in inside.content.decode()
    deeper = client.get(index, {"inside": village.pk})
    assert [item["label"] for item in deeper.context["breadcrumbs_items"]][1:] == ["地方", "清溪镇", "柳河村"]
    for query in ("柳河东", "990100001201-"):
        assert grid in client.get(index, {"q": query}).context["object_list"]
    of_kind = client.get(index, {"kind": "grid"}).context["object_list"]
    assert list(of_kind) == [grid]
    assert not client.get(index, {"inside": other_township.pk, "q": "石桥"}).context["object_list"]


def test_a_list_page_asks_little(chief, township, django_assert_max_num_queries):
    for number in range(30):
        township.add_child(code=f"9901000012{number:02}", name=f"第{number}村", kind="village")
    client = office(chief)
    client.get(reverse("places:index"))
    with django_assert_max_num_queries(25):
        assert len(client.get(reverse("places:index"), {"inside": township.pk}).context["object_list"]) == 30


def test_a_grid_is_drawn_changed_and_deleted_in_the_back_office(chief, village):
    client = office(chief)
    address = f"{reverse('places:add')}?parent={village.pk}"
    assert client.get(address).context["form"].initial["parent"] == str(village.pk)
    given = {"parent": village.pk, "name": " 柳河西 ", "households": "30", "confirmed_on": "2026-05-01"}
    assert client.post(address, given).status_code == 302
    grid = Place.objects.get(kind=Kind.GRID)
    assert (grid.name, grid.households, grid.get_parent()) == ("柳河西", 30, village)
    edit = reverse("places:edit", args=[grid.pk])
    assert client.post(edit, given | {"name": "柳河北", "population": "88"}).status_code == 302
    grid.refresh_from_db()
    assert (grid.name, grid.population) == ("柳河北", 88)
    actions.add_grid(parent=grid, name="片", by=chief)
    delete = reverse("places:delete", args=[grid.pk])
    assert "还有微网格" in client.post(delete).content.decode()
    actions.delete_place(place=Place.objects.get(kind=Kind.MICRO_GRID), by=chief)
    assert client.post(delete).status_code == 302
    assert not Place.objects.of_kind(Kind.GRID).exists()


def test_the_village_keeps_its_figures_but_not_its_name(appoint, village):
    client = office(appoint(village, Role.VILLAGE_OFFICIAL))
    edit = reverse("places:edit", args=[village.pk])
    given = {"name": "改名村", "population": "1000", "households": "300", "confirmed_on": "2026-05-01"}
    assert client.post(edit, given).status_code == 302
    village.refresh_from_db()
    assert (village.name, village.population) == ("柳河村", 1000)
    assert client.get(reverse("places:add")).status_code == 302  # grids are the township's to draw
    unconfirmed = client.post(edit, given | {"confirmed_on": ""})
    assert "就要填核实日期" in unconfirmed.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "长" * 61),
        ("population", "很多"),
        ("population", "-5"),
        ("households", "1e9"),
        ("households", "😀"),
        ("confirmed_on", "昨天"),
        ("latitude", "<script>"),
        ("longitude", "200"),
        ("parent", "'; DROP TABLE--"),
        ("parent", ""),
    ],
)
def test_bad_input_is_told_beside_its_field(chief, village, field, value):
    given = {"parent": village.pk, "name": "东", "population": "1", "households": "1", "confirmed_on": "2026-05-01"}
    response = office(chief).post(reverse("places:add"), given | {field: value})
    assert response.status_code == 200
    errors = response.context["form"].errors
    assert field in errors or "__all__" in errors
    assert not Place.objects.of_kind(Kind.GRID).exists()


def test_script_in_a_name_is_shown_as_text(chief, village):
    actions.add_grid(parent=village, name="<script>alert(1)</script>", by=chief)
    page = office(chief).get(reverse("places:index"), {"inside": village.pk}).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_trails_leave_out_what_nobody_says(db):
    city = Place.add_root(code="11", name="北京市", kind="province").add_child(code="1101", name="市辖区", kind="city")
    district = city.add_child(code="110101", name="东城区", kind="county")
    street = district.add_child(code="110101001", name="东华门街道", kind="township")
    guangdong = Place.add_root(code="44", name="广东省", kind="province")
    dongguan = guangdong.add_child(code="4419", name="东莞市", kind="city").add_child(
        code="441900", name="东莞市", kind="county"
    )
    town = dongguan.add_child(code="441900003", name="东城街道", kind="township")
    assert trails([street, town]) == {street.path: "北京市 东城区", town.path: "广东省 东莞市"}


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_who_draw_grids_at_once_get_two_codes():
    village = Place.add_root(code="990100001201", name="柳河村", kind="village")
    start = threading.Barrier(4)
    failures: list[Exception] = []

    def draw(number: int) -> None:
        try:
            start.wait()
            actions.add_grid(parent=village, name=f"第{number}网格", by=None)
        except Exception as error:  # noqa: BLE001 - told by the test
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=draw, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    codes = sorted(Place.objects.of_kind(Kind.GRID).values_list("code", flat=True))
    assert codes == [f"990100001201-{number:02}" for number in range(1, 5)]
    assert not any(Place.find_problems())


def test_what_may_be_done_hangs_on_the_name(chief, village, grid):
    page = office(chief).get(reverse("places:index"), {"inside": village.pk}).content.decode()
    for name in ("edit", "delete"):
        assert reverse(f"places:{name}", args=[grid.pk]) in page
    assert f"{reverse('places:add')}?parent={grid.pk}" in page
    above = office(chief).get(reverse("places:index")).content.decode()
    assert reverse("places:delete", args=[village.get_parent().pk]) not in above


def test_who_did_what_is_read_in_chinese_even_where_nobody_did_it(admin_client, village):
    with transaction.atomic():
        audit.record(by=None, action="points.post_due", subject=village, place=village)
    page = admin_client.get("/admin/audit/").content.decode()
    assert "系统" in page
    assert ">system<" not in "".join(page.split())
