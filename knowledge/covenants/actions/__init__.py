"""Every write to covenants that somebody can name."""

from .patterns import load_patterns
from .samples import create_section, load_sample

__all__ = ["create_section", "load_patterns", "load_sample"]
