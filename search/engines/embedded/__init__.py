"""The embedded engine: Tantivy, a Rust library in a wheel; its index lies in the site's own data folder.

`schema` says what an index looks like, `requests` how it is asked, `generations` keeps the folders and knows which one
is in use, `locks` decides who writes when, `engine` is all of it as `search.engines.base.Engine`.
"""

from .engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
