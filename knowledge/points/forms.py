"""What residents fill in."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.honeypot import HoneypotMixin
from accounts.uploads import sniffed_extension
from registry.places.models import Place

from .models import Item

PHOTOS = 5
PHOTO_BYTES = 8 * 1024 * 1024
_PICTURES = {"jpg", "png", "webp"}


class PhotosInput(forms.ClearableFileInput):
    """Several pictures at once; a phone offers its camera."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Pictures, by what they are and not by what they are called."""

    widget = PhotosInput(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The pictures. Raises ValidationError for too many, too large ones, and what is none."""
        uploads = [super(PhotosField, self).clean(one, initial) for one in data or []]
        if self.required and not uploads:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(uploads) > PHOTOS:
            raise ValidationError(_now("最多上传 %(limit)d 张照片。") % {"limit": PHOTOS})
        for upload in uploads:
            _validate_picture(upload)
        return uploads


def _validate_picture(upload: UploadedFile) -> None:
    if (upload.size or 0) > PHOTO_BYTES:
        limit = filesizeformat(PHOTO_BYTES)
        raise ValidationError(_now("“%(name)s”超过了 %(limit)s。") % {"name": upload.name, "limit": limit})
    upload.seek(0)
    found = sniffed_extension(upload.read(8192))
    upload.seek(0)
    if found not in _PICTURES:
        raise ValidationError(_now("“%(name)s”不是照片：请上传 JPG、PNG 或 WebP。") % {"name": upload.name})
    # The name decides the extension of the stored file: what the file is, not what it was called.
    upload.name = f"photo.{found}"


class ItemField(forms.ModelChoiceField):
    """An item with its cap, and its last day where it has ended: what was done before is still entered."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Item.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """参加清洁日（+2，每月最多 10 分），2026-10-31 停用."""
        told = _now("，").join(filter(None, [f"{obj.points:+d}", obj.cap_text]))
        item = f"{obj.name}（{told}）"
        ended = obj.valid_until is not None and obj.valid_until < timezone.localdate()
        return _now("%(item)s，%(day)s 停用") % {"item": item, "day": obj.valid_until} if ended else item


class IdentifyForm(HoneypotMixin, forms.Form):
    """Who a household is."""

    code = forms.CharField(label=_("户号"), max_length=12, help_text=_("在积分存折或公示单上，如 0012"))
    last_four = forms.RegexField(
        r"^[0-9]{4}$",
        label=_("手机号后四位"),
        help_text=_("登记在村里的手机号"),
        error_messages={"invalid": _("请填四位数字。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "4"}),
    )


class DeclareForm(forms.Form):
    """What a household did."""

    item = ItemField(label=_("做了什么"), empty_label=_("请选择"))
    happened_on = forms.DateField(label=_("哪一天"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    quantity = forms.IntegerField(label=_("几次"), min_value=1, max_value=31, initial=1)
    note = forms.CharField(label=_("说明"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    photos = PhotosField(
        label=_("照片"),
        required=False,
        help_text=_("最多 5 张。照片只给村里审核的人看，不公开；尽量不要拍到别人的脸。"),
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        today = timezone.localdate()
        kwargs.setdefault("initial", {"happened_on": today, "quantity": 1, "request_key": uuid4()})
        super().__init__(*args, **kwargs)
        items = Item.objects.filter(place=place).lately(today).gains().order_by("category", "position")
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
        self.fields["happened_on"].widget.attrs["max"] = today.isoformat()


class OwnObjectionForm(HoneypotMixin, forms.Form):
    """What a household has against a claim about itself; who it is and how to reach it are known."""

    text = forms.CharField(label=_("哪里不对"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))


class ObjectionForm(HoneypotMixin, forms.Form):
    """What somebody has against a claim."""

    name = forms.CharField(label=_("您的姓名"), max_length=60)
    phone = forms.RegexField(
        r"^[0-9-]{7,20}$",
        label=_("联系电话"),
        help_text=_("加密保存，只用来核实和答复，不公开"),
        error_messages={"invalid": _("请填电话号码。")},
    )
    text = forms.CharField(label=_("哪里不对"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
