"""The health addresses tell the truth."""

import pytest
from django.db import DatabaseError

from home import health


def test_alive_touches_no_database(client):
    response = client.get("/-/alive")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready_names_what_it_looked_at(client):
    report = client.get("/-/ready").json()
    assert set(report["checks"]) == {"database", "migrations", "search"}
    assert report["checks"]["database"] == "ok"


@pytest.mark.django_db
def test_a_search_that_is_away_does_not_stop_the_site(client, monkeypatch):
    monkeypatch.setattr(health, "_CHECKS", [("search", lambda: "no index", False)])
    response = client.get("/-/ready")
    assert response.status_code == 200
    assert response.json() == {"ready": True, "checks": {"search": "no index"}}


@pytest.mark.django_db
def test_a_database_that_is_away_is_not_ready_and_tells_no_secrets(client, monkeypatch):
    def fail():
        raise DatabaseError("password=hunter2 host=10.0.0.1")

    monkeypatch.setattr(health, "_CHECKS", [("database", fail, True)])
    response = client.get("/-/ready")
    assert response.status_code == 503
    assert "hunter2" not in response.content.decode()


@pytest.mark.django_db
def test_health_is_never_cached(client):
    assert "no-store" in client.get("/-/ready")["Cache-Control"]
