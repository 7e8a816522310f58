// aws-jwt-verify, unmodified: the verifier that most Cognito applications use, and its generic one.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CognitoJwtVerifier, JwtVerifier } from "aws-jwt-verify";
import {
    CognitoJwtInvalidClientIdError, CognitoJwtInvalidGroupError, CognitoJwtInvalidTokenUseError, JwtInvalidSignatureError,
    KidNotFoundInJwksError,
} from "aws-jwt-verify/error";
import { validateCognitoJwtFields } from "aws-jwt-verify/cognito-verifier";
import { CreateGroupCommand, AdminAddUserToGroupCommand } from "@aws-sdk/client-cognito-identity-provider";
import { makePerson, makePool, signIn, startCardea } from "./cardea.mjs";

const fetchJson = async (uri) => {
    const response = await fetch(uri);
    assert.equal(response.status, 200, uri);
    assert.match(response.headers.get("content-type"), /^application\/json\b/);
    return response.json();
};

describe("aws-jwt-verify with issuers of AWS's form", () => {
    let cardea, pool, client, tokens, jwks;
    before(async () => {
        cardea = await startCardea({ environment: { CARDEA_ISSUER: "aws" } });
        const admin = cardea.client();
        ({ pool, client } = await makePool(admin));
        const { username } = await makePerson(cardea, admin, client);
        await admin.send(new CreateGroupCommand({ UserPoolId: pool, GroupName: "readers" }));
        await admin.send(
            new AdminAddUserToGroupCommand({ UserPoolId: pool, GroupName: "readers", Username: username }),
        );
        tokens = await signIn(admin, client, username);
        jwks = await fetchJson(`${cardea.http}/${pool}/.well-known/jwks.json`);
    });
    after(() => cardea?.stop());

    test("CognitoJwtVerifier accepts both tokens from cached keys", async () => {
        for (const [tokenUse, token] of [["access", tokens.AccessToken], ["id", tokens.IdToken]]) {
            const verifier = CognitoJwtVerifier.create({ userPoolId: pool, tokenUse, clientId: client, groups: "readers" });
            verifier.cacheJwks(jwks);
            const payload = await verifier.verify(token);
            assert.equal(payload.iss, `https://cognito-idp.us-east-1.amazonaws.com/${pool}`);
            assert.equal(payload.token_use, tokenUse);
            assert.deepEqual(payload["cognito:groups"], ["readers"]);
        }
    });

    test("CognitoJwtVerifier refuses the other token, another client, another group and a forged signature", async () => {
        const verify = (more, token) => {
            const verifier = CognitoJwtVerifier.create({ userPoolId: pool, tokenUse: "access", clientId: client, ...more });
            verifier.cacheJwks(jwks);
            return verifier.verify(token);
        };
        await assert.rejects(verify({}, tokens.IdToken), CognitoJwtInvalidTokenUseError);
        await assert.rejects(verify({ clientId: "other" }, tokens.AccessToken), CognitoJwtInvalidClientIdError);
        await assert.rejects(verify({ groups: "writers" }, tokens.AccessToken), CognitoJwtInvalidGroupError);
        const [head, body] = tokens.AccessToken.split(".");
        const signature = tokens.IdToken.split(".")[2];
        await assert.rejects(verify({}, `${head}.${body}.${signature}`), JwtInvalidSignatureError);
    });

    test("the published keys are what Cognito publishes", () => {
        assert.deepEqual(Object.keys(jwks), ["keys"]);
        assert.ok(jwks.keys.length >= 2);
        for (const key of jwks.keys) {
            assert.deepEqual(Object.keys(key).sort(), ["alg", "e", "kid", "kty", "n", "use"]);
            assert.deepEqual([key.alg, key.e, key.kty, key.use], ["RS256", "AQAB", "RSA", "sig"]);
            assert.equal(Buffer.from(key.n, "base64url").length, 256);
        }
    });
});

describe("aws-jwt-verify with our own issuers", () => {
    let cardea, pool, client, tokens, discovery;
    before(async () => {
        cardea = await startCardea();
        const admin = cardea.client();
        ({ pool, client } = await makePool(admin));
        const { username } = await makePerson(cardea, admin, client);
        tokens = await signIn(admin, client, username);
        discovery = await fetchJson(`${cardea.http}/${pool}/.well-known/openid-configuration`);
    });
    after(() => cardea?.stop());

    test("the generic verifier accepts both tokens through discovery", async () => {
        assert.equal(discovery.issuer, `${cardea.http}/${pool}`);
        for (const [tokenUse, token] of [["access", tokens.AccessToken], ["id", tokens.IdToken]]) {
            const verifier = JwtVerifier.create({
                issuer: discovery.issuer,
                jwksUri: discovery.jwks_uri,
                audience: null,
                customJwtCheck: ({ payload }) => validateCognitoJwtFields(payload, { tokenUse, clientId: client }),
            });
            verifier.cacheJwks(await fetchJson(discovery.jwks_uri));
            const payload = await verifier.verify(token);
            assert.equal(payload.iss, discovery.issuer);
        }
    });

    test("keys of another pool do not verify", async () => {
        const { pool: other } = await makePool(cardea.client());
        const verifier = JwtVerifier.create({ issuer: discovery.issuer, jwksUri: discovery.jwks_uri, audience: null });
        verifier.cacheJwks(await fetchJson(`${cardea.http}/${other}/.well-known/jwks.json`));
        assert.throws(() => verifier.verifySync(tokens.AccessToken), KidNotFoundInJwksError);
    });

    test("browsers may read the keys, and an unknown pool has none", async () => {
        const response = await fetch(discovery.jwks_uri);
        assert.equal(response.headers.get("access-control-allow-origin"), "*");
        assert.match(response.headers.get("cache-control") ?? "", /max-age=\d+/);
        const missing = await fetch(`${cardea.http}/us-east-1_000000000/.well-known/jwks.json`);
        assert.equal(missing.status, 404);
    });
});
