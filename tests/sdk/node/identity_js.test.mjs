// amazon-cognito-identity-js, unmodified: from SRP sign-up to sign-out, as a browser does it.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { AdminCreateUserCommand } from "@aws-sdk/client-cognito-identity-provider";
import identity from "amazon-cognito-identity-js";
import { OTHER_PASSWORD, PASSWORD, UUID, asObject, makePool, startCardea, wrong } from "./cardea.mjs";

const { AuthenticationDetails, CognitoUser, CognitoUserAttribute, CognitoUserPool } = identity;

/** A method that ends in a Node callback, as a promise. */
const call = (object, method, ...parameters) =>
    new Promise((resolve, reject) =>
        object[method](...parameters, (error, result) => (error ? reject(error) : resolve(result))),
    );

/** A method that ends in an object of callbacks, as a promise of {what, values}. */
const callbacks = (start, names = ["onSuccess"]) =>
    new Promise((resolve, reject) => {
        const handlers = { onFailure: reject };
        for (const what of [
            "onSuccess", "newPasswordRequired", "inputVerificationCode", "mfaRequired", "totpRequired", "customChallenge",
        ])
            handlers[what] = (...values) =>
                names.includes(what) ? resolve({ what, values }) : reject(new Error(`${what} was not expected`));
        start(handlers);
    });

const fails = async (promise, code, message) => {
    const error = await promise.then(() => assert.fail("accepted"), (caught) => caught);
    assert.equal(error.code, code, error.message);
    if (message) assert.equal(error.message, message);
};

