"""The number of the content's version, which kept pages are filed under."""

from django.db import models


class ContentVersion(models.Model):
    """One row: how often the public content has changed. Pages kept under an older number are never shown again."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        app_label = "home"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="home_one_content_version")]

    def __str__(self) -> str:
        return str(self.number)
