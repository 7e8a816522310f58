"""Hostile connections against the real program: clear errors, nothing lost, no growth in memory."""
import json
import os
import socket
import threading
import time
import unittest

from cardea import Cardea, new_pool

HEAD = (b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-amz-json-1.1\r\n"
        b"X-Amz-Target: AWSCognitoIdentityProviderService.SignUp\r\n")


class HostileTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cardea = Cardea()
        cls.pool, cls.client = new_pool(cls.cardea)

    @classmethod
    def tearDownClass(cls):
        if cls.cardea.remove() != 0:
            raise AssertionError("the server did not stop cleanly")

    def raw(self, data, half_close=False, timeout=20):
        with socket.create_connection(("127.0.0.1", self.cardea.port), timeout=timeout) as connection:
            try:
                connection.sendall(data)
                if half_close:
                    connection.shutdown(socket.SHUT_WR)
                received = b""
                while True:
                    chunk = connection.recv(65536)
                    if not chunk:
                        return received
                    received += chunk
            except (ConnectionError, TimeoutError):
                return received if "received" in locals() else b""

    def answers_still(self):
        self.assertEqual(self.cardea.call("ListUserPools", {"MaxResults": 1})["UserPools"][0]["Id"], self.pool)

    def test_a_body_of_ten_megabytes_is_refused_before_it_is_read(self):
        before = self.cardea.resident_kib()
        answer = self.raw(HEAD + b"Content-Length: 10485760\r\nConnection: close\r\n\r\n")
        self.assertTrue(answer.startswith(b"HTTP/1.1 413"), answer[:200])
        for _ in range(20):
            self.raw(HEAD + b"Content-Length: 10485760\r\nConnection: close\r\n\r\n" + b"x" * 10485760)
        chunk = b"10000\r\n" + b"y" * 65536 + b"\r\n"
        answer = self.raw(HEAD + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunk * 160 + b"0\r\n\r\n")
        self.assertTrue(answer.startswith(b"HTTP/1.1 413") or answer == b"", answer[:200])
        self.assertLess(self.cardea.resident_kib() - before, 16 * 1024)
        self.answers_still()

    def test_broken_json_and_other_content_types_are_errors_in_aws_shape(self):
        for body, content_type in [(b"{", "application/x-amz-json-1.1"), (b"\xff\xfe", "application/x-amz-json-1.1"),
                                   (b"[" * 500000, "application/x-amz-json-1.1"), (b"{}", "text/plain"), (b"a=b", "")]:
            connection = self.cardea.connect()
            connection.request("POST", "/", body, {"Content-Type": content_type,
                                                   "X-Amz-Target": "AWSCognitoIdentityProviderService.SignUp"})
            answer = connection.getresponse()
            error = json.loads(answer.read())
            self.assertEqual((answer.status, error["__type"]), (400, "SerializationException"), body[:10])
            self.assertEqual(answer.headers["x-amzn-ErrorType"], "SerializationException:")
        self.answers_still()

    def test_a_half_closed_connection_gets_its_answer(self):
        body = json.dumps({"ClientId": self.client, "Username": "half", "Password": "Half-closed1"}).encode()
        answer = self.raw(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body, half_close=True)
        self.assertTrue(answer.startswith(b"HTTP/1.1 200"), answer[:300])
        self.assertIn(b"UserSub", answer)

    def test_a_request_that_breaks_off_changes_nothing(self):
        body = json.dumps({"ClientId": self.client, "Username": "torn", "Password": "Torn-apart1"}).encode()
        with socket.create_connection(("127.0.0.1", self.cardea.port)) as connection:
            connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body[:-5])
        self.assertEqual(self.cardea.call("ListUsers", {"UserPoolId": self.pool, "Filter": 'username = "torn"'})["Users"], [])

    def test_slow_clients_are_cut_off_and_do_not_hold_up_others(self):
        slow = []
        for _ in range(200):
            connection = socket.create_connection(("127.0.0.1", self.cardea.port))
            connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nX-")
            slow.append(connection)
        began = time.monotonic()
        self.answers_still()
        self.assertLess(time.monotonic() - began, 2)
        slow[0].settimeout(30)
        first = slow[0].recv(4096)    # the header's deadline
        self.assertTrue(first == b"" or first.startswith(b"HTTP/1.1 408"), first[:100])
        for connection in slow:
            connection.close()

    def test_memory_does_not_grow_with_bad_requests(self):
        def bad(count):
            for number in range(count):
                self.raw(HEAD + b"Content-Length: 12\r\nConnection: close\r\n\r\n{\"ClientId\":")
                self.raw(b"\x16\x03\x01" + bytes([number % 256]) * 300, half_close=True)    # no line ends: the deadline would
                self.raw(b"GET /" + b"a" * 40000 + b" HTTP/1.1\r\n\r\n")
        bad(50)
        before = self.cardea.resident_kib()
        threads = [threading.Thread(target=bad, args=(100,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertLess(self.cardea.resident_kib() - before, 8 * 1024)
        self.answers_still()


class SpentTest(unittest.TestCase):
    """One client that takes all it can get, with limits that it can reach."""

    def test_large_bodies_that_never_end_leave_room_for_sign_ups(self):
        os.environ["CARDEA_LIMITS__MAX_BUFFERED"] = str(4 << 20)
        try:
            cardea = Cardea()
        finally:
            del os.environ["CARDEA_LIMITS__MAX_BUFFERED"]
        try:
            _, client = new_pool(cardea)
            before = cardea.resident_kib()
            hoarders = []
            for _ in range(100):
                connection = socket.create_connection(("127.0.0.1", cardea.port))
                connection.settimeout(5)
                hoarders.append(connection)
                try:
                    connection.sendall(HEAD + b"Content-Length: 1000000\r\n\r\n" + b"x" * 999999)
                except OSError:
                    pass    # refused already
            refused = 0
            for connection in hoarders[4:]:
                try:
                    refused += connection.recv(200).startswith(b"HTTP/1.1 503")
                except OSError:
                    pass    # closed under what it was still sending
            self.assertGreater(refused, 50)
            for number in range(20):
                cardea.call("SignUp", {"ClientId": client, "Username": f"calm-{number}", "Password": "Calm-and-small1"})
            self.assertLess(cardea.resident_kib() - before, 48 * 1024)
            for connection in hoarders:
                connection.close()
        finally:
            self.assertEqual(cardea.remove(), 0)

    def test_one_client_cannot_take_all_connections(self):
        os.environ["CARDEA_LIMITS__MAX_CONNECTIONS_PER_CLIENT"] = "50"
        try:
            cardea = Cardea()
        finally:
            del os.environ["CARDEA_LIMITS__MAX_CONNECTIONS_PER_CLIENT"]
        try:
            greedy = [socket.create_connection(("127.0.0.1", cardea.port), source_address=("127.0.0.9", 0))
                      for _ in range(60)]
            greedy[59].settimeout(10)
            try:
                self.assertEqual(greedy[59].recv(1), b"")
            except ConnectionError:
                pass
            cardea.call("ListUserPools", {"MaxResults": 1})
            for connection in greedy:
                connection.close()
        finally:
            self.assertEqual(cardea.remove(), 0)


if __name__ == "__main__":
    unittest.main()