describe("amazon-cognito-identity-js", () => {
    let cardea, admin, poolId, clientId, userPool;
    before(async () => {
        cardea = await startCardea();
        admin = cardea.client();
        ({ pool: poolId, client: clientId } = await makePool(admin, { AliasAttributes: ["email"] }));
        userPool = new CognitoUserPool({ UserPoolId: poolId, ClientId: clientId, endpoint: cardea.http });
    });
    after(() => cardea?.stop());

    const person = (Username) => new CognitoUser({ Username, Pool: userPool });
    const srp = (user, Username, Password, names) =>
        callbacks((handlers) => user.authenticateUser(new AuthenticationDetails({ Username, Password }), handlers), names);

    async function signedUp(username, password = PASSWORD) {
        const attributes = [new CognitoUserAttribute({ Name: "email", Value: `${username}@example.com` })];
        const { user, userConfirmed, userSub } = await call(userPool, "signUp", username, password, attributes, []);
        assert.equal(userConfirmed, false);
        assert.match(userSub, UUID);
        await call(user, "confirmRegistration", await cardea.code(`${username}@example.com`), false);
        return user;
    }

    test("from sign-up to sign-out", async () => {
        await signedUp("alice");
        const alice = person("alice");
        await fails(srp(alice, "alice", "Wrong-Password-9"), "NotAuthorizedException", "Incorrect username or password.");
        const { values: [session] } = await srp(alice, "alice", PASSWORD);
        assert.ok(session.isValid());
        assert.equal(session.getIdToken().payload.email, "alice@example.com");
        assert.equal(session.getAccessToken().payload.username, "alice");

        const again = await call(alice, "getSession");
        assert.equal(again.getAccessToken().getJwtToken(), session.getAccessToken().getJwtToken());
        const refreshed = await call(alice, "refreshSession", session.getRefreshToken());
        assert.notEqual(refreshed.getAccessToken().getJwtToken(), session.getAccessToken().getJwtToken());
        assert.equal(refreshed.getRefreshToken().getToken(), session.getRefreshToken().getToken());

        const attributes = await call(alice, "getUserAttributes");
        assert.equal(asObject(attributes).email, "alice@example.com");
        assert.equal(await call(alice, "changePassword", PASSWORD, OTHER_PASSWORD), "SUCCESS");
        await srp(alice, "alice", OTHER_PASSWORD);
        await callbacks((handlers) => alice.globalSignOut(handlers));
        assert.equal(userPool.getCurrentUser(), null);

        const stolen = person("alice");
        stolen.setSignInUserSession(refreshed);
        await fails(call(stolen, "getUserAttributes"), "NotAuthorizedException", "Access Token has been revoked");
    });

    test("an alias signs in by SRP too", async () => {
        await signedUp("bob");
        const { values: [session] } = await srp(person("bob@example.com"), "bob@example.com", PASSWORD);
        assert.equal(session.getAccessToken().payload.username, "bob");
    });

    test("passwords of every kind pass through SRP", async () => {
        const passwords = ["Pä55-wörter ünd 🐘 so", `Long-${"x1".repeat(120)}`, "Quote\"s&<tags>-1", "X-ünïcode-näïve-7é"];
        for (const [number, password] of passwords.entries()) {
            const name = `password${number}`;
            await signedUp(name, password);
            const { values: [session] } = await srp(person(name), name, password);
            assert.ok(session.isValid(), password);
            await fails(srp(person(name), name, `${password}x`), "NotAuthorizedException");
        }
    });

    test("SRP holds over many salts and ephemerals", async () => {
        // Leading zeros and set top bits are where implementations of SRP differ: one try in 256 has each.
        await signedUp("srp");
        for (let turn = 0; turn < 40; ++turn) {
            const { values: [session] } = await srp(person("srp"), "srp", PASSWORD);
            assert.ok(session.isValid());
        }
        for (let turn = 0; turn < 15; ++turn) {
            const name = `salt${turn}`;
            await admin.send(
                new AdminCreateUserCommand({
                    UserPoolId: poolId,
                    Username: name,
                    TemporaryPassword: PASSWORD,
                    MessageAction: "SUPPRESS",
                }),
            );
            await srp(person(name), name, PASSWORD, ["newPasswordRequired"]);
        }
    });

    test("an invited person completes the new password challenge", async () => {
        await admin.send(
            new AdminCreateUserCommand({
                UserPoolId: poolId,
                Username: "carol",
                TemporaryPassword: PASSWORD,
                MessageAction: "SUPPRESS",
                UserAttributes: [
                    { Name: "email", Value: "carol@example.com" },
                    { Name: "email_verified", Value: "true" },
                ],
            }),
        );
        const carol = person("carol");
        const { what, values } = await srp(carol, "carol", PASSWORD, ["newPasswordRequired"]);
        assert.equal(what, "newPasswordRequired");
        const [current, required] = values;
        assert.equal(current.email, "carol@example.com");
        assert.deepEqual(required, []);
        const done = await callbacks((handlers) =>
            carol.completeNewPasswordChallenge(OTHER_PASSWORD, { name: "Carol" }, handlers),
        );
        assert.equal(done.values[0].getIdToken().payload.name, "Carol");
        await srp(person("carol"), "carol", OTHER_PASSWORD);
    });

    test("a forgotten password", async () => {
        await signedUp("dave");
        const dave = person("dave");
        await callbacks((handlers) => dave.forgotPassword(handlers), ["inputVerificationCode"]);
        const code = await cardea.code("dave@example.com");
        await fails(
            callbacks((handlers) => dave.confirmPassword(wrong(code), OTHER_PASSWORD, handlers)),
            "CodeMismatchException",
        );
        await callbacks((handlers) => dave.confirmPassword(code, OTHER_PASSWORD, handlers));
        await srp(dave, "dave", OTHER_PASSWORD);
    });

    test("attributes are changed and verified", async () => {
        await signedUp("erin");
        const erin = person("erin");
        await srp(erin, "erin", PASSWORD);
        const change = [new CognitoUserAttribute({ Name: "email", Value: "erin2@example.com" })];
        assert.equal(await call(erin, "updateAttributes", change), "SUCCESS");
        await callbacks(
            (handlers) => erin.getAttributeVerificationCode("email", handlers),
            ["onSuccess", "inputVerificationCode"],
        );
        const verified = await callbacks(async (handlers) =>
            erin.verifyAttribute("email", await cardea.code("erin2@example.com"), handlers),
        );
        assert.equal(verified.values[0], "SUCCESS");
        const attributes = asObject(await call(erin, "getUserAttributes"));
        assert.equal(attributes.email, "erin2@example.com");
        assert.equal(attributes.email_verified, "true");
    });

    test("codes are sent again before confirmation, and signing out revokes", async () => {
        const attributes = [new CognitoUserAttribute({ Name: "email", Value: "frank@example.com" })];
        const { user } = await call(userPool, "signUp", "frank", PASSWORD, attributes, []);
        await fails(srp(person("frank"), "frank", PASSWORD), "UserNotConfirmedException", "User is not confirmed.");
        await call(user, "resendConfirmationCode");
        await call(user, "confirmRegistration", await cardea.code("frank@example.com"), true);
        const frank = person("frank");
        const { values: [session] } = await srp(frank, "frank", PASSWORD);
        await new Promise((resolve, reject) => frank.signOut((error) => (error ? reject(error) : resolve())));
        await fails(
            call(person("frank"), "refreshSession", session.getRefreshToken()),
            "NotAuthorizedException",
            "Refresh Token has been revoked",
        );
    });

    test("a person deletes herself", async () => {
        await signedUp("grace");
        const grace = person("grace");
        await srp(grace, "grace", PASSWORD);
        assert.equal(await call(grace, "deleteUser"), "SUCCESS");
        await fails(srp(person("grace"), "grace", PASSWORD), "UserNotFoundException", "User does not exist.");
    });
});
