"""TLS before a server of this machine that has none."""

import asyncio
import ssl
import threading


class TlsFront:
    """Takes connections under a certificate and passes what they say on to a port, on a thread of its
    own, until close()."""

    def __init__(self, target, certificate, key):
        self._target = target
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._serve, "127.0.0.1", 0,
                                                      ssl=self._context))
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self):
        self._run(self._finish())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, what):
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(30)

    async def _finish(self):
        self._server.close()
        for each in asyncio.all_tasks() - {asyncio.current_task()}:
            each.cancel()

    async def _serve(self, reader, writer):
        there, back = await asyncio.open_connection("127.0.0.1", self._target)
        try:
            await asyncio.gather(self._pass_on(reader, back), self._pass_on(there, writer))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            back.close()

    @staticmethod
    async def _pass_on(reader, writer):
        while piece := await reader.read(1 << 16):
            writer.write(piece)
            await writer.drain()
        writer.close()
