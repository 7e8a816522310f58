"""Several `cardea serve` on one PostgreSQL behind a balancer that gives each connection to the next of them."""
import datetime
import hashlib
import hmac
import http.client
import itertools
import json
import socket
import socketserver
import threading

from cardea import ApiError, Serve

REGION = "us-east-1"
TYPE = "application/x-amz-json-1.1"
PREFIX = "AWSCognitoIdentityProviderService."


class Balancer:
    """Round robin by connection, in the order in which they come; one whose server does not answer is closed."""

    def __init__(self, ports):
        turns = itertools.cycle(ports)
        lock = threading.Lock()

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                with lock:
                    port = next(turns)
                with socket.create_connection(("127.0.0.1", port)) as server:
                    for end in (self.request, server):
                        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    back = threading.Thread(target=pump, args=(server, self.request), daemon=True)
                    back.start()
                    pump(self.request, server)
                    back.join()
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def remove(self):
        self.server.shutdown()
        self.server.server_close()


def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        source.close()
        sink.close()


def signed(port, body, target, key):
    """The headers of Signature Version 4."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    headers = {"content-type": TYPE, "host": f"127.0.0.1:{port}", "x-amz-date": now, "x-amz-target": target}
    names = ";".join(sorted(headers))
    request = "\n".join(["POST", "/", "", *(f"{name}:{headers[name]}" for name in sorted(headers)), "", names,
                         hashlib.sha256(body).hexdigest()])
    scope = f"{now[:8]}/{REGION}/cognito-idp/aws4_request"
    secret = ("AWS4" + key["SecretAccessKey"]).encode()
    for word in scope.split("/"):
        secret = hmac.digest(secret, word.encode(), hashlib.sha256)
    text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
    return {**headers, "authorization": f"AWS4-HMAC-SHA256 Credential={key['AccessKeyId']}/{scope}, "
                                        f"SignedHeaders={names}, Signature={signature}"}


class Processes:
    """`count` processes on the store at this URL, the balancer, and an access key."""

    def __init__(self, store, count=3, tables=""):
        self.all = []
        for _ in range(count):
            self.all.append(Serve(lines="signing_key_reserve = 2", store=store,
                                  tables='[http]\nlisten = ["127.0.0.1:0"]\n' + tables))
        made = self.all[0].command("admin", "create-access-key")
        if made.returncode != 0:
            raise RuntimeError(made.stderr)
        self.key = json.loads(made.stdout)
        self.balancer = Balancer([serve.port for serve in self.all])

    def connect(self, timeout=30):
        """For the load of test_kill.py: a connection to one of them."""
        return http.client.HTTPConnection("127.0.0.1", self.balancer.port, timeout=timeout)

    def call(self, operation, body, connection=None, serve=None):
        """Without a connection each call goes to the next process, or to `serve`."""
        own = connection or http.client.HTTPConnection("127.0.0.1", serve.port if serve else self.balancer.port, timeout=30)
        text = json.dumps(body).encode()
        own.request("POST", "/", text, signed(own.port, text, PREFIX + operation, self.key))
        answer = own.getresponse()
        text = answer.read()
        if connection is None:
            own.close()
        if answer.status != 200:
            error = json.loads(text)
            raise ApiError(error["__type"], error.get("message", ""))
        return json.loads(text) if text else None

    def remove(self):
        self.balancer.remove()
        return [serve.remove() for serve in self.all]
