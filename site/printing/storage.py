"""Where issued files and results of batches are kept: below the data folder, with no address of their own."""

from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage


class PrivateStorage(FileSystemStorage):
    """The folder `private/printing` of the data folder, which only the site's own user can read."""

    def __init__(self) -> None:
        super().__init__(base_url=None, file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @property
    def base_location(self) -> Path:
        """Asked of the settings each time, so that it follows the data folder."""
        return settings.DATA_DIR / "private" / "printing"

    @property
    def location(self) -> str:
        """The same, as Django's storage wants it."""
        return str(Path(self.base_location).resolve())


def private_storage() -> PrivateStorage:
    """As the `storage` of a FileField."""
    return PrivateStorage()
