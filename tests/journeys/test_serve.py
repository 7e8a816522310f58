"""Operating `cardea serve`: its administrator's socket, backups, and who may connect in the clear."""
import http.client
import json
import os
import socket
import sqlite3
import ssl
import unittest

from cardea import Serve


def own_address():
    """An address of this host that is not loopback's, or None."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))    # sends nothing
        except OSError:
            return None
        address = probe.getsockname()[0]
        return None if address.startswith("127.") else address


def get(port, path, host="127.0.0.1", tls=False):
    if tls:
        connection = http.client.HTTPSConnection(host, port, timeout=20, context=ssl._create_unverified_context())
    else:
        connection = http.client.HTTPConnection(host, port, timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


class HttpsOnlyTest(unittest.TestCase):
    def setUp(self):
        self.serve = Serve()
        self.addCleanup(self.serve.remove)

    def test_an_access_key_is_made_beside_the_running_server(self):
        made = self.serve.command("admin", "create-access-key")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertIn("SecretAccessKey", json.loads(made.stdout))

    def test_the_door_is_a_socket_for_its_own_user_that_goes_with_the_server(self):
        path = f"{self.serve.store}.socket"
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        status, _ = get(self.serve.https_port, "/_admin/access-keys", tls=True)
        self.assertEqual(status, 404)
        self.assertEqual(self.serve.stop(), 0)
        self.assertFalse(os.path.exists(path))
        made = self.serve.command("admin", "create-access-key")    # on the store
        self.assertEqual(made.returncode, 0, made.stderr)

    def test_a_server_that_was_killed_is_followed_by_one_with_a_socket(self):
        self.serve.process.kill()
        self.serve.process.wait()
        self.assertTrue(os.path.exists(f"{self.serve.store}.socket"))
        self.serve.start()
        made = self.serve.command("admin", "create-access-key")
        self.assertEqual(made.returncode, 0, made.stderr)

    def test_a_backup_is_made_beside_the_running_server_and_of_a_stopped_one(self):
        self.assertEqual(self.serve.command("admin", "create-access-key").returncode, 0)
        for name in ("running.db", "stopped.db"):
            copy = self.serve.folder / name
            made = self.serve.command("backup", str(copy))
            self.assertEqual(made.returncode, 0, made.stderr)
            self.assertEqual(os.stat(copy).st_mode & 0o777, 0o600)
            with sqlite3.connect(copy) as database:
                self.assertEqual(database.execute("SELECT COUNT(*) FROM access_keys").fetchone(), (1,))
                self.assertEqual(database.execute("PRAGMA integrity_check").fetchone(), ("ok",))
            again = self.serve.command("backup", str(copy))
            self.assertEqual(again.returncode, 1)
            self.assertIn("there is a file already", again.stderr)
            self.serve.stop()

    def test_an_epoch_is_renewed_beside_the_running_server(self):
        first, second = (self.serve.command("admin", "new-epoch") for _ in range(2))
        self.assertEqual((first.returncode, second.returncode), (0, 0), first.stderr + second.stderr)
        self.assertNotEqual(json.loads(first.stdout)["Epoch"], json.loads(second.stdout)["Epoch"])

    def test_it_says_that_it_is_ready(self):
        self.assertEqual(get(self.serve.https_port, "/readyz", tls=True)[0], 200)


class PlainHttpTest(unittest.TestCase):
    def test_strangers_are_not_served_in_the_clear(self):
        address = own_address()
        serve = Serve(tables='[http]\nlisten = ["0.0.0.0:0"]\n[proxy]\ntrusted = ["203.0.113.7"]\n')
        self.addCleanup(serve.remove)
        self.assertEqual(get(serve.port, "/livez")[0], 200)    # this host by loopback
        self.assertIsNotNone(address, "this test needs a network interface beside loopback's")
        for _ in range(3):
            with self.assertRaises((http.client.RemoteDisconnected, ConnectionError)):
                get(serve.port, "/livez", host=address)
        metrics = get(serve.port, "/metrics")[1].decode()
        self.assertIn("cardea_refused_plain_total 3", metrics)
        log = (serve.folder / "log").read_text()
        self.assertEqual(log.count("plain_http_refused"), 1)

    def test_a_trusted_proxy_is_served_in_the_clear(self):
        address = own_address()
        self.assertIsNotNone(address, "this test needs a network interface beside loopback's")
        serve = Serve(tables=f'[http]\nlisten = ["0.0.0.0:0"]\n[proxy]\ntrusted = ["{address}"]\n')
        self.addCleanup(serve.remove)
        self.assertEqual(get(serve.port, "/livez", host=address)[0], 200)


if __name__ == "__main__":
    unittest.main()
