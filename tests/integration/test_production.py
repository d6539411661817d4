"""The production settings: refuse to start unsafe, and pass Django's own deployment checks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def manage(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    keep = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=keep
        | {"DJANGO_SETTINGS_MODULE": "config.settings.production", "XIANGYUE_DATA_DIR": str(tmp_path)}
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_does_not_start_without_a_secret(tmp_path):
    result = manage(tmp_path, "check", ALLOWED_HOSTS="xiangyue.example")
    assert result.returncode != 0
    assert "SECRET_KEY" in result.stderr


def test_it_does_not_start_without_its_hosts(tmp_path):
    result = manage(tmp_path, "check", SECRET_KEY="x" * 60)
    assert result.returncode != 0
    assert "ALLOWED_HOSTS" in result.stderr


def test_a_short_secret_is_complained_of(tmp_path):
    result = manage(
        tmp_path,
        "check",
        "--deploy",
        "--tag",
        "security",
        "--fail-level",
        "WARNING",
        SECRET_KEY="short",
        DATA_KEYS="y" * 40,
        ALLOWED_HOSTS="x.example",
    )
    assert result.returncode != 0
    assert "security.W009" in result.stderr


def test_the_demo_does_not_set_itself_up_in_production(tmp_path):
    result = manage(tmp_path, "setup_demo", SECRET_KEY="x" * 60, DATA_KEYS="y" * 40, ALLOWED_HOSTS="x.example")
    assert result.returncode != 0
    assert "production" in result.stderr


@pytest.mark.parametrize("module", ["production", "development"])
def test_a_secret_is_taken_as_it_stands(tmp_path, module):
    # One generated key in fifty begins with the sign by which other values name a variable.
    result = manage(
        tmp_path,
        "shell",
        "--no-imports",
        "--command",
        "from django.conf import settings as s; print(s.SECRET_KEY, s.DATA_KEYS, s.ELASTICSEARCH['api_key'])",
        DJANGO_SETTINGS_MODULE=f"config.settings.{module}",
        SECRET_KEY="$PATH" + "x" * 60,
        DATA_KEYS="$HOME,$second",
        ELASTICSEARCH_API_KEY="$LANG",
        ALLOWED_HOSTS="x.example",
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.split("\n")[0] == f"$PATH{'x' * 60} ['$HOME', '$second'] $LANG"


def test_the_demo_starts_with_any_key_that_it_may_have_made_itself(tmp_path):
    (tmp_path / "secret-key").write_text("$" + "k" * 49, encoding="utf-8")
    result = manage(tmp_path, "check", DJANGO_SETTINGS_MODULE="config.settings.development")
    assert result.returncode == 0, result.stderr
