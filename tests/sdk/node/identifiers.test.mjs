// By which names a person signs in, and what a stranger learns about who exists, with the AWS SDK for JavaScript v3.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as sdk from "@aws-sdk/client-cognito-identity-provider";
import {
    PASSWORD, UUID, asObject, claims, makePerson, makePool, publicClientOf, refuses, secretHash, signIn, startCardea, wrong,
} from "./cardea.mjs";

describe("names of people with the AWS SDK", () => {
    let cardea, admin, browser;
    before(async () => {
        cardea = await startCardea();
        admin = cardea.client();
        browser = publicClientOf(cardea.http);
    });
    after(() => cardea?.stop());

    const signUp = (client, Username, attributes = {}) =>
        browser.send(
            new sdk.SignUpCommand({
                ClientId: client,
                Username,
                Password: PASSWORD,
                UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
            }),
        );
    const confirm = async (client, Username, code, more = {}) =>
        browser.send(new sdk.ConfirmSignUpCommand({ ClientId: client, Username, ConfirmationCode: code, ...more }));

    test("an alias works once it is verified", async () => {
        const { pool, client } = await makePool(admin, { AliasAttributes: ["email", "phone_number", "preferred_username"] });
        await refuses(
            signUp(client, "alice@example.com", { email: "alice@example.com" }),
            sdk.InvalidParameterException,
            "Username cannot be of email format, since user pool is configured for email alias.",
        );
        await signUp(client, "alice", { email: "alice@example.com" });
        await refuses(
            signIn(browser, client, "alice@example.com"),
            sdk.UserNotFoundException,
            "User does not exist.",
        );
        await confirm(client, "alice", await cardea.code("alice@example.com"));
        const tokens = await signIn(browser, client, "alice@example.com");
        assert.equal(claims(tokens.AccessToken).username, "alice");

        await admin.send(
            new sdk.AdminUpdateUserAttributesCommand({
                UserPoolId: pool,
                Username: "alice",
                UserAttributes: [
                    { Name: "phone_number", Value: "+15555550100" },
                    { Name: "phone_number_verified", Value: "true" },
                    { Name: "preferred_username", Value: "wonder" },
                ],
            }),
        );
        for (const name of ["+15555550100", "wonder"])
            assert.equal(claims((await signIn(browser, client, name)).AccessToken).username, "alice");
        const found = await admin.send(new sdk.AdminGetUserCommand({ UserPoolId: pool, Username: "wonder" }));
        assert.equal(found.Username, "alice");
    });

    test("an alias belongs to one person, and moves only when that is asked for", async () => {
        const { pool, client } = await makePool(admin, { AliasAttributes: ["email"] });
        await makePerson(cardea, browser, client, { username: "first", email: "shared@example.com" });
        await signUp(client, "second", { email: "shared@example.com" });
        const code = await cardea.code("shared@example.com");
        await refuses(
            confirm(client, "second", code),
            sdk.AliasExistsException,
            "An account with the given email already exists.",
        );
        assert.equal(claims((await signIn(browser, client, "shared@example.com")).AccessToken).username, "first");
        await confirm(client, "second", code, { ForceAliasCreation: true });
        assert.equal(claims((await signIn(browser, client, "shared@example.com")).AccessToken).username, "second");
        const first = await admin.send(new sdk.AdminGetUserCommand({ UserPoolId: pool, Username: "first" }));
        assert.equal(asObject(first.UserAttributes).email_verified, "false");
    });

    test("with username attributes the address is the name, and a UUID stands for it", async () => {
        const { pool, client } = await makePool(admin, { UsernameAttributes: ["email"] });
        await refuses(signUp(client, "alice"), sdk.InvalidParameterException, "Username should be an email.");
        const { UserSub } = await signUp(client, "alice@example.com");
        await confirm(client, "alice@example.com", await cardea.code("alice@example.com"));
        const tokens = await signIn(browser, client, "alice@example.com");
        assert.equal(claims(tokens.AccessToken).username, UserSub);
        const found = await admin.send(
            new sdk.AdminGetUserCommand({ UserPoolId: pool, Username: "alice@example.com" }),
        );
        assert.match(found.Username, UUID);
        assert.equal(found.Username, UserSub);
        assert.equal(asObject(found.UserAttributes).email, "alice@example.com");
        await refuses(
            signUp(client, "alice@example.com"),
            sdk.UsernameExistsException,
            "An account with the given email already exists.",
        );
        const either = await makePool(admin, { UsernameAttributes: ["email", "phone_number"] });
        await refuses(
            signUp(either.client, "alice"),
            sdk.InvalidParameterException,
            "Username should be either an email or a phone number.",
        );
    });

    test("the two kinds of names exclude each other", async () => {
        await refuses(
            makePool(admin, { AliasAttributes: ["email"], UsernameAttributes: ["email"] }),
            sdk.InvalidParameterException,
            "Only one of the aliasAttributes or usernameAttributes can be set in a user pool.",
        );
    });

    test("case matters only where the pool says so", async () => {
        const careless = await makePool(admin, {
            AliasAttributes: ["email"],
            UsernameConfiguration: { CaseSensitive: false },
        });
        await makePerson(cardea, browser, careless.client, { username: "Alice", email: "Alice@Example.com" });
        for (const name of ["alice", "ALICE", "alice@example.com", "ALICE@EXAMPLE.COM"])
            await signIn(browser, careless.client, name);
        await refuses(signUp(careless.client, "aLICE", { email: "x@example.com" }), sdk.UsernameExistsException);

        const strict = await makePool(admin);
        await makePerson(cardea, browser, strict.client, { username: "Alice", email: "strict@example.com" });
        await refuses(
            signIn(browser, strict.client, "alice"),
            sdk.UserNotFoundException,
            "User does not exist.",
        );
        await signUp(strict.client, "alice", { email: "other@example.com" });
    });

    test("by default a stranger learns who does not exist", async () => {
        const { client } = await makePool(admin);
        await refuses(signIn(browser, client, "ghost"), sdk.UserNotFoundException, "User does not exist.");
        for (const Command of [sdk.ForgotPasswordCommand, sdk.ResendConfirmationCodeCommand])
            await refuses(
                browser.send(new Command({ ClientId: client, Username: "ghost" })),
                sdk.UserNotFoundException,
                "Username/client id combination not found.",
            );
        await refuses(
            confirm(client, "ghost", "123456"),
            sdk.UserNotFoundException,
            "Username/client id combination not found.",
        );
    });

    test("a client that prevents it answers as if everybody existed", async () => {
        const { client } = await makePool(admin, {}, { PreventUserExistenceErrors: "ENABLED" });
        const { username } = await makePerson(cardea, browser, client);
        for (const name of [username, "ghost"])
            await refuses(
                signIn(browser, client, name, "Wrong-Password-9"),
                sdk.NotAuthorizedException,
                "Incorrect username or password.",
            );
        const forgot = () =>
            browser.send(new sdk.ForgotPasswordCommand({ ClientId: client, Username: "ghost" }));
        const simulated = await forgot();
        assert.equal(simulated.CodeDeliveryDetails.DeliveryMedium, "EMAIL");
        assert.deepEqual((await forgot()).CodeDeliveryDetails, simulated.CodeDeliveryDetails);
        await refuses(
            browser.send(
                new sdk.ConfirmForgotPasswordCommand({
                    ClientId: client,
                    Username: "ghost",
                    ConfirmationCode: "123456",
                    Password: PASSWORD,
                }),
            ),
            sdk.CodeMismatchException,
        );
        const srp = () =>
            browser.send(
                new sdk.InitiateAuthCommand({
                    AuthFlow: "USER_SRP_AUTH",
                    ClientId: client,
                    AuthParameters: { USERNAME: "ghost", SRP_A: "a".repeat(768) },
                }),
            );
        const first = await srp();
        assert.equal(first.ChallengeName, "PASSWORD_VERIFIER");
        const second = await srp();
        assert.equal(second.ChallengeParameters.SALT, first.ChallengeParameters.SALT);
        assert.equal(second.ChallengeParameters.USER_ID_FOR_SRP, first.ChallengeParameters.USER_ID_FOR_SRP);
        assert.notEqual(second.ChallengeParameters.SRP_B, first.ChallengeParameters.SRP_B);
    });

    test("every public call of a client with a secret wants the hash of the name as sent", async () => {
        const { client, secret } = await makePool(admin, {}, { GenerateSecret: true });
        const SecretHash = secretHash(secret, "alice", client);
        const call = (more = {}) =>
            browser.send(
                new sdk.SignUpCommand({
                    ClientId: client,
                    Username: "alice",
                    Password: PASSWORD,
                    UserAttributes: [{ Name: "email", Value: "secretive@example.com" }],
                    ...more,
                }),
            );
        await refuses(call(), sdk.NotAuthorizedException, /^Client \S+ is configured (with|for) secret but /);
        await refuses(
            call({ SecretHash: secretHash(secret, "Alice", client) }),
            sdk.NotAuthorizedException,
            `Unable to verify secret hash for client ${client}`,
        );
        await call({ SecretHash });
        const code = await cardea.code("secretive@example.com");
        await refuses(
            confirm(client, "alice", wrong(code), { SecretHash }),
            sdk.CodeMismatchException,
            "Invalid verification code provided, please try again.",
        );
        await confirm(client, "alice", code, { SecretHash });
        await signIn(browser, client, "alice", PASSWORD, { SECRET_HASH: SecretHash });
    });
});
