"""What officials and reviewers fill in."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from registry.places.models import Place

from ..forms import ItemField, PhotosField
from ..models import Honour, Household, Item, Member, Reward, Rules, StockMove


class VillageForm(forms.Form):
    """A form about a village; None where the user reaches none."""

    def __init__(self, *args: Any, village: Place | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.village = village
        self.prepare()

    def prepare(self) -> None:
        """Choices of the village."""


_NAMESAKES = 5


class HouseholdField(forms.CharField):
    """A household by its code, as it stands on paper, or by the name of its head where one alone is called so."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("户号或户主"))
        super().__init__(max_length=60, **kwargs)
        self.village: Place | None = None

    def clean(self, value: Any) -> Any:
        """The household. Raises ValidationError, with the codes of namesakes."""
        typed = super().clean(value)
        households = Household.objects.current().filter(village=self.village)
        if coded := households.coded(typed):
            return coded
        called = list(households.filter(head=typed).select_related("place").order_by("code")[:_NAMESAKES])
        if not called:
            raise ValidationError(_now("本村没有户号 %(typed)s，也没有叫这个名字的户主。") % {"typed": typed})
        if len(called) > 1:
            codes = "、".join(f"{one.code}（{one.place.name}）" for one in called)
            raise ValidationError(
                _now("不止一户的户主叫 %(typed)s，请填户号：%(codes)s。") % {"typed": typed, "codes": codes}
            )
        return called[0]


class RewardField(forms.ModelChoiceField):
    """Something in the store, with what is left of it."""

    def label_from_instance(self, obj: Any) -> str:
        """食用油（60 分，库存 12 桶）."""
        return _now("%(name)s（%(price)d 分，库存 %(stock)d %(unit)s）") % {
            "name": obj.name, "price": obj.price, "stock": obj.stock, "unit": obj.unit,
        }  # fmt: skip


class EnterForm(VillageForm):
    """One claim."""

    household = HouseholdField(widget=forms.TextInput(attrs={"autofocus": True}))
    item = ItemField(label=_("项目"))
    happened_on = forms.DateField(label=_("发生日期"), widget=AdminDateInput, initial=timezone.localdate)
    quantity = forms.IntegerField(label=_("数量"), min_value=1, max_value=99, initial=1)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)
    photos = PhotosField(
        label=_("照片"), required=False, help_text=_("最多 5 张；要附凭证的项目，没有照片就在说明里写明情况。")
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def prepare(self) -> None:
        """Items of the village, households of the village."""
        self.fields["household"].village = self.village  # type: ignore[attr-defined]
        self.fields["item"].queryset = Item.objects.filter(place=self.village).lately(timezone.localdate())  # type: ignore[attr-defined]


class GridStartForm(VillageForm):
    """What a grid of households and items is about."""

    title = forms.CharField(label=_("名称"), max_length=60, help_text=_("如：周五清洁日"))
    happened_on = forms.DateField(label=_("日期"), widget=AdminDateInput, initial=timezone.localdate)
    items = forms.ModelMultipleChoiceField(
        Item.objects.none(), label=_("项目"), widget=forms.CheckboxSelectMultiple, help_text=_("最多 8 项。")
    )
    part = forms.ModelChoiceField(Place.objects.none(), label=_("网格"), required=False, empty_label=_("全村"))

    def prepare(self) -> None:
        """Items and grids of the village."""
        items = Item.objects.filter(place=self.village).lately(timezone.localdate())
        self.fields["items"].queryset = items  # type: ignore[attr-defined]
        parts = Place.objects.none() if self.village is None else self.village.get_children()
        self.fields["part"].queryset = parts  # type: ignore[attr-defined]

    def clean_items(self) -> list[Item]:
        """Columns that a screen can hold."""
        items = list(self.cleaned_data["items"])
        if len(items) > 8:
            raise ValidationError(_now("最多选 8 项。"))
        return items

    def clean(self) -> dict[str, Any]:
        """Items of that day: a column that every cell of would be refused is no column."""
        data: dict[str, Any] = super().clean() or {}
        day = data.get("happened_on")
        other = [item.name for item in data.get("items", []) if day and not item.is_valid_on(day)]
        if other:
            self.add_error("items", _now("%(items)s：那一天不在有效期内。") % {"items": "、".join(other)})
        return data


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("理由"), max_length=200)


