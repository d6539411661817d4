"""Notice, quorum and majority at their edges."""

import pytest

from knowledge.covenants.votes import Vote


@pytest.mark.parametrize(
    ("vote", "passes"),
    [
        (Vote("adults", 10, 100, 51, 26), True),
        (Vote("adults", 9, 100, 51, 26), False),
        (Vote("adults", 10, 100, 50, 50), False),
        (Vote("adults", 10, 101, 51, 26), True),
        (Vote("adults", 10, 100, 52, 26), False),
        (Vote("households", 10, 99, 66, 34), True),
        (Vote("households", 10, 100, 66, 66), False),
        (Vote("households", 10, 100, 67, 34), True),
        (Vote("households", 10, 0, 0, 0), False),
        (Vote("residents", 0, 100, 51, 26), True),
        (Vote("residents", 0, 100, 50, 26), False),
    ],
)
def test_a_vote_passes_by_the_law(vote: Vote, passes: bool) -> None:
    assert vote.passes is passes


def test_each_finding_names_its_article() -> None:
    village = [(finding.law, finding.article) for finding in Vote("adults", 1, 1, 1, 1).findings()]
    assert village == [("村民委员会组织法", "21"), ("村民委员会组织法", "22"), ("村民委员会组织法", "22")]
    community = {(finding.law, finding.article) for finding in Vote("residents", 1, 1, 1, 1).findings()}
    assert community == {("城市居民委员会组织法", "9")}
