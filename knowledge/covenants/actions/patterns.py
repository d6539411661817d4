"""The words that reviewers' attention is drawn to."""

from pathlib import Path

from django.db import transaction

from knowledge.samples import read_yaml

from ..models import WordPattern

PATTERNS = Path(__file__).parents[1] / "data" / "word_patterns.yaml"


@transaction.atomic
def load_patterns() -> int:
    """Add the patterns that come with the project where there are none yet. Returns how many."""
    if WordPattern.objects.exists():
        return 0
    rows = [
        WordPattern(**{**data, "words": "\n".join(str(word) for word in data["words"])}) for data in read_yaml(PATTERNS)
    ]
    return len(WordPattern.objects.bulk_create(rows))
