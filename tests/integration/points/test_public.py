"""What everybody sees, what a household sees, and what nobody does."""

from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts.models import User
from knowledge.points.actions import claims, posting
from knowledge.points.models import Claim, Household, Item, LedgerLine, Objection, Rules
from registry.places.models import Place
from tests.integration.points.conftest import TODAY
from tests.integration.points.makers import key, make_household, make_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
Post = Callable[..., LedgerLine]


def page(client: Client, url: str) -> BeautifulSoup:
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return BeautifulSoup(response.content, "html.parser")


def url(place: Place, rest: str = "") -> str:
    return f"/points/{place.code}/{rest}"


@pytest.fixture
def public(enter: Any, publicize: Any, household: Household, cleaning: Item) -> Claim:
    """A claim in its publicity."""
    return publicize(enter(household, cleaning, quantity=2))


def test_publicity_names_only_who_agreed(client: Client, village: Place, public: Claim) -> None:
    row = page(client, url(village)).select_one(".points-table tbody tr")
    assert "𠅤**" in row.get_text()
    assert "𠅤大山" not in row.get_text()
    Household.objects.update(consent_on=date(2026, 1, 1))
    row = page(client, url(village)).select_one(".points-table tbody tr")
    assert "𠅤大山" in row.get_text()
    assert "10月26日" in row.get_text()


def test_the_publicity_says_how_long_it_is_or_that_there_is_none(
    client: Client, village: Place, request: pytest.FixtureRequest
) -> None:
    for address in (url(village), url(village, "publicity/")):
        assert "现在没有在公示的积分" in page(client, address).get_text()
    request.getfixturevalue("public")
    for address in (url(village), url(village, "publicity/")):
        assert "公示 7 天，觉得不对可以提异议" in page(client, address).get_text()


def test_what_was_taken_is_nowhere_in_public(
    client: Client, village: Place, post: Post, enter: Any, publicize: Any, household: Household, littering: Item
) -> None:
    Household.objects.update(consent_on=date(2026, 1, 1))
    post(household, littering)
    publicize(enter(household, littering))
    for address in (url(village), url(village, "publicity/")):
        text = page(client, address).get_text()
        assert "𠅤" not in text
    claim = Claim.objects.get(state="publicized")
    assert client.get(url(village, f"publicity/{claim.pk}/object/")).status_code == 404


def test_the_top_is_of_those_who_agreed_and_earned(
    client: Client, village: Place, post: Post, household: Household, cleaning: Item, littering: Item, official: User
) -> None:
    agreeing = [make_household(village, official, head=f"红榜{n}", consent_on=date(2026, 1, 1)) for n in range(3)]
    post(household, cleaning, quantity=5)
    post(agreeing[0], cleaning, quantity=2)
    post(agreeing[1], cleaning, quantity=4)
    post(agreeing[2], littering)
    top = [row.get_text(" ", strip=True) for row in page(client, url(village)).select("ol.red-list li")]
    assert top == ["红榜1 8", "红榜0 4"]
    Rules.objects.update(names_on_top=0)
    assert not page(client, url(village)).select("ol.red-list li")


def test_a_village_page_takes_a_fixed_number_of_queries(
    client: Client, village: Place, post: Post, enter: Any, publicize: Any, official: User, cleaning: Item
) -> None:
    def add() -> None:
        household = make_household(village, official)
        post(household, cleaning)
        publicize(enter(household, cleaning))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(url(village))
        return len(captured)

    add()
    client.get(url(village))
    few = queries()
    for _ in range(3):
        add()
    assert queries() == few <= 20


def test_a_village_without_rules_is_not_there(client: Client, village: Place, sibling: Place) -> None:
    assert client.get(url(sibling)).status_code == 404
    index = page(client, "/points/")
    assert [link["href"] for link in index.select(".card__link")] == [url(village)]


def sign_in(client: Client, household: Household, last_four: str = "1234", wanted: str = "") -> Any:
    address = url(household.village, f"household/{wanted}")
    return client.post(address, {"code": household.code, "last_four": last_four})


def test_a_household_reads_its_own_passbook(
    client: Client, village: Place, post: Post, household: Household, cleaning: Item, littering: Item
) -> None:
    post(household, cleaning, quantity=3)
    post(household, littering)
    assert sign_in(client, household).url == url(village, "household/passbook/")
    response = client.get(url(village, "household/passbook/"))
    assert "no-store" in response["Cache-Control"]
    text = BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)
    assert "𠅤大山" in text
    assert "202610-0002" in text
    assert "-5" in text
    client.post(url(village, "household/leave/"))
    assert client.get(url(village, "household/passbook/")).status_code == 302