class ObjectionDecisionForm(forms.Form):
    """Whether an objection holds, and what is answered."""

    upheld = forms.TypedChoiceField(
        label=_("异议是否成立"),
        choices=[("no", _("不成立，照常公示入账")), ("yes", _("成立，这笔不予积分"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("处理意见"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("农户在存折里看得到，请写明怎么核实的；不要写别人的姓名。"),
    )


class HouseholdForm(WagtailAdminModelForm):
    """A household."""

    class Meta:
        model = Household
        fields = ["place", "code", "head", "phone", "consent_on"]
        help_texts = {"head": _("换成这户的另一个人时，其余的人与户主的关系变为“待核实”，请再逐个登记。")}
        widgets = {"consent_on": AdminDateInput, "phone": forms.TextInput(attrs={"inputmode": "tel"})}


class MemberForm(forms.ModelForm):
    """Somebody who joins a household."""

    class Meta:
        model = Member
        fields = ["name", "relation", "joined_on"]
        widgets = {"joined_on": AdminDateInput}


class DateForm(forms.Form):
    """A day."""

    on = forms.DateField(label=_("日期"), widget=AdminDateInput, initial=timezone.localdate)


class RelationForm(forms.ModelForm):
    """How somebody is related to the head."""

    class Meta:
        model = Member
        fields = ["relation"]

    def _post_clean(self) -> None:
        """Leave the row alone: the action checks and writes it."""


class SplitForm(DateForm):
    """A second household out of one. Of the others, who is said to be something to its head goes along."""

    code = forms.CharField(label=_("新户号"), max_length=12)
    head = forms.ModelChoiceField(
        Member.objects.none(),
        label=_("新户主"),
        help_text=_("从现在的成员里选；要分出去的是户主的，先在“修改”里换户主。"),
    )
    phone = forms.CharField(
        label=_("新户手机号"),
        max_length=20,
        required=False,
        help_text=_("查存折、自报积分要用；以后也可以在农户里补。"),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    points = forms.IntegerField(label=_("分给新户的积分"), min_value=0, initial=0)

    def __init__(self, *args: Any, household: Household, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        balance = max(0, household.balance.points)
        self.fields["points"].help_text = _now("这户现有 %(balance)d 分。") % {"balance": balance}
        others = household.members.current().exclude(name=household.head)
        self.fields["head"].queryset = others  # type: ignore[attr-defined]
        self._members = {f"relation_{member.pk}": member for member in others}
        for name, member in self._members.items():
            self.fields[name] = forms.CharField(
                label=_now("%(name)s（现在是户主的：%(relation)s）") % {"name": member, "relation": member.relation},
                max_length=20,
                required=False,
                help_text=_now("跟着分出去的，写与新户主的关系，如配偶、子、女；留下的空着。"),
            )
        self.order_fields(["on", "code", "head", "phone", *self._members, "points"])

    def clean(self) -> dict[str, Any]:
        """What the action takes: the relation of each who goes along."""
        data: dict[str, Any] = super().clean() or {}
        said = {member: data.pop(name, "") for name, member in self._members.items()}
        head: Member | None = data.get("head")
        if head is not None and said[head]:
            self.add_error(f"relation_{head.pk}", _now("新户主本人不用填。"))
        return data | {"others": {member: relation for member, relation in said.items() if relation}}


class MergeForm(DateForm):
    """One household into another."""

    later = HouseholdField(label=_("并到哪一户"), help_text=_("那一户的户号。"))

    def __init__(self, *args: Any, household: Household, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["later"].village = household.village  # type: ignore[attr-defined]


class ItemForm(WagtailAdminModelForm):
    """An item, with the clause chosen from the covenant in force."""

    class Meta:
        model = Item
        fields = [
            "place",
            "category",
            "name",
            "points",
            "unit",
            "cap",
            "cap_period",
            "needs_evidence",
            "covenant",
            "clause",
            "valid_from",
            "valid_until",
            "position",
        ]
        widgets = {"valid_from": AdminDateInput, "valid_until": AdminDateInput, "clause": forms.Select}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        covenant = self.instance.covenant
        clauses = [clause for chapter in covenant.shown_chapters for clause in chapter.clauses] if covenant else []
        choices = [(clause.id, f"{clause.label} {clause.text[:40]}") for clause in clauses if clause.id]
        self.fields["clause"].widget.choices = [("", _("（不挂到具体条文）")), *choices]
        if not choices:
            self.fields["clause"].help_text = _("先选村规民约、保存一次，就能选条文。")


class RulesForm(WagtailAdminModelForm):
    """A village's settings."""

    class Meta:
        model = Rules
        fields = [
            "place",
            "panel_size",
            "publicity_days",
            "may_be_negative",
            "year_end",
            "valid_years",
            "names_on_top",
            "excellent_percent",
            "good_percent",
        ]


class RewardForm(WagtailAdminModelForm):
    """Something in the store."""

    class Meta:
        model = Reward
        fields = ["place", "name", "price", "unit", "valid_from", "valid_until"]
        widgets = {"valid_from": AdminDateInput, "valid_until": AdminDateInput}


class StockForm(forms.Form):
    """Things counted in or out."""

    change = forms.IntegerField(label=_("增减"), help_text=_("进货填正数，损耗填负数。"))
    reason = forms.ChoiceField(
        label=_("原因"),
        choices=[
            (reason.value, reason.label)
            for reason in (StockMove.Reason.RESTOCK, StockMove.Reason.LOSS, StockMove.Reason.COUNT)
        ],
    )
    note = forms.CharField(label=_("说明"), max_length=120, required=False)


class RedeemForm(VillageForm):
    """A redemption."""

    household = HouseholdField(widget=forms.TextInput(attrs={"autofocus": True}))
    reward = RewardField(Reward.objects.none(), label=_("物品"))
    quantity = forms.IntegerField(label=_("数量"), min_value=1, max_value=99, initial=1)
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def prepare(self) -> None:
        """What is in the village's store."""
        self.fields["household"].village = self.village  # type: ignore[attr-defined]
        rewards = Reward.objects.filter(place=self.village).on_offer(timezone.localdate())
        self.fields["reward"].queryset = rewards  # type: ignore[attr-defined]


class HonourForm(WagtailAdminModelForm):
    """An honour."""

    class Meta:
        model = Honour
        fields = ["place", "name", "season", "description", "seats"]


class NominateForm(forms.Form):
    """A household put forward."""

    household = HouseholdField()
    reason = forms.CharField(label=_("事迹"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, village: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["household"].village = village  # type: ignore[attr-defined]
