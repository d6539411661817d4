"""Signing in: who guesses is stopped, whoever waits or knows is not."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

PASSWORD = "liu-he-cun-2026"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _throttled(settings):
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 3


@pytest.fixture
def official():
    return get_user_model().objects.create_superuser("cunguan", "c@example.com", PASSWORD)


def sign_in(client: Client, name: str, password: str, address: str = "203.0.113.7"):
    return client.post(reverse("wagtailadmin_login"), {"username": name, "password": password}, REMOTE_ADDR=address)


def test_the_right_password_opens(official, client):
    assert sign_in(client, "cunguan", PASSWORD).status_code == 302


def test_guessing_is_stopped_even_with_the_right_guess(official, client):
    for attempt in range(3):
        sign_in(client, "cunguan", f"wrong-{attempt}")
    response = sign_in(client, "cunguan", PASSWORD)
    assert response.status_code == 429
    assert "Retry-After" in response


def test_another_address_is_not_locked_out_with_it(official, client):
    for attempt in range(3):
        sign_in(client, "cunguan", f"wrong-{attempt}")
    assert sign_in(client, "cunguan", PASSWORD, address="198.51.100.9").status_code == 302


def test_a_success_forgets_earlier_mistakes(official, client):
    for _ in range(3):
        sign_in(client, "cunguan", "wrong")
        assert sign_in(client, "cunguan", PASSWORD).status_code == 302


def test_an_unknown_name_is_told_the_same_as_a_wrong_password(official, client):
    known = sign_in(client, "cunguan", "wrong").content.decode()
    unknown = sign_in(client, "meiyouzheren", "wrong").content.decode()
    assert known.count("error") == unknown.count("error")


def test_the_login_page_is_chinese(client):
    assert "登录" in client.get(reverse("wagtailadmin_login")).content.decode()
