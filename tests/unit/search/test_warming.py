"""What a process loads before it serves."""

import gc

from search import pinyin
from search.warming import warm


def test_what_searches_need_is_there_and_is_not_looked_at_again(settings, tmp_path):
    settings.SEARCH_SEMANTIC_MODEL = tmp_path
    try:
        warm()
        assert pinyin._pypinyin.cache_info().currsize == 1
        assert gc.get_freeze_count() > 1000
    finally:
        gc.unfreeze()
