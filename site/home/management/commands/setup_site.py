"""A new installation: everything but content and people."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from home import setup
from registry.reporting import standing


class Command(BaseCommand):
    help = "Make the home page, the sections, the workflow and the roles of a new site. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hostname", default="localhost", help="the site's host name")
        parser.add_argument("--port", type=int, default=443)

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        setup.ensure_home(hostname=options["hostname"], port=options["port"])
        setup.ensure_sections()
        setup.ensure_roles()
        call_command("load_synonyms")
        standing.install()
        self.stdout.write("The site is set up. Next: createsuperuser, import_laws, rebuild_search.")
