"""Thousands of clients of one service in a process of their own: idle ones, subscribers, and ones
that send one byte a second. Each knows what it is to be told in the end."""

import base64
import collections
import json
import multiprocessing
import os
import resource
import select
import socket
import time

AT_ONCE = 200       # handshakes under way; a listening socket's queue is not endless
LINE_END = b"\r\n"


def text_frame(text):
    """A WebSocket frame of a client. A mask of zeros is a mask."""
    payload = text.encode()
    assert len(payload) < 126
    return bytes([0x81, 0x80 | len(payload)]) + bytes(4) + payload


def head_of(method, path, *fields):
    return LINE_END.join([f"{method} {path} HTTP/1.1".encode(), b"Host: localhost",
                          *(field.encode() for field in fields), b"", b""])


UPGRADE = head_of("GET", "/v1/changes", "Upgrade: websocket", "Connection: upgrade",
                  "Sec-WebSocket-Version: 13",
                  "Sec-WebSocket-Key: " + base64.b64encode(bytes(16)).decode())


class Client:
    """`first` goes out at once; `then` when that was answered, or at once if it is not to be: as a
    whole, or a byte a second. `ready`: nothing is left to do; `outcome`: what came in the end."""
    first, then, slow = b"", b"", False
    answers_first = True    # whether `first` is answered before `then` may go
    websocket = False

    def __init__(self, number):
        self.number = number
        self.input = b""
        self.sent = 0           # of `then`
        self.first_answered = False
        self.ready = False
        self.outcome = None

    def may_go_on(self):
        return self.first_answered or not self.answers_first

    def take(self, data):
        """What came in; returns what is to be sent back."""
        self.input += data
        back = b""
        while True:
            if self.websocket and self.first_answered:
                frame = self.take_frame()
                if frame is None:
                    return back
                back += frame
            else:
                status = self.take_answer()
                if status is None:
                    return back
                if self.answers_first and not self.first_answered:
                    self.first_answered = True
                else:
                    self.outcome = status
                self.ready = self.ready or not self.then or self.outcome is not None

    def take_answer(self):
        head, found, rest = self.input.partition(LINE_END * 2)
        if not found:
            return None
        length = 0
        for field in head.split(LINE_END)[1:]:
            name, _, value = field.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if len(rest) < length:
            return None
        self.input = rest[length:]
        status = int(head.split()[1])
        return status if status < 400 else (status, json.loads(rest[:length])["code"])

    def take_frame(self):
        """b"" for a frame that needs no answer, a pong for a ping; None when it is not whole."""
        if len(self.input) < 2:
            return None
        size, start = self.input[1], 2
        if size == 126:
            size, start = int.from_bytes(self.input[2:4], "big"), 4
        if len(self.input) < start + size:
            return None
        kind, payload = self.input[0] & 15, self.input[start:start + size]
        self.input = self.input[start + size:]
        if kind == 9:
            return bytes([0x8a, 0x80 | len(payload)]) + bytes(4) + payload if self.pongs() else b""
        if kind == 1:
            self.told(json.loads(payload))
        return b""

    def pongs(self):
        """A frame that is half sent cannot be interrupted for an answer."""
        return not self.slow or self.sent in (0, len(self.then))

    def told(self, frame):
        if frame["type"] != "position":
            self.outcome, self.ready = frame["type"], True


class Idle(Client):
    """One request, then nothing."""
    first = head_of("GET", "/v1/kv/c/k")


class Subscriber(Client):
    first, websocket = UPGRADE, True
    then = text_frame('{"type":"subscribe","id":"a","collection":"quiet"}')


class SlowHead(Client):
    answers_first, slow = False, True
    then = head_of("GET", "/v1/kv/c/k", "X-Slow: " + "x" * 100)


class SlowBody(Client):
    answers_first, slow = False, True
    then = b'"' + b"x" * 28 + b'"'

    def __init__(self, number):
        super().__init__(number)
        self.first = head_of("PUT", f"/v1/kv/slow/{number}", "Content-Type: application/json",
                             f"Content-Length: {len(self.then)}")


class SlowFrame(Client):
    first, websocket, slow = UPGRADE, True, True
    then = text_frame('{"type":"ping"}')


class EndlessFrame(SlowFrame):
    then = text_frame('{"type":"ping"' + " " * 100 + "}")


KINDS = {kind.__name__: kind
         for kind in (Idle, Subscriber, SlowHead, SlowBody, SlowFrame, EndlessFrame)}