def test_the_passbook_closes_by_itself(client: Client, household: Household, time_machine: Any) -> None:
    sign_in(client, household)
    time_machine.move_to(f"{TODAY.isoformat()} 10:31+08:00")
    assert client.get(url(household.village, "household/passbook/")).status_code == 302


def test_wrong_digits_and_wrong_codes_sound_the_same(client: Client, household: Household) -> None:
    answers = []
    for code, last_four in ((household.code, "9999"), ("nobody", "1234")):
        response = client.post(url(household.village, "household/"), {"code": code, "last_four": last_four})
        answers.append(BeautifulSoup(response.content, "html.parser").select_one(".notice--error").get_text())
    assert answers[0] == answers[1]
    Household.objects.update(phone="")
    assert sign_in(client, household, "").status_code == 200


def test_guessing_ends_after_ten_tries(client: Client, household: Household) -> None:
    for guess in range(10):
        sign_in(client, household, f"{guess:04}")
    response = sign_in(client, household)
    assert "输错次数太多" in response.content.decode()
    other = Client(REMOTE_ADDR="10.9.8.7")
    assert "输错次数太多" in sign_in(other, household).content.decode()


def test_a_passbook_opens_in_its_own_village_alone(
    client: Client, household: Household, sibling: Place, official: User
) -> None:
    Rules.objects.create(place=sibling)
    make_household(sibling, official, code=household.code, phone="13900009999")
    sign_in(client, household)
    assert client.get(url(sibling, "household/passbook/")).status_code == 302


def picture() -> SimpleUploadedFile:
    stream = BytesIO()
    Image.new("RGB", (4, 4)).save(stream, "JPEG")
    return SimpleUploadedFile("IMG.HEIC.jpg", stream.getvalue())


def test_a_household_declares_with_a_photo(client: Client, household: Household, village: Place) -> None:
    item = make_item(village, "见义勇为", 50, needs_evidence=True)
    make_item(village, "扣分的", -5)
    sign_in(client, household)
    address = url(village, "household/declare/")
    form = page(client, address)
    assert [option.get_text() for option in form.select("select[name=item] option")] == ["请选择", "见义勇为（+50）"]
    sent = {"item": item.pk, "happened_on": TODAY.isoformat(), "quantity": 1, "request_key": key()}
    assert "要附照片" in client.post(address, sent).content.decode()
    fake = SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>")
    assert "不是照片" in client.post(address, sent | {"photos": [fake]}).content.decode()
    assert client.post(address, sent | {"photos": [picture()]}).status_code == 302
    assert client.post(address, sent | {"photos": [picture()]}).status_code == 302
    claim = Claim.objects.get()
    assert (claim.household, claim.source, claim.photos.count()) == (household, "household", 1)
    assert "已收到" in client.get(url(village, "household/passbook/")).content.decode()


def test_a_declaration_needs_the_passbook_open(client: Client, village: Place) -> None:
    response = client.get(url(village, "household/declare/"))
    assert response.url == url(village, "household/?next=declare")


def test_anybody_objects_in_the_publicity(client: Client, village: Place, public: Claim, time_machine: Any) -> None:
    address = url(village, f"publicity/{public.pk}/object/")
    sent = {"name": "李四", "phone": "13900005678", "text": "那天他在外地"}
    assert client.post(address, sent | {"homepage": "spam"}).status_code == 302
    assert not Objection.objects.exists()
    assert client.post(address, sent).url == url(village, "objected/")
    assert Objection.objects.get().phone == "13900005678"
    assert page(client, url(village, "objected/")).select_one(".notice--success")
    time_machine.move_to(TODAY + timedelta(days=20))
    assert client.post(address, sent).status_code == 404


def test_a_household_objects_to_what_is_taken_from_it(
    client: Client, household: Household, village: Place, publicize: Any, enter: Any, littering: Item
) -> None:
    claim = publicize(enter(household, littering))
    own = url(village, f"household/claims/{claim.pk}/object/")
    assert client.get(own).url == url(village, "household/?next=passbook")
    assert client.get(url(village, f"publicity/{claim.pk}/object/")).status_code == 404
    sign_in(client, household)
    assert page(client, url(village, "household/passbook/")).select_one(f'a[href="{own}"]')
    assert "-5" in page(client, own).get_text()
    assert client.post(own, {"text": ""}).status_code == 200
    assert "有异议，正在核实" in client.post(own, {"text": "那天我们全家在外地。"}, follow=True).content.decode()
    objection = Objection.objects.get(claim=claim)
    assert (objection.name, objection.phone) == (household.head, household.phone)


