"""Grants as open data: valid under what the 360Giving Data Standard 1.4 requires."""

import json
from typing import Any

import jsonschema
import pytest
from django.core.management import call_command

from registry.funds import giving
from registry.funds.models import Kind

from .makers import Desk, make_organization

pytestmark = pytest.mark.django_db

_TEXT = {"type": "string", "minLength": 1}
_DAY = {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])$"}
_ORGANIZATIONS = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "object", "required": ["id", "name"], "properties": {"id": _TEXT, "name": _TEXT}},
}
_REQUIRED = ["id", "title", "description", "currency", "amountAwarded", "awardDate", "fundingOrganization"]
SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "required": ["grants"],
    "properties": {
        "version": {"type": "string", "pattern": r"^(\d+\.)(\d+)$"},
        "issued": _DAY,
        "publisher": {"type": "object", "required": ["name"], "properties": {"name": _TEXT}},
        "license": {"type": "string", "format": "uri"},
        "grants": {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {
                "type": "object",
                "required": _REQUIRED,
                "oneOf": [{"required": ["recipientOrganization"]}, {"required": ["recipientIndividual"]}],
                "properties": {
                    "id": _TEXT,
                    "title": _TEXT,
                    "description": _TEXT,
                    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
                    "amountAwarded": {"type": "number"},
                    "awardDate": _DAY,
                    "dateModified": {"type": "string", "format": "date-time"},
                    "fundingOrganization": _ORGANIZATIONS,
                    "recipientOrganization": _ORGANIZATIONS,
                    "recipientIndividual": {
                        "type": "object",
                        "required": ["id", "name"],
                        "properties": {"id": _TEXT, "name": _TEXT},
                    },
                    "grantProgramme": {"type": "array", "items": {"type": "object"}},
                },
            },
        },
    },
}


@pytest.fixture
def granted(desk: Desk, village, sibling) -> Desk:
    desk.give("1000", donor_name="不该出现的捐赠人")
    organization = make_organization(sibling, "𠅤山书社")
    desk.spend("120.50", recipient_kind="organization", recipient_organization=organization)
    desk.spend("80", recipient_kind="place", recipient_place=village, purpose="修" * 200)
    desk.spend("300")
    desk.reverse(desk.spend("10", purpose="错记的一笔"))
    return desk


def test_the_package_is_valid_and_whole(granted: Desk):
    package = giving.package()
    jsonschema.validate(package, SCHEMA, format_checker=jsonschema.FormatChecker())
    assert package["version"] == "1.4"
    assert sorted(grant["amountAwarded"] for grant in package["grants"]) == [80.0, 120.5, 300.0]
    assert len({grant["id"] for grant in package["grants"]}) == 3
    assert {grant["currency"] for grant in package["grants"]} == {"CNY"}


def test_persons_are_a_group_and_donors_and_mistakes_are_not_in_it(granted: Desk):
    text = json.dumps(giving.package(), ensure_ascii=False)
    assert "低保家庭" in text
    assert "𠅤山书社" in text
    assert "不该出现的捐赠人" not in text
    assert "错记的一笔" not in text


def test_goods_are_no_grants_of_money(desk: Desk):
    desk.post(Kind.GOODS_DONATION)
    desk.post(Kind.GOODS_DISTRIBUTION)
    assert giving.package()["grants"] == []


def test_the_address_and_the_command_give_the_same(granted: Desk, client, tmp_path):
    served = client.get("/funds/grants.json")
    assert served["Content-Type"] == "application/json"
    path = tmp_path / "grants.json"
    call_command("export_grants", str(path), verbosity=0)
    assert json.loads(path.read_text("utf-8")) == served.json()


def test_the_number_of_queries_does_not_grow_with_grants(granted: Desk, django_assert_num_queries):
    with django_assert_num_queries(1):
        giving.package()
