"""kill -9 under load, many times: what was acknowledged is there afterwards, and the store opens clean."""
import contextlib
import os
import random
import sqlite3
import threading
import time
import unittest

from cardea import Cardea, new_pool
from people import Person, lost
from postgres import Cluster

ROUNDS = int(os.environ.get("CARDEA_KILL_ROUNDS", "12"))
WORKERS = 8


class KillTest(unittest.TestCase):
    def test_nothing_acknowledged_is_lost(self):
        self.kill_again_and_again(Cardea(), "SQLite")

    def test_nothing_acknowledged_is_lost_on_postgresql(self):
        cluster = Cluster()
        self.addCleanup(cluster.remove)
        self.kill_again_and_again(Cardea(store=cluster.create("cardea")), "PostgreSQL")

    def kill_again_and_again(self, cardea, engine):
        self.addCleanup(cardea.remove)
        pool, client = new_pool(cardea)
        everybody = []
        for round_number in range(ROUNDS):
            people = [Person(cardea, client, pool, f"r{round_number}w{worker}") for worker in range(WORKERS)]
            threads = [threading.Thread(target=person.run) for person in people]
            for thread in threads:
                thread.start()
            time.sleep(random.uniform(0.2, 0.7))
            cardea.kill()
            for thread in threads:
                thread.join(timeout=60)
            cardea.start()  # which finds what the killed one left
            everybody += people
        names = lost(cardea, client, everybody)
        acknowledged = sum(len(person.passwords) for person in everybody)
        print(f"\nfigure: kill -9 {ROUNDS} times under load on {engine}: {acknowledged} people and their last passwords "
              f"acknowledged, {len(names)} lost")
        cardea.stop()
        if engine == "SQLite":
            with contextlib.closing(sqlite3.connect(cardea.data / "cardea.db")) as database:
                self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        self.assertGreater(acknowledged, ROUNDS)
        self.assertEqual(names, [])


if __name__ == "__main__":
    unittest.main()
