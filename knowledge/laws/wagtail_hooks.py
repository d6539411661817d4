"""What laws add to the back office."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from .choosers import ArticleChooserViewSet, LawChooserViewSet, article_chooser_viewset, law_chooser_viewset
from .models import Edition, Law
from .permissions import ReadOnlyPermissionPolicy

register_permission_policy(Law, ReadOnlyPermissionPolicy(Law))
register_permission_policy(Edition, ReadOnlyPermissionPolicy(Edition))

from .viewsets import LawsGroup  # noqa: E402 - viewsets ask for the policies above when they are made


@hooks.register("register_admin_viewset")
def article_chooser() -> ArticleChooserViewSet:
    """The dialog in which editors choose an article."""
    return article_chooser_viewset


@hooks.register("register_admin_viewset")
def law_chooser() -> LawChooserViewSet:
    """The dialog in which editors choose a law."""
    return law_chooser_viewset


@hooks.register("register_admin_viewset")
def laws_group() -> LawsGroup:
    """Laws, editions and short names."""
    return LawsGroup()
