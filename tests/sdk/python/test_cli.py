"""The AWS command line, as a person types it: a first session, and an administrator's commands."""

import json
import os
import subprocess

import pytest

from cardea import PASSWORD, claims


@pytest.fixture
def aws(cardea, tmp_path):
    """aws("sign-up --client-id …") runs the command and returns its JSON; aws(…, fails=True) its error output."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "AWS_ACCESS_KEY_ID": "any",
                   "AWS_SECRET_ACCESS_KEY": "any", "AWS_DEFAULT_REGION": "us-east-1", "AWS_MAX_ATTEMPTS": "1"}

    def run(*words, fails=False):
        done = subprocess.run(["aws", "--endpoint-url", cardea.http, "--output", "json", "cognito-idp", *words],
                              env=environment, capture_output=True, text=True, timeout=60)
        if fails:
            assert done.returncode != 0, done.stdout
            return done.stderr.strip()
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else {}

    return run


def test_a_first_session(cardea, aws):
    pool = aws("create-user-pool", "--pool-name", "people", "--auto-verified-attributes", "email")["UserPool"]["Id"]
    client = aws("create-user-pool-client", "--user-pool-id", pool, "--client-name", "app", "--explicit-auth-flows",
                 "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")["UserPoolClient"]["ClientId"]
    signed_up = aws("sign-up", "--client-id", client, "--username", "alice", "--password", PASSWORD,
                    "--user-attributes", "Name=email,Value=alice@example.com")
    assert signed_up["UserConfirmed"] is False
    aws("confirm-sign-up", "--client-id", client, "--username", "alice", "--confirmation-code",
        cardea.code("alice@example.com"))
    tokens = aws("initiate-auth", "--client-id", client, "--auth-flow", "USER_PASSWORD_AUTH", "--auth-parameters",
                 f"USERNAME=alice,PASSWORD={PASSWORD}")["AuthenticationResult"]
    assert claims(tokens["IdToken"])["email"] == "alice@example.com"
    me = aws("get-user", "--access-token", tokens["AccessToken"])
    assert me["Username"] == "alice"
    refreshed = aws("initiate-auth", "--client-id", client, "--auth-flow", "REFRESH_TOKEN_AUTH", "--auth-parameters",
                    "REFRESH_TOKEN=" + tokens["RefreshToken"])["AuthenticationResult"]
    assert refreshed["AccessToken"] != tokens["AccessToken"]
    aws("global-sign-out", "--access-token", tokens["AccessToken"])
    error = aws("get-user", "--access-token", tokens["AccessToken"], fails=True)
    assert error.endswith("An error occurred (NotAuthorizedException) when calling the GetUser operation: "
                          "Access Token has been revoked")


def test_an_administrators_commands(aws):
    pool = aws("create-user-pool", "--pool-name", "staff", "--policies",
               "PasswordPolicy={MinimumLength=10,RequireSymbols=false}")["UserPool"]["Id"]
    named = ("--user-pool-id", pool, "--username", "bob")
    user = aws("admin-create-user", *named, "--temporary-password", "Temporary123", "--message-action", "SUPPRESS",
               "--user-attributes", "Name=email,Value=bob@example.com", "Name=email_verified,Value=true")["User"]
    assert user["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    aws("admin-set-user-password", *named, "--password", "Permanent123", "--permanent")
    aws("create-group", "--user-pool-id", pool, "--group-name", "admins", "--precedence", "0")
    aws("admin-add-user-to-group", *named, "--group-name", "admins")
    assert [group["GroupName"] for group in aws("admin-list-groups-for-user", *named)["Groups"]] == ["admins"]
    client = aws("create-user-pool-client", "--user-pool-id", pool, "--client-name", "app", "--explicit-auth-flows",
                 "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")["UserPoolClient"]["ClientId"]
    tokens = aws("admin-initiate-auth", "--user-pool-id", pool, "--client-id", client, "--auth-flow",
                 "ADMIN_USER_PASSWORD_AUTH", "--auth-parameters", "USERNAME=bob,PASSWORD=Permanent123")
    assert claims(tokens["AuthenticationResult"]["AccessToken"])["cognito:groups"] == ["admins"]
    assert aws("admin-get-user", *named)["UserStatus"] == "CONFIRMED"
    users = aws("list-users", "--user-pool-id", pool, "--filter", 'email = "bob@example.com"')["Users"]
    assert [one["Username"] for one in users] == ["bob"]
    aws("admin-disable-user", *named)
    assert aws("admin-get-user", *named)["Enabled"] is False
    aws("admin-delete-user", *named)
    assert "UserNotFoundException" in aws("admin-get-user", *named, fails=True)
    assert pool in [one["Id"] for one in aws("list-user-pools", "--max-results", "60")["UserPools"]]
    aws("delete-user-pool", "--user-pool-id", pool)
    assert "ResourceNotFoundException" in aws("describe-user-pool", "--user-pool-id", pool, fails=True)
