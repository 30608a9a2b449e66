"""The network between clients and a service, which a test can take away and give back."""

import asyncio
import socket
import threading

PIECE = 1 << 16


class Gate:
    """Passes the bytes of each connection on to a port of this machine, on a thread of its own.

    open()         bytes pass, also those that were held back
    cut()          every connection is broken off, new ones are refused
    stall()        connections stay, new ones are taken, and no byte passes
    cut_after(n)   n more bytes reach the clients, then as cut(); `is_cut` says when
    """

    def __init__(self, target):
        self.accepted = 0       # connections so far
        self.is_cut = threading.Event()
        self._target = target
        self._left = None       # bytes to the clients until the cut
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
        self._flowing.set()
        if not self._listener:
            self._listener = await asyncio.start_server(self._serve, sock=self._place)

    async def _stall(self):
        self._flowing.clear()

    async def _cut(self):
        self._left = None
        if self._listener:
            self._place = self._bind(self.port)
            self._listener.close()
            self._listener = None
        for task in self._connections:
            task.cancel()
        self.is_cut.set()

    async def _finish(self):
        await self._cut()
        await asyncio.gather(*self._connections)

    async def _serve(self, reader, writer):
        self.accepted += 1
        self._connections.add(asyncio.current_task())
        ends = [writer]
        try:
            await self._flowing.wait()
            back, away = await asyncio.open_connection("127.0.0.1", self._target)
            ends.append(away)
            await asyncio.gather(self._pass(reader, away), self._pass_counted(back, writer))
        except (OSError, asyncio.CancelledError):
            pass  # the other end is told by the abort
        finally:
            for end in ends:
                end.transport.abort()
            self._connections.discard(asyncio.current_task())

    async def _pass(self, reader, writer):
        while piece := await reader.read(PIECE):
            await self._flowing.wait()
            writer.write(piece)
            await writer.drain()
        writer.write_eof()

    async def _pass_counted(self, reader, writer):
        while piece := await reader.read(PIECE):
            await self._flowing.wait()
            if self._left is not None:
                piece = piece[:self._left]
                self._left -= len(piece)
            writer.write(piece)
            await writer.drain()
            if self._left == 0:
                await self._cut()
        writer.write_eof()
