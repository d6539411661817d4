"""Activities as the search sees them: public ones only, and no person but the contact that the organizer gave."""

from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from registry.volunteers.models import Activity
from search.documents import Document, Source, register


class ActivitySource(Source):
    """Published activities. The date is that of the next shift, else of the last one."""

    name = "activity"
    label = _("志愿服务活动")
    model = Activity
    order = 75

    def queryset(self) -> "QuerySet[Activity]":
        rows = Activity.objects.published().select_related("place", "organization")
        rows = rows.prefetch_related("skills")  # type: ignore[misc]
        return rows.annotate(last_start=Max("shifts__starts_at"))

    def document(self, obj: Any) -> Document:
        day = timezone.localdate(obj.last_start) if obj.last_start else None
        when = date_format(day, "Y年n月j日") if day else ""
        return Document(
            key=self.key(obj.pk),
            kind=self.name,
            title=obj.title,
            url=obj.get_absolute_url(),
            body="\n".join([obj.about, obj.address, *(skill.name for skill in obj.skills.all())]),
            heading=f"{obj.get_field_display()} {obj.organizer}",
            place=obj.place.name,
            date=day,
            # What is over helps nobody who wants to join: it stays to be found, behind what is to come.
            prior=1.0 if day and day >= timezone.localdate() else 0.6,
            suggest=(obj.title,),
            label=f"{obj.organizer} {when}".strip(),
        )


register(ActivitySource())
