"""A mail server on loopback, after RFC 5321, that can be told to misbehave.

It takes what a client sends over a real socket and keeps it. Faults are given
by recipient: an answer for RCPT, an answer for the end of DATA, or the
connection broken off after the data arrived.
"""

import socketserver
import threading
import time
from email import message_from_bytes, policy


class SmtpServer(socketserver.ThreadingTCPServer):
    """Keeps `messages`: (sender, recipients, email.message.EmailMessage).

    :ivar rcpt_answers: {recipient: "450 later"} instead of “250”
    :ivar data_answers: {recipient: "554 no"} at the end of the data
    :ivar answer_delays: {recipient: seconds} between the data and the answer
    :ivar dropping: recipients whose message is taken and whose answer is lost
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Session)
        self.messages = []
        self.connections = 0
        self.rcpt_answers = {}
        self.data_answers = {}
        self.answer_delays = {}
        self.dropping = set()

    @property
    def port(self):
        return self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.shutdown()
        self.server_close()

    def received_by(self, recipient):
        return [m for _from, to, m in self.messages if recipient in to]


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.connections += 1
        self.sender, self.recipients = None, []
        self._answer("220 loopback ESMTP")
        while line := self.rfile.readline():
            verb = line[:4].decode("ascii", "replace").upper().strip()
            command = getattr(self, f"_{verb.lower()}", None)
            if command is None:
                self._answer("502 5.5.2 not implemented")
            elif command(line.decode("utf-8", "replace").strip()) == "end":
                return

    def _answer(self, words):
        self.wfile.write(words.encode() + b"\r\n")

    def _ehlo(self, _line):
        self._answer("250-loopback")
        self._answer("250 8BITMIME")

    _helo = _ehlo

    def _noop(self, _line):
        self._answer("250 OK")

    def _rset(self, _line):
        self.sender, self.recipients = None, []
        self._answer("250 OK")

    def _mail(self, line):
        self.sender, self.recipients = _address(line), []
        self._answer("250 OK")

    def _rcpt(self, line):
        recipient = _address(line)
        answer = self.server.rcpt_answers.get(recipient, "250 OK")
        if answer.startswith("250"):
            self.recipients.append(recipient)
        self._answer(answer)

    def _data(self, _line):
        self._answer("354 go on")
        content = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            content += line[1:] if line.startswith(b"..") else line
        answers = [self.server.data_answers.get(r) for r in self.recipients]
        refusal = next(filter(None, answers), None)
        if not refusal:
            message = message_from_bytes(content, policy=policy.default)
            self.server.messages.append((self.sender, self.recipients, message))
        delays = [self.server.answer_delays.get(r, 0) for r in self.recipients]
        time.sleep(max(delays, default=0))
        if self.server.dropping & set(self.recipients):
            return "end"
        self._answer(refusal or "250 2.0.0 queued")

    def _quit(self, _line):
        self._answer("221 bye")
        return "end"


def _address(line):
    """Return what stands between < and > in MAIL FROM and RCPT TO."""
    return line.partition("<")[2].partition(">")[0].lower()
