"""Lets a service's calls on the files of one folder hang for as long as a test wants, as on a
network file system whose server is gone. stall.cpp, preloaded into the service, has the other half.
"""

import fcntl
import mmap
import os
import pathlib
import struct

from tests.support.harness import BINARY

LIBRARY = BINARY.parent / "stall.so"


class Stall:
    def __init__(self, folder):
        if not LIBRARY.exists():
            raise AssertionError(f"{LIBRARY} is not built (target keelson_stall)")
        self.folder = pathlib.Path(folder)
        path = self.folder.parent / (self.folder.name + ".stall")
        path.write_bytes(bytes(8))
        self.file = open(path, "r+b")
        self.shared = mmap.mmap(self.file.fileno(), 8)
        self.environment = {"LD_PRELOAD": str(LIBRARY), "STALL_CONTROL": str(path),
                            "STALL_FOLDER": str(self.folder)}

    def begin(self):
        fcntl.flock(self.file, fcntl.LOCK_EX)
        self.shared[0:4] = struct.pack("I", 1)

    def calls(self):
        """How many hang right now."""
        return struct.unpack("I", self.shared[4:8])[0]

    def end(self):
        self.shared[0:4] = struct.pack("I", 0)
        fcntl.flock(self.file, fcntl.LOCK_UN)

    def close(self):
        self.end()
        self.shared.close()
        self.file.close()
