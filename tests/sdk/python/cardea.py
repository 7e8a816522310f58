"""Starts the real binary for a module of tests, and says in few words what journeys need again and again."""

import base64
import collections
import hashlib
import hmac
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import urllib.parse
import urllib.request

import boto3
import botocore.config

START_SECONDS = 30
STOP_SECONDS = 15
PASSWORD = "Correct-Horse-7"
OTHER_PASSWORD = "Battery-Staple-8"
REGION = "us-east-1"


class Cardea:
    """`cardea dev` on a free port, in a folder of its own.

        with Cardea() as cardea:
            cognito = cardea.client()
    """

    def __init__(self, *arguments):
        self.arguments = arguments
        self.log = collections.deque(maxlen=2000)

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="cardea-client-test-")
        environment = {"PATH": os.environ["PATH"], "HOME": self.folder, "TMPDIR": self.folder}
        self.process = subprocess.Popen(
            [os.environ["CARDEA_BINARY"], "dev", "--port", "0", *self.arguments], cwd=self.folder, env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        listening = threading.Event()
        threading.Thread(target=self._read, args=(listening,), daemon=True).start()
        if not listening.wait(START_SECONDS) or not hasattr(self, "http"):
            self._remove(signal.SIGKILL)
            raise RuntimeError("cardea did not listen:\n" + "".join(list(self.log)[-40:]))
        return self

    def __exit__(self, *_):
        ended_by_itself = self.process.poll()
        status = self._remove(signal.SIGTERM)
        if ended_by_itself is not None or status != 0:
            raise RuntimeError(f"cardea ended with {status}:\n" + "".join(list(self.log)[-40:]))

    def _read(self, listening):
        for line in self.process.stderr:
            self.log.append(line)
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if event.get("event") == "listening":
                self.http = event["http"]
                listening.set()
        listening.set()  # it ended

    def _remove(self, how):
        self.process.send_signal(how)
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return "SIGKILL, for it did not end in time"
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def client(self, **more):
        """An unmodified boto3 client with any credentials: in development they are the account's root."""
        return boto3.client(
            "cognito-idp", endpoint_url=self.http, region_name=more.pop("region_name", REGION),
            aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            config=botocore.config.Config(retries={"total_max_attempts": 1}, **more))

    def outbox(self, to):
        """The messages sent to an address, newest first."""
        with urllib.request.urlopen(f"{self.http}/_dev/outbox?to={urllib.parse.quote(to)}") as answer:
            return json.load(answer)["messages"]

    def code(self, to):
        """The code in the newest message to an address."""
        messages = self.outbox(to)
        assert messages, f"nothing was sent to {to}"
        return messages[0]["code"]

    def advance(self, seconds):
        request = urllib.request.Request(
            f"{self.http}/_dev/clock", json.dumps({"advance_seconds": seconds}).encode(),
            {"content-type": "application/json"}, method="POST")
        urllib.request.urlopen(request).close()


FLOWS = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


def make_pool(cognito, client=None, **pool):
    """The ids of a new pool that verifies e-mail and of a client with every flow that needs no trigger."""
    made = cognito.create_user_pool(**{"PoolName": "people", "AutoVerifiedAttributes": ["email"], **pool})["UserPool"]
    app = cognito.create_user_pool_client(
        **{"UserPoolId": made["Id"], "ClientName": "app", "ExplicitAuthFlows": FLOWS, **(client or {})})["UserPoolClient"]
    return made["Id"], app["ClientId"]


def make_person(cardea, cognito, client, name, password=PASSWORD, **attributes):
    """Somebody who signed up and confirmed by the code that was mailed; the sub."""
    attributes.setdefault("email", f"{name}@example.com")
    answer = cognito.sign_up(ClientId=client, Username=name, Password=password, UserAttributes=as_list(attributes))
    cognito.confirm_sign_up(ClientId=client, Username=name, ConfirmationCode=cardea.code(attributes["email"]))
    return answer["UserSub"]


def by_password(cognito, client, name, password=PASSWORD, **more):
    return cognito.initiate_auth(ClientId=client, AuthFlow="USER_PASSWORD_AUTH",
                                 AuthParameters={"USERNAME": name, "PASSWORD": password, **more})


def sign_in(cognito, client, name, password=PASSWORD, **more):
    return by_password(cognito, client, name, password, **more)["AuthenticationResult"]


def as_list(attributes):
    return [{"Name": name, "Value": value} for name, value in attributes.items()]


def as_dict(attributes):
    return {attribute["Name"]: attribute["Value"] for attribute in attributes}


def claims(token):
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def secret_hash(secret, name, client):
    return base64.b64encode(hmac.digest(secret.encode(), (name + client).encode(), hashlib.sha256)).decode()
