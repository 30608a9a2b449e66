"""The network between a client and a server, which a test can take away and give back."""

import asyncio
import socket
import threading

PIECE = 1 << 16


class Gate:
    """Passes the bytes of each connection on to a port of this machine, on a thread of its own.

    open()         bytes pass, also those that were held back, at once and as they come
    cut()          every connection is broken off, new ones are refused
    stall()        connections stay, new ones are taken, and no byte passes
    slow(seconds)  each piece waits so long
    slice(bytes)   in pieces of so many bytes
    cut_after(n)   n more bytes reach the clients, then as cut(); `is_cut` says when. With 0 the
                   next answer is lost although the server has done what it was asked
    """

    def __init__(self, target):
        self.accepted = 0       # connections so far
        self.is_cut = threading.Event()
        self._target = target
        self._left = None       # bytes to the clients until the cut
        self._delay = 0.0
        self._most = PIECE      # bytes of a piece
        self._connections = set()
        self._listener = None
        self._flowing = asyncio.Event()
        self._place = self._bind(0)
        self.port = self._place.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.open()

    def open(self):
        self._run(self._open)

    def stall(self):
        self._run(self._stall)

    def slow(self, seconds):
        self._delay = seconds

    def slice(self, size):
        self._most = size

    def cut(self):
        self._run(self._cut)

    def cut_after(self, size):
        self.is_cut.clear()
        self._left = size

    def open_connections(self):
        return len(self._connections)

    def close(self):
        self._run(self._finish)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._place.close()

    def _run(self, what):
        asyncio.run_coroutine_threadsafe(what(), self._loop).result(30)

    @staticmethod
    def _bind(port):
        # A second socket takes the port before the first lets go of it: nobody else gets it.
        place = socket.socket()
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        place.bind(("127.0.0.1", port))
        return place

    async def _open(self):
        self.is_cut.clear()
        self._delay, self._most = 0.0, PIECE
        self._flowing.set()
        if not self._listener:
            self._place.listen(128)
            self._place.setblocking(False)
            self._listener = asyncio.create_task(self._accept(self._place))

    async def _stall(self):
        self._flowing.clear()

    async def _cut(self):
        self._left = None
        if self._listener:
            taken, self._place = self._place, self._bind(self.port)
            self._listener.cancel()
            self._listener = None
            taken.close()
        for task in self._connections:
            task.cancel()
        self.is_cut.set()

    async def _finish(self):
        await self._cut()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _accept(self, place):
        # A server of asyncio's forgets the connection that it is just taking when it is closed.
        while True:
            taken, _ = await asyncio.get_running_loop().sock_accept(place)
            self.accepted += 1
            task = asyncio.create_task(self._serve(taken))
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)

    async def _serve(self, taken):
        ends = []
        try:
            reader, writer = await asyncio.open_connection(sock=taken)
            ends.append(writer)
            await self._flowing.wait()
            back, away = await asyncio.open_connection("127.0.0.1", self._target)
            ends.append(away)
            await asyncio.gather(self._pass(reader, away), self._pass_counted(back, writer))
        except (OSError, asyncio.CancelledError):
            pass  # the other end is told by the abort
        finally:
            for end in ends:
                end.transport.abort()
            taken.close()

    async def _pass(self, reader, writer):
        while piece := await self._read(reader):
            writer.write(piece)
            await writer.drain()
        writer.write_eof()

    async def _read(self, reader):
        piece = await reader.read(self._most)
        if self._delay:
            await asyncio.sleep(self._delay)
        await self._flowing.wait()
        return piece

    async def _pass_counted(self, reader, writer):
        while piece := await self._read(reader):
            if self._left is not None:
                piece = piece[:self._left]
                self._left -= len(piece)
            writer.write(piece)
            await writer.drain()
            if self._left == 0:
                await self._cut()
        writer.write_eof()
