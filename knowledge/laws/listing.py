"""The list of laws: what an address asks for, and what it gets. Every choice is in the address."""

from collections.abc import Container, Iterator, Mapping
from functools import cached_property

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext_lazy as _

from listings.narrowing import Group, Listing

from .models import Law, LawKind

LONGEST_NAME = 60


class LawList(Listing):
    """One page of the list. Four queries at most."""

    names = ("kind", "branch")
    # Slugs are pinyin: the order in which a reader looks for a name.
    orders = {
        "name": (_("按名称"), ("slug",)),
        "date": (_("按公布日期"), (F("published_on").desc(nulls_last=True), "slug")),
    }
    per_page = 30

    def known(self) -> Mapping[str, Container[str]]:
        """The values of each filter; a branch that no law has shows none."""
        return {"kind": LawKind, "branch": {self.asked("branch")}}

    @cached_property
    def text(self) -> str:
        """The name that is looked for."""
        return self.asked("q").strip()[:LONGEST_NAME]

    @property
    def searched(self) -> dict[str, str]:
        """The name that is looked for."""
        return {"q": self.text} if self.text else {}

    @property
    def clear_url(self) -> str:
        """The list without filters, still of the name that is looked for; empty when there are none."""
        return self.address(kind="") if self.selected else ""

    def found(self) -> QuerySet[Law]:
        """The laws of this name under the filters in force."""
        laws = self._of_kind
        if "branch" in self.selected:
            laws = laws.filter(branch=self.selected["branch"])
        return laws.order_by(*self.order)

    @property
    def _of_kind(self) -> QuerySet[Law]:
        return Law.objects.containing(self.text).of_kind(self.selected.get("kind", ""))

    def filters(self) -> Iterator[Group]:
        """The kinds, and the branches of the chosen kind, where there are several."""
        counts = Law.objects.containing(self.text).kind_counts()
        yield self.group("kind", _("类别"), [(kind.value, kind.label, counts.get(kind.value, 0)) for kind in LawKind])
        if "kind" in self.selected:
            branches = dict(self._of_kind.order_by().values_list("branch").annotate(Count("pk", distinct=True)))
            named = sorted((branch for branch in branches if branch), key=lambda branch: -branches[branch])
            if len(branches) > 1:
                yield self.group("branch", _("部门"), [(branch, branch, branches[branch]) for branch in named])

    def address(self, **changes: str) -> str:
        """Another kind drops the branch."""
        return super().address(**({"branch": ""} | changes if "kind" in changes else changes))
