"""A repository of statutes, fetched with git."""

import os
import re
import shutil
import subprocess
from pathlib import Path

TIMEOUT = 600
"""Seconds that git may take."""

_ADDRESS = re.compile(r"(?:https?|ssh|git|file)://|[\w.-]+@[\w.-]+:")


class FetchError(Exception):
    """The repository could not be fetched; the message says why."""


def is_address(given: str) -> bool:
    """Whether this is the address of a repository and not a folder."""
    return _ADDRESS.match(given) is not None


def fetch(address: str, into: Path) -> Path:
    """Clone the newest state of a repository, or bring an earlier clone of it up to date; returns its folder.

    Raises FetchError. An earlier clone that cannot be brought up to date is fetched anew.
    """
    if shutil.which("git") is None:
        raise FetchError("没有安装 git，请先安装 git，或者给出已下载的文件夹")
    if (into / ".git").is_dir() and _git("-C", str(into), "remote", "get-url", "origin").strip() == address:
        _git("-C", str(into), "fetch", "--depth", "1", "origin", "HEAD")
        _git("-C", str(into), "reset", "--hard", "FETCH_HEAD")
        return into
    fresh = into.with_name(f"{into.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    into.parent.mkdir(parents=True, exist_ok=True)
    try:
        _git("clone", "--depth", "1", "--", address, str(fresh))
        shutil.rmtree(into, ignore_errors=True)
        fresh.rename(into)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return into


def _git(*arguments: str) -> str:
    """Run git without ever asking for a password."""
    command = ["git", "-c", "core.askPass=", "-c", "credential.helper=", *arguments]
    environment = {"GIT_TERMINAL_PROMPT": "0", "GIT_SSH_COMMAND": "ssh -o BatchMode=yes", "LC_ALL": "C"}
    try:
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, timeout=TIMEOUT, check=False, env=_environment() | environment
        )
    except subprocess.TimeoutExpired as error:
        raise FetchError(f"git 超过 {TIMEOUT} 秒没有完成") from error
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["git 没有说明原因"])[-1]
        raise FetchError(f"取不到法律文本仓库：{reason}")
    return done.stdout


def _environment() -> dict[str, str]:
    """What git needs of the environment: where programs and the user's proxy settings are."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
