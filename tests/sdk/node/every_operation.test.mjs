// Every operation that this build has, called once with the AWS SDK for JavaScript v3; and every other one of the SDK's,
// which must say that it is not here yet. An operation that comes to the build fails this until it is called.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as sdk from "@aws-sdk/client-cognito-identity-provider";
import { OTHER_PASSWORD, PASSWORD, UUID, asObject, claims, publicClientOf, startCardea } from "./cardea.mjs";

const ACCESS_BY_TOKEN_OR_CLIENT = new Set([
    "ChangePassword", "ConfirmForgotPassword", "ConfirmSignUp", "DeleteUser", "DeleteUserAttributes", "ForgotPassword",
    "GetTokensFromRefreshToken", "GetUser", "GetUserAttributeVerificationCode", "GlobalSignOut", "InitiateAuth",
    "ResendConfirmationCode", "RespondToAuthChallenge", "RevokeToken", "SignUp", "UpdateUserAttributes",
    "VerifyUserAttribute",
]);

describe("every operation with the AWS SDK", () => {
    let cardea, admin, browser;
    const called = new Set();
    before(async () => {
        cardea = await startCardea();
        admin = cardea.client();
        browser = publicClientOf(cardea.http);
    });
    after(() => cardea?.stop());

    // What an answer holds beside its metadata. Who needs no signature sends none.
    const call = async (operation, input) => {
        const client = ACCESS_BY_TOKEN_OR_CLIENT.has(operation) ? browser : admin;
        const { $metadata, ...answer } = await client.send(new sdk[`${operation}Command`](input));
        assert.equal($metadata.httpStatusCode, 200);
        assert.match($metadata.requestId, UUID);
        called.add(operation);
        return answer;
    };
    const recent = (date) => {
        assert.ok(date instanceof Date, `${date} is no date`);
        assert.ok(Math.abs(date - Date.now()) < 60_000, `${date} is not now`);
    };
    let pool, client, access, groups;

    test("pools", async () => {
        const { UserPool } = await call("CreateUserPool", {
            PoolName: "every operation",
            AutoVerifiedAttributes: ["email"],
            Schema: [{ Name: "team", AttributeDataType: "String", Mutable: true }],
            UserPoolTags: { stage: "test" },
        });
        pool = UserPool.Id;
        recent(UserPool.CreationDate);
        assert.deepEqual(await call("AddCustomAttributes", {
            UserPoolId: pool,
            CustomAttributes: [{ Name: "level", AttributeDataType: "Number", NumberAttributeConstraints: { MaxValue: "9" } }],
        }), {});
        assert.deepEqual(await call("UpdateUserPool", {
            UserPoolId: pool,
            PoolName: "renamed",
            AutoVerifiedAttributes: ["email"],
            Policies: { PasswordPolicy: { MinimumLength: 10, RequireNumbers: true } },
        }), {});
        const described = (await call("DescribeUserPool", { UserPoolId: pool })).UserPool;
        assert.equal(described.Name, "renamed");
        assert.equal(described.Policies.PasswordPolicy.MinimumLength, 10);
        assert.deepEqual(
            described.SchemaAttributes.slice(21).map(({ Name, AttributeDataType }) => [Name, AttributeDataType]),
            [["custom:team", "String"], ["custom:level", "Number"]],
        );
        const { UserPools } = await call("ListUserPools", { MaxResults: 5 });
        assert.deepEqual(UserPools.map(({ Id, Name }) => [Id, Name]), [[pool, "renamed"]]);
        recent(UserPools[0].LastModifiedDate);

        const ResourceArn = described.Arn;
        assert.deepEqual(await call("TagResource", { ResourceArn, Tags: { team: "red", stage: "live" } }), {});
        assert.deepEqual(await call("UntagResource", { ResourceArn, TagKeys: ["team"] }), {});
        assert.deepEqual(await call("ListTagsForResource", { ResourceArn }), { Tags: { stage: "live" } });

        const factors = { MfaConfiguration: "OPTIONAL", SoftwareTokenMfaConfiguration: { Enabled: true } };
        assert.deepEqual(await call("SetUserPoolMfaConfig", { UserPoolId: pool, ...factors }), factors);
        assert.deepEqual(await call("GetUserPoolMfaConfig", { UserPoolId: pool }), factors);
    });

    test("clients", async () => {
        const { UserPoolClient } = await call("CreateUserPoolClient", {
            UserPoolId: pool,
            ClientName: "app",
            AccessTokenValidity: 2,
            ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        });
        client = UserPoolClient.ClientId;
        assert.equal(UserPoolClient.AccessTokenValidity, 2);
        assert.equal(UserPoolClient.RefreshTokenValidity, 30);
        recent(UserPoolClient.CreationDate);
        const updated = await call("UpdateUserPoolClient", {
            UserPoolId: pool,
            ClientId: client,
            ClientName: "application",
            ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        });
        assert.equal(updated.UserPoolClient.AccessTokenValidity, undefined);
        const described = await call("DescribeUserPoolClient", { UserPoolId: pool, ClientId: client });
        assert.deepEqual(described, updated);
        assert.equal(described.UserPoolClient.EnableTokenRevocation, true);
        const other = await admin.send(new sdk.CreateUserPoolClientCommand({ UserPoolId: pool, ClientName: "other" }));
        assert.deepEqual(
            await call("DeleteUserPoolClient", { UserPoolId: pool, ClientId: other.UserPoolClient.ClientId }), {},
        );
        const { UserPoolClients } = await call("ListUserPoolClients", { UserPoolId: pool, MaxResults: 60 });
        assert.deepEqual(UserPoolClients, [{ ClientId: client, ClientName: "application", UserPoolId: pool }]);
    });

    const delivered = { AttributeName: "email", DeliveryMedium: "EMAIL", Destination: "a***@e***" };

    test("a person signs up, signs in, and reads itself", async () => {
        const signedUp = await call("SignUp", {
            ClientId: client,
            Username: "ada",
            Password: PASSWORD,
            UserAttributes: [{ Name: "email", Value: "ada@example.com" }, { Name: "custom:level", Value: "3" }],
            ValidationData: [{ Name: "captcha", Value: "1" }],
            ClientMetadata: { from: "a test" },
        });
        assert.deepEqual(signedUp, {
            CodeDeliveryDetails: delivered, UserConfirmed: false, UserSub: signedUp.UserSub,
        });
        assert.match(signedUp.UserSub, UUID);
        assert.deepEqual(
            await call("ResendConfirmationCode", { ClientId: client, Username: "ada" }), { CodeDeliveryDetails: delivered },
        );
        const ConfirmationCode = await cardea.code("ada@example.com");
        assert.deepEqual(await call("ConfirmSignUp", { ClientId: client, Username: "ada", ConfirmationCode }), {});
        const { AuthenticationResult: tokens, ChallengeParameters } = await call("InitiateAuth", {
            ClientId: client,
            AuthFlow: "USER_PASSWORD_AUTH",
            AuthParameters: { USERNAME: "ada", PASSWORD },
        });
        assert.deepEqual(ChallengeParameters, {});
        assert.equal(tokens.ExpiresIn, 3600);
        assert.equal(tokens.TokenType, "Bearer");
        access = tokens.AccessToken;
        const { AuthenticationResult: refreshed } = await call("GetTokensFromRefreshToken", {
            ClientId: client, RefreshToken: tokens.RefreshToken,
        });
        assert.equal(claims(refreshed.AccessToken).origin_jti, claims(access).origin_jti);
        assert.equal(claims(refreshed.IdToken)["custom:level"], "3");
        const user = await call("GetUser", { AccessToken: access });
        assert.equal(user.Username, "ada");
        assert.deepEqual(asObject(user.UserAttributes), {
            sub: signedUp.UserSub, email: "ada@example.com", email_verified: "true", "custom:level": "3",
        });
    });

    test("a person changes itself", async () => {
        assert.deepEqual(await call("UpdateUserAttributes", {
            AccessToken: access,
            UserAttributes: [{ Name: "email", Value: "ann@example.com" }, { Name: "nickname", Value: "Ann" }],
        }), { CodeDeliveryDetailsList: [delivered] });
        assert.deepEqual(
            await call("GetUserAttributeVerificationCode", { AccessToken: access, AttributeName: "email" }),
            { CodeDeliveryDetails: delivered },
        );
        const Code = await cardea.code("ann@example.com");
        assert.deepEqual(await call("VerifyUserAttribute", { AccessToken: access, AttributeName: "email", Code }), {});
        assert.deepEqual(
            await call("DeleteUserAttributes", { AccessToken: access, UserAttributeNames: ["nickname"] }), {},
        );
        assert.deepEqual(await call("ChangePassword", {
            AccessToken: access, PreviousPassword: PASSWORD, ProposedPassword: OTHER_PASSWORD,
        }), {});
        assert.deepEqual(await call("ForgotPassword", { ClientId: client, Username: "ada" }), {
            CodeDeliveryDetails: delivered,
        });
        assert.deepEqual(await call("ConfirmForgotPassword", {
            ClientId: client, Username: "ada", ConfirmationCode: await cardea.code("ann@example.com"), Password: PASSWORD,
        }), {});
        const attributes = asObject((await call("GetUser", { AccessToken: access })).UserAttributes);
        assert.equal(attributes.email, "ann@example.com");
        assert.equal(attributes.email_verified, "true");
        assert.equal(attributes.nickname, undefined);
    });

    test("an administrator makes people", async () => {
        const { User } = await call("AdminCreateUser", {
            UserPoolId: pool,
            Username: "bob",
            TemporaryPassword: PASSWORD,
            MessageAction: "SUPPRESS",
            UserAttributes: [{ Name: "email", Value: "bob@example.com" }, { Name: "email_verified", Value: "true" }],
        });
        assert.equal(User.UserStatus, "FORCE_CHANGE_PASSWORD");
        assert.equal(User.Enabled, true);
        recent(User.UserCreateDate);
        const asked = await call("AdminInitiateAuth", {
            UserPoolId: pool,
            ClientId: client,
            AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
            AuthParameters: { USERNAME: "bob", PASSWORD },
        });
        assert.equal(asked.ChallengeName, "NEW_PASSWORD_REQUIRED");
        assert.deepEqual(JSON.parse(asked.ChallengeParameters.requiredAttributes), []);
        const answered = await call("AdminRespondToAuthChallenge", {
            UserPoolId: pool,
            ClientId: client,
            ChallengeName: asked.ChallengeName,
            Session: asked.Session,
            ChallengeResponses: { USERNAME: "bob", NEW_PASSWORD: OTHER_PASSWORD },
        });
        assert.equal(claims(answered.AuthenticationResult.IdToken).email, "bob@example.com");

        assert.deepEqual(
            await call("AdminSetUserPassword", { UserPoolId: pool, Username: "bob", Password: PASSWORD }), {},
        );
        const again = await call("InitiateAuth", {
            ClientId: client, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME: "bob", PASSWORD },
        });
        const done = await call("RespondToAuthChallenge", {
            ClientId: client,
            ChallengeName: again.ChallengeName,
            Session: again.Session,
            ChallengeResponses: { USERNAME: "bob", NEW_PASSWORD: OTHER_PASSWORD },
        });
        assert.equal(done.AuthenticationResult.TokenType, "Bearer");
    });

    test("an administrator changes people", async () => {
        assert.deepEqual(await call("AdminUpdateUserAttributes", {
            UserPoolId: pool,
            Username: "bob",
            UserAttributes: [{ Name: "given_name", Value: "Bob" }, { Name: "nickname", Value: "B" }],
        }), {});
        assert.deepEqual(await call("AdminDeleteUserAttributes", {
            UserPoolId: pool, Username: "bob", UserAttributeNames: ["nickname"],
        }), {});
        assert.deepEqual(await call("AdminDisableUser", { UserPoolId: pool, Username: "bob" }), {});
        const { Users } = await call("ListUsers", {
            UserPoolId: pool, Filter: 'status = "Disabled"', AttributesToGet: ["given_name"], Limit: 10,
        });
        assert.deepEqual(Users.map(({ Username, Attributes }) => [Username, Attributes]), [
            ["bob", [{ Name: "given_name", Value: "Bob" }]],
        ]);
        assert.deepEqual(await call("AdminEnableUser", { UserPoolId: pool, Username: "bob" }), {});
        assert.deepEqual(await call("AdminResetUserPassword", { UserPoolId: pool, Username: "bob" }), {});
        const reset = await call("AdminGetUser", { UserPoolId: pool, Username: "bob" });
        assert.equal(reset.UserStatus, "RESET_REQUIRED");
        assert.equal(reset.Enabled, true);
        recent(reset.UserLastModifiedDate);
        await browser.send(new sdk.SignUpCommand({
            ClientId: client, Username: "eve", Password: PASSWORD, UserAttributes: [{ Name: "email", Value: "eve@example.com" }],
        }));
        assert.deepEqual(await call("AdminConfirmSignUp", { UserPoolId: pool, Username: "eve" }), {});
        assert.equal((await call("AdminGetUser", { UserPoolId: pool, Username: "eve" })).UserStatus, "CONFIRMED");
    });

    test("groups", async () => {
        const { Group } = await call("CreateGroup", {
            UserPoolId: pool, GroupName: "readers", Precedence: 7, RoleArn: "arn:aws:iam::000000000000:role/readers",
        });
        recent(Group.CreationDate);
        groups = { UserPoolId: pool, GroupName: "readers" };
        const updated = await call("UpdateGroup", { ...groups, Description: "They read" });
        assert.equal(updated.Group.Precedence, 7);
        assert.deepEqual(await call("GetGroup", groups), updated);
        assert.deepEqual((await call("ListGroups", { UserPoolId: pool })).Groups, [updated.Group]);
        await call("AdminAddUserToGroup", { ...groups, Username: "ada" });
        const { Users } = await call("ListUsersInGroup", groups);
        assert.deepEqual(Users.map(({ Username }) => Username), ["ada"]);
        const ofAda = await call("AdminListGroupsForUser", { UserPoolId: pool, Username: "ada" });
        assert.deepEqual(ofAda.Groups, [updated.Group]);
        await call("AdminRemoveUserFromGroup", { ...groups, Username: "ada" });
        assert.deepEqual((await call("ListUsersInGroup", groups)).Users, []);
        await call("DeleteGroup", groups);
        assert.deepEqual((await call("ListGroups", { UserPoolId: pool })).Groups, []);
    });

    test("everything ends", async () => {
        const signIn = async () => (await call("InitiateAuth", {
            ClientId: client, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME: "ada", PASSWORD },
        })).AuthenticationResult;
        const first = await signIn();
        assert.deepEqual(await call("RevokeToken", { ClientId: client, Token: first.RefreshToken }), {});
        assert.deepEqual(await call("GlobalSignOut", { AccessToken: (await signIn()).AccessToken }), {});
        assert.deepEqual(await call("AdminUserGlobalSignOut", { UserPoolId: pool, Username: "ada" }), {});
        await call("DeleteUser", { AccessToken: (await signIn()).AccessToken });
        await call("AdminDeleteUser", { UserPoolId: pool, Username: "bob" });
        await call("DeleteUserPool", { UserPoolId: pool });
        assert.deepEqual((await call("ListUserPools", { MaxResults: 1 })).UserPools, []);
    });

    test("what was not called is not here yet, and says so", async () => {
        const all = Object.keys(sdk).filter((name) => name.endsWith("Command") && name !== "$Command")
            .map((name) => name.slice(0, -"Command".length));
        assert.ok(all.length >= 140, `${all.length} operations in the SDK`);
        const answers = [];
        for (const operation of all.filter((name) => !called.has(name))) {
            const response = await fetch(cardea.http, {
                method: "POST",
                headers: {
                    "content-type": "application/x-amz-json-1.1",
                    "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
                },
                body: "{}",
            });
            const { __type, message } = await response.json();
            if (__type !== "UnknownOperationException" || !message.includes(operation))
                answers.push(`${operation}: ${__type} ${message}`);
        }
        assert.deepEqual(answers, []);
        assert.equal(called.size, 56);
    });
});
