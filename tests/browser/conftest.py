"""A demo of its own, served by gunicorn as residents would meet it, and a Chromium to visit it with."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from tests.conftest import missing

ROOT = Path(settings.BASE_DIR)


# First: pytest-xdist reads the groups in a hook of the same name, and a mark that comes later groups nothing.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them on one worker: one site and one browser serve them all."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@dataclass(frozen=True)
class DemoSite:
    """A running demo."""

    url: str
    passwords: dict[str, str]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(url: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=5).close()
            return
        if time.monotonic() > deadline:
            pytest.fail(f"{url} did not answer within {seconds} s")
        time.sleep(0.3)


@pytest.fixture(scope="session")
def demo(laws_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """The demo with all laws, set up by its own command and served by two processes."""
    data = tmp_path_factory.mktemp("demo")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.development",
        "XIANGYUE_DATA_DIR": str(data),
        "DATABASE_URL": f"sqlite:///{data / 'db.sqlite3'}",
        "DEBUG": "0",
    }
    port = _free_port()
    made = subprocess.run(
        [sys.executable, "manage.py", "setup_demo", "--laws", str(laws_folder), "--port", str(port)],
        cwd=ROOT,
        env=environment,
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    # A session's fixture fails once for each of its tests: what went wrong must stand in the log, and briefly.
    if made.returncode:
        pytest.fail(f"setup_demo ended with {made.returncode}:\n{made.stderr[-4000:]}", pytrace=False)
    gunicorn = [str(Path(sys.executable).with_name("gunicorn")), "--pythonpath", "site", "--workers", "2"]
    server = subprocess.Popen(
        [*gunicorn, "--bind", f"127.0.0.1:{port}", "--log-level", "warning", "config.wsgi"], cwd=ROOT, env=environment
    )
    try:
        _await(f"http://127.0.0.1:{port}/-/ready")
        passwords = json.loads((data / "demo-passwords.json").read_text(encoding="utf-8"))
        yield DemoSite(f"http://127.0.0.1:{port}", passwords)
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """Debian's Chromium, driven by Playwright."""
    # Playwright's loop must not keep Django from talking to a database in the same thread.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        missing("no Chromium")
    playwright_api = pytest.importorskip("playwright.sync_api")
    with playwright_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium) -> Iterator:
    """Opens fresh windows: `visit(width=360)` gives a page with no cookies. Errors of scripts fail the test."""
    contexts = []
    errors: list[str] = []

    def open_window(*, width: int = 1280, javascript: bool = True):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=javascript, locale="zh-CN"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if "Content Security" in message.text else None)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert errors == []
