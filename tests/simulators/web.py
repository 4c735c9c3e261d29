"""A web server on loopback whose answers a test decides; base of simulators."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class WebHandler(BaseHTTPRequestHandler):
    def do_POST(self):
        size = int(self.headers.get("Content-Length") or 0)
        body = self.parse(self.rfile.read(size))
        server = self.server
        server.requests.append((self.path, dict(self.headers), body))
        time.sleep(server.delay_s)
        if server.statuses:
            status = server.statuses.pop(0)
            answer = server.fail(status)
        else:
            status, answer = server.answer(self.path, self.headers, body)
        if server.losing:
            self.close_connection = True
            self.connection.shutdown(2)
            return
        self._write(status, answer)

    def parse(self, content):
        return json.loads(content or b"{}")

    def _write(self, status, answer):
        content = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments):
        """Keep the output of tests clean."""


class WebSimulator(ThreadingHTTPServer):
    """Keeps the `requests` it took in; faults are set by attributes.

    :ivar statuses: HTTP statuses to answer next instead of the right answer,
        with a body after the provider's documents
    :ivar delay_s: seconds before each answer
    :ivar losing: requests are taken, their answers never sent
    """

    handler_class = WebHandler
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.handler_class)
        self.requests = []
        self.accepted = []
        self.statuses = []
        self.headers = {}
        self.delay_s = 0
        self.losing = False

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.shutdown()
        self.server_close()

    def answer(self, path, headers, body):
        """Return (status, dict) for a request; called when no fault is set."""
        raise NotImplementedError()

    def fail(self, status):
        """Return the body that goes with a status that is a fault."""
        return {}
