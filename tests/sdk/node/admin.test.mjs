// What an administrator does with people, with the AWS SDK for JavaScript v3.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as sdk from "@aws-sdk/client-cognito-identity-provider";
import {
    PASSWORD, OTHER_PASSWORD, UUID, asObject, claims, makePerson, makePool, publicClientOf, refuses, signIn, startCardea,
} from "./cardea.mjs";

describe("administering people with the AWS SDK", () => {
    let cardea, admin, browser, pool, client;
    before(async () => {
        cardea = await startCardea();
        admin = cardea.client();
        browser = publicClientOf(cardea.http);
        ({ pool, client } = await makePool(admin));
    });
    after(() => cardea?.stop());

    const create = (Username, more = {}) =>
        admin.send(new sdk.AdminCreateUserCommand({ UserPoolId: pool, Username, ...more }));
    const get = (Username) => admin.send(new sdk.AdminGetUserCommand({ UserPoolId: pool, Username }));
    const byPassword = (username, password) =>
        browser.send(
            new sdk.InitiateAuthCommand({
                AuthFlow: "USER_PASSWORD_AUTH",
                ClientId: client,
                AuthParameters: { USERNAME: username, PASSWORD: password },
            }),
        );

    test("an invited person sets a password and gets tokens", async () => {
        const { User } = await create("alice", {
            DesiredDeliveryMediums: ["EMAIL"],
            UserAttributes: [
                { Name: "email", Value: "alice@example.com" },
                { Name: "email_verified", Value: "true" },
            ],
        });
        assert.equal(User.Username, "alice");
        assert.equal(User.UserStatus, "FORCE_CHANGE_PASSWORD");
        assert.equal(User.Enabled, true);
        assert.equal(User.Attributes[0].Name, "sub");
        assert.match(User.Attributes[0].Value, UUID);
        assert.ok(Math.abs(Date.now() - User.UserCreateDate.getTime()) < 60_000);

        const [message] = await cardea.outbox("alice@example.com");
        assert.equal(message.subject, "Your temporary password");
        assert.match(message.body, /^Your username is alice and temporary password is /);
        const temporary = message.code;
        assert.ok(temporary.length >= 8);

        const challenge = await byPassword("alice", temporary);
        assert.equal(challenge.ChallengeName, "NEW_PASSWORD_REQUIRED");
        assert.equal(challenge.AuthenticationResult, undefined);
        assert.equal(challenge.ChallengeParameters.USER_ID_FOR_SRP, "alice");
        assert.equal(challenge.ChallengeParameters.requiredAttributes, "[]");
        assert.deepEqual(JSON.parse(challenge.ChallengeParameters.userAttributes), {
            email: "alice@example.com",
            email_verified: "true",
        });
        assert.ok(challenge.Session.length >= 20 && challenge.Session.length <= 2048);

        const answer = (NEW_PASSWORD, more = {}) =>
            browser.send(
                new sdk.RespondToAuthChallengeCommand({
                    ClientId: client,
                    ChallengeName: "NEW_PASSWORD_REQUIRED",
                    Session: challenge.Session,
                    ChallengeResponses: { USERNAME: "alice", NEW_PASSWORD, ...more },
                }),
            );
        await refuses(
            answer("short"),
            sdk.InvalidPasswordException,
            "Password does not conform to policy: Password not long enough",
        );
        await refuses(
            answer(PASSWORD, { "userAttributes.email": "mallory@example.com" }),
            sdk.NotAuthorizedException,
            "Cannot modify an already provided email",
        );
        const { AuthenticationResult, ChallengeParameters } = await answer(PASSWORD, { "userAttributes.name": "Alice" });
        assert.deepEqual(ChallengeParameters, {});
        assert.equal(claims(AuthenticationResult.IdToken).name, "Alice");
        assert.equal((await get("alice")).UserStatus, "CONFIRMED");
        await refuses(
            answer(OTHER_PASSWORD),
            sdk.NotAuthorizedException,
            "Invalid session for the user, session can only be used once.",
        );
        await signIn(browser, client, "alice");
        await refuses(
            byPassword("alice", temporary),
            sdk.NotAuthorizedException,
            "Incorrect username or password.",
        );
    });

    test("the password may be given, and the invitation kept back or sent again", async () => {
        const invited = {
            TemporaryPassword: "Temporary-1!",
            MessageAction: "SUPPRESS",
            UserAttributes: [{ Name: "email", Value: "bob@example.com" }],
        };
        await create("bob", invited);
        assert.deepEqual(await cardea.outbox("bob@example.com"), []);
        assert.equal((await byPassword("bob", "Temporary-1!")).ChallengeName, "NEW_PASSWORD_REQUIRED");
        await refuses(create("bob", invited), sdk.UsernameExistsException, "User account already exists");
        await create("bob", { MessageAction: "RESEND", DesiredDeliveryMediums: ["EMAIL"] });
        const temporary = await cardea.code("bob@example.com");
        await refuses(byPassword("bob", "Temporary-1!"), sdk.NotAuthorizedException);
        const challenge = await admin.send(
            new sdk.AdminInitiateAuthCommand({
                UserPoolId: pool,
                ClientId: client,
                AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
                AuthParameters: { USERNAME: "bob", PASSWORD: temporary },
            }),
        );
        assert.equal(challenge.ChallengeName, "NEW_PASSWORD_REQUIRED");
        const { AuthenticationResult } = await admin.send(
            new sdk.AdminRespondToAuthChallengeCommand({
                UserPoolId: pool,
                ClientId: client,
                ChallengeName: "NEW_PASSWORD_REQUIRED",
                Session: challenge.Session,
                ChallengeResponses: { USERNAME: "bob", NEW_PASSWORD: PASSWORD },
            }),
        );
        assert.equal(claims(AuthenticationResult.AccessToken).username, "bob");
        await refuses(
            create("bob", { MessageAction: "RESEND" }),
            sdk.UnsupportedUserStateException,
            /^Resend not possible\. bob status is not FORCE_CHANGE_PASSWORD\.?$/,
        );
        await refuses(
            create("nobody", { MessageAction: "RESEND" }),
            sdk.UserNotFoundException,
            "User does not exist.",
        );
    });

    test("a required attribute that is missing is asked for with the new password", async () => {
        const strict = await makePool(admin, { Schema: [{ Name: "given_name", Required: true }] });
        await admin.send(
            new sdk.AdminCreateUserCommand({
                UserPoolId: strict.pool,
                Username: "carol",
                TemporaryPassword: "Temporary-1!",
                MessageAction: "SUPPRESS",
            }),
        );
        const challenge = await browser.send(
            new sdk.InitiateAuthCommand({
                AuthFlow: "USER_PASSWORD_AUTH",
                ClientId: strict.client,
                AuthParameters: { USERNAME: "carol", PASSWORD: "Temporary-1!" },
            }),
        );
        assert.deepEqual(JSON.parse(challenge.ChallengeParameters.requiredAttributes), ["userAttributes.given_name"]);
        const answer = (more) =>
            browser.send(
                new sdk.RespondToAuthChallengeCommand({
                    ClientId: strict.client,
                    ChallengeName: "NEW_PASSWORD_REQUIRED",
                    Session: challenge.Session,
                    ChallengeResponses: { USERNAME: "carol", NEW_PASSWORD: PASSWORD, ...more },
                }),
            );
        await refuses(
            answer({}),
            sdk.InvalidParameterException,
            "Invalid attributes given, given_name is missing",
        );
        const { AuthenticationResult } = await answer({ "userAttributes.given_name": "Carol" });
        assert.equal(claims(AuthenticationResult.IdToken).given_name, "Carol");
    });

    test("passwords are set and reset", async () => {
        const { username, email } = await makePerson(cardea, browser, client);
        const set = (Password, Permanent) =>
            admin.send(new sdk.AdminSetUserPasswordCommand({ UserPoolId: pool, Username: username, Password, Permanent }));
        await set(OTHER_PASSWORD, true);
        await signIn(browser, client, username, OTHER_PASSWORD);
        await refuses(set("short", true), sdk.InvalidPasswordException, /Password not long enough$/);
        await set(PASSWORD, false);
        assert.equal((await get(username)).UserStatus, "FORCE_CHANGE_PASSWORD");
        assert.equal((await byPassword(username, PASSWORD)).ChallengeName, "NEW_PASSWORD_REQUIRED");
        await refuses(
            browser.send(new sdk.ForgotPasswordCommand({ ClientId: client, Username: username })),
            sdk.NotAuthorizedException,
            "User password cannot be reset in the current state.",
        );
        await set(PASSWORD, true);

        await admin.send(new sdk.AdminResetUserPasswordCommand({ UserPoolId: pool, Username: username }));
        assert.equal((await get(username)).UserStatus, "RESET_REQUIRED");
        await refuses(
            byPassword(username, PASSWORD),
            sdk.PasswordResetRequiredException,
            "Password reset required for the user",
        );
        await browser.send(
            new sdk.ConfirmForgotPasswordCommand({
                ClientId: client,
                Username: username,
                ConfirmationCode: await cardea.code(email),
                Password: OTHER_PASSWORD,
            }),
        );
        assert.equal((await get(username)).UserStatus, "CONFIRMED");
        await signIn(browser, client, username, OTHER_PASSWORD);
    });

    test("a disabled person is signed out and stays out", async () => {
        const { username } = await makePerson(cardea, browser, client);
        const { AccessToken, RefreshToken } = await signIn(browser, client, username);
        await admin.send(new sdk.AdminDisableUserCommand({ UserPoolId: pool, Username: username }));
        assert.equal((await get(username)).Enabled, false);
        await refuses(signIn(browser, client, username), sdk.NotAuthorizedException, "User is disabled.");
        await refuses(
            browser.send(new sdk.GetUserCommand({ AccessToken })),
            sdk.NotAuthorizedException,
        );
        await refuses(
            browser.send(
                new sdk.InitiateAuthCommand({
                    AuthFlow: "REFRESH_TOKEN_AUTH",
                    ClientId: client,
                    AuthParameters: { REFRESH_TOKEN: RefreshToken },
                }),
            ),
            sdk.NotAuthorizedException,
        );
        await admin.send(new sdk.AdminEnableUserCommand({ UserPoolId: pool, Username: username }));
        await signIn(browser, client, username);
    });

    test("attributes are written past the client's permissions, and people are deleted", async () => {
        const { username, sub } = await makePerson(cardea, browser, client);
        await admin.send(
            new sdk.AdminUpdateUserAttributesCommand({
                UserPoolId: pool,
                Username: username,
                UserAttributes: [
                    { Name: "email", Value: "moved@example.com" },
                    { Name: "email_verified", Value: "true" },
                    { Name: "nickname", Value: "Mo" },
                ],
            }),
        );
        let attributes = asObject((await get(username)).UserAttributes);
        assert.deepEqual(attributes, { sub, email: "moved@example.com", email_verified: "true", nickname: "Mo" });
        await admin.send(
            new sdk.AdminDeleteUserAttributesCommand({
                UserPoolId: pool,
                Username: username,
                UserAttributeNames: ["nickname"],
            }),
        );
        attributes = asObject((await get(sub)).UserAttributes); // an administrator may name people by sub
        assert.equal(attributes.nickname, undefined);
        await admin.send(new sdk.AdminDeleteUserCommand({ UserPoolId: pool, Username: username }));
        await refuses(get(username), sdk.UserNotFoundException, "User does not exist.");
        await refuses(
            admin.send(new sdk.AdminDeleteUserCommand({ UserPoolId: pool, Username: username })),
            sdk.UserNotFoundException,
            "User does not exist.",
        );
    });

    test("groups are made, changed, listed and deleted", async () => {
        const named = { UserPoolId: pool, GroupName: "editors" };
        const { Group } = await admin.send(
            new sdk.CreateGroupCommand({ ...named, Description: "They edit", Precedence: 5 }),
        );
        assert.equal(Group.GroupName, "editors");
        assert.equal(Group.UserPoolId, pool);
        assert.equal(Group.Precedence, 5);
        assert.equal(Group.RoleArn, undefined);
        assert.ok(Group.CreationDate instanceof Date);
        await refuses(
            admin.send(new sdk.CreateGroupCommand(named)),
            sdk.GroupExistsException,
            "A group with the name already exists",
        );
        const updated = await admin.send(new sdk.UpdateGroupCommand({ ...named, Description: "They change texts" }));
        assert.equal(updated.Group.Description, "They change texts");
        assert.equal((await admin.send(new sdk.GetGroupCommand(named))).Group.Description, "They change texts");

        const { username } = await makePerson(cardea, browser, client);
        const member = { ...named, Username: username };
        await admin.send(new sdk.AdminAddUserToGroupCommand(member));
        await admin.send(new sdk.AdminAddUserToGroupCommand(member)); // again is no error
        const members = await admin.send(new sdk.ListUsersInGroupCommand(named));
        assert.deepEqual(members.Users.map((user) => user.Username), [username]);
        const mine = await admin.send(
            new sdk.AdminListGroupsForUserCommand({ UserPoolId: pool, Username: username }),
        );
        assert.deepEqual(mine.Groups.map((group) => group.GroupName), ["editors"]);
        await admin.send(new sdk.AdminRemoveUserFromGroupCommand(member));
        assert.deepEqual((await admin.send(new sdk.ListUsersInGroupCommand(named))).Users, []);
        await admin.send(new sdk.DeleteGroupCommand(named));
        await refuses(
            admin.send(new sdk.GetGroupCommand(named)),
            sdk.ResourceNotFoundException,
            "Group not found.",
        );
    });
});
