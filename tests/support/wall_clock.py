"""Shows a service another wall clock than the machine's, which a test sets while it runs.
wall_clock.cpp, preloaded into the service, has the other half."""

import mmap
import pathlib
import struct
import time

from tests.support.harness import BINARY

LIBRARY = BINARY.parent / "wall_clock.so"


class WallClock:
    def __init__(self, folder):
        if not LIBRARY.exists():
            raise AssertionError(f"{LIBRARY} is not built (target keelson_wall_clock)")
        path = pathlib.Path(folder) / "wall-clock"
        path.write_bytes(bytes(8))
        with open(path, "r+b") as file:
            self.shared = mmap.mmap(file.fileno(), 8)
        self.environment = {"LD_PRELOAD": str(LIBRARY), "WALL_CLOCK": str(path)}
        self.ahead = 0

    def set(self, hours):
        """So many hours ahead of the true time; less than 0: behind."""
        self.ahead = hours * 3600
        self.shared[0:8] = struct.pack("q", self.ahead)

    def now(self):
        """Seconds since 1970 by this clock."""
        return time.time() + self.ahead

    def close(self):
        self.shared.close()
