"""The archive of issued documents looked through."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from printing.errors import DamagedDocument
from printing.models import IssuedDocument
from printing.storage import private_storage

_YOUNG = timedelta(hours=1)
"""A file may be there before the transaction that it belongs to has committed."""


class Command(BaseCommand):
    """Compares each stored file with the hash that it was issued with."""

    help = "Compare the stored files of issued documents with their hashes; end with 1 when one is missing or damaged."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See `help` of each."""
        parser.add_argument("--sweep", action="store_true", help="remove files of documents that were never issued")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look at every document, then at files that belong to none."""
        damaged = sound = 0
        for document in IssuedDocument.objects.order_by("pk").iterator(chunk_size=500):
            try:
                document.content()
                sound += 1
            except DamagedDocument as error:
                damaged += 1
                self.stderr.write(self.style.ERROR(str(error)))
        strays = _strays()
        for name in strays if options["sweep"] else ():
            private_storage().delete(name)
        if options["verbosity"] > 0:
            left = "removed" if options["sweep"] else "left (--sweep removes them)"
            self.stdout.write(f"{sound} sound, {damaged} damaged; {len(strays)} files of no document {left}.")
        if damaged:
            raise CommandError(f"{damaged} documents are missing or damaged: restore {private_storage().location}.")


def _strays() -> list[str]:
    """Files of a transaction that was rolled back around the action that issued them."""
    storage = private_storage()
    if not storage.exists("issued"):
        return []
    before = timezone.now() - _YOUNG
    folders = [f"issued/{year}" for year in storage.listdir("issued")[0]]
    found = [f"{folder}/{name}" for folder in folders for name in storage.listdir(folder)[1]]
    old = [name for name in found if storage.get_modified_time(name) < before]
    return [name for name in old if not IssuedDocument.objects.filter(file=name).exists()]
