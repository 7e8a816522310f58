"""People and sign-in through boto3."""

import uuid

import pytest

from cardea import (OTHER_PASSWORD, PASSWORD, as_dict, as_list, by_password, claims, make_person, make_pool, secret_hash,
                    sign_in, wrong)


@pytest.fixture(scope="module")
def ids(cognito):
    return make_pool(cognito)


@pytest.fixture(scope="module")
def pool(ids):
    return ids[0]


@pytest.fixture(scope="module")
def client(ids):
    return ids[1]


def test_a_first_session(cardea, cognito, client, refuses):
    answer = cognito.sign_up(ClientId=client, Username="alice", Password=PASSWORD,
                             UserAttributes=as_list({"email": "alice@example.com"}))
    assert answer["UserConfirmed"] is False
    assert str(uuid.UUID(answer["UserSub"])) == answer["UserSub"]
    assert answer["CodeDeliveryDetails"] == {
        "AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "a***@e***"}
    with refuses(cognito.exceptions.UserNotConfirmedException, "User is not confirmed."):
        sign_in(cognito, client, "alice")
    code = cardea.code("alice@example.com")
    with refuses(cognito.exceptions.CodeMismatchException, "Invalid verification code provided, please try again."):
        cognito.confirm_sign_up(ClientId=client, Username="alice", ConfirmationCode=wrong(code))
    cognito.confirm_sign_up(ClientId=client, Username="alice", ConfirmationCode=code)

    tokens = sign_in(cognito, client, "alice")
    assert set(tokens) == {"AccessToken", "ExpiresIn", "IdToken", "RefreshToken", "TokenType"}
    assert tokens["ExpiresIn"] == 3600 and tokens["TokenType"] == "Bearer"
    me = cognito.get_user(AccessToken=tokens["AccessToken"])
    assert me["Username"] == "alice"
    assert as_dict(me["UserAttributes"]) == {
        "sub": answer["UserSub"], "email": "alice@example.com", "email_verified": "true"}

    renewed = cognito.initiate_auth(ClientId=client, AuthFlow="REFRESH_TOKEN_AUTH",
                                    AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]})["AuthenticationResult"]
    assert "RefreshToken" not in renewed
    assert claims(renewed["AccessToken"])["origin_jti"] == claims(tokens["AccessToken"])["origin_jti"]
    assert cognito.global_sign_out(AccessToken=renewed["AccessToken"])["ResponseMetadata"]["HTTPStatusCode"] == 200
    for token in (tokens["AccessToken"], renewed["AccessToken"]):
        with refuses(cognito.exceptions.NotAuthorizedException, "Access Token has been revoked"):
            cognito.get_user(AccessToken=token)
    with refuses(cognito.exceptions.NotAuthorizedException, "Refresh Token has been revoked"):
        cognito.initiate_auth(ClientId=client, AuthFlow="REFRESH_TOKEN_AUTH",
                              AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]})


def test_attributes_are_changed_verified_and_deleted(cardea, cognito, client):
    make_person(cardea, cognito, client, "bob")
    token = sign_in(cognito, client, "bob")["AccessToken"]
    answer = cognito.update_user_attributes(
        AccessToken=token, UserAttributes=as_list({"email": "bob2@example.com", "name": "Bøb 🐘"}))
    assert [details["AttributeName"] for details in answer["CodeDeliveryDetailsList"]] == ["email"]
    cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code=cardea.code("bob2@example.com"))
    found = as_dict(cognito.get_user(AccessToken=token)["UserAttributes"])
    assert (found["email"], found["email_verified"], found["name"]) == ("bob2@example.com", "true", "Bøb 🐘")
    cognito.delete_user_attributes(AccessToken=token, UserAttributeNames=["name"])
    assert "name" not in as_dict(cognito.get_user(AccessToken=token)["UserAttributes"])


def test_passwords_are_changed_and_recovered(cardea, cognito, client, refuses):
    make_person(cardea, cognito, client, "carol")
    token = sign_in(cognito, client, "carol")["AccessToken"]
    with refuses(cognito.exceptions.NotAuthorizedException, "Incorrect username or password."):
        cognito.change_password(AccessToken=token, PreviousPassword="Wrong-Password-9", ProposedPassword=OTHER_PASSWORD)
    cognito.change_password(AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword=OTHER_PASSWORD)
    sign_in(cognito, client, "carol", OTHER_PASSWORD)
    cognito.forgot_password(ClientId=client, Username="carol")
    code = cardea.code("carol@example.com")
    with refuses(cognito.exceptions.InvalidPasswordException,
                 "Password does not conform to policy: Password not long enough"):
        cognito.confirm_forgot_password(ClientId=client, Username="carol", ConfirmationCode=code, Password="short")
    cognito.confirm_forgot_password(ClientId=client, Username="carol", ConfirmationCode=code, Password=PASSWORD)
    sign_in(cognito, client, "carol", PASSWORD)


