"""Public accounts: registered by a confirmed address, and no answer tells who has one."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts import account_actions as actions
from accounts import entries
from accounts.models import AuditLine, DeletionRequest, User

pytestmark = pytest.mark.django_db

PASSWORD = "柳河村的水很清-2026"
EMAIL = "zhang@example.org"


@pytest.fixture
def person() -> User:
    return actions.register(email=EMAIL, display_name="张𠅤", password=PASSWORD)


@pytest.fixture
def signed_in(client: Client, person: User) -> Client:
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return client


def address_in(message: mail.EmailMessage) -> str:
    """The path of the link in a mail."""
    found = re.search(r"^https?://\S+/account/\S+$", message.body, re.MULTILINE)
    assert found, message.body
    return urlsplit(found.group()).path


def ask(client: Client, email: str = EMAIL, **more: str):
    return client.post(reverse("account:register"), {"email": email} | more)


def complete(client: Client, link: str, **more: str):
    given = {"display_name": " 张𠅤 ", "password1": PASSWORD, "password2": PASSWORD, "agree": "on"}
    return client.post(link, given | more)


def test_somebody_registers_by_the_link_in_a_mail(client):
    assert ask(client, "Zhang@Example.org", next="/laws/").status_code == 200
    assert mail.outbox[0].to == [EMAIL]
    assert "确认您的邮箱" in mail.outbox[0].subject
    assert not User.objects.exists()
    link = address_in(mail.outbox[0])
    assert EMAIL in client.get(link).content.decode()
    response = complete(client, link)
    assert response.headers["Location"] == "/laws/"
    user = User.objects.get()
    assert (user.username, user.email, user.display_name, user.is_staff) == (EMAIL, EMAIL, "张𠅤", False)
    assert client.get(reverse("account:home")).status_code == 200
    assert client.get(reverse("wagtailadmin_home")).status_code == 302
    assert AuditLine.objects.filter(action="accounts.register", actor_id=user.pk).exists()


def test_the_link_works_once_and_for_a_day(client):
    ask(client)
    link = address_in(mail.outbox[0])
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert client.get(link).status_code == 410
    assert client.get(link[:-3] + "x/").status_code == 410
    complete(client, link)
    again = Client()
    assert again.get(link).status_code == 410
    assert complete(again, link, display_name="李四").status_code == 410
    assert User.objects.get().display_name == "张𠅤"


def test_a_link_of_one_kind_is_none_of_another(signed_in):
    ask(Client(), "neu@example.org")
    token = address_in(mail.outbox[0]).rstrip("/").rpartition("/")[2]
    assert signed_in.post(reverse("account:email_confirm", args=[token])).status_code == 410


@pytest.mark.parametrize(
    "bad",
    [
        {"display_name": ""},
        {"display_name": "长" * 61},
        {"password1": "12345678901", "password2": "12345678901"},
        {"password1": EMAIL, "password2": EMAIL},
        {"password2": "another password"},
        {"agree": ""},
    ],
)
def test_what_is_missing_or_weak_is_refused_beside_its_field(client, bad):
    ask(client)
    response = complete(client, address_in(mail.outbox[0]), **bad)
    assert response.status_code == 200
    assert "field__error" in response.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "email", ["", "zhang", "a@b", "<script>@x.cn", "'; drop table--@", "a" * 150 + "@example.org", "😀", "x" * 3000]
)
def test_no_address_no_mail(client, email):
    response = ask(client, email)
    assert response.status_code == 200
    assert "field__error" in response.content.decode()
    assert mail.outbox == []


@pytest.mark.parametrize("view", ["account:register", "account:password_reset"])
def test_nobody_learns_who_has_an_account(client, person, view):
    known = client.post(reverse(view), {"email": EMAIL})
    unknown = client.post(reverse(view), {"email": "nobody@example.org"})
    assert known.status_code == unknown.status_code == 200
    assert known.content.decode().replace(EMAIL, "") == unknown.content.decode().replace("nobody@example.org", "")
    assert [message.to for message in mail.outbox] == [[EMAIL], ["nobody@example.org"]]


def test_signing_in_tells_no_more_of_a_known_name(client, person):
    answers = [
        client.post(reverse("account:login"), {"username": name, "password": "wrong"}).content.decode()
        for name in (EMAIL, "nobody@example.org")
    ]
    bare = [re.sub(r'value="[^"]*"', "", answer) for answer in answers]
    assert bare[0] == bare[1]
    assert "邮箱或密码不对" in answers[0]


def test_robots_are_answered_and_not_served(client):
    assert "请查收邮件" in ask(client, homepage="https://spam.example").content.decode()
    assert mail.outbox == []


def test_one_address_is_not_flooded(client):
    for _attempt in range(8):
        assert ask(client).status_code == 200
    assert len(mail.outbox) == 5
    ask(client, "other@example.org")
    assert len(mail.outbox) == 6


def test_one_sender_is_slowed_down(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"form": "3/m"}
    codes = [ask(client, f"a{number}@example.org").status_code for number in range(5)]
    assert codes == [200, 200, 200, 429, 429]


def test_signing_in_leads_on_within_the_site_only(client, person):
    given = {"username": "ZHANG@example.org ", "password": PASSWORD}
    address = reverse("account:login")
    assert client.post(address, given | {"next": "/laws/"}).headers["Location"] == "/laws/"
    for bad in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"):
        response = Client().post(address, given | {"next": bad})
        assert response.headers["Location"] == reverse("account:home")
        ask(Client(), f"u{len(mail.outbox)}@example.org", next=bad)
        assert complete(Client(), address_in(mail.outbox[-1])).headers["Location"] == reverse("account:home")


def test_who_is_signed_in_is_led_on(signed_in):
    for view in ("account:login", "account:register"):
        assert signed_in.get(reverse(view) + "?next=/laws/").headers["Location"] == "/laws/"


def test_signing_out_takes_a_post(signed_in):
    assert signed_in.get(reverse("account:logout")).status_code == 405
    assert signed_in.post(reverse("account:logout")).status_code == 302
    assert signed_in.get(reverse("account:home")).headers["Location"].startswith(reverse("account:login"))


def test_guesses_lock_the_door(client, person, settings):
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 3
    for _attempt in range(3):
        client.post(reverse("account:login"), {"username": EMAIL, "password": "wrong"})
    assert client.post(reverse("account:login"), {"username": EMAIL, "password": PASSWORD}).status_code == 429


def test_a_new_password_by_mail_once(client, person):
    client.post(reverse("account:password_reset"), {"email": "ZHANG@EXAMPLE.ORG"})
    link = address_in(mail.outbox[0])
    form = client.get(link, follow=True)
    given = {"new_password1": "竹岭村的茶今年很香啊", "new_password2": "竹岭村的茶今年很香啊"}
    assert client.post(form.redirect_chain[-1][0], given).status_code == 302
    assert User.objects.get().check_password("竹岭村的茶今年很香啊")
    assert "您的密码已修改" in mail.outbox[1].subject
    assert date_format(timezone.localtime(), "Y年n月j日") in mail.outbox[1].body
    assert reverse("account:password_reset") in mail.outbox[1].body, "for who has not done it themselves"
    assert "链接不能用了" in Client().get(link, follow=True).content.decode()


def test_changing_the_password_asks_for_the_present_one_and_ends_other_sessions(signed_in, person):
    other = Client()
    other.force_login(person, "django.contrib.auth.backends.ModelBackend")
    address = reverse("account:password_change")
    new = {"new_password1": "竹岭村的茶今年很香啊", "new_password2": "竹岭村的茶今年很香啊"}
    assert signed_in.post(address, new | {"old_password": "wrong"}).status_code == 200
    assert signed_in.post(address, new | {"old_password": PASSWORD}).status_code == 302
    assert signed_in.get(reverse("account:home")).status_code == 200
    assert other.get(reverse("account:home")).status_code == 302


def test_another_address_holds_once_confirmed(signed_in, person):
    address = reverse("account:email_change")
    assert "当前密码不对" in signed_in.post(address, {"email": "n@example.org", "password": "x"}).content.decode()
    assert "现在的邮箱" in signed_in.post(address, {"email": EMAIL, "password": PASSWORD}).content.decode()
    assert mail.outbox == []
    signed_in.post(address, {"email": "Neu@example.org", "password": PASSWORD})
    link = address_in(mail.outbox[0])
    assert mail.outbox[0].to == ["neu@example.org"]
    signed_in.get(link)
    assert User.objects.get().email == EMAIL
    assert signed_in.post(link).status_code == 302
    person.refresh_from_db()
    assert (person.email, person.username) == ("neu@example.org", "neu@example.org")
    assert mail.outbox[1].to == [EMAIL]
    assert signed_in.post(link).status_code == 410


def test_an_address_that_somebody_else_has_is_not_taken_over(signed_in, person):
    actions.register(email="other@example.org", display_name="李四", password=PASSWORD)
    response = signed_in.post(reverse("account:email_change"), {"email": "other@example.org", "password": PASSWORD})
    assert "请查收邮件" in response.content.decode()
    assert "已经有账号" in mail.outbox[0].body
    with pytest.raises(ValidationError):
        actions.change_email(user_id=person.pk, before=EMAIL, email="other@example.org")


def test_leaving_is_asked_for_taken_back_and_done(signed_in, person):
    address = reverse("account:deletion")
    assert signed_in.post(address, {"password": "wrong"}).status_code == 200
    for _twice in range(2):
        assert signed_in.post(address, {"password": PASSWORD, "reason": "搬家了"}).status_code == 302
    assert DeletionRequest.objects.open().count() == 1
    assert "撤回注销申请" in signed_in.get(reverse("account:home")).content.decode()
    signed_in.post(reverse("account:deletion_withdraw"))
    assert not DeletionRequest.objects.open().exists()
    request = actions.request_deletion(user=person)
    admin = User.objects.create_superuser("admin")
    actions.complete_deletion(request=request, by=admin)
    person.refresh_from_db()
    assert (person.email, person.display_name, person.is_active) == ("", "", False)
    assert signed_in.get(reverse("account:home")).status_code == 302
    with pytest.raises(ValidationError):
        actions.complete_deletion(request=request, by=admin)
    assert EMAIL not in str(list(AuditLine.objects.filter(action="accounts.complete_deletion").values()))
    # The address is free again.
    actions.register(email=EMAIL, display_name="张三", password=PASSWORD)


def test_the_account_page_shows_what_apps_say_is_the_users(signed_in, person, monkeypatch):
    monkeypatch.setattr(entries, "_providers", [])

    @entries.register_entries
    def things(user):
        assert user == person
        yield entries.Entry("社会组织", "<b>云溪义工队</b>", "/organizations/1/", "待审核")

    page = signed_in.get(reverse("account:home")).content.decode()
    assert "&lt;b&gt;云溪义工队" in page
    assert "待审核" in page


def test_pages_of_an_account_are_kept_by_no_cache(client, signed_in, settings):
    settings.PAGE_CACHE = True
    for view in ("account:login", "account:register", "account:password_reset", "account:home"):
        for visitor in (Client(), signed_in):
            assert "no-store" in visitor.get(reverse(view)).get("Cache-Control", "no-store")
    assert "张𠅤" in signed_in.get(reverse("account:home")).content.decode()
    assert "张𠅤" not in Client().get(reverse("account:home"), follow=True).content.decode()


def test_every_form_needs_its_token(person):
    strict = Client(enforce_csrf_checks=True)
    for view in ("account:login", "account:register", "account:password_reset"):
        assert strict.post(reverse(view), {"email": EMAIL}).status_code == 403
