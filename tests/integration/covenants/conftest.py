"""A site with the section of covenants."""

from datetime import date
from typing import Any

import pytest
from wagtail.models import Page, Site

from home.models import HomePage
from knowledge.covenants import actions
from knowledge.covenants.models import CovenantIndexPage
from knowledge.laws.models import Article, Edition, Law, LawName


@pytest.fixture
def home_page(db: None, settings: Any) -> HomePage:
    """The home page of the default site."""
    settings.PAGE_CACHE = False
    home = Page.get_first_root_node().add_child(instance=HomePage(title="乡约", slug="front"))
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    return home


@pytest.fixture
def section(home_page: HomePage) -> CovenantIndexPage:
    """The page that lists covenants."""
    return actions.create_section(by=None)


@pytest.fixture
def article(db: None) -> Article:
    """An article in force."""
    law = Law.objects.create(slug="laonianfa", title="老年法", title_key="老年法", short_title="老年法", kind="statute")
    LawName.objects.create(law=law, name="老年法")
    edition = Edition.objects.create(
        law=law, title="老年法", published_on=date(2018, 12, 29), is_current=True, digest="x"
    )
    return Article.objects.create(edition=edition, position=1, number=14, key="14", label="第十四条", text="赡养老人。")
