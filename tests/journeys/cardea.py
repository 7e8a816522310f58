"""Starts the real program for a journey, calls it, and stops it by its own process id. Standard library only."""
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

BINARY = os.environ.get("CARDEA_BINARY", str(pathlib.Path(__file__).resolve().parents[2] / "build/release/cardea"))
SIGNED_IN_FORM = ("AWS4-HMAC-SHA256 Credential=journey/20260101/us-east-1/cognito-idp/aws4_request, SignedHeaders=host, "
                  "Signature=" + "0" * 64)


class ApiError(Exception):
    def __init__(self, kind, message):
        super().__init__(f"{kind}: {message}")
        self.kind, self.message = kind, message


class Cardea:
    """`cardea dev` on a free port; the data stays in `data` between starts, or in a folder that is removed. `store`: a
    PostgreSQL URL instead of a file there."""

    def __init__(self, data=None, arguments=(), store=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cardea-journey-"))
        self.data = data or self.folder / "data"
        self.arguments = arguments
        self.environment = {**os.environ, "CARDEA_STORE": store} if store else None
        self.start()

    def start(self):
        self.log_path = self.folder / "log"
        self.log = open(self.log_path, "ab")
        offset = self.log.tell()
        self.process = subprocess.Popen([BINARY, "dev", "--port", "0", "--data", str(self.data), *self.arguments],
                                        stderr=self.log, stdout=subprocess.DEVNULL, env=self.environment)
        deadline = time.monotonic() + 30
        while True:
            text = self.log_path.read_bytes()[offset:].decode(errors="replace")
            found = re.search(r'"event":"listening".*?"http":"http://[^"]*?:(\d+)"', text)
            if found:
                self.port = int(found.group(1))
                return
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("cardea did not start:\n" + text[-3000:])
            time.sleep(0.002)

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def call(self, operation, body, connection=None):
        own = connection or self.connect()
        own.request("POST", "/", json.dumps(body), {
            "Content-Type": "application/x-amz-json-1.1", "Authorization": SIGNED_IN_FORM,
            "X-Amz-Date": "20260101T000000Z",
            "X-Amz-Target": "AWSCognitoIdentityProviderService." + operation})
        answer = own.getresponse()
        text = answer.read()
        if connection is None:
            own.close()
        if answer.status != 200:
            error = json.loads(text)
            raise ApiError(error["__type"], error.get("message", ""))
        return json.loads(text) if text else None

    def resident_kib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1))

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=15)
        self.log.close()

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        return self.process.returncode


class Serve:
    """`cardea serve` with a configuration of `lines` below the common keys; listens on https only unless they say more.
    Those with the same `store` URL share a database, and all have the same master key."""

    def __init__(self, lines="", tables="", store=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cardea-serve-"))
        self.store = store or self.folder / "cardea.db"
        key = self.folder / "master_key"
        key.touch(0o600)
        key.write_text("5a" * 32)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", "/CN=localhost", "-keyout", self.folder / "key.pem",
                        "-out", self.folder / "certificate.pem"], check=True, capture_output=True)
        self.config = self.folder / "cardea.toml"
        self.config.write_text(f"""public_url = "https://localhost"
store = "{self.store}"
master_key_file = "{key}"
{lines}
[https]
listen = ["127.0.0.1:0"]
certificate_file = "{self.folder}/certificate.pem"
key_file = "{self.folder}/key.pem"
{tables}""")
        self.start()

    log = None

    def start(self):
        if self.log:
            self.log.close()
        self.log = open(self.folder / "log", "ab")
        offset = self.log.tell()
        self.process = subprocess.Popen([BINARY, "serve", "--config", str(self.config)], stderr=self.log,
                                        stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while True:
            text = (self.folder / "log").read_bytes()[offset:].decode(errors="replace")
            found = re.search(r'"event":"listening".*?"http":"(?:http://[^"]*?:(\d+))?","https":"https://[^"]*?:(\d+)"', text)
            if found:
                self.port, self.https_port = int(found.group(1) or 0), int(found.group(2))
                return
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("cardea did not start:\n" + text[-3000:])
            time.sleep(0.002)

    def command(self, *words):
        return subprocess.run([BINARY, *words, "--config", str(self.config)], capture_output=True, text=True, timeout=60)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=15)
        self.log.close()
        return self.process.returncode

    def remove(self):
        status = self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        return status


def new_pool(cardea):
    pool = cardea.call("CreateUserPool", {"PoolName": "journey", "AutoVerifiedAttributes": ["email"]})["UserPool"]["Id"]
    client = cardea.call("CreateUserPoolClient", {
        "UserPoolId": pool, "ClientName": "journey",
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]})["UserPoolClient"]["ClientId"]
    return pool, client
