"""Requests a second and bytes over the wire of the pages that residents open, served as `make demo` serves them.

    .venv/bin/python tests/benchmarks/serving.py [--seconds 8]

Needs `make setup` first, and wrk (the package of that name). Starts gunicorn with two workers on a port of its own and
asks each page with eight connections; prints a table. The search is also asked another question each time, so that
nothing of it is answered from a cache.
"""

import argparse
import gzip
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]

PAGES = {
    "home page": "/",
    "guide": "/guides/linju-zhuangxiu-qiang-lie/",
    "article": "/laws/minfadian/1079/",
    "law": "/laws/minfadian/",
    "results, one question": f"/search/?q={quote('邻居装修把我家墙弄裂了找谁赔')}",
}

# Everyday words, put together to questions that differ from request to request.
_WHO = ["邻居", "房东", "老板", "丈夫", "儿子", "公司", "村委会", "物业", "司机", "银行"]
_WHAT = ["不还钱", "打人", "拖欠工资", "漏水", "不养老人", "不退押金", "占地", "撞车", "噪音", "违约"]
_ASK = ["怎么办", "找谁", "能起诉吗", "要赔多少", "合法吗", "归谁管"]

_LUA = """
local questions = {{ {questions} }}
local i = 0
request = function()
  i = i + 1
  return wrk.format("GET", "/search/?q=" .. questions[i % #questions + 1] .. "%20" .. i)
end
"""


@contextmanager
def served(page_cache: bool) -> Iterator[str]:
    """The site on a port of its own; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.development",
        "DEBUG": "0",
        "PAGE_CACHE": "1" if page_cache else "0",
        "RATE_LIMIT_SEARCH": "100000000/m",
        "LOG_LEVEL": "ERROR",
    }
    gunicorn = Path(sys.executable).with_name("gunicorn")
    command = [gunicorn, "--pythonpath", "site", "--workers", "2", "--bind", f"127.0.0.1:{port}", "config.wsgi"]
    server = subprocess.Popen([*map(str, command), "--log-level", "error"], cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(address + "/-/alive", timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def wrk(address: str, seconds: int, script: str = "") -> tuple[float, str, int]:
    """Requests a second, the 99th percentile of the time, and answers that were no success."""
    command = ["wrk", "-t2", "-c8", f"-d{seconds}s", "--latency", "-H", "Accept-Encoding: gzip", address]
    if script:
        command[1:1] = ["-s", script]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", output)
    slowest = re.search(r"99%\s+(\S+)", output)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    assert rate is not None
    assert slowest is not None
    return float(rate[1]), slowest[1], int(bad[1]) if bad else 0


def weight(address: str) -> tuple[int, int]:
    """Bytes of a page over the wire, and of all that it loads (styles, scripts, pictures it cannot do without)."""

    def fetch(url: str) -> bytes:
        request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read()

    page = fetch(address)
    try:
        html = gzip.decompress(page).decode()
    except gzip.BadGzipFile:
        html = page.decode()
    host = address.split("/", 3)
    parts = set(re.findall(r'(?:href|src)="(/static/[^"#]+\.(?:css|js))', html))
    return len(page), len(page) + sum(len(fetch(f"{host[0]}//{host[2]}{part}")) for part in parts)


def questions_script() -> str:
    """A wrk script that asks something else each time; the path of its file."""
    questions = ", ".join(f'"{quote(who + what + ask)}"' for who in _WHO for what in _WHAT for ask in _ASK)
    with tempfile.NamedTemporaryFile("w", suffix=".lua", delete=False) as file:
        file.write(_LUA.format(questions=questions))
    return file.name


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=8)
    seconds = parser.parse_args().seconds
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed (Debian's package wrk).")
    print(f"{'page':<34}{'requests/s':>12}{'p99':>12}{'bad':>6}{'page KB':>10}{'all KB':>10}")
    for kept in (True, False):
        with served(kept) as address:
            for name, path in PAGES.items():
                page, total = weight(address + path)
                rate, slowest, bad = wrk(address + path, seconds)
                label = f"{name}{'' if kept else ', made anew'}"
                print(f"{label:<34}{rate:>12.0f}{slowest:>12}{bad:>6}{page / 1024:>10.1f}{total / 1024:>10.1f}")
            if kept:
                rate, slowest, bad = wrk(address, seconds, questions_script())
                print(f"{'results, another question each':<34}{rate:>12.0f}{slowest:>12}{bad:>6}")


if __name__ == "__main__":
    main()
