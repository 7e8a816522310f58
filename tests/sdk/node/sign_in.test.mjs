// Tokens: signing in, refreshing, rotating, revoking and signing out, with the AWS SDK for JavaScript v3.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as sdk from "@aws-sdk/client-cognito-identity-provider";
import {
    PASSWORD, UUID, claims, header, makeClient, makePerson, makePool, publicClientOf, refuses, secretHash, signIn,
    startCardea,
} from "./cardea.mjs";

describe("signing in with the AWS SDK", () => {
    let cardea, admin, browser, pool, client;
    before(async () => {
        cardea = await startCardea();
        admin = cardea.client();
        browser = publicClientOf(cardea.http);
        ({ pool, client } = await makePool(admin));
    });
    after(() => cardea?.stop());

    const refresh = (clientId, token, parameters = {}) =>
        browser.send(
            new sdk.InitiateAuthCommand({
                AuthFlow: "REFRESH_TOKEN_AUTH",
                ClientId: clientId,
                AuthParameters: { REFRESH_TOKEN: token, ...parameters },
            }),
        );
    const getUser = (AccessToken) => browser.send(new sdk.GetUserCommand({ AccessToken }));

    test("the answer is what Cognito answers", async () => {
        const { username, sub, email } = await makePerson(cardea, browser, client);
        const answer = await browser.send(
            new sdk.InitiateAuthCommand({
                AuthFlow: "USER_PASSWORD_AUTH",
                ClientId: client,
                AuthParameters: { USERNAME: username, PASSWORD },
            }),
        );
        assert.equal(answer.ChallengeName, undefined);
        assert.deepEqual(answer.ChallengeParameters, {});
        const result = answer.AuthenticationResult;
        assert.deepEqual(Object.keys(result).sort(), [
            "AccessToken", "ExpiresIn", "IdToken", "RefreshToken", "TokenType",
        ]);
        assert.equal(result.ExpiresIn, 3600);
        assert.equal(result.TokenType, "Bearer");
        assert.equal(result.RefreshToken.split(".").length, 5);

        const access = claims(result.AccessToken);
        const id = claims(result.IdToken);
        assert.deepEqual(Object.keys(header(result.AccessToken)), ["kid", "alg"]);
        assert.equal(header(result.AccessToken).alg, "RS256");
        assert.notEqual(header(result.AccessToken).kid, header(result.IdToken).kid);
        for (const kid of [header(result.AccessToken).kid, header(result.IdToken).kid])
            assert.equal(Buffer.from(kid, "base64").toString("base64"), kid);

        assert.deepEqual(Object.keys(access).sort(), [
            "auth_time", "client_id", "event_id", "exp", "iat", "iss", "jti", "origin_jti", "scope", "sub", "token_use",
            "username",
        ]);
        assert.equal(access.sub, sub);
        assert.equal(access.username, username);
        assert.equal(access.client_id, client);
        assert.equal(access.token_use, "access");
        assert.equal(access.scope, "aws.cognito.signin.user.admin");
        assert.equal(access.iss, `${cardea.http}/${pool}`);
        assert.equal(access.exp - access.iat, 3600);
        for (const name of ["jti", "origin_jti", "event_id"]) assert.match(access[name], UUID);

        assert.deepEqual(Object.keys(id).sort(), [
            "aud", "auth_time", "cognito:username", "email", "email_verified", "event_id", "exp", "iat", "iss", "jti",
            "origin_jti", "sub", "token_use",
        ]);
        assert.equal(id.aud, client);
        assert.equal(id.token_use, "id");
        assert.equal(id["cognito:username"], username);
        assert.equal(id.email, email);
        assert.equal(id.email_verified, true);
        assert.equal(id.origin_jti, access.origin_jti);
        assert.equal(id.event_id, access.event_id);
        assert.notEqual(id.jti, access.jti);
    });

    test("attributes have their types in the ID token", async () => {
        const typed = await makePool(admin, {
            Schema: [{ Name: "points", AttributeDataType: "Number" }, { Name: "plan", AttributeDataType: "String" }],
        });
        const { username } = await makePerson(cardea, browser, typed.client, {
            attributes: [
                { Name: "address", Value: "1 Main Street" },
                { Name: "updated_at", Value: "1700000000" },
                { Name: "custom:points", Value: "42" },
                { Name: "custom:plan", Value: "gold" },
            ],
        });
        const id = claims((await signIn(browser, typed.client, username)).IdToken);
        assert.deepEqual(id.address, { formatted: "1 Main Street" });
        assert.equal(id.updated_at, 1_700_000_000);
        assert.equal(id["custom:points"], "42");
        assert.equal(id["custom:plan"], "gold");
    });

    test("a wrong password, an ID token and a broken token are refused", async () => {
        const { username } = await makePerson(cardea, browser, client);
        await refuses(
            signIn(browser, client, username, "Wrong-Password-9"),
            sdk.NotAuthorizedException,
            "Incorrect username or password.",
        );
        const { AccessToken, IdToken } = await signIn(browser, client, username);
        await refuses(getUser(IdToken), sdk.NotAuthorizedException, "Invalid Access Token");
        const [head, body, signature] = AccessToken.split(".");
        const flipped = (signature[20] === "A" ? "B" : "A");
        await refuses(
            getUser(`${head}.${body}.${signature.slice(0, 20)}${flipped}${signature.slice(21)}`),
            sdk.NotAuthorizedException,
            "Invalid Access Token",
        );
        const elevated = Buffer.from(JSON.stringify({ ...claims(AccessToken), username: "somebody" }));
        await refuses(
            getUser(`${head}.${elevated.toString("base64url")}.${signature}`),
            sdk.NotAuthorizedException,
            "Invalid Access Token",
        );
        const none = Buffer.from(JSON.stringify({ ...header(AccessToken), alg: "none" }));
        await refuses(getUser(`${none.toString("base64url")}.${body}.`), sdk.NotAuthorizedException, "Invalid Access Token");
    });

    test("a flow that the client does not allow is refused", async () => {
        const { client: bare } = await makeClient(admin, pool, { ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH"] });
        await refuses(
            signIn(browser, bare, "nobody"),
            sdk.InvalidParameterException,
            "USER_PASSWORD_AUTH flow not enabled for this client",
        );
        await refuses(
            browser.send(
                new sdk.InitiateAuthCommand({
                    AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
                    ClientId: client,
                    AuthParameters: { USERNAME: "nobody", PASSWORD },
                }),
            ),
            sdk.InvalidParameterException,
            "Initiate Auth method not supported",
        );
        await refuses(
            browser.send(
                new sdk.InitiateAuthCommand({
                    AuthFlow: "USER_PASSWORD_AUTH",
                    ClientId: client,
                    AuthParameters: { PASSWORD },
                }),
            ),
            sdk.InvalidParameterException,
            "Missing required parameter USERNAME",
        );
    });

    test("a refresh gives new tokens of the same sign-in", async () => {
        const { username } = await makePerson(cardea, browser, client);
        const first = await signIn(browser, client, username);
        const answer = await refresh(client, first.RefreshToken);
        assert.deepEqual(Object.keys(answer.AuthenticationResult).sort(), [
            "AccessToken", "ExpiresIn", "IdToken", "TokenType",
        ]);
        const before = claims(first.AccessToken);
        const after = claims(answer.AuthenticationResult.AccessToken);
        for (const name of ["sub", "origin_jti", "event_id", "auth_time", "client_id", "username"])
            assert.equal(after[name], before[name], name);
        assert.notEqual(after.jti, before.jti);
        await getUser(answer.AuthenticationResult.AccessToken);

        const { client: other } = await makeClient(admin, pool);
        await refuses(refresh(other, first.RefreshToken), sdk.NotAuthorizedException, "Invalid Refresh Token");
        await refuses(refresh(client, "not-a-token"), sdk.NotAuthorizedException, "Invalid Refresh Token");
    });

    test("a revoked refresh token takes its tokens with it, and no others", async () => {
        const { username } = await makePerson(cardea, browser, client);
        const phone = await signIn(browser, client, username);
        const laptop = await signIn(browser, client, username);
        const { AccessToken: derived } = (await refresh(client, phone.RefreshToken)).AuthenticationResult;
        await browser.send(new sdk.RevokeTokenCommand({ ClientId: client, Token: phone.RefreshToken }));
        for (const token of [phone.AccessToken, derived])
            await refuses(getUser(token), sdk.NotAuthorizedException, "Access Token has been revoked");
        await refuses(refresh(client, phone.RefreshToken), sdk.NotAuthorizedException, "Refresh Token has been revoked");
        await getUser(laptop.AccessToken);
        await refresh(client, laptop.RefreshToken);
        await browser.send(new sdk.RevokeTokenCommand({ ClientId: client, Token: phone.RefreshToken })); // again
        await refuses(
            browser.send(new sdk.RevokeTokenCommand({ ClientId: client, Token: laptop.AccessToken })),
            sdk.UnsupportedTokenTypeException,
        );
    });

    test("a client without revocation has no jti and cannot revoke", async () => {
        const { client: plain } = await makeClient(admin, pool, { EnableTokenRevocation: false });
        const { username } = await makePerson(cardea, browser, client);
        const tokens = await signIn(browser, plain, username);
        for (const token of [tokens.AccessToken, tokens.IdToken]) {
            assert.equal(claims(token).jti, undefined);
            assert.equal(claims(token).origin_jti, undefined);
        }
        await refuses(
            browser.send(new sdk.RevokeTokenCommand({ ClientId: plain, Token: tokens.RefreshToken })),
            sdk.UnsupportedOperationException,
        );
    });

    test("a global sign-out ends every session of every client", async () => {
        const { username } = await makePerson(cardea, browser, client);
        const { client: other } = await makeClient(admin, pool, { EnableTokenRevocation: false });
        const here = await signIn(browser, client, username);
        const there = await signIn(browser, other, username);
        await browser.send(new sdk.GlobalSignOutCommand({ AccessToken: here.AccessToken }));
        for (const { AccessToken } of [here, there])
            await refuses(getUser(AccessToken), sdk.NotAuthorizedException, "Access Token has been revoked");
        await refuses(refresh(client, here.RefreshToken), sdk.NotAuthorizedException, "Refresh Token has been revoked");
        await refuses(refresh(other, there.RefreshToken), sdk.NotAuthorizedException, "Refresh Token has been revoked");
        const again = await signIn(browser, client, username);
        await getUser(again.AccessToken);

        await admin.send(new sdk.AdminUserGlobalSignOutCommand({ UserPoolId: pool, Username: username }));
        await refuses(getUser(again.AccessToken), sdk.NotAuthorizedException, "Access Token has been revoked");
    });

    test("rotation gives a new refresh token each time, and the old one a grace period", async () => {
        const { client: rotating } = await makeClient(admin, pool, {
            ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
            RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 60 },
        });
        const { username } = await makePerson(cardea, browser, client);
        const first = await signIn(browser, rotating, username);
        const rotate = (RefreshToken) =>
            browser.send(new sdk.GetTokensFromRefreshTokenCommand({ ClientId: rotating, RefreshToken }));
        const second = (await rotate(first.RefreshToken)).AuthenticationResult;
        assert.deepEqual(Object.keys(second).sort(), [
            "AccessToken", "ExpiresIn", "IdToken", "RefreshToken", "TokenType",
        ]);
        assert.notEqual(second.RefreshToken, first.RefreshToken);
        assert.equal(claims(second.AccessToken).origin_jti, claims(first.AccessToken).origin_jti);
        const retried = (await rotate(first.RefreshToken)).AuthenticationResult; // within the grace period
        await rotate(retried.RefreshToken);
        await refuses(
            refresh(rotating, first.RefreshToken),
            sdk.InvalidParameterException,
            "Auth flow not enabled for this client",
        );
    });

    test("without a grace period a rotated token is refused at once", async () => {
        const { client: rotating } = await makeClient(admin, pool, {
            ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
            RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 0 },
        });
        const { username } = await makePerson(cardea, browser, client);
        const first = await signIn(browser, rotating, username);
        const rotate = (RefreshToken) =>
            browser.send(new sdk.GetTokensFromRefreshTokenCommand({ ClientId: rotating, RefreshToken }));
        const second = (await rotate(first.RefreshToken)).AuthenticationResult;
        await refuses(rotate(first.RefreshToken), sdk.RefreshTokenReuseException);
        assert.ok(second.RefreshToken);
    });

    test("groups are in the tokens, the most important first", async () => {
        const { username } = await makePerson(cardea, browser, client);
        const role = (name) => `arn:aws:iam::000000000000:role/${name}`;
        for (const [GroupName, Precedence, RoleArn] of [
            ["readers", 20, role("read")],
            ["writers", 10, role("write")],
            ["everybody", undefined, undefined],
        ]) {
            await admin.send(new sdk.CreateGroupCommand({ UserPoolId: pool, GroupName, Precedence, RoleArn }));
            await admin.send(
                new sdk.AdminAddUserToGroupCommand({ UserPoolId: pool, GroupName, Username: username }),
            );
        }
        const tokens = await signIn(browser, client, username);
        assert.deepEqual(claims(tokens.AccessToken)["cognito:groups"], ["writers", "readers", "everybody"]);
        const id = claims(tokens.IdToken);
        assert.deepEqual(id["cognito:groups"], ["writers", "readers", "everybody"]);
        assert.deepEqual([...id["cognito:roles"]].sort(), [role("read"), role("write")]);
        assert.equal(id["cognito:preferred_role"], role("write"));
        assert.equal(claims(tokens.AccessToken)["cognito:roles"], undefined);

        await admin.send(
            new sdk.AdminRemoveUserFromGroupCommand({ UserPoolId: pool, GroupName: "writers", Username: username }),
        );
        const renewed = claims((await refresh(client, tokens.RefreshToken)).AuthenticationResult.IdToken);
        assert.deepEqual(renewed["cognito:groups"], ["readers", "everybody"]);
        assert.equal(renewed["cognito:preferred_role"], role("read"));
    });

    test("a client with a secret wants its hash", async () => {
        const { client: guarded, secret } = await makeClient(admin, pool, { GenerateSecret: true });
        assert.match(secret, /^[0-9a-z]{51,52}$/);
        const { username, sub } = await makePerson(cardea, browser, client);
        await refuses(
            signIn(browser, guarded, username),
            sdk.NotAuthorizedException,
            `Client ${guarded} is configured with secret but SECRET_HASH was not received`,
        );
        await refuses(
            signIn(browser, guarded, username, PASSWORD, { SECRET_HASH: secretHash("wrong", username, guarded) }),
            sdk.NotAuthorizedException,
            `Unable to verify secret hash for client ${guarded}`,
        );
        const tokens = await signIn(browser, guarded, username, PASSWORD, {
            SECRET_HASH: secretHash(secret, username, guarded),
        });
        assert.equal(claims(tokens.AccessToken).sub, sub);
        await refresh(guarded, tokens.RefreshToken, { SECRET_HASH: secretHash(secret, username, guarded) });
        const renewed = await browser.send(
            new sdk.GetTokensFromRefreshTokenCommand({
                ClientId: guarded,
                ClientSecret: secret,
                RefreshToken: tokens.RefreshToken,
            }),
        );
        assert.ok(renewed.AuthenticationResult.AccessToken);
        await refuses(
            browser.send(new sdk.RevokeTokenCommand({ ClientId: guarded, Token: tokens.RefreshToken })),
            sdk.UnauthorizedException,
        );
        await browser.send(
            new sdk.RevokeTokenCommand({ ClientId: guarded, ClientSecret: secret, Token: tokens.RefreshToken }),
        );
    });

    test("five wrong passwords lock the sixth attempt out, right or wrong", async () => {
        const { username } = await makePerson(cardea, browser, client);
        for (let attempt = 0; attempt < 5; ++attempt)
            await refuses(
                signIn(browser, client, username, "Wrong-Password-9"),
                sdk.NotAuthorizedException,
                "Incorrect username or password.",
            );
        await refuses(signIn(browser, client, username), sdk.NotAuthorizedException, "Password attempts exceeded");
    });

    test("the lifetimes of a client's tokens are its own", async () => {
        const { client: brief } = await makeClient(admin, pool, {
            AccessTokenValidity: 10,
            IdTokenValidity: 20,
            RefreshTokenValidity: 2,
            TokenValidityUnits: { AccessToken: "minutes", IdToken: "minutes", RefreshToken: "hours" },
        });
        const { username } = await makePerson(cardea, browser, client);
        const tokens = await signIn(browser, brief, username);
        assert.equal(tokens.ExpiresIn, 600);
        assert.equal(claims(tokens.AccessToken).exp - claims(tokens.AccessToken).iat, 600);
        assert.equal(claims(tokens.IdToken).exp - claims(tokens.IdToken).iat, 1200);
    });
});
