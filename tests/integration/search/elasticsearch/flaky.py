"""A server in front of the server that now and then does what overloaded clusters do."""

import json
import threading
from collections.abc import Callable
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Refusal = tuple[int, bytes]


class FlakyCluster:
    """Passes requests on to a real server, except those that `before` answers in its place.

    `before(method, path, body)` gives a status and a body, or None to pass the request on;
    `after(method, path, body, reply)` gives the body to answer with once the server has replied.
    """

    def __init__(self, url: str) -> None:
        self.before: Callable[[str, str, bytes], Refusal | None] = lambda *_: None
        self.after: Callable[[str, str, bytes, bytes], bytes] = lambda _m, _p, _b, reply: reply
        self.requests: list[tuple[str, str, bytes]] = []
        target = urlsplit(url)
        flaky = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _pass(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                path = self.path.partition("?")[0]
                flaky.requests.append((self.command, path, body))
                refusal = flaky.before(self.command, path, body)
                if refusal:
                    self._answer(refusal[0], refusal[1])
                    return
                onward = HTTPConnection(target.hostname or "", target.port, timeout=60)
                headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                onward.request(self.command, self.path, body, headers)
                reply = onward.getresponse()
                text = reply.read()
                onward.close()
                self._answer(reply.status, flaky.after(self.command, path, body, text))

            def _answer(self, status: int, text: bytes) -> None:
                self.send_response(status)
                self.send_header("X-Elastic-Product", "Elasticsearch")
                self.send_header("Content-Type", "application/vnd.elasticsearch+json;compatible-with=9")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(text)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _pass  # noqa: N815 -- the names that the base class calls

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def bulks(self) -> list[bytes]:
        """The bodies of the bulk requests so far."""
        return [body for _method, path, body in self.requests if path.endswith("/_bulk")]

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()


def refusal(status: int, kind: str = "es_rejected_execution_exception") -> Refusal:
    """An error as Elasticsearch words it."""
    error = {"type": kind, "reason": "rejected", "root_cause": [{"type": kind, "reason": "rejected"}]}
    return status, json.dumps({"error": error, "status": status}).encode()