class Crowd:
    """The process with the clients, as the test sees it."""

    def __init__(self, port):
        context = multiprocessing.get_context("fork")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=lambda: Members(port, theirs).run(), daemon=True)
        self.process.start()
        theirs.close()

    def ask(self, *what, seconds=120):
        self.pipe.send(what)
        if not self.pipe.poll(seconds):
            raise AssertionError(f"the crowd is not done with {what} within {seconds} s")
        return self.pipe.recv()

    def join(self, kind, count):
        """Lets them connect; returns when each has sent what it sends at once, and was answered."""
        return self.ask("join", kind.__name__, count)

    def outcomes(self, kind, seconds):
        """What each was told in the end; `closed` where that was all."""
        return self.ask("outcomes", kind.__name__, seconds=seconds)

    def again(self, kind, seconds=60):
        """What each is answered to one more request."""
        return self.ask("again", kind.__name__, seconds=seconds)

    def told(self, kind, frame, seconds=60):
        """Returns when each has been told such a frame since it became ready."""
        return self.ask("told", kind.__name__, frame, seconds=seconds)

    def end(self):
        self.pipe.close()
        self.process.join(20)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


class Members:
    """The other side: one loop over all sockets."""

    def __init__(self, port, pipe):
        self.port, self.pipe = port, pipe
        self.poll = select.epoll()
        self.poll.register(pipe.fileno(), select.EPOLLIN)
        self.sockets, self.clients = {}, {}     # by descriptor
        self.all = collections.defaultdict(list)
        self.waiting = collections.deque()      # not yet connected
        self.opening = set()                    # descriptors whose first answer has not come
        self.question = None
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    def run(self):
        tick = time.monotonic() + 1
        while True:
            for descriptor, _ in self.poll.poll(max(0.0, tick - time.monotonic())):
                if descriptor != self.pipe.fileno():
                    self.read(descriptor)
                elif not self.take_question():
                    os._exit(0)
            while self.waiting and len(self.opening) < AT_ONCE:
                self.connect(self.waiting.popleft())
            if time.monotonic() >= tick:
                tick += 1
                self.send_a_byte_each()
            self.answer()

    def take_question(self):
        try:
            self.question = self.pipe.recv()
        except EOFError:
            return False
        if self.question[0] == "join":
            _, kind, count = self.question
            made = [KINDS[kind](number) for number in range(count)]
            self.all[kind] += made
            self.waiting += made
        elif self.question[0] == "again":
            for descriptor, client in self.clients.items():
                if isinstance(client, KINDS[self.question[1]]):
                    client.outcome = None
                    self.sockets[descriptor].sendall(client.first)
        return True

    def answer(self):
        if self.question is None:
            return
        what, members = self.question[0], self.all[self.question[1]]
        if what == "join":
            done = not self.waiting and all(client.ready or (client.slow and client.may_go_on())
                                            for client in members)
            said = len(members)
        elif what in ("outcomes", "again"):
            done = all(client.outcome is not None for client in members)
            said = collections.Counter(client.outcome for client in members)
        else:
            done = all(client.outcome == self.question[2] for client in members)
            said = len(members)
        if done:
            self.question = None
            self.pipe.send(said)

    def connect(self, client):
        made = socket.create_connection(("127.0.0.1", self.port), 30)
        made.setblocking(False)
        self.sockets[made.fileno()], self.clients[made.fileno()] = made, client
        self.poll.register(made.fileno(), select.EPOLLIN)
        made.sendall(client.first)
        if client.may_go_on():
            self.go_on(made, client)
        else:
            self.opening.add(made.fileno())

    def go_on(self, to, client):
        if client.may_go_on() and not client.slow and client.sent < len(client.then):
            to.sendall(client.then)
            client.sent = len(client.then)

    def read(self, descriptor):
        of, client = self.sockets[descriptor], self.clients[descriptor]
        try:
            data = of.recv(65536)
        except OSError:
            data = b""
        if not data:
            client.outcome = client.outcome or "closed"
            self.opening.discard(descriptor)
            self.poll.unregister(descriptor)
            del self.sockets[descriptor], self.clients[descriptor]
            of.close()
            return
        back = client.take(data)
        if back:
            of.sendall(back)
        if client.may_go_on():
            self.opening.discard(descriptor)
            self.go_on(of, client)

    def send_a_byte_each(self):
        for descriptor, client in list(self.clients.items()):
            if client.slow and client.may_go_on() and client.sent < len(client.then) and \
                    client.outcome is None:
                byte = client.then[client.sent:client.sent + 1]
                client.sent += 1
                try:
                    self.sockets[descriptor].send(byte)
                except OSError:
                    pass    # its end is read, too
