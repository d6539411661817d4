from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """A spreadsheet."""

    file = forms.FileField(
        label=_("文件"),
        help_text=_(".xlsx 或 .csv，一次最多 20,000 行。先检查，确认后才写入。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
