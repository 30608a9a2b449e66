"""A WebSocket on /v1/changes, frame by frame."""

import asyncio
import json
import unittest

import websockets


class SocketTest(unittest.IsolatedAsyncioTestCase):
    """For coroutines as tests; without asyncio's own warnings of what takes long."""

    async def asyncSetUp(self):
        asyncio.get_running_loop().set_debug(False)


class Frames:
    """async with Frames(service) as frames. Each wait lasts at most 30 s."""

    def __init__(self, service, **options):
        self.url = f"ws://127.0.0.1:{service.port}/v1/changes"
        self.options = {"compression": None, "max_size": None, "ping_interval": None} | options
        self.socket = None

    async def __aenter__(self):
        self.socket = await websockets.connect(self.url, **self.options)
        return self

    async def __aexit__(self, *_):
        await self.socket.close()

    async def send(self, frame):
        """A frame as an object, or as the text or bytes it is to consist of."""
        await self.socket.send(json.dumps(frame) if isinstance(frame, dict) else frame)

    async def read(self):
        return json.loads(await asyncio.wait_for(self.socket.recv(), 30))

    async def ask(self, frame):
        await self.send(frame)
        return await self.read()

    async def subscribe(self, name="a", **wanted):
        return await self.ask({"type": "subscribe", "id": name} | wanted)

    async def closing(self):
        """The code with which the service closes."""
        await asyncio.wait_for(self.socket.wait_closed(), 30)
        return self.socket.close_code
