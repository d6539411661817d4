"""A place in a form of the public site: a select in which villages stand in groups under their township."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext as _

from registry.places.models import Kind, Place, trails


class GroupedPlaces(ModelChoiceIterator):
    """Villages under what they stand in; one query for the places and one for what is above them."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        places = list(self.queryset)
        labels = _labels(place for place in places if place.kind == Kind.VILLAGE)
        for label, members in groupby(places, key=lambda place: self._group(place, labels)):
            choices = [(place.pk, _wording(place)) for place in members]
            if label:
                yield (label, choices)
            else:
                yield from choices

    @staticmethod
    def _group(place: Place, labels: dict[str, str]) -> str:
        """A village stands under its township, and so does the township itself."""
        path = place.path if place.kind == Kind.TOWNSHIP else place.path[: -Place.steplen]
        if place.kind not in (Kind.TOWNSHIP, Kind.VILLAGE):
            return ""
        return labels.get(path) or (place.name if place.kind == Kind.TOWNSHIP else "")


def _labels(villages: Iterable[Place]) -> dict[str, str]:
    """What villages stand in, by its path, without the words that all of them share."""
    above = {path[: -Place.steplen]: trail.split() for path, trail in trails(villages).items()}
    shared = 0
    for words in zip(*above.values(), strict=False):
        if len(set(words)) > 1:
            break
        shared += 1
    return {path: "".join(words[min(shared, len(words) - 1) :]) for path, words in above.items() if words}


def _wording(place: Place) -> str:
    if place.kind == Kind.COUNTY:
        return _("%(county)s（全县范围）") % {"county": place.name}
    if place.kind == Kind.TOWNSHIP:
        return _("%(township)s（不分村）") % {"township": place.name}
    return str(place)


class PlaceField(forms.ModelChoiceField):
    """A county, a township or a village out of those that the form gives it as `queryset`, in the order of the tree.

    The choices are read when the queryset is set: give the field its places in the form's `__init__`.
    """

    iterator = GroupedPlaces

    def _get_choices(self) -> Any:
        # By way of `iter`: a list of the iterator itself would count the places first.
        return list(iter(self.iterator(self)))

    choices = property(_get_choices, forms.ChoiceField.choices.fset)  # type: ignore[union-attr]


def places_of(county: Place) -> Any:
    """A county, its townships and their villages, in the order of the tree."""
    return Place.objects.within([county]).of_kind(Kind.COUNTY, Kind.TOWNSHIP, Kind.VILLAGE)
