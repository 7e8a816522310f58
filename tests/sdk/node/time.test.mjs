// What expires, expires. The development door moves the time; the cases share one server, whose clock only goes forward.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as sdk from "@aws-sdk/client-cognito-identity-provider";
import {
    PASSWORD, claims, makeClient, makePerson, makePool, publicClientOf, refuses, signIn, startCardea,
} from "./cardea.mjs";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("time passes", () => {
    let cardea, admin, browser, pool, client;
    before(async () => {
        cardea = await startCardea();
        admin = cardea.client();
        browser = publicClientOf(cardea.http);
        ({ pool, client } = await makePool(admin));
    });
    after(() => cardea?.stop());

    const refresh = (clientId, token) =>
        browser.send(
            new sdk.InitiateAuthCommand({
                AuthFlow: "REFRESH_TOKEN_AUTH",
                ClientId: clientId,
                AuthParameters: { REFRESH_TOKEN: token },
            }),
        );

    test("an access token after its hour, a refresh token after its days", async () => {
        const { client: brief } = await makeClient(admin, pool, { RefreshTokenValidity: 1 });
        const { username } = await makePerson(cardea, browser, client);
        const tokens = await signIn(browser, brief, username);
        await cardea.advance(HOUR - MINUTE);
        await browser.send(new sdk.GetUserCommand({ AccessToken: tokens.AccessToken }));
        await cardea.advance(2 * MINUTE);
        await refuses(
            browser.send(new sdk.GetUserCommand({ AccessToken: tokens.AccessToken })),
            sdk.NotAuthorizedException,
            "Access Token has expired",
        );
        const renewed = (await refresh(brief, tokens.RefreshToken)).AuthenticationResult;
        assert.equal(claims(renewed.AccessToken).auth_time, claims(tokens.AccessToken).auth_time);
        await browser.send(new sdk.GetUserCommand({ AccessToken: renewed.AccessToken }));
        await cardea.advance(DAY);
        await refuses(refresh(brief, tokens.RefreshToken), sdk.NotAuthorizedException, "Refresh Token has expired");
    });

    test("a rotated token keeps the lifetime of the first", async () => {
        const { client: rotating } = await makeClient(admin, pool, {
            ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
            RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 30 },
            RefreshTokenValidity: 2,
        });
        const { username } = await makePerson(cardea, browser, client);
        const first = await signIn(browser, rotating, username);
        const rotate = (RefreshToken) =>
            browser.send(new sdk.GetTokensFromRefreshTokenCommand({ ClientId: rotating, RefreshToken }));
        await cardea.advance(DAY);
        const second = (await rotate(first.RefreshToken)).AuthenticationResult;
        await cardea.advance(20);
        await rotate(first.RefreshToken); // still in the grace period
        await cardea.advance(DAY);
        await refuses(rotate(second.RefreshToken), sdk.NotAuthorizedException, "Refresh Token has expired");

        const other = await signIn(browser, rotating, username);
        await rotate(other.RefreshToken);
        await cardea.advance(31);
        await refuses(rotate(other.RefreshToken), sdk.RefreshTokenReuseException);
    });

    test("a sign-up code after a day, a recovery code after an hour", async () => {
        await browser.send(
            new sdk.SignUpCommand({
                ClientId: client,
                Username: "late",
                Password: PASSWORD,
                UserAttributes: [{ Name: "email", Value: "late@example.com" }],
            }),
        );
        const confirm = (ConfirmationCode) =>
            browser.send(new sdk.ConfirmSignUpCommand({ ClientId: client, Username: "late", ConfirmationCode }));
        const stale = await cardea.code("late@example.com");
        await cardea.advance(DAY + MINUTE);
        await refuses(
            confirm(stale),
            sdk.ExpiredCodeException,
            "Invalid code provided, please request a code again.",
        );
        await browser.send(new sdk.ResendConfirmationCodeCommand({ ClientId: client, Username: "late" }));
        await confirm(await cardea.code("late@example.com"));

        await browser.send(new sdk.ForgotPasswordCommand({ ClientId: client, Username: "late" }));
        const recovery = await cardea.code("late@example.com");
        await cardea.advance(HOUR + MINUTE);
        await refuses(
            browser.send(
                new sdk.ConfirmForgotPasswordCommand({
                    ClientId: client,
                    Username: "late",
                    ConfirmationCode: recovery,
                    Password: PASSWORD,
                }),
            ),
            sdk.ExpiredCodeException,
            "Invalid code provided, please request a code again.",
        );
    });

    test("a temporary password after a week, a challenge's session after three minutes", async () => {
        await admin.send(
            new sdk.AdminCreateUserCommand({
                UserPoolId: pool,
                Username: "invited",
                TemporaryPassword: PASSWORD,
                MessageAction: "SUPPRESS",
            }),
        );
        const begin = () =>
            browser.send(
                new sdk.InitiateAuthCommand({
                    AuthFlow: "USER_PASSWORD_AUTH",
                    ClientId: client,
                    AuthParameters: { USERNAME: "invited", PASSWORD },
                }),
            );
        const { Session } = await begin();
        await cardea.advance(4 * MINUTE);
        await refuses(
            browser.send(
                new sdk.RespondToAuthChallengeCommand({
                    ClientId: client,
                    ChallengeName: "NEW_PASSWORD_REQUIRED",
                    Session,
                    ChallengeResponses: { USERNAME: "invited", NEW_PASSWORD: "Another-One-1" },
                }),
            ),
            sdk.NotAuthorizedException,
            "Invalid session for the user, session is expired.",
        );
        await cardea.advance(8 * DAY);
        await refuses(
            begin(),
            sdk.NotAuthorizedException,
            "Temporary password has expired and must be reset by an administrator.",
        );
    });

    test("a lock-out ends", async () => {
        const { username } = await makePerson(cardea, browser, client);
        for (let attempt = 0; attempt < 5; ++attempt)
            await refuses(signIn(browser, client, username, "Wrong-Password-9"), sdk.NotAuthorizedException);
        await refuses(signIn(browser, client, username), sdk.NotAuthorizedException, "Password attempts exceeded");
        await cardea.advance(2);
        await signIn(browser, client, username);
    });

    test("a reset empties the account", async () => {
        await cardea.reset();
        assert.deepEqual((await admin.send(new sdk.ListUserPoolsCommand({ MaxResults: 60 }))).UserPools, []);
        await makePool(admin);
    });
});
