"""A mail server that keeps what it is given. Standard library only."""
import email
import email.policy
import re
import socketserver
import threading
import time


class Mailbox:
    def __init__(self):
        self.messages = []    # (to, text)
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self.handler())
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def table(self):
        """The configuration that sends mail here."""
        return (f'[[email]]\nname = "mailbox"\nhost = "127.0.0.1"\nport = {self.port}\nsecurity = "none"\n'
                'from = "no-reply@example.com"\n')

    def handler(self):
        messages = self.messages

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                self.say("220 mailbox")
                to = None
                while line := self.rfile.readline().decode(errors="replace").strip():
                    command = line.upper()
                    if command.startswith("DATA"):
                        self.say("354 go on")
                        messages.append((to, self.read_message()))
                    if command.startswith("RCPT TO:"):
                        to = line[8:].split()[0].strip("<>")
                    self.say("221 bye" if command == "QUIT" else "250 ok")
                    if command == "QUIT":
                        return

            def say(self, text):
                self.wfile.write(text.encode() + b"\r\n")

            def read_message(self):
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line[1:] if line.startswith(b"..") else line)
                message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
                return message.get_body(("plain", "html")).get_content()
        return Handler

    def code(self, to):
        """The code in the newest message to an address; waits for one where there is none yet."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            for address, text in reversed(self.messages):
                if address == to:
                    return re.search(r"\b\d{6}\b", text).group(0)
            time.sleep(0.01)
        raise AssertionError(f"nothing was sent to {to}")

    def remove(self):
        self.server.shutdown()
        self.server.server_close()
