"""What crawlers of web search engines are told."""

import pytest

from home.demo import ensure_site
from knowledge.laws.models import Law, LawKind

pytestmark = pytest.mark.django_db


def test_the_sitemap_lists_pages_and_laws(client):
    ensure_site(8000)
    title = "楼道管理法"
    law = Law.objects.create(
        title=title, title_key=title, short_title=title, slug="loudaoguanlifa", kind=LawKind.STATUTE
    )
    sitemap = client.get("/sitemap.xml").content.decode()
    assert f"{law.get_absolute_url()}</loc>" in sitemap
    assert "http://localhost:8000/</loc>" in sitemap


def test_robots_leave_the_back_office_and_results_alone(client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    text = answer.content.decode()
    assert "Disallow: /admin/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text
