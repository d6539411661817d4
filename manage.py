#!/usr/bin/env python
"""Run the project's administrative commands."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Put the site's own apps on the path, then hand over to Django."""
    # `site/` holds packages (config, home, accounts, printing) but cannot be one itself:
    # `import site` is the standard library's.
    sys.path.insert(1, str(Path(__file__).resolve().parent / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
