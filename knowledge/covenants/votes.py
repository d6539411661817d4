"""Whether a vote on a covenant was one: notice, quorum and majority as the law has them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NOTICE_DAYS = 10
"""村民委员会组织法 article 21: the villagers are told ten days before the assembly."""


class Assembly(models.TextChoices):
    """Who came together."""

    ADULTS = "adults", gettext_lazy("村民会议：十八周岁以上村民参加")
    HOUSEHOLDS = "households", gettext_lazy("村民会议：户的代表参加")
    RESIDENTS = "residents", gettext_lazy("居民会议：居民、户或小组的代表参加")


@dataclass(frozen=True, slots=True)
class Finding:
    """One requirement of the law, and whether the vote meets it."""

    met: bool
    text: str
    law: str
    article: str


@dataclass(frozen=True, slots=True)
class Vote:
    """The figures of a vote. `eligible` counts adults or households, as the assembly does."""

    assembly: str
    notice_days: int
    eligible: int
    present: int
    in_favour: int

    @property
    def passes(self) -> bool:
        """Whether all that the law asks for is met."""
        return all(finding.met for finding in self.findings())

    def findings(self) -> Iterator[Finding]:
        """Requirement by requirement, with the article that makes it.

        Villages: 村民委员会组织法 articles 21 and 22. Communities: 城市居民委员会组织法 article 9, which asks for no
        notice.
        """
        village = self.assembly != Assembly.RESIDENTS
        law, article = ("村民委员会组织法", "22") if village else ("城市居民委员会组织法", "9")
        if village:
            yield Finding(
                self.notice_days >= NOTICE_DAYS,
                _("提前 %(days)d 天通知（应当提前十天）") % {"days": self.notice_days},
                law,
                "21",
            )
        yield Finding(self._is_quorate(), self._quorum_text(), law, article)
        yield Finding(
            2 * self.in_favour > self.present,
            _("%(present)d 人到会，%(in_favour)d 人赞成（应当过到会人员的半数）")
            % {"present": self.present, "in_favour": self.in_favour},
            law,
            article,
        )

    def _is_quorate(self) -> bool:
        if self.assembly == Assembly.HOUSEHOLDS:
            return 3 * self.present >= 2 * self.eligible > 0
        return 2 * self.present > self.eligible

    def _quorum_text(self) -> str:
        texts = {
            Assembly.ADULTS: _("十八周岁以上村民 %(eligible)d 人，到会 %(present)d 人（应当过半数）"),
            Assembly.HOUSEHOLDS: _("全村 %(eligible)d 户，到会 %(present)d 户的代表（应当有三分之二以上）"),
            Assembly.RESIDENTS: _("应到 %(eligible)d 人，到会 %(present)d 人（应当过半数）"),
        }
        return texts[Assembly(self.assembly)] % {"eligible": self.eligible, "present": self.present}


def passing() -> Q:
    """The same as a condition of the database, for rows with the columns of a Vote."""
    majority = Q(in_favour__gt=F("present") - F("in_favour"))
    half = Q(present__gt=F("eligible") - F("present"))
    # Two thirds came: at least twice as many as stayed away.
    two_thirds = Q(present__gte=(F("eligible") - F("present")) * 2, eligible__gt=0)
    notice = Q(notice_days__gte=NOTICE_DAYS)
    return majority & (
        Q(assembly=Assembly.ADULTS) & notice & half
        | Q(assembly=Assembly.HOUSEHOLDS) & notice & two_thirds
        | Q(assembly=Assembly.RESIDENTS) & half
    )
