"""Servers of other people's stores for the tests, out of the packages that deploy/test installs:
each on a free port of the loopback address, in a temporary folder, ended with the test and with the
process."""

import ctypes
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def end_with_parent(number):
    """What a child calls before its program starts, so that it does not outlive this process."""
    parent = os.getpid()
    library = ctypes.CDLL(None)

    def call():
        library.prctl(1, number)    # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)
    return call


class Postgres:
    """A PostgreSQL. stop() and kill() leave its data; start() brings it back on the same port."""

    PROGRAMS = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), default=None)

    def __init__(self, *options, folder=None, port=0):
        self.options = list(options)        # words of its command line
        self.port = port or free_port()
        self.process = None
        # It refuses root.
        self.user = None
        if os.geteuid() == 0:
            names = {each.pw_name for each in pwd.getpwall()}
            self.user = "postgres" if "postgres" in names else "nobody"
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="keelson-postgres-"))
        self.data = self.folder / "data"
        if self.user:
            shutil.chown(self.folder, self.user)
        if folder is None:
            self.tool("initdb", "--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C",
                      "--username=keelson", f"--pgdata={self.data}")

    @staticmethod
    def lack():
        """Why it cannot be run here; empty if it can."""
        return "" if Postgres.PROGRAMS else "Debian's postgresql is not installed"

    @property
    def url(self):
        return f"postgresql://keelson@127.0.0.1:{self.port}/postgres"

    def _as_user(self):
        return {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}

    def tool(self, name, *words):
        """Runs one of PostgreSQL's programs to its end; what it printed."""
        done = subprocess.run([self.PROGRAMS / name, *words], capture_output=True, text=True,
                              cwd="/", timeout=300, check=False, **self._as_user())
        if done.returncode != 0:
            raise AssertionError(f"{name} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def start(self):
        log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(
            [self.PROGRAMS / "postgres", "-D", self.data, "-p", str(self.port),
             "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}",
             *self.options],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
            preexec_fn=end_with_parent(signal.SIGQUIT), **self._as_user())
        log.close()
        return self.wait()

    def wait(self):
        """Until it takes connections."""
        from tests.support.harness import until

        def ready():
            if self.process.poll() is not None:
                raise AssertionError((self.folder / "log").read_text()[-2000:])
            return subprocess.run([self.PROGRAMS / "pg_isready", "-q", "-h", "127.0.0.1",
                                   "-p", str(self.port)], check=False).returncode == 0

        until(ready, 60, "PostgreSQL took connections")
        return self

    def stop(self):
        """In an orderly way, without waiting for clients."""
        self._end(signal.SIGINT)

    def kill(self):
        """As a crash: nothing is written any more."""
        self._end(signal.SIGQUIT)

    def _end(self, number):
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(60)

    def end(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def sql(self, text):
        """The rows of a statement, as psql prints them."""
        return self.tool("psql", "--no-psqlrc", "--tuples-only", "--no-align",
                         "--set=ON_ERROR_STOP=1", "--command", text, self.url)

    def fresh_url(self, name):
        """The URL of a database of its own."""
        self.sql(f"CREATE DATABASE {name}")
        return self.url.removesuffix("postgres") + name

    def freeze(self, frozen=True):
        """Its processes take connections and answer nothing, or go on."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        for process in [self.process.pid, *map(int, children.read_text().split())]:
            os.kill(process, signal.SIGSTOP if frozen else signal.SIGCONT)

    def stand_by(self):
        """A streaming stand-by of this one, not started."""
        made = Postgres(*self.options, folder=tempfile.mkdtemp(prefix="keelson-postgres-"))
        made.tool("pg_basebackup", "--no-sync", "--write-recovery-conf", "--checkpoint=fast",
                  "--wal-method=stream", f"--dbname={self.url}", f"--pgdata={made.data}")
        return made


class Redis:
    """A redis-server, by default with nothing kept on disk. stop() and kill() leave what is kept;
    start() brings it back on the same port. `options` are words of its command line; a `file` is
    its configuration, and the program with a `file` may be redis-sentinel."""

    PROGRAM = "redis-server"

    def __init__(self, *options, port=0, file=None, scheme="redis"):
        self.options = ["--save", "", "--appendonly", "no", *options] if file is None else []
        self.port = port or free_port()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="keelson-redis-"))
        self.file = None
        if file is not None:
            self.file = self.folder / "server.conf"
            self.file.write_text(file)
        self.scheme = scheme
        self.process = None

    @staticmethod
    def lack():
        """Why it cannot be run here; empty if it can."""
        return "" if shutil.which("redis-server") else "Debian's redis-server is not installed"

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def start(self):
        """Returns when it takes connections."""
        port = [] if "--tls-port" in self.options else ["--port", str(self.port)]
        words = [self.PROGRAM, *([self.file] if self.file else []), *port, "--bind", "127.0.0.1",
                 "--dir", self.folder, *self.options]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                        preexec_fn=end_with_parent(signal.SIGKILL), text=True)
        for line in self.process.stdout:
            if "Ready to accept connections" in line or "Sentinel ID is" in line:
                return self
        self.process.stdout.close()
        raise AssertionError(f"{self.PROGRAM} ended with {self.process.wait()}")

    def cli(self, *words, options=()):
        """What redis-cli prints for a command."""
        done = subprocess.run(["redis-cli", "-p", str(self.port), *options, *map(str, words)],
                              capture_output=True, text=True, timeout=60, check=True)
        return done.stdout.rstrip("\n")

    def fresh_url(self, name):
        """The URL of a place of its own."""
        return f"{self.url}/0?prefix={name}"

    def freeze(self, frozen=True):
        """It takes connections and answers nothing, or goes on."""
        self.process.send_signal(signal.SIGSTOP if frozen else signal.SIGCONT)

    def stop(self):
        """In an orderly way."""
        self._end(signal.SIGTERM)

    def kill(self):
        self._end(signal.SIGKILL)

    def _end(self, number):
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(60)
            self.process.stdout.close()

    def end(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


class LastingRedis(Redis):
    """A redis-server that keeps each write before it answers, which a primary needs."""

    def __init__(self, *options, **more):
        super().__init__("--appendonly", "yes", "--appendfsync", "always", *options, **more)


class RedisSentinel(Redis):
    """A redis-sentinel that watches one master under the name `keelson`."""

    PROGRAM = "redis-sentinel"

    def __init__(self, master, quorum=1):
        super().__init__(file=f"sentinel monitor keelson 127.0.0.1 {master.port} {quorum}\n"
                              "sentinel down-after-milliseconds keelson 500\n"
                              "sentinel failover-timeout keelson 2000\n")


class Mongo:
    """A server of MongoDB's protocol: mongo-java-server out of build/maven, with its data in a file.
    kill() may lose what was written in the second before; start() brings the rest back on the same
    port."""

    ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
    JARS = ROOT / "build" / "maven" / "lib"
    PROGRAM = ROOT / "tests" / "support" / "servers" / "MongoServer.java"

    def __init__(self, kept=True):
        self.port = free_port()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="keelson-mongo-"))
        self.kept = kept
        self.process = None

    @staticmethod
    def lack():
        """Why it cannot be run here; empty if it can."""
        if not shutil.which("java"):
            return "Debian's default-jdk-headless is not installed"
        return "" if any(Mongo.JARS.glob("*.jar")) else "mongo-java-server is not in build/maven"

    @property
    def url(self):
        return f"mongodb://127.0.0.1:{self.port}/keelson"

    def fresh_url(self, name):
        """Of a database that nobody used before, which is patient with a slow server."""
        patience = "socketTimeoutMS=60000&serverSelectionTimeoutMS=60000"
        return f"mongodb://127.0.0.1:{self.port}/{name}?{patience}"

    def start(self):
        words = [str(self.port)] + ([str(self.folder / "data.mv")] if self.kept else [])
        self.process = subprocess.Popen(
            ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Xmx512m", "-cp",
             str(self.JARS / "*"), str(self.PROGRAM), *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            preexec_fn=end_with_parent(signal.SIGKILL))
        if self.process.stdout.readline().strip() != str(self.port).encode():
            raise AssertionError("mongo-java-server did not start")
        return self

    def stop(self):
        """In an orderly way."""
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()

    def freeze(self, frozen=True):
        """It takes connections and answers nothing, or goes on."""
        self.process.send_signal(signal.SIGSTOP if frozen else signal.SIGCONT)

    def end(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
