"""What `manage.py check` says of the keys."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security)
def data_keys(app_configs: Any, **kwargs: Any) -> list[Error]:
    """ID and phone numbers need a key of their own."""
    if settings.DATA_KEYS:
        return []
    return [
        Error(
            "DATA_KEYS is empty: ID and phone numbers cannot be encrypted.",
            hint="Set DATA_KEYS to a long random text and keep a copy of it apart from the backups: "
            "python -c 'import secrets; print(secrets.token_urlsafe(48))'",
            id="accounts.E001",
        )
    ]
