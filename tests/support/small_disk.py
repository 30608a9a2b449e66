"""A disk of a few MiB for one test: a tmpfs, mounted as root or in name spaces of our own."""

import ctypes
import os
import pathlib
import subprocess
import sys

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000


def become_root_of_our_own():
    """Moves this process, and what it starts from now on, into a user name space where it is root,
    with mounts that nobody else sees. Only while it has one thread."""
    user, group = os.getuid(), os.getgid()
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    pathlib.Path("/proc/self/setgroups").write_text("deny")
    pathlib.Path("/proc/self/uid_map").write_text(f"0 {user} 1")
    pathlib.Path("/proc/self/gid_map").write_text(f"0 {group} 1")


class SmallDisk:
    """Mounted in the test's folder until its end. `ballast` of its MiB are taken by a file."""

    def __init__(self, test, mebibytes, ballast, name="disk"):
        self.path = test.folder / name
        self.path.mkdir()
        try:
            if os.geteuid() != 0:
                become_root_of_our_own()
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "none", self.path],
                           check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as why:
            print(f"\nNOT TESTED: {test.id()}: no small disk can be mounted: {why}",
                  file=sys.stderr, flush=True)
            test.skipTest(f"no small disk can be mounted: {why}")
        test.addCleanup(subprocess.run, ["umount", self.path], check=True)
        self.ballast = self.path / "ballast"
        self.ballast.write_bytes(bytes(ballast << 20))

    def make_room(self):
        self.ballast.unlink()