def test_an_invited_person_sets_a_password(cognito, pool, client, refuses):
    user = cognito.admin_create_user(UserPoolId=pool, Username="dave", TemporaryPassword=PASSWORD,
                                     MessageAction="SUPPRESS")["User"]
    assert (user["UserStatus"], user["Enabled"]) == ("FORCE_CHANGE_PASSWORD", True)
    challenge = by_password(cognito, client, "dave")
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert challenge["ChallengeParameters"]["requiredAttributes"] == "[]"
    answer = {"ClientId": client, "ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": challenge["Session"],
              "ChallengeResponses": {"USERNAME": "dave", "NEW_PASSWORD": OTHER_PASSWORD}}
    result = cognito.respond_to_auth_challenge(**answer)["AuthenticationResult"]
    assert claims(result["AccessToken"])["username"] == "dave"
    with refuses(cognito.exceptions.NotAuthorizedException,
                 "Invalid session for the user, session can only be used once."):
        cognito.respond_to_auth_challenge(**answer)
    with refuses(cognito.exceptions.UsernameExistsException, "User account already exists"):
        cognito.admin_create_user(UserPoolId=pool, Username="dave")


def test_an_administrator_acts_on_people(cardea, cognito, pool, client, refuses):
    sub = make_person(cardea, cognito, client, "erin")
    named = {"UserPoolId": pool, "Username": "erin"}
    assert cognito.admin_get_user(UserPoolId=pool, Username=sub)["Username"] == "erin"
    result = cognito.admin_initiate_auth(UserPoolId=pool, ClientId=client, AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                                         AuthParameters={"USERNAME": "erin", "PASSWORD": PASSWORD})
    token = result["AuthenticationResult"]["AccessToken"]
    cognito.admin_user_global_sign_out(**named)
    with refuses(cognito.exceptions.NotAuthorizedException, "Access Token has been revoked"):
        cognito.get_user(AccessToken=token)
    cognito.admin_disable_user(**named)
    with refuses(cognito.exceptions.NotAuthorizedException, "User is disabled."):
        sign_in(cognito, client, "erin")
    cognito.admin_enable_user(**named)
    cognito.admin_set_user_password(**named, Password=OTHER_PASSWORD, Permanent=True)
    sign_in(cognito, client, "erin", OTHER_PASSWORD)
    cognito.admin_update_user_attributes(**named, UserAttributes=as_list({"nickname": "Er"}))
    cognito.admin_delete_user_attributes(**named, UserAttributeNames=["nickname"])
    cognito.admin_reset_user_password(**named)
    assert cognito.admin_get_user(**named)["UserStatus"] == "RESET_REQUIRED"
    with refuses(cognito.exceptions.PasswordResetRequiredException, "Password reset required for the user"):
        sign_in(cognito, client, "erin", OTHER_PASSWORD)
    cognito.admin_delete_user(**named)
    with refuses(cognito.exceptions.UserNotFoundException, "User does not exist."):
        cognito.admin_get_user(**named)


def test_groups_reach_the_tokens(cardea, cognito, pool, client, refuses):
    make_person(cardea, cognito, client, "frank")
    role = "arn:aws:iam::000000000000:role/readers"
    group = cognito.create_group(UserPoolId=pool, GroupName="readers", RoleArn=role, Precedence=1)["Group"]
    assert group["RoleArn"] == role and "Description" not in group
    with refuses(cognito.exceptions.GroupExistsException, "A group with the name already exists"):
        cognito.create_group(UserPoolId=pool, GroupName="readers")
    cognito.admin_add_user_to_group(UserPoolId=pool, GroupName="readers", Username="frank")
    tokens = sign_in(cognito, client, "frank")
    assert claims(tokens["AccessToken"])["cognito:groups"] == ["readers"]
    assert claims(tokens["IdToken"])["cognito:roles"] == [role]
    assert claims(tokens["IdToken"])["cognito:preferred_role"] == role
    assert [user["Username"] for user in cognito.list_users_in_group(UserPoolId=pool, GroupName="readers")["Users"]] == [
        "frank"]
    cognito.admin_remove_user_from_group(UserPoolId=pool, GroupName="readers", Username="frank")
    assert "cognito:groups" not in claims(sign_in(cognito, client, "frank")["AccessToken"])
    cognito.delete_group(UserPoolId=pool, GroupName="readers")
    with refuses(cognito.exceptions.ResourceNotFoundException, "Group not found."):
        cognito.get_group(UserPoolId=pool, GroupName="readers")


