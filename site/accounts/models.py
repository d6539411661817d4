"""People who sign in. Roles held at a place come with the registers; until then Wagtail's groups decide."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Someone who signs in.

    Chinese names are one piece: `display_name` holds it, and the first and last name of Django's own model stay
    empty unless an identity provider fills them.
    """

    display_name = models.CharField(_("姓名"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """The name to show: the Chinese name, else the sign-in name."""
        return self.display_name or super().get_full_name() or self.username

    def get_short_name(self) -> str:
        """The same as the full name: Chinese names are not shortened."""
        return self.get_full_name()
