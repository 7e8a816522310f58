"""PostgreSQL goes away under load, four ways: clear errors meanwhile, service soon after, no acknowledged write lost."""
import http.client
import threading
import time
import unittest

from cardea import ApiError, new_pool
from mailbox import Mailbox
from people import Person, lost
from postgres import Cluster
from processes import Processes

WORKERS = 6
OUTAGE = 5    # seconds


class Caller:
    """Calls as the people do, paced, and writes down how each call ended."""

    def __init__(self, processes):
        self.processes = processes
        self.calls = []    # (begin, end, what it was refused with or None)

    def call(self, operation, body, connection):
        time.sleep(0.01)
        begin, refused = time.monotonic(), None
        try:
            return self.processes.call(operation, body, connection)
        except ApiError as error:
            refused = error.kind
            raise
        except (OSError, http.client.HTTPException) as error:
            refused = repr(error)
            raise
        finally:
            self.calls.append((begin, time.monotonic(), refused))


class Stubborn(Person):
    """Goes on with somebody else where a call fails, until told to stop."""

    stopping = False

    def run(self):
        connection = self.cardea.processes.connect()
        number = 0
        while not self.stopping:
            number += 1
            try:
                self.one(connection, f"{self.name}-{number}")
            except (ApiError, OSError, http.client.HTTPException):
                connection.close()    # the next call opens it anew, at another process
        connection.close()


def readiness(serve):
    connection = http.client.HTTPConnection("127.0.0.1", serve.port, timeout=30)
    connection.request("GET", "/readyz")
    status = connection.getresponse().status
    connection.close()
    return status


class FaultsTest(unittest.TestCase):
    def begin(self, url):
        mailbox = Mailbox()
        self.addCleanup(mailbox.remove)
        self.processes = Processes(url, count=2, tables=mailbox.table())
        self.addCleanup(self.processes.remove)
        self.pool, self.client = new_pool(self.processes)
        self.caller = Caller(self.processes)
        self.people = [Stubborn(self.caller, self.client, self.pool, f"w{worker}") for worker in range(WORKERS)]
        self.threads = [threading.Thread(target=person.run) for person in self.people]
        self.addCleanup(self.stop_load)
        for thread in self.threads:
            thread.start()
        time.sleep(1)
        self.assertEqual([readiness(serve) for serve in self.processes.all], [200, 200])

    def stop_load(self):
        for person in self.people:
            person.stopping = True
        for thread in self.threads:
            thread.join(timeout=60)

    def wait_for_readiness(self, status, since, seconds):
        """Until all processes say so; how long after `since` that was."""
        while {readiness(serve) for serve in self.processes.all} != {status}:
            self.assertLess(time.monotonic() - since, seconds, f"/readyz is not {status}")
            time.sleep(0.05)
        return time.monotonic() - since

    def end(self, what, down, up, slowest_allowed):
        """`down` and `up`: when the database went and when it answered again."""
        noticed = self.noticed
        ready = self.wait_for_readiness(200, up, 15)
        time.sleep(1)
        self.stop_load()
        calls = self.caller.calls
        refused = [call for call in calls if call[2]]
        slowest = max(end - begin for begin, end, _ in calls if end > down)
        # Full service: nothing that began later was refused.
        whole = max([begin for begin, _, _ in refused] + [up]) - up
        after = sum(1 for begin, _, error in calls if error is None and begin > up + whole)
        names = lost(self.processes, self.client, self.people)
        acknowledged = sum(len(person.passwords) for person in self.people)
        print(f"\nfigure: {what}: /readyz 503 after {noticed:.1f} s; {len(refused)} of {len(calls)} calls refused, the "
              f"slowest answer {slowest:.1f} s; after its return /readyz 200 in {ready:.1f} s, the last call refused in "
              f"{whole:.1f} s; {acknowledged} people acknowledged, {len(names)} lost")
        self.assertEqual({error for _, _, error in refused} - {"InternalErrorException"}, set())
        self.assertLess(slowest, slowest_allowed)
        self.assertLess(whole, 5)
        self.assertGreater(after, 50)
        self.assertEqual(names, [])

    def test_stopped_for_five_seconds(self):
        cluster = Cluster()
        self.addCleanup(cluster.remove)
        self.begin(cluster.create("cardea"))
        down = time.monotonic()
        cluster.stop()
        self.noticed = self.wait_for_readiness(503, down, 4)
        time.sleep(max(0, down + OUTAGE - time.monotonic()))
        cluster.start()
        self.end("PostgreSQL stopped for 5 s", down, time.monotonic(), 3)

    def test_frozen_for_five_seconds(self):
        cluster = Cluster()
        self.addCleanup(cluster.remove)
        self.begin(cluster.create("cardea"))
        down = time.monotonic()
        cluster.freeze()
        self.noticed = self.wait_for_readiness(503, down, 4.5)
        time.sleep(max(0, down + OUTAGE - time.monotonic()))
        cluster.thaw()
        self.end("PostgreSQL frozen for 5 s", down, time.monotonic(), OUTAGE + 3)

    def test_a_stop_ends_though_the_database_hangs(self):
        cluster = Cluster()
        self.addCleanup(cluster.remove)
        processes = Processes(cluster.create("cardea"), count=1)
        self.addCleanup(processes.remove)
        cluster.freeze()
        self.addCleanup(cluster.thaw)
        time.sleep(2)  # until the server itself waits for it
        began = time.monotonic()
        processes.all[0].stop()
        self.assertLess(time.monotonic() - began, 11)

    def test_killed_and_started_again(self):
        cluster = Cluster()
        self.addCleanup(cluster.remove)
        self.begin(cluster.create("cardea"))
        down = time.monotonic()
        cluster.kill()
        self.noticed = self.wait_for_readiness(503, down, 4)
        cluster.start()
        self.end("PostgreSQL killed with SIGKILL", down, time.monotonic(), 3)

    def test_replaced_by_its_synchronous_standby(self):
        primary = Cluster()
        self.addCleanup(primary.remove)
        primary.create("cardea")
        standby = Cluster(primary)
        self.addCleanup(standby.remove)
        self.begin(primary.url("cardea", standby))
        down = time.monotonic()
        primary.kill()
        self.noticed = self.wait_for_readiness(503, down, 4)
        standby.promote()
        self.end("PostgreSQL's primary killed, its synchronous standby promoted", down, time.monotonic(), 3)


if __name__ == "__main__":
    unittest.main()
