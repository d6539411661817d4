from typing import Any

from django.db import migrations, models

from printing import frozen

_LABEL = "数据指纹"


def copy(apps: Any, schema_editor: Any) -> None:
    """Until now the fingerprint stood among what the verification page shows, under the label of the office."""
    documents = apps.get_model("printing", "IssuedDocument").objects
    for pk, facts in documents.values_list("pk", "facts").iterator():
        if fingerprint := dict(facts).get(_LABEL):
            documents.filter(pk=pk).update(fingerprint=fingerprint)


class Migration(migrations.Migration):
    dependencies = [("printing", "0001_initial")]

    operations = [
        migrations.RunPython(frozen.unguard, frozen.guard),
        migrations.AddField(
            model_name="issueddocument",
            name="fingerprint",
            field=models.CharField(blank=True, default="", max_length=64, verbose_name="数据指纹"),
            preserve_default=False,
        ),
        migrations.RunPython(copy, migrations.RunPython.noop),
        migrations.RunPython(frozen.guard, frozen.unguard),
    ]
