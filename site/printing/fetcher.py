"""What a printed page may load: the project's static files, uploaded media and data: addresses, and nothing else.

No address of the network and no other file of the host is ever opened, whatever text found its way into a page.
"""

import mimetypes
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _
from weasyprint.urls import URLFetcher, URLFetcherResponse


def base_url() -> str:
    """The address that relative ones are resolved against: links on paper lead to the site."""
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + "/"


class OwnFilesFetcher(URLFetcher):
    """Reads own files from the disk and refuses the rest.

    A refusal ends the rendering: no paper lacks its picture in silence.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)
        self._static = urljoin(base_url(), settings.STATIC_URL)
        self._media = urljoin(base_url(), settings.MEDIA_URL)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The bytes behind an address. Raises PermissionError or FileNotFoundError with the address in the text."""
        if url[:5].lower() == "data:":
            return super().fetch(url, headers)
        path = self._path(url)
        content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": content_type})

    def _path(self, url: str) -> Path:
        plain = urlsplit(url)._replace(query="", fragment="").geturl()
        if plain.startswith(self._static):
            return _static_file(unquote(plain.removeprefix(self._static)), url)
        if plain.startswith(self._media):
            return _below(Path(settings.MEDIA_ROOT), unquote(plain.removeprefix(self._media)), url)
        raise PermissionError(_("打印时不能读取本站以外的文件：%(url)s") % {"url": _short(url)})


def _static_file(name: str, url: str) -> Path:
    """A static file as collected, else where it is written."""
    try:
        return _below(Path(settings.STATIC_ROOT), name, url)
    except FileNotFoundError:
        # The finders refuse what leads out of their folders.
        found = finders.find(name)
        if not isinstance(found, str):
            raise
        return Path(found)


def _below(root: Path, name: str, url: str) -> Path:
    path = (root / name.lstrip("/")).resolve()
    if not path.is_relative_to(root.resolve()):
        raise PermissionError(_("打印时不能读取本站以外的文件：%(url)s") % {"url": _short(url)})
    if not path.is_file():
        raise FileNotFoundError(_("打印需要的文件不存在：%(url)s") % {"url": _short(url)})
    return path


def _short(url: str) -> str:
    return url if len(url) <= 200 else f"{url[:200]}…"
