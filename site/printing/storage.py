"""Where issued files and results of batches are kept: below the data folder, with no address of their own."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage


def private_storage() -> FileSystemStorage:
    """The folder `private/printing`, which only the site's own user can read."""
    return FileSystemStorage(
        location=settings.DATA_DIR / "private" / "printing",
        base_url=None,
        file_permissions_mode=0o600,
        directory_permissions_mode=0o700,
    )