def test_rotation_and_revocation(cardea, cognito, pool, client, refuses):
    make_person(cardea, cognito, client, "grace")
    rotating = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="rotating", GenerateSecret=True, ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
        RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 0})["UserPoolClient"]
    name, secret = rotating["ClientId"], rotating["ClientSecret"]
    first = sign_in(cognito, name, "grace", SECRET_HASH=secret_hash(secret, "grace", name))
    call = {"ClientId": name, "ClientSecret": secret}
    second = cognito.get_tokens_from_refresh_token(RefreshToken=first["RefreshToken"], **call)["AuthenticationResult"]
    with refuses(cognito.exceptions.RefreshTokenReuseException):
        cognito.get_tokens_from_refresh_token(RefreshToken=first["RefreshToken"], **call)
    cognito.revoke_token(Token=second["RefreshToken"], **call)
    with refuses(cognito.exceptions.NotAuthorizedException, "Access Token has been revoked"):
        cognito.get_user(AccessToken=second["AccessToken"])
    with refuses(cognito.exceptions.UnauthorizedException):
        cognito.revoke_token(Token=second["RefreshToken"], ClientId=name, ClientSecret="0" * 51)


def test_the_secret_hash_is_wanted(cognito, pool, refuses):
    client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="secret", GenerateSecret=True,
                                             ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"])["UserPoolClient"]["ClientId"]
    with refuses(cognito.exceptions.NotAuthorizedException,
                 f"Client {client} is configured with secret but SECRET_HASH was not received"):
        sign_in(cognito, client, "anybody")
    with refuses(cognito.exceptions.NotAuthorizedException, f"Unable to verify secret hash for client {client}"):
        sign_in(cognito, client, "anybody", SECRET_HASH="bm8=")


@pytest.mark.parametrize("flag, kind, message", [
    ("LEGACY", "UserNotFoundException", "User does not exist."),
    ("ENABLED", "NotAuthorizedException", "Incorrect username or password."),
])
def test_a_stranger_learns_what_the_client_allows(cognito, pool, refuses, flag, kind, message):
    client = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName=flag, ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
        PreventUserExistenceErrors=flag)["UserPoolClient"]["ClientId"]
    with refuses(getattr(cognito.exceptions, kind), message):
        sign_in(cognito, client, "nobody-at-all")


def test_users_are_listed_and_filtered(cognito):
    pool, _ = make_pool(cognito, PoolName="listed")
    for number in range(7):
        cognito.admin_create_user(
            UserPoolId=pool, Username=f"user{number}", TemporaryPassword=PASSWORD, MessageAction="SUPPRESS",
            UserAttributes=as_list({"email": f"user{number}@{'example' if number < 4 else 'test'}.com",
                                    "given_name": "Even" if number % 2 == 0 else "Odd"}))
    cognito.admin_set_user_password(UserPoolId=pool, Username="user1", Password=PASSWORD, Permanent=True)
    cognito.admin_disable_user(UserPoolId=pool, Username="user2")

    def names(expression, **more):
        pages = cognito.get_paginator("list_users").paginate(
            UserPoolId=pool, Filter=expression, PaginationConfig={"PageSize": 2}, **more)
        found = [user["Username"] for page in pages for user in page["Users"]]
        assert len(set(found)) == len(found)
        return sorted(found)

    everybody = [f"user{number}" for number in range(7)]
    assert names("") == everybody
    assert names('username = "user3"') == ["user3"]
    assert names('username ^= "user"') == everybody
    assert names('email = "user5@test.com"') == ["user5"]
    assert names('email^="user5@t"') == ["user5"]
    assert names('given_name = "Odd"') == ["user1", "user3", "user5"]
    assert names('given_name = "odd"') == []
    assert names('cognito:user_status = "CONFIRMED"') == ["user1"]
    assert names('status = "Disabled"') == ["user2"]
    assert names('status = "Enabled"') == [name for name in everybody if name != "user2"]
    one = cognito.list_users(UserPoolId=pool, Filter='username = "user0"', AttributesToGet=["email"])["Users"][0]
    assert as_dict(one["Attributes"]) == {"email": "user0@example.com"}
    sub = cognito.admin_get_user(UserPoolId=pool, Username="user6")["UserAttributes"]
    assert names(f'sub = "{as_dict(sub)["sub"]}"') == ["user6"]


@pytest.mark.parametrize("expression, message", [
    ("username", "Error while parsing filter"),
    ('username = user', "Error while parsing filter"),
    ('username = "a" and email = "b"', "Error while parsing filter"),
    ('username > "a"', "Error while parsing filter"),
    ('custom:foo = "a"', "Invalid search attribute: custom:foo"),
])
def test_a_filter_that_is_not_one_is_refused(cognito, pool, refuses, expression, message):
    with refuses(cognito.exceptions.InvalidParameterException, message):
        cognito.list_users(UserPoolId=pool, Filter=expression)
