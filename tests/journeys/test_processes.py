"""Three processes on one PostgreSQL, every request to another one: what one did holds at all."""
import concurrent.futures
import pathlib
import re
import time
import unittest

import srp
from cardea import ApiError
from mailbox import Mailbox
from postgres import Cluster
from processes import Processes

PASSWORD, OTHER_PASSWORD = "Correct-Horse-7", "Battery-Staple-8"
FLOWS = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
WRONG = "NotAuthorizedException: Incorrect username or password."
SEEN = 2    # seconds: they look every second, at low priority, and this machine may be busy
LOCKED = "NotAuthorizedException: Password attempts exceeded"


class ProcessesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster()
        cls.addClassCleanup(cls.cluster.remove)
        cls.mailbox = Mailbox()
        cls.addClassCleanup(cls.mailbox.remove)
        cls.processes = Processes(cls.cluster.create("cardea"), tables=cls.mailbox.table())
        cls.addClassCleanup(cls.stop)
        cls.call = cls.processes.call
        cls.pool = cls.call("CreateUserPool", {"PoolName": "many", "AutoVerifiedAttributes": ["email"]})["UserPool"]["Id"]
        cls.client = cls.new_client()
        # A process that makes keys looks for changes after it.
        cls.cluster.wait_for("SELECT COUNT(*) FROM reserve_keys", "2", "cardea")

    @classmethod
    def stop(cls):
        logs = "".join((serve.folder / "log").read_text() for serve in cls.processes.all)
        ended = cls.processes.remove()
        if ended != [0, 0, 0]:
            raise AssertionError(f"the processes ended with {ended}")
        if '"level":"error"' in logs:
            raise AssertionError("errors: " + "\n".join(line for line in logs.splitlines() if '"level":"error"' in line))

    @classmethod
    def new_client(cls, **more):
        return cls.call("CreateUserPoolClient", {"UserPoolId": cls.pool, "ClientName": "app", "ExplicitAuthFlows": FLOWS,
                                                 **more})["UserPoolClient"]["ClientId"]

    def sign_up(self, name):
        email = f"{name}@example.com"
        self.call("SignUp", {"ClientId": self.client, "Username": name, "Password": PASSWORD,
                             "UserAttributes": [{"Name": "email", "Value": email}]})
        self.call("ConfirmSignUp", {"ClientId": self.client, "Username": name,
                                    "ConfirmationCode": self.mailbox.code(email)})
        return email

    def begin(self, name, password=PASSWORD, client=None, serve=None):
        return self.call("InitiateAuth", {"ClientId": client or self.client, "AuthFlow": "USER_PASSWORD_AUTH",
                                          "AuthParameters": {"USERNAME": name, "PASSWORD": password}}, serve=serve)

    def sign_in(self, name, password=PASSWORD, client=None):
        return self.begin(name, password, client)["AuthenticationResult"]

    def told(self, call, *arguments, **more):
        """What a call was refused with, or None."""
        try:
            call(*arguments, **more)
            return None
        except ApiError as error:
            return str(error)

    def at_once(self, call, count):
        """call(serve) that often at the same time, at the processes in turn; what each was told."""
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            jobs = [pool.submit(self.told, call, self.processes.all[i % len(self.processes.all)]) for i in range(count)]
            return [job.result() for job in jobs]

    def test_the_balancer_gives_every_request_to_another_process(self):
        def served():
            return [(serve.folder / "log").read_text().count('"operation":"DescribeUserPool"')
                    for serve in self.processes.all]
        before = served()
        for _ in range(3):
            self.call("DescribeUserPool", {"UserPoolId": self.pool})
        deadline = time.monotonic() + 10
        while (now := [after - then for after, then in zip(served(), before)]) != [1, 1, 1]:
            self.assertLess(time.monotonic(), deadline, now)
            time.sleep(0.01)

    def test_a_challenge_is_answered_by_another_process_and_once_only(self):
        self.sign_up("alice")
        for contenders in (1, 6):
            secret = srp.Secret()
            challenge = self.call("InitiateAuth", {"ClientId": self.client, "AuthFlow": "USER_SRP_AUTH", "AuthParameters": {
                "USERNAME": "alice", "SRP_A": secret.public}})
            answer = {"ClientId": self.client, "ChallengeName": challenge["ChallengeName"],
                      "ChallengeResponses": secret.answer(self.pool, PASSWORD, challenge["ChallengeParameters"])}
            if "Session" in challenge:
                answer["Session"] = challenge["Session"]
            told = self.at_once(lambda serve: self.call("RespondToAuthChallenge", answer, serve=serve), contenders)
            self.assertEqual(told.count(None), 1, told)
            self.assertTrue(all(one is None or one.startswith("NotAuthorizedException") for one in told), told)
            for serve in self.processes.all:
                self.assertIsNotNone(self.told(self.call, "RespondToAuthChallenge", answer, serve=serve))

    def test_a_session_is_consumed_once(self):
        self.call("AdminCreateUser", {"UserPoolId": self.pool, "Username": "invited", "TemporaryPassword": PASSWORD,
                                      "MessageAction": "SUPPRESS"})
        challenge = self.begin("invited")
        answer = {"ClientId": self.client, "ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": challenge["Session"],
                  "ChallengeResponses": {"USERNAME": "invited", "NEW_PASSWORD": OTHER_PASSWORD}}
        told = self.at_once(lambda serve: self.call("RespondToAuthChallenge", answer, serve=serve), 9)
        self.assertEqual(told.count(None), 1, told)
        refused = "NotAuthorizedException: Invalid session for the user"    # used, or no longer the user's state
        self.assertTrue(all(one is None or one.startswith(refused) for one in told), told)
        self.sign_in("invited", OTHER_PASSWORD)

    def test_one_of_many_who_take_the_same_name_gets_it(self):
        told = self.at_once(lambda serve: self.call("SignUp", {"ClientId": self.client, "Username": "wanted",
                                                               "Password": PASSWORD}, serve=serve), 9)
        self.assertEqual(told.count(None), 1, told)
        self.assertEqual(told.count("UsernameExistsException: User already exists"), 8, told)

    def test_a_refresh_token_is_good_at_all_until_it_is_revoked_at_one(self):
        self.sign_up("bob")
        tokens = self.sign_in("bob")
        def refresh(serve=None):
            return self.call("InitiateAuth", {"ClientId": self.client, "AuthFlow": "REFRESH_TOKEN_AUTH",
                                              "AuthParameters": {"REFRESH_TOKEN": tokens["RefreshToken"]}}, serve=serve)
        for serve in self.processes.all:
            access = refresh(serve)["AuthenticationResult"]["AccessToken"]
            self.assertEqual(self.call("GetUser", {"AccessToken": access})["Username"], "bob")
        self.call("RevokeToken", {"ClientId": self.client, "Token": tokens["RefreshToken"]})
        for serve in self.processes.all:
            self.assertEqual(self.told(refresh, serve), "NotAuthorizedException: Refresh Token has been revoked")
            self.assertEqual(self.told(self.call, "GetUser", {"AccessToken": access}, serve=serve),
                             "NotAuthorizedException: Access Token has been revoked")

    def test_a_global_sign_out_at_one_is_seen_by_all(self):
        self.sign_up("carol")
        tokens = self.sign_in("carol")
        self.call("GlobalSignOut", {"AccessToken": tokens["AccessToken"]})
        for serve in self.processes.all:
            self.assertEqual(self.told(self.call, "GetUser", {"AccessToken": tokens["AccessToken"]}, serve=serve),
                             "NotAuthorizedException: Access Token has been revoked")
        self.call("GetUser", {"AccessToken": self.sign_in("carol")["AccessToken"]})

    def test_rotation_and_its_grace_hold_across_processes(self):
        grace = 3
        client = self.new_client(ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
                                 RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": grace})
        self.sign_up("dave")
        first = self.sign_in("dave", client=client)["RefreshToken"]

        def rotate(token, serve=None):
            answer = self.call("GetTokensFromRefreshToken", {"ClientId": client, "RefreshToken": token}, serve=serve)
            return answer["AuthenticationResult"]["RefreshToken"]
        begin = time.monotonic()
        second = rotate(first)
        again = [rotate(first, serve) for serve in self.processes.all]
        self.assertLess(time.monotonic() - begin, grace, "this machine is too slow for the grace period")
        self.assertEqual(len({first, second, *again}), 5)
        time.sleep(grace + 0.2)
        for serve in self.processes.all:
            self.assertIn("RefreshTokenReuseException", self.told(rotate, first, serve) or "accepted")
        rotate(second)

    def test_a_token_that_rotates_without_grace_is_used_once(self):
        client = self.new_client(ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
                                 RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 0})
        self.sign_up("erin")
        token = self.sign_in("erin", client=client)["RefreshToken"]
        body = {"ClientId": client, "RefreshToken": token}
        told = self.at_once(lambda serve: self.call("GetTokensFromRefreshToken", body, serve=serve), 9)
        self.assertEqual([each for each in told if each and "RefreshTokenReuseException" not in each], [])
        self.assertEqual(sum(not each for each in told), 1)

    def test_a_code_is_good_at_every_process_and_once(self):
        email = self.sign_up("frank")
        sent = len(self.mailbox.messages)
        self.call("ForgotPassword", {"ClientId": self.client, "Username": "frank"})
        while len(self.mailbox.messages) == sent:
            time.sleep(0.01)
        code = self.mailbox.code(email)
        body = {"ClientId": self.client, "Username": "frank", "Password": OTHER_PASSWORD}
        wrong = f"{(int(code) + 1) % 1_000_000:06}"
        self.assertEqual(self.told(self.call, "ConfirmForgotPassword", {**body, "ConfirmationCode": wrong}),
                         "CodeMismatchException: Invalid verification code provided, please try again.")
        told = self.at_once(lambda serve: self.call("ConfirmForgotPassword", {**body, "ConfirmationCode": code},
                                                    serve=serve), 3)
        self.assertEqual(told.count(None), 1, told)
        self.sign_in("frank", OTHER_PASSWORD)

    def test_guesses_are_counted_across_processes(self):
        self.sign_up("grace")
        for _ in range(5):
            self.assertEqual(self.told(self.begin, "grace", "Wrong-Password-9"), WRONG)
        for serve in self.processes.all:
            self.assertEqual(self.told(self.begin, "grace", serve=serve), LOCKED)
        time.sleep(1.1)
        self.sign_in("grace")
        begin = time.monotonic()
        told = self.at_once(lambda serve: self.begin("grace", "Wrong-Password-9", serve=serve), 30)
        self.assertEqual(sorted(set(told)), [WRONG, LOCKED])
        # One more for each time that the lock was over meanwhile.
        self.assertLessEqual(told.count(WRONG), 5 + int(time.monotonic() - begin), told)

    def test_a_changed_client_is_seen_by_all_within_a_second(self):
        self.sign_up("heidi")
        client = self.new_client()
        for serve in self.processes.all:
            self.begin("heidi", client=client, serve=serve)
        slowest = 0
        for flows in (["ALLOW_USER_SRP_AUTH"], FLOWS):
            self.call("UpdateUserPoolClient", {"UserPoolId": self.pool, "ClientId": client, "ExplicitAuthFlows": flows})
            changed = time.monotonic()
            for serve in self.processes.all:
                while (self.told(self.begin, "heidi", client=client, serve=serve) is None) == (flows != FLOWS):
                    self.assertLess(time.monotonic() - changed, 3)
                    time.sleep(0.005)
                slowest = max(slowest, time.monotonic() - changed)
        print(f"\nfigure: a changed client was seen by all three processes after {slowest:.2f} s at most")
        self.assertLess(slowest, SEEN)

    def test_a_changed_pool_is_seen_by_all_within_a_second(self):
        self.call("UpdateUserPool", {"UserPoolId": self.pool, "AutoVerifiedAttributes": ["email"],
                                     "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}})
        changed = time.monotonic()
        for serve in self.processes.all:
            number = 0
            while self.told(self.call, "SignUp", {"ClientId": self.client, "Username": f"{serve.port}-{number}",
                                                  "Password": PASSWORD}, serve=serve) is None:
                number += 1
                self.assertLess(time.monotonic() - changed, 3)
        took = time.monotonic() - changed
        self.call("UpdateUserPool", {"UserPoolId": self.pool, "AutoVerifiedAttributes": ["email"]})
        time.sleep(SEEN)    # for the tests that follow
        self.assertLess(took, SEEN)

    def test_a_deleted_client_is_gone_at_all(self):
        client = self.new_client()
        self.sign_up("ivan")
        self.sign_in("ivan", client=client)
        self.call("DeleteUserPoolClient", {"UserPoolId": self.pool, "ClientId": client})
        time.sleep(SEEN)
        for serve in self.processes.all:
            self.assertIn("ResourceNotFoundException", self.told(self.begin, "ivan", client=client, serve=serve) or "")

    def test_the_page_on_scaling_out_distributes_every_table_by_a_column_of_all_its_unique_indexes(self):
        page = (pathlib.Path(__file__).resolve().parents[2] / "docs/operating/scale-out.md").read_text()
        distributed = dict(re.findall(r"create_distributed_table\('(\w+)', '(\w+)'", page))
        copied = re.findall(r"create_reference_table\('(\w+)'\)", page)
        tables = self.cluster.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", "cardea").split()
        self.assertEqual(sorted([*distributed, *copied]), sorted(tables))
        unique = self.cluster.sql(
            "SELECT indrelid::regclass, string_agg(attname, ',' ORDER BY attnum) FROM pg_index JOIN pg_attribute "
            "ON attrelid = indrelid AND attnum = ANY (indkey) WHERE indisunique AND indrelid IN "
            "(SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) GROUP BY indrelid, indexrelid", "cardea")
        indexes = [line.split("|") for line in unique.split()]
        self.assertEqual({table for table, _ in indexes}, set(tables))
        for table, columns in indexes:
            self.assertIn(distributed.get(table, columns.split(",")[0]), columns.split(","), table)
        together = set(re.findall(r"create_distributed_table\('(\w+)', 'user_id', colocate_with => 'users'", page))
        self.assertEqual(together | {"users"}, {table for table, column in distributed.items() if column == "user_id"})


class LeaseTest(unittest.TestCase):
    def test_one_process_does_the_background_work_and_another_takes_it_over(self):
        cluster = Cluster()
        self.addCleanup(cluster.remove)
        processes = Processes(cluster.create("cardea"))
        self.addCleanup(processes.remove)
        reserve = "SELECT COUNT(*) FROM reserve_keys"
        holder = "SELECT holder FROM leases WHERE name = 'background'"
        cluster.wait_for(reserve, "2", "cardea")
        holders = {cluster.sql(holder, "cardea") for _ in range(10)}
        time.sleep(2.5)    # two rounds of each process
        holders.add(cluster.sql(holder, "cardea"))
        self.assertEqual(len(holders), 1)
        self.assertEqual(cluster.sql(reserve, "cardea"), "2")    # not two of each
        processes.call("CreateUserPool", {"PoolName": "takes two keys"}, serve=processes.all[2])
        for serve in processes.all[:2]:
            self.assertEqual(serve.stop(), 0)
        begin = time.monotonic()
        processes.call("CreateUserPool", {"PoolName": "takes two more"}, serve=processes.all[2])
        cluster.wait_for(reserve, "2", "cardea")
        self.assertLess(time.monotonic() - begin, 20)
        self.assertEqual(cluster.sql("SELECT COUNT(*) FROM leases", "cardea"), "1")


if __name__ == "__main__":
    unittest.main()
