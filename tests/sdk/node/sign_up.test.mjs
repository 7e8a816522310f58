// From nothing to a confirmed person, with the AWS SDK for JavaScript v3.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as sdk from "@aws-sdk/client-cognito-identity-provider";
import {
    PASSWORD, OTHER_PASSWORD, UUID, asObject, makePerson, makePool, publicClientOf, refuses, signIn, startCardea, wrong,
} from "./cardea.mjs";

describe("signing up with the AWS SDK", () => {
    let cardea, admin, browser, pool, client;
    before(async () => {
        cardea = await startCardea();
        admin = cardea.client();
        browser = publicClientOf(cardea.http);
        ({ pool, client } = await makePool(admin));
    });
    after(() => cardea?.stop());

    const signUp = (username, email, more = {}) =>
        browser.send(
            new sdk.SignUpCommand({
                ClientId: client,
                Username: username,
                Password: PASSWORD,
                UserAttributes: [{ Name: "email", Value: email }],
                ...more,
            }),
        );
    const confirm = (username, code) =>
        browser.send(new sdk.ConfirmSignUpCommand({ ClientId: client, Username: username, ConfirmationCode: code }));

    test("a person signs up, reads the code, confirms and signs in", async () => {
        const answer = await signUp("alice", "alice@example.com");
        assert.equal(answer.UserConfirmed, false);
        assert.match(answer.UserSub, UUID);
        assert.deepEqual(answer.CodeDeliveryDetails, {
            AttributeName: "email",
            DeliveryMedium: "EMAIL",
            Destination: "a***@e***",
        });
        assert.equal(answer.Session, undefined);

        const [message] = await cardea.outbox("alice@example.com");
        assert.equal(message.channel, "EMAIL");
        assert.equal(message.to, "alice@example.com");
        assert.equal(message.subject, "Your verification code");
        assert.match(message.code, /^[0-9]{6}$/);
        assert.equal(message.body.trim(), `Your verification code is ${message.code}.`);

        await refuses(signIn(browser, client, "alice"), sdk.UserNotConfirmedException, "User is not confirmed.");
        await refuses(
            confirm("alice", wrong(message.code)),
            sdk.CodeMismatchException,
            "Invalid verification code provided, please try again.",
        );
        await confirm("alice", message.code);
        await refuses(
            confirm("alice", message.code),
            sdk.NotAuthorizedException,
            "User cannot be confirmed. Current status is CONFIRMED",
        );

        const tokens = await signIn(browser, client, "alice");
        const me = await browser.send(new sdk.GetUserCommand({ AccessToken: tokens.AccessToken }));
        assert.equal(me.Username, "alice");
        assert.deepEqual(asObject(me.UserAttributes), {
            sub: answer.UserSub,
            email: "alice@example.com",
            email_verified: "true",
        });
    });

    test("a code that was sent again replaces the one before", async () => {
        await signUp("bob", "bob@example.com");
        const first = await cardea.code("bob@example.com");
        const again = await browser.send(new sdk.ResendConfirmationCodeCommand({ ClientId: client, Username: "bob" }));
        assert.deepEqual(again.CodeDeliveryDetails, {
            AttributeName: "email",
            DeliveryMedium: "EMAIL",
            Destination: "b***@e***",
        });
        const messages = await cardea.outbox("bob@example.com");
        assert.equal(messages.length, 2);
        if (messages[0].code !== first) await refuses(confirm("bob", first), sdk.CodeMismatchException);
        await confirm("bob", messages[0].code);
        await refuses(
            browser.send(new sdk.ResendConfirmationCodeCommand({ ClientId: client, Username: "bob" })),
            sdk.InvalidParameterException,
            "User is already confirmed.",
        );
    });

    test("a name is taken once", async () => {
        await signUp("carol", "carol@example.com");
        await refuses(signUp("carol", "other@example.com"), sdk.UsernameExistsException, "User already exists");
    });

    test("a weak password names the first rule that it breaks", async () => {
        const policy = "Password did not conform with policy: ";
        const weak = (password) => signUp("dave", "dave@example.com", { Password: password });
        await refuses(weak("Sh0rt-x"), sdk.InvalidPasswordException, `${policy}Password not long enough`);
        await refuses(weak("no-upper-7"), sdk.InvalidPasswordException, `${policy}Password must have uppercase characters`);
        await refuses(weak("NO-LOWER-7"), sdk.InvalidPasswordException, `${policy}Password must have lowercase characters`);
        await refuses(weak("No-Digits-"), sdk.InvalidPasswordException, `${policy}Password must have numeric characters`);
        await refuses(weak("NoSymbols7"), sdk.InvalidPasswordException, `${policy}Password must have symbol characters`);
    });

    test("what is not shaped like a request is refused in AWS's words", async () => {
        await refuses(
            signUp("erin", "erin@example.com", { Password: " x" }),
            sdk.InvalidParameterException,
            /^1 validation error detected: Value at 'password' failed to satisfy constraint: /,
        );
        await refuses(
            signUp("erin", "not an address"),
            sdk.InvalidParameterException,
            "Invalid email address format.",
        );
        await refuses(
            signUp("erin", "erin@example.com", { ClientId: "00000000000000000000000000" }),
            sdk.ResourceNotFoundException,
            "User pool client 00000000000000000000000000 does not exist.",
        );
    });

    test("attributes that only administrators write are refused", async () => {
        await refuses(
            signUp("frank", "frank@example.com", { UserAttributes: [{ Name: "email_verified", Value: "true" }] }),
            sdk.NotAuthorizedException,
            "A client attempted to write unauthorized attribute",
        );
        await refuses(
            signUp("frank", "frank@example.com", { UserAttributes: [{ Name: "custom:colour", Value: "red" }] }),
            sdk.InvalidParameterException,
            "Attributes did not conform to the schema: Type for attribute {custom:colour} could not be determined",
        );
    });

    test("a pool may require attributes, and may close sign-up", async () => {
        const strict = await makePool(admin, { Schema: [{ Name: "email", Required: true }] });
        await refuses(
            browser.send(new sdk.SignUpCommand({ ClientId: strict.client, Username: "grace", Password: PASSWORD })),
            sdk.InvalidParameterException,
            "Attributes did not conform to the schema: email: The attribute is required\n",
        );
        const closed = await makePool(admin, { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } });
        await refuses(
            browser.send(new sdk.SignUpCommand({ ClientId: closed.client, Username: "grace", Password: PASSWORD })),
            sdk.NotAuthorizedException,
            "SignUp is not permitted for this user pool",
        );
    });

    test("a phone number gets its code by SMS", async () => {
        const phones = await makePool(admin, { AutoVerifiedAttributes: ["phone_number"] });
        const answer = await browser.send(
            new sdk.SignUpCommand({
                ClientId: phones.client,
                Username: "heidi",
                Password: PASSWORD,
                UserAttributes: [{ Name: "phone_number", Value: "+15555550134" }],
            }),
        );
        assert.deepEqual(answer.CodeDeliveryDetails, {
            AttributeName: "phone_number",
            DeliveryMedium: "SMS",
            Destination: "+*******0134",
        });
        const [message] = await cardea.outbox("+15555550134");
        assert.equal(message.channel, "SMS");
        await browser.send(
            new sdk.ConfirmSignUpCommand({
                ClientId: phones.client,
                Username: "heidi",
                ConfirmationCode: message.code,
            }),
        );
        const user = await admin.send(new sdk.AdminGetUserCommand({ UserPoolId: phones.pool, Username: "heidi" }));
        assert.equal(asObject(user.UserAttributes).phone_number_verified, "true");
        assert.equal(user.UserStatus, "CONFIRMED");
    });

    test("an administrator confirms without a code, and nothing becomes verified", async () => {
        await signUp("ivan", "ivan@example.com");
        await admin.send(new sdk.AdminConfirmSignUpCommand({ UserPoolId: pool, Username: "ivan" }));
        const user = await admin.send(new sdk.AdminGetUserCommand({ UserPoolId: pool, Username: "ivan" }));
        assert.equal(user.UserStatus, "CONFIRMED");
        assert.notEqual(asObject(user.UserAttributes).email_verified, "true");
        await signIn(browser, client, "ivan");
    });

    test("a person changes attributes, verifies a new address and deletes herself", async () => {
        const { username, email, sub } = await makePerson(cardea, browser, client);
        const { AccessToken } = await signIn(browser, client, username);
        const update = await browser.send(
            new sdk.UpdateUserAttributesCommand({
                AccessToken,
                UserAttributes: [
                    { Name: "name", Value: "Judy Ünïcode 🐘" },
                    { Name: "email", Value: `new.${email}` },
                ],
            }),
        );
        assert.deepEqual(update.CodeDeliveryDetailsList, [
            { AttributeName: "email", DeliveryMedium: "EMAIL", Destination: "n***@e***" },
        ]);
        const read = async () =>
            asObject((await browser.send(new sdk.GetUserCommand({ AccessToken }))).UserAttributes);
        assert.deepEqual(await read(), {
            sub,
            name: "Judy Ünïcode 🐘",
            email: `new.${email}`,
            email_verified: "false",
        });

        const code = await cardea.code(`new.${email}`);
        const verify = (Code) =>
            browser.send(new sdk.VerifyUserAttributeCommand({ AccessToken, AttributeName: "email", Code }));
        await refuses(
            verify(wrong(code)),
            sdk.CodeMismatchException,
            "Invalid verification code provided, please try again.",
        );
        await verify(code);
        assert.equal((await read()).email_verified, "true");

        const asked = await browser.send(
            new sdk.GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName: "email" }),
        );
        assert.equal(asked.CodeDeliveryDetails.AttributeName, "email");
        await verify(await cardea.code(`new.${email}`));

        await browser.send(new sdk.DeleteUserAttributesCommand({ AccessToken, UserAttributeNames: ["name"] }));
        assert.equal((await read()).name, undefined);

        await browser.send(new sdk.DeleteUserCommand({ AccessToken }));
        await refuses(
            browser.send(new sdk.GetUserCommand({ AccessToken })),
            sdk.UserNotFoundException,
            "User does not exist.",
        );
        await signUp(username, email);
    });

    test("a pool that keeps the original address shows the new one only when it is verified", async () => {
        const careful = await makePool(admin, {
            UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ["email"] },
        });
        const person = await makePerson(cardea, browser, careful.client);
        const { AccessToken } = await signIn(browser, careful.client, person.username);
        await browser.send(
            new sdk.UpdateUserAttributesCommand({
                AccessToken,
                UserAttributes: [{ Name: "email", Value: `pending.${person.email}` }],
            }),
        );
        const read = async () =>
            asObject((await browser.send(new sdk.GetUserCommand({ AccessToken }))).UserAttributes);
        assert.equal((await read()).email, person.email);
        assert.equal((await read()).email_verified, "true");
        await browser.send(
            new sdk.VerifyUserAttributeCommand({
                AccessToken,
                AttributeName: "email",
                Code: await cardea.code(`pending.${person.email}`),
            }),
        );
        assert.equal((await read()).email, `pending.${person.email}`);
        assert.equal((await read()).email_verified, "true");
    });

    test("a password is changed by who knows it", async () => {
        const { username } = await makePerson(cardea, browser, client);
        const { AccessToken } = await signIn(browser, client, username);
        const change = (PreviousPassword, ProposedPassword) =>
            browser.send(new sdk.ChangePasswordCommand({ AccessToken, PreviousPassword, ProposedPassword }));
        await refuses(
            change("Wrong-Password-9", OTHER_PASSWORD),
            sdk.NotAuthorizedException,
            "Incorrect username or password.",
        );
        await refuses(
            change(PASSWORD, "short"),
            sdk.InvalidPasswordException,
            "Password did not conform with policy: Password not long enough",
        );
        await change(PASSWORD, OTHER_PASSWORD);
        await refuses(
            signIn(browser, client, username, PASSWORD),
            sdk.NotAuthorizedException,
            "Incorrect username or password.",
        );
        await signIn(browser, client, username, OTHER_PASSWORD);
        await browser.send(new sdk.GetUserCommand({ AccessToken })); // the tokens from before stay valid
    });

    test("a forgotten password is set again by a code", async () => {
        const { username, email } = await makePerson(cardea, browser, client);
        const forgot = await browser.send(new sdk.ForgotPasswordCommand({ ClientId: client, Username: username }));
        assert.deepEqual(forgot.CodeDeliveryDetails, {
            AttributeName: "email",
            DeliveryMedium: "EMAIL",
            Destination: "p***@e***",
        });
        await signIn(browser, client, username); // the old password works until the new one is set
        const code = await cardea.code(email);
        const confirmNew = (ConfirmationCode, Password = OTHER_PASSWORD) =>
            browser.send(
                new sdk.ConfirmForgotPasswordCommand({ ClientId: client, Username: username, ConfirmationCode, Password }),
            );
        await refuses(
            confirmNew(wrong(code)),
            sdk.CodeMismatchException,
            "Invalid verification code provided, please try again.",
        );
        await refuses(
            confirmNew(code, "short"),
            sdk.InvalidPasswordException,
            "Password does not conform to policy: Password not long enough",
        );
        await confirmNew(code);
        await refuses(
            confirmNew(code),
            sdk.ExpiredCodeException,
            "Invalid code provided, please request a code again.",
        );
        await signIn(browser, client, username, OTHER_PASSWORD);
    });

    test("who has no verified address cannot recover a password", async () => {
        await signUp("kevin", "kevin@example.com");
        await refuses(
            browser.send(new sdk.ForgotPasswordCommand({ ClientId: client, Username: "kevin" })),
            sdk.InvalidParameterException,
            "Cannot reset password for the user as there is no registered/verified email or phone_number",
        );
    });
});
