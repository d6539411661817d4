"""The filters of the back office's lists: in Chinese, and days from one to another."""

import re
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from registry.places.models import Place
from registry.volunteers.models import Volunteer

from .routes import all_routes
from .volunteers.factories import a_volunteer

pytestmark = pytest.mark.django_db

LISTS = sorted(
    {
        route.address
        for route in all_routes()
        if route.is_ours and route.is_back_office and route.name.endswith(":index") and "<" not in route.address
    }
)


def pills(response: Any) -> list[str]:
    """The filters that are on, as the list says them."""
    found = BeautifulSoup(response.content, "html.parser").select(".w-active-filters .w-pill__content")
    return [re.sub(r"\s+", "", pill.get_text()) for pill in found]


def test_filters_are_named_in_chinese(admin_client: Client) -> None:
    named = 0
    for address in LISTS:
        context = admin_client.get(f"/{address}").context or {}
        if context.get("filters"):
            for field in context["filters"].form:
                named += 1
                assert re.fullmatch(r"[^A-Za-z]*[一-鿿][^A-Za-z]*", str(field.label)), (address, field.label)
    assert named > 40


def test_days_are_filtered_from_one_to_another(admin_client: Client, village: Place) -> None:
    for name, day in (("甲", 1), ("乙", 2), ("丙", 3)):
        volunteer = a_volunteer(village, name=name)
        Volunteer.objects.filter(pk=volunteer.pk).update(registered_at=f"2026-03-0{day} 12:00+08:00")
    for asked, expected in (
        ({"from": date(2026, 3, 2)}, {"乙", "丙"}),
        ({"to": date(2026, 3, 2)}, {"甲", "乙"}),
        ({"from": date(2026, 3, 2), "to": date(2026, 3, 2)}, {"乙"}),
    ):
        query = {f"registered_at__range_{end}": f"{day}" for end, day in asked.items()}
        response = admin_client.get("/admin/volunteers/people/", query)
        assert {row.name for row in response.context["object_list"]} == expected
        assert len(pills(response)) == 1


@pytest.mark.parametrize(("value", "word"), [("true", "是"), ("false", "否")])
def test_what_is_on_says_yes_or_no(value: str, word: str, admin_client: Client) -> None:
    assert pills(admin_client.get("/admin/organizations_register/", {"renewable": value})) == [f"该续期：{word}"]
