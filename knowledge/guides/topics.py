"""Names of topics: written once, whatever way an editor types them."""

import re
import unicodedata
from functools import cache
from typing import Any

from django.db import models
from django.db.models import lookups

_SEPARATORS = re.compile(r'[,，、;；"“”]')
_SPLIT = re.compile(rf"{_SEPARATORS.pattern}|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
"""Between Chinese words a space separates as well; in 「GPS 定位」 it belongs to the name."""
_SPACES = re.compile(r"\s+")


@cache
def _to_simplified() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def fold_topic(name: str) -> str:
    """The one way a topic's name is written: half-width Latin, simplified characters, single spaces.

    离婚, 離婚 and “ 离婚 ” are one topic; so are ＷｉＦｉ and WiFi.
    """
    text = _SPACES.sub(" ", _SEPARATORS.sub(" ", unicodedata.normalize("NFKC", name))).strip()
    return str(_to_simplified().convert(text))


def parse_topics(text: str) -> list[str]:
    """The topics that an editor typed, separated the Chinese or the Latin way; without repeats, in order.

    taggit's own parser knows only `,` and spaces: 离婚、彩礼 would become one topic.
    """
    parts = (fold_topic(part) for part in _SPLIT.split(text or ""))
    return list(dict.fromkeys(part for part in parts if part))


class TopicNameField(models.CharField):
    """A topic's name. Everything written or looked up is folded, so that no variant can become a second topic."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return fold_topic(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = fold_topic(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return fold_topic(value) if isinstance(value, str) else value


@TopicNameField.register_lookup
class FoldedIExact(lookups.IExact):
    """Compares without regard to case, as taggit looks topics up; folded like every other comparison."""

    prepare_rhs = True
