"""A site with a home page."""

import pytest
from django.conf import LazySettings
from wagtail.models import Page, Site

from home.models import HomePage
from tests.integration.guides.conftest import make_page, sections  # noqa: F401 -- fixtures


@pytest.fixture
def home_page(db: None, settings: LazySettings) -> HomePage:
    """The home page of the default site."""
    settings.PAGE_CACHE = False
    root = Page.get_first_root_node()
    home = root.add_child(instance=HomePage(title="乡约", slug="front"))
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    return home
