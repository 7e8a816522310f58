"""People who change while something breaks, and the question whether anything was lost that they were told of."""
import http.client

from cardea import ApiError


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


def lost(cardea, client, people):
    """The names of those who cannot do with what was acknowledged last."""
    connection = cardea.connect()
    names = []
    for person in people:
        for username, password in person.passwords.items():
            tries = [password] + ([person.unsure[username]] if username in person.unsure else [])
            if not any(knows(cardea, client, username, one, connection) for one in tries):
                names.append(username)
    connection.close()
    return names


def knows(cardea, client, username, password, connection):
    """Whether the server has this password for the user; an unconfirmed user's is reported without looking."""
    try:
        cardea.call("InitiateAuth", {"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client,
                                     "AuthParameters": {"USERNAME": username, "PASSWORD": password}}, connection)
        return True
    except ApiError as error:
        return error.kind == "UserNotConfirmedException" and password == "First-pass1"
