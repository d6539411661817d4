"""What every installation needs before its first editor signs in: the tree, the sections, the roles."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.models import Page, Site, Workflow

from home.models import HomePage, SiteSettings
from knowledge import workflow
from knowledge.covenants import actions as covenants
from knowledge.guides import actions as guides
from search.permissions import desk_permissions

# What both roles may do beside pages: look at laws, keep their short names and the topics.
_KNOWLEDGE = Q(
    content_type__app_label="laws",
    codename__in=["view_law", "view_edition", "view_lawname", "add_lawname", "change_lawname", "delete_lawname"],
) | Q(content_type__app_label="guides", codename__in=["view_topic", "add_topic", "change_topic", "delete_topic"])
_KNOWLEDGE |= Q(content_type__app_label="covenants", content_type__model="wordpattern")


@transaction.atomic
def ensure_home(*, hostname: str = "localhost", port: int = 80) -> HomePage:
    """The home page at the root of the one site, made at the first run. Changes nothing that is there."""
    home = HomePage.objects.first()
    if home is None:
        root = Page.get_first_root_node()
        # Wagtail's own welcome page holds the slug.
        Page.objects.filter(depth=2, slug="home").exclude(content_type__app_label="home").delete()
        root.refresh_from_db()
        home = HomePage(title="乡约", slug="home")
        root.add_child(instance=home)
        home.save_revision().publish()
    site, _made = Site.objects.get_or_create(
        is_default_site=True,
        defaults={"hostname": hostname, "port": port, "root_page": home, "site_name": "乡约"},
    )
    if site.root_page_id != home.pk:
        site.root_page = home
        site.save()
    SiteSettings.objects.get_or_create(site=site)
    return home


def ensure_sections() -> None:
    """The sections below the home page, and the workflow in which their pages are reviewed."""
    sections = [*guides.create_sections(by=None).values(), covenants.create_section(by=None)]
    workflow.install(sections=sections)


@transaction.atomic
def ensure_roles() -> None:
    """What the groups of editors and reviewers may do beside their pages, given once: an administrator may take it."""
    for group in Group.objects.filter(name__in=[workflow.EDITORS, workflow.REVIEWERS]):
        if not group.permissions.filter(_KNOWLEDGE).exists():
            group.permissions.add(*Permission.objects.filter(_KNOWLEDGE), *desk_permissions())
    _put_away_examples()


def _put_away_examples() -> None:
    """Wagtail's own groups would stand beside ours in every list, and reach all pages; in its workflow, without them,
    nobody could approve anything."""
    Group.objects.filter(name__in=["Editors", "Moderators"], user=None).delete()
    if not Group.objects.filter(name="Moderators").exists():
        for example in Workflow.objects.active().filter(name="Moderators approval"):
            example.deactivate()


def fill_in_township(home: HomePage) -> None:
    """The demo's township, where nobody has entered another."""
    SiteSettings.objects.filter(site__root_page=home, township="").update(
        township="清溪镇",
        address="清溪镇人民路1号 镇便民服务中心",
        office_hours=_("周一至周五 8:30–12:00，14:00–17:30"),
    )
