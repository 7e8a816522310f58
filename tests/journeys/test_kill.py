"""kill -9 under load, many times: what was acknowledged is there afterwards, and the store opens clean."""
import contextlib
import http.client
import os
import random
import sqlite3
import threading
import time
import unittest

from cardea import ApiError, Cardea, new_pool

ROUNDS = int(os.environ.get("CARDEA_KILL_ROUNDS", "12"))
WORKERS = 8


class Person:
    """Signs people up and changes their passwords until the connection breaks; remembers what was acknowledged."""

    def __init__(self, cardea, client, pool, name):
        self.cardea, self.client, self.pool, self.name = cardea, client, pool, name
        self.passwords = {}    # username -> the last password that was acknowledged
        self.unsure = {}       # username -> the one that was on its way when the server died

    def run(self):
        connection = self.cardea.connect()
        number = 0
        try:
            while True:
                number += 1
                self.one(connection, f"{self.name}-{number}")
        except (OSError, http.client.HTTPException, ValueError):
            return    # the server was killed

    def one(self, connection, username):
        self.cardea.call("SignUp", {"ClientId": self.client, "Username": username, "Password": "First-pass1",
                                    "UserAttributes": [{"Name": "email", "Value": username + "@example.com"}]}, connection)
        self.passwords[username] = "First-pass1"
        self.cardea.call("AdminConfirmSignUp", {"UserPoolId": self.pool, "Username": username}, connection)
        self.unsure[username] = "Second-pass2"
        self.cardea.call("AdminSetUserPassword", {"UserPoolId": self.pool, "Username": username, "Password": "Second-pass2",
                                                  "Permanent": True}, connection)
        self.passwords[username] = "Second-pass2"
        del self.unsure[username]


class KillTest(unittest.TestCase):
    def test_nothing_acknowledged_is_lost(self):
        cardea = Cardea()
        self.addCleanup(cardea.remove)
        pool, client = new_pool(cardea)
        passwords, unsure = {}, {}
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
            for person in people:
                passwords.update(person.passwords)
                unsure.update(person.unsure)
        lost = self.lost(cardea, client, passwords, unsure)
        print(f"\nfigure: kill -9 {ROUNDS} times under load: {len(passwords)} people and their last passwords acknowledged, {len(lost)} lost")
        cardea.stop()
        with contextlib.closing(sqlite3.connect(cardea.data / "cardea.db")) as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        self.assertGreater(len(passwords), ROUNDS)
        self.assertEqual(lost, [])

    def lost(self, cardea, client, passwords, unsure):
        connection = cardea.connect()
        lost = []
        for username, password in passwords.items():
            tries = [password] + ([unsure[username]] if username in unsure else [])
            if not any(self.knows(cardea, client, username, one, connection) for one in tries):
                lost.append(username)
        return lost

    def knows(self, cardea, client, username, password, connection):
        """Whether the server has this password for the user; an unconfirmed user's is reported without looking."""
        try:
            cardea.call("InitiateAuth", {"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client,
                                         "AuthParameters": {"USERNAME": username, "PASSWORD": password}}, connection)
            return True
        except ApiError as error:
            return error.kind == "UserNotConfirmedException" and password == "First-pass1"


if __name__ == "__main__":
    unittest.main()
