"""A model field for several values out of a short list of choices."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import lookups
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    _Text = models.CharField[Iterable[str], list[str]]
else:
    _Text = models.CharField


class ChoiceSetField(_Text):
    """Several of `choices`, as a list of values in the order of the choices.

    Kept as one text with a comma on both sides of every value (",women,elderly,"), which every database can search
    for one value without a table of its own: `.filter(audience__has="women")`.
    """

    def _known(self) -> list[str]:
        return [str(value) for value, _label in self.flatchoices]

    def _in_order(self, values: Iterable[str]) -> list[str]:
        wanted = [str(value) for value in values]
        known = self._known()
        return [value for value in known if value in wanted] + [value for value in wanted if value not in known]

    def to_python(self, value: Any) -> list[str]:
        if value is None:
            return []
        if isinstance(value, str):
            value = [part for part in value.split(",") if part]
        return self._in_order(value)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> list[str]:
        return self.to_python(value)

    def get_prep_value(self, value: Any) -> str:
        values = self.to_python(value)
        return f",{','.join(values)}," if values else ""

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))

    def validate(self, value: list[str], model_instance: models.Model | None) -> None:
        if not value and not self.blank:
            raise ValidationError(_("至少选择一项。"), code="blank")
        unknown = [item for item in value if item not in self._known()]
        if unknown:
            raise ValidationError(
                _("没有“%(value)s”这个选项。"), code="invalid_choice", params={"value": "、".join(unknown)}
            )

    def run_validators(self, value: Any) -> None:
        # The validators of a text field measure the stored form, not the list.
        super().run_validators(self.get_prep_value(value))

    def formfield(self, **kwargs: Any) -> forms.Field:
        kwargs.pop("widget", None)
        return forms.MultipleChoiceField(
            choices=self.get_choices(include_blank=False),
            required=not self.blank,
            widget=forms.CheckboxSelectMultiple,
            label=kwargs.get("label", self.verbose_name),
            help_text=kwargs.get("help_text", self.help_text),
            error_messages={"required": _("至少选择一项。")},
            initial=self.get_default() if self.has_default() else [],
        )

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)

        def labels(instance: models.Model) -> list[str]:
            known = dict(self.flatchoices)
            return [str(known.get(value, value)) for value in getattr(instance, name)]

        setattr(cls, f"get_{name}_display", labels)


@ChoiceSetField.register_lookup
class Has(lookups.Contains):
    """Rows whose set holds one value."""

    lookup_name = "has"

    def get_prep_lookup(self) -> str:
        return f",{self.rhs},"

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return str(connection.operators["contains"] % rhs)
