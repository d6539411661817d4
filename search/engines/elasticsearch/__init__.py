"""The distributed engine, for Elasticsearch 9: where to look for what.

`client` connects, `mapping` says what an index looks like, `requests` how it is asked, `bulk` writes, `turns` decides
who writes when, `indices` moves the alias, `engine` is all of it as `search.engines.base.Engine`.
"""

from .client import Options
from .engine import ElasticsearchEngine

__all__ = ["ElasticsearchEngine", "Options"]
