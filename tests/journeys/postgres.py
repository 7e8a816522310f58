"""A PostgreSQL of the journeys' own, in a temporary folder and reached by a Unix socket there only. Standard library only."""
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

PATIENCE = 60


def binaries():
    """Debian keeps the server's programs outside of PATH, a folder a version."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    if not found:
        raise RuntimeError("PostgreSQL is not installed: tools/packages.sh test")
    return found[-1].parent


def other_user():
    """PostgreSQL refuses to run as root: words that make a program another user's, and that end it with this one."""
    words = ["setpriv", "--pdeathsig=QUIT"]
    if os.getuid() != 0:
        return words, None
    names = {user.pw_name: user for user in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    return words + [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"], user


class Cluster:
    """Runs from construction until remove(). With `primary` it is a standby of that one, which from then on waits for
    it with every commit. Kill, freeze and promote act on every process of it, as when the machine does."""

    def __init__(self, primary=None):
        self.binaries = binaries()
        self.words, user = other_user()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cardea-postgres-"))
        if user:
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        data = str(self.folder / "data")
        if primary:
            self.run("pg_basebackup", "-h", str(primary.folder), "-U", "postgres", "-D", data, "-R", "-c", "fast")
        else:
            self.run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N",
                     "--no-instructions")
        self.process = None
        self.start()
        if primary:
            primary.wait_for("SELECT COUNT(*) FROM pg_stat_replication WHERE state = 'streaming'", "1")
            primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
            primary.sql("SELECT pg_reload_conf()")
            primary.wait_for("SELECT COUNT(*) FROM pg_stat_replication WHERE sync_state = 'sync'", "1")

    def run(self, program, *arguments):
        done = subprocess.run([*self.words, self.binaries / program, *arguments], capture_output=True, text=True,
                              cwd="/", timeout=PATIENCE)
        if done.returncode != 0:
            raise RuntimeError(f"{program}: {done.stderr}")
        return done.stdout

    def start(self):
        (self.folder / "data/postmaster.pid").unlink(missing_ok=True)    # of one that was killed
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [*self.words, self.binaries / "postgres", "-D", self.folder / "data", "-k", self.folder,
                 "-c", "listen_addresses=", "-c", "max_connections=100", "-c", "shared_buffers=64MB"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/")
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.sql("SELECT 1", database="postgres")
                return
            except RuntimeError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("PostgreSQL did not start:\n" + (self.folder / "log").read_text()[-3000:])
            time.sleep(0.02)

    def sql(self, statement, database="postgres"):
        """What psql prints, unaligned. It does not wait for a standby."""
        return self.run("psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-U", "postgres",
                        "-d", database, "-c", statement).strip()

    def wait_for(self, statement, wanted, database="postgres"):
        deadline = time.monotonic() + PATIENCE
        while (found := self.sql(statement, database)) != wanted:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{statement}: {found}")
            time.sleep(0.05)

    def url(self, database, *others):
        """For clients: the database here, or at the others, wherever writes are taken."""
        hosts = ",".join(str(one.folder) for one in (self, *others))
        return f"postgresql:///{database}?user=postgres&host={hosts}&target_session_attrs=read-write"

    def create(self, database):
        self.sql(f"CREATE DATABASE {database} TEMPLATE template0")
        return self.url(database)

    def stop(self):
        """As an administrator restarts it: connections are cut, what was committed is written."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)

    def processes(self):
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def signal_all(self, number):
        for process in self.processes():
            try:
                os.kill(process, number)
            except ProcessLookupError:
                pass    # a connection that has ended meanwhile

    def kill(self):
        processes = self.processes()
        self.signal_all(signal.SIGKILL)
        self.process.wait()
        deadline = time.monotonic() + PATIENCE
        while any(pathlib.Path(f"/proc/{one}").exists() for one in processes[1:]) and time.monotonic() < deadline:
            time.sleep(0.005)    # the shared memory is theirs until they are gone

    def freeze(self):
        self.signal_all(signal.SIGSTOP)

    def thaw(self):
        self.signal_all(signal.SIGCONT)

    def promote(self):
        self.run("pg_ctl", "promote", "-D", str(self.folder / "data"))

    def remove(self):
        if self.process and self.process.poll() is None:
            self.thaw()
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)
