import pytest
from django.core.exceptions import ValidationError

from knowledge.guides.choices import Audience
from knowledge.guides.fields import ChoiceSetField


@pytest.fixture
def field() -> ChoiceSetField:
    field = ChoiceSetField("写给谁", max_length=60, choices=Audience.choices)
    field.set_attributes_from_name("audience")
    return field


def test_values_are_kept_in_the_order_of_the_choices(field: ChoiceSetField) -> None:
    assert field.to_python(["elderly", "women"]) == ["women", "elderly"]
    assert field.get_prep_value(["elderly", "women"]) == ",women,elderly,"


@pytest.mark.parametrize("stored", [",women,elderly,", "women,elderly", ["women", "elderly"], ("elderly", "women")])
def test_every_form_becomes_a_list(field: ChoiceSetField, stored: object) -> None:
    assert field.to_python(stored) == ["women", "elderly"]


@pytest.mark.parametrize("nothing", [None, "", [], ","])
def test_nothing_is_an_empty_list(field: ChoiceSetField, nothing: object) -> None:
    assert field.to_python(nothing) == []
    assert field.get_prep_value(nothing) == ""


def test_nothing_chosen_is_refused(field: ChoiceSetField) -> None:
    with pytest.raises(ValidationError, match="至少选择一项"):
        field.clean([], None)


def test_an_unknown_value_is_refused_by_name(field: ChoiceSetField) -> None:
    with pytest.raises(ValidationError, match="martians"):
        field.clean(["women", "martians"], None)


def test_all_choices_fit_into_the_column(field: ChoiceSetField) -> None:
    # The length is that of the stored text, not that of the list.
    with pytest.raises(ValidationError, match="60"):
        field.clean(list(Audience.values), None)


def test_the_form_offers_boxes_without_an_empty_choice(field: ChoiceSetField) -> None:
    assert [value for value, _label in field.formfield().choices] == Audience.values
