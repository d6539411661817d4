"""Elasticsearch servers of a test's own, to be killed and started at will.

They run from the archive that `make services` unpacked, on loopback, in a temporary folder, as its unprivileged user
where the tests run as root.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from tests.conftest import missing

USER = "xiangyue-es"
STARTUP = 120.0
LOGGED = 40
"""Lines of a server's log that are shown when a test fails."""


def server_url() -> str:
    """The server that `make services` started; skips the test where there is none."""
    url = os.environ.get("TEST_ELASTICSEARCH_URL", "")
    if url:
        try:
            Elasticsearch(url, request_timeout=5).cluster.health()
        except (TransportError, ApiError):
            url = ""
    if not url:
        missing("no Elasticsearch")
    return url


def archive() -> Path:
    """The unpacked server; skips the test where there is none."""
    home = Path(os.environ.get("SERVICES_DIR") or f"/var/tmp/xiangyue-services-{os.getuid()}")
    found = sorted(home.glob("elasticsearch-*/bin/elasticsearch"))
    if not found:
        missing("no Elasticsearch archive: run make services")
    return found[-1].parents[1]


def memory_available() -> int:
    """Bytes that new processes may use."""
    for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0


def free_port() -> int:
    """A port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def java_home() -> str:
    """The newest Java development kit on the machine, if it is new enough for the server."""
    newest = (0, "")
    for release in [*Path("/usr/lib/jvm").glob("*/release"), *Path("/opt").glob("*/release")]:
        version = re.search(r'JAVA_VERSION="(\d+)', release.read_text(encoding="utf-8"))
        if version:
            newest = max(newest, (int(version[1]), str(release.parent)))
    if newest[0] < 21:
        missing("no Java 21 for Elasticsearch")
    return newest[1]


class Node:
    """One server. `start` waits until it answers; `kill` is SIGKILL; what it stored survives both.

    `credentials` are what its health is asked with: arguments of the client.
    """

    def __init__(
        self,
        *,
        heap: str = "512m",
        name: str = "alone",
        settings: dict[str, str] | None = None,
        credentials: dict[str, tuple[str, str]] | None = None,
    ):
        self.name, self.heap, self.credentials = name, heap, credentials or {}
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = Path(tempfile.mkdtemp(prefix=f"xiangyue-es-{name}-"))
        self.pid: int | None = None
        self._configure({"discovery.type": "single-node"} if settings is None else settings)

    def _configure(self, settings: dict[str, str]) -> None:
        config = self.folder / "config"
        shutil.copytree(archive() / "config", config)
        # The running server's passwords are not this one's.
        (config / "elasticsearch.keystore").unlink(missing_ok=True)
        lines = {
            "cluster.name": f"xiangyue-{self.folder.name}",
            "node.name": self.name,
            "path.data": str(self.folder / "data"),
            "path.logs": str(self.folder / "logs"),
            "network.host": "127.0.0.1",
            "http.port": str(self.port),
            "transport.port": str(free_port()),
            "xpack.security.enabled": "false",
            # Tests share a disk with whoever filled it.
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            **settings,
        }
        text = "".join(f"{name}: {value}\n" for name, value in lines.items())
        (config / "elasticsearch.yml").write_text(text, encoding="utf-8")
        if os.getuid() == 0:
            subprocess.run(["chown", "-R", USER, str(self.folder)], check=True)

    def as_user(self, *command: str, **options: object) -> None:
        """Run one of the server's own commands with this node's configuration."""
        environment = {
            "ES_JAVA_HOME": java_home(),
            # A server that lives for a minute spends half of it compiling itself, unless it compiles plainly.
            "ES_JAVA_OPTS": f"-Xms{self.heap} -Xmx{self.heap} -XX:TieredStopAtLevel=1",
            "ES_PATH_CONF": str(self.folder / "config"),
            "CLI_JAVA_OPTS": "-Xmx64m",
            "PATH": os.environ["PATH"],
        }
        drop = ["runuser", "-u", USER, "--"] if os.getuid() == 0 else []
        variables = [f"{name}={value}" for name, value in environment.items()]
        subprocess.run(
            [*drop, "env", *variables, *command], check=True, capture_output=True, timeout=STARTUP, cwd="/", **options
        )

    def start(self, *, wait: bool = True) -> "Node":
        """Start the server; with `wait`, until it answers."""
        pid_file = self.folder / "config" / "pid"
        self.as_user(str(archive() / "bin" / "elasticsearch"), "-d", "-p", str(pid_file))
        self.pid = int(pid_file.read_text(encoding="ascii"))
        if wait:
            self.wait_until_it_answers()
        return self

    def wait_until_it_answers(self) -> None:
        """Fails the test after two minutes."""
        deadline = time.monotonic() + STARTUP
        client = Elasticsearch(self.url, request_timeout=5, max_retries=0, **self.credentials)
        while time.monotonic() < deadline:
            try:
                client.cluster.health(wait_for_status="yellow", timeout="2s")
            except (TransportError, ApiError):
                time.sleep(0.5)
            else:
                return
        pytest.fail(f"Elasticsearch node {self.name} does not answer; see {self.folder}")

    def kill(self) -> None:
        """End the server as a power cut would."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """End the server in order."""
        self._signal(signal.SIGTERM)

    def pause(self) -> None:
        """Let the server live and say nothing."""
        if self.pid is not None:
            os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """End a pause."""
        if self.pid is not None:
            os.kill(self.pid, signal.SIGCONT)

    def log(self) -> str:
        """The end of what the server wrote about itself."""
        lines = [
            line
            for file in sorted((self.folder / "logs").glob("*.log"))
            for line in file.read_text(encoding="utf-8", errors="replace").splitlines()
        ]
        return "\n".join([f"--- node {self.name}", *lines[-LOGGED:]])

    def _signal(self, number: int) -> None:
        if self.pid is None:
            return
        try:
            os.kill(self.pid, number)
            deadline = time.monotonic() + 30
            while Path(f"/proc/{self.pid}").exists() and not _is_zombie(self.pid) and time.monotonic() < deadline:
                time.sleep(0.05)
        except ProcessLookupError:
            pass
        self.pid = None

    def remove(self) -> None:
        """End the server and forget what it stored."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def start_together(nodes: Sequence[Node]) -> None:
    """Start the nodes of one cluster: each waits for the others before it says that it is up."""
    with ThreadPoolExecutor(len(nodes)) as pool:
        list(pool.map(Node.start, nodes))


@contextmanager
def logs_on_failure(*nodes: Node) -> Iterator[None]:
    """Print what the servers wrote when the test fails: their folders are gone by the time somebody reads of it."""
    try:
        yield
    except BaseException:
        print(*(node.log() for node in nodes), sep="\n")
        raise


def _is_zombie(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return True
    return status.rpartition(")")[2].split()[0] == "Z"