def test_the_public_form_leads_the_household_to_its_passbook(
    client: Client, household: Household, village: Place, public: Claim
) -> None:
    form = url(village, f"publicity/{public.pk}/object/")
    [way] = page(client, form).select(f'a[href="{url(village, f"household/claims/{public.pk}/")}"]')
    own = url(village, f"household/claims/{public.pk}/object/")
    wrong = client.post(way["href"], {"code": household.code, "last_four": "0000"})
    assert "户号或手机号后四位不对" in wrong.content.decode()
    right = {"code": household.code, "last_four": household.phone[-4:]}
    assert client.post(way["href"], right).url == own
    assert client.get(form).url == own, "while the passbook is open"
    client.post(own, {"text": "我们去了两个人。"})
    assert Objection.objects.own().get().claim == public


def test_another_household_is_led_back_and_its_objection_is_not_the_households_own(
    client: Client, household: Household, village: Place, public: Claim, official: User
) -> None:
    other = make_household(village, official)
    way, form = url(village, f"household/claims/{public.pk}/"), url(village, f"publicity/{public.pk}/object/")
    led = client.post(way, {"code": other.code, "last_four": other.phone[-4:]}, follow=True)
    assert led.redirect_chain[-1][0] == form
    said = led.content.decode()
    assert "这笔积分不是您户的" in said
    assert household.code not in said
    assert household.head not in said
    client.post(form, {"name": other.head, "phone": other.phone, "text": "那天他在外地"})
    assert not Objection.objects.get().by_household


def test_nobody_learns_from_the_way_what_is_not_in_its_publicity(
    client: Client, household: Household, village: Place, publicize: Any, enter: Any, littering: Item, public: Claim,
    time_machine: Any,
) -> None:  # fmt: skip
    taken = publicize(enter(household, littering))
    assert client.get(url(village, f"household/claims/{taken.pk}/")).status_code == 404
    way = url(village, f"household/claims/{public.pk}/")
    for _time in range(10):
        client.post(way, {"code": household.code, "last_four": "0000"})
    right = {"code": household.code, "last_four": household.phone[-4:]}
    assert "输错次数太多" in client.post(way, right).content.decode()
    time_machine.move_to(TODAY + timedelta(days=20))
    assert client.get(way).status_code == 404


def test_a_household_reads_what_its_objection_came_to(
    client: Client, household: Household, village: Place, public: Claim, official: User, time_machine: Any
) -> None:
    claims.object_to(claim=public, name="李四", phone="13900005678", text="那天他在外地")
    sign_in(client, household)
    client.post(url(village, f"household/claims/{public.pk}/object/"), {"text": "我们去了两个人。"})
    passbook = url(village, "household/passbook/")
    [waiting] = page(client, passbook).select("#objections-title + ul li")
    assert "正在核实 2026年10月20日提出" in waiting.get_text(" ", strip=True)
    time_machine.move_to(f"{(TODAY + timedelta(days=1)).isoformat()} 09:00+08:00")
    sign_in(client, household)
    of_another, own = Objection.objects.order_by("pk")
    claims.decide_objection(objection=own, upheld=False, answer="签到表上只有一个人。", by=official)
    claims.decide_objection(objection=of_another, upheld=False, answer="李四看错了人。", by=official)
    assert posting.post_due(place=village, by=None) == []
    time_machine.move_to(f"{(TODAY + timedelta(days=9)).isoformat()} 09:00+08:00")
    assert len(posting.post_due(place=village, by=None)) == 1
    sign_in(client, household)
    said = page(client, passbook)
    [answered] = said.select("#objections-title + ul li")
    text = answered.get_text(" ", strip=True)
    for expected in ("+4", "异议不成立", "2026年10月20日提出", "2026年10月21日答复", "签到表上只有一个人。"):
        assert expected in text
    assert "李四" not in said.get_text()


def test_objections_of_before_are_known_as_the_households_own(household: Household, public: Claim) -> None:
    for name, phone in ((household.head, household.phone), ("李四", household.phone), (household.head, "13900005678")):
        claims.object_to(claim=public, name=name, phone=phone, text="请核实")
    assert not Objection.objects.own().exists()
    import_module("knowledge.points.migrations.0004_objections_of_households").mark(apps, None)
    [own] = Objection.objects.own()
    assert (own.name, own.phone) == (household.head, household.phone)


def test_a_household_objects_to_its_own_claims_and_in_their_publicity_alone(
    client: Client,
    household: Household,
    village: Place,
    official: User,
    publicize: Any,
    enter: Any,
    littering: Item,
    time_machine: Any,
) -> None:
    own, other = (publicize(enter(one, littering)) for one in (household, make_household(village, official)))
    sign_in(client, household)
    assert client.get(url(village, f"household/claims/{other.pk}/object/")).status_code == 404
    time_machine.move_to(f"{(own.public_until + timedelta(days=1)).isoformat()} 09:00+08:00")
    sign_in(client, household)
    assert client.get(url(village, f"household/claims/{own.pk}/object/")).status_code == 404
