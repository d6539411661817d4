"""Which objections a household filed itself, in its passbook: those that it is shown the answer to."""

from typing import Any

from django.db import migrations, models


def mark(apps: Any, schema_editor: Any) -> None:
    """Those that carry the name and telephone of the claim's household: its own form took both from there."""
    objections = apps.get_model("points", "Objection").objects.select_related("claim__household")
    own = [
        one.pk
        for one in objections.iterator()
        if one.phone and (one.name, one.phone) == (one.claim.household.head, one.claim.household.phone)
    ]
    objections.filter(pk__in=own).update(by_household=True)


class Migration(migrations.Migration):

    dependencies = [
        ('points', '0003_grades_of_the_year'),
    ]

    operations = [
        migrations.AddField(
            model_name='objection',
            name='by_household',
            field=models.BooleanField(default=False, verbose_name='农户自己提出'),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
