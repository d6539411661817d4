"""What laws add to the back office."""

from wagtail import hooks

from .viewsets import article_chooser_viewset


@hooks.register("register_admin_viewset")
def register_article_chooser():
    """The dialog in which editors choose an article."""
    return article_chooser_viewset
