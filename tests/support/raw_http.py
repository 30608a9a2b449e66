"""A connection that sends exactly the bytes it is told to, and a stream of server-sent events."""

import email.parser
import json
import socket

from tests.support.harness import Answer


class RawConnection:
    """One connection to a service on loopback. Reads fail after 30 s."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 30)
        self.input = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)
        return self

    def finish_sending(self):
        self.socket.shutdown(socket.SHUT_WR)

    def ask(self, method, path, body=b"", **headers):
        """Sends a whole request and reads its answer."""
        return self.send(request_bytes(method, path, body, **headers)).answer(method)

    def answer(self, method="GET"):
        """The next answer; that to HEAD has no body."""
        first, _, lines = self.read_to(b"\r\n\r\n").decode("latin-1").partition("\r\n")
        _, status, reason = first.split(" ", 2)
        headers = email.parser.Parser().parsestr(lines)
        bodiless = method == "HEAD" or status in ("100", "101", "204", "304")
        body = b"" if bodiless else self._body(headers)
        return Answer(int(status), headers, body, reason)

    def _body(self, headers):
        if headers["Transfer-Encoding"] != "chunked":
            return self.read(int(headers["Content-Length"]))
        body = b""
        while piece := self.chunk():
            body += piece
        return body

    def chunk(self):
        """The next piece of a chunked body; empty: its end."""
        piece = self.read(int(self.read_to(b"\r\n"), 16))
        self.read_to(b"\r\n")
        return piece

    def read_to(self, mark):
        while mark not in self.input:
            self._fill()
        found, _, self.input = self.input.partition(mark)
        return found

    def read(self, size):
        while len(self.input) < size:
            self._fill()
        found, self.input = self.input[:size], self.input[size:]
        return found

    def rest(self):
        """Everything until the service closes."""
        while piece := self.socket.recv(65536):
            self.input += piece
        return self.input

    def _fill(self):
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionError(f"closed by the service after {self.input!r}")
        self.input += piece


def request_bytes(method, path, body=b"", **headers):
    """A request as bytes; `_` in the name of a header stands for `-`."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class EventStream(RawConnection):
    """GET of a path as server-sent events (WHATWG HTML, 9.2)."""

    def __init__(self, port, path, **headers):
        super().__init__(port)
        self.send(request_bytes("GET", path, Accept="text/event-stream", **headers))
        first, _, lines = self.read_to(b"\r\n\r\n").decode().partition("\r\n")
        self.status = int(first.split(" ")[1])
        self.headers = email.parser.Parser().parsestr(lines)
        self.text = b""

    def event(self):
        """The fields of the next event, `data` being JSON; None: the stream's end."""
        while b"\n\n" not in self.text:
            piece = self.chunk()
            if not piece:
                return None
            self.text += piece
        block, _, self.text = self.text.partition(b"\n\n")
        fields = dict(line.split(": ", 1) for line in block.decode().split("\n"))
        fields["data"] = json.loads(fields["data"])
        return fields
