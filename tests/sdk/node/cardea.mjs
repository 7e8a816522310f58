// Starts the real binary for a file of tests, and says in few words what journeys need again and again.
//
//   const cardea = await startCardea();          // before()
//   const cognito = cardea.client();             // an unmodified AWS SDK client
//   const code = await cardea.code("alice@example.com");
//   await cardea.stop();                         // after()

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
    CognitoIdentityProviderClient,
    ConfirmSignUpCommand,
    CreateUserPoolClientCommand,
    CreateUserPoolCommand,
    InitiateAuthCommand,
    SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";

const START_DEADLINE = 30_000;
const STOP_DEADLINE = 15_000;

export const PASSWORD = "Correct-Horse-7";
export const OTHER_PASSWORD = "Battery-Staple-8";

/** Runs `cardea` in a folder of its own, with the arguments that `argumentsOf(folder)` tells; resolves when it listens. */
export async function startProcess(argumentsOf, environment = {}) {
    const binary = process.env.CARDEA_BINARY;
    assert.ok(binary, "CARDEA_BINARY names the program under test");
    const folder = await mkdtemp(join(tmpdir(), "cardea-client-test-"));
    const child = spawn(binary, await argumentsOf(folder), {
        cwd: folder,
        env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder, ...environment },
        stdio: ["ignore", "ignore", "pipe"],
    });
    const log = [];
    const ended = new Promise((resolve) => {
        child.once("error", (error) => resolve({ code: null, signal: null, error }));
        child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    const listening = new Promise((resolve) => {
        createInterface({ input: child.stderr }).on("line", (line) => {
            log.push(line);
            if (log.length > 2000) log.splice(1000, 100);
            try {
                const event = JSON.parse(line);
                if (event.event === "listening") resolve(event);
            } catch {
                // not every line of a failing start is JSON; the whole log is shown when it fails
            }
        });
    });
    const failed = async (what) => {
        child.kill("SIGKILL");
        await ended;
        await rm(folder, { recursive: true, force: true });
        throw new Error(`${what}\n${log.slice(-40).join("\n")}`);
    };
    const started = await Promise.race([
        listening,
        ended.then((end) => ({ end })),
        deadline(START_DEADLINE).then(() => ({ late: true })),
    ]);
    if (started.end) await failed(`cardea ended before it listened: ${JSON.stringify(started.end)}`);
    if (started.late) await failed("cardea did not say in time that it listens");

    return {
        ...started,
        folder,
        log,
        /** Ends it as an operator would, and fails when it had ended by itself or does not end well. */
        async stop() {
            if (child.exitCode !== null || child.signalCode !== null) await failed("cardea ended while it was tested");
            child.kill("SIGTERM");
            const end = await Promise.race([ended, deadline(STOP_DEADLINE).then(() => null)]);
            if (!end) await failed("cardea did not end in time after SIGTERM");
            if (end.code !== 0) await failed(`cardea ended with ${JSON.stringify(end)}`);
            await rm(folder, { recursive: true, force: true });
        },
    };
}

/** `cardea dev` on a free port. */
export async function startCardea({ args = [], environment = {} } = {}) {
    const server = await startProcess(() => ["dev", "--port", "0", ...args], environment);
    const door = async (method, path, body) => {
        const response = await fetch(server.http + path, {
            method,
            headers: body ? { "content-type": "application/json" } : {},
            body: body && JSON.stringify(body),
        });
        assert.ok(response.ok, `${method} ${path}: ${response.status} ${await response.clone().text()}`);
        return response;
    };
    return {
        ...server,
        /** An SDK client that signs, as an administrator's does. */
        client: (options = {}) => clientOf(server.http, options),
        /** The messages sent to an address, newest first. */
        async outbox(to) {
            return (await (await door("GET", `/_dev/outbox?to=${encodeURIComponent(to)}`)).json()).messages;
        },
        /** The code in the newest message to an address. */
        async code(to) {
            const messages = await this.outbox(to);
            assert.ok(messages.length > 0, `nothing was sent to ${to}`);
            assert.ok(messages[0].code, `no code in: ${messages[0].body}`);
            return messages[0].code;
        },
        advance: (seconds) => door("POST", "/_dev/clock", { advance_seconds: seconds }),
        reset: () => door("POST", "/_dev/reset"),
    };
}

export function clientOf(endpoint, options = {}) {
    return new CognitoIdentityProviderClient({
        endpoint,
        region: "us-east-1",
        credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" },
        maxAttempts: 1, // a retry would hide a wrong answer
        ...options,
    });
}

/** A client of somebody who has no AWS credentials, such as a browser. */
export function publicClientOf(endpoint, options = {}) {
    return clientOf(endpoint, {
        credentials: async () => {
            throw new Error("a public operation asked for credentials");
        },
        ...options,
    });
}

let pools = 0;

/** A pool that verifies e-mail, with one client for every flow that needs no trigger; `client` is the client's id. */
export async function makePool(cognito, pool = {}, client = {}) {
    const { UserPool } = await cognito.send(
        new CreateUserPoolCommand({ PoolName: `pool ${++pools}`, AutoVerifiedAttributes: ["email"], ...pool }),
    );
    return { pool: UserPool.Id, ...(await makeClient(cognito, UserPool.Id, client)) };
}

export async function makeClient(cognito, pool, client = {}) {
    const { UserPoolClient } = await cognito.send(
        new CreateUserPoolClientCommand({
            UserPoolId: pool,
            ClientName: "app",
            ExplicitAuthFlows: [
                "ALLOW_USER_SRP_AUTH",
                "ALLOW_USER_PASSWORD_AUTH",
                "ALLOW_ADMIN_USER_PASSWORD_AUTH",
                "ALLOW_REFRESH_TOKEN_AUTH",
            ],
            ...client,
        }),
    );
    return { client: UserPoolClient.ClientId, secret: UserPoolClient.ClientSecret };
}

let people = 0;

/** Somebody who signed up and confirmed by the code that was mailed. */
export async function makePerson(cardea, cognito, clientId, { username, email, password = PASSWORD, attributes = [] } = {}) {
    const name = username ?? `person${++people}`;
    const address = email ?? `${name}@example.com`;
    const { UserSub } = await cognito.send(
        new SignUpCommand({
            ClientId: clientId,
            Username: name,
            Password: password,
            UserAttributes: [{ Name: "email", Value: address }, ...attributes],
        }),
    );
    await cognito.send(
        new ConfirmSignUpCommand({ ClientId: clientId, Username: name, ConfirmationCode: await cardea.code(address) }),
    );
    return { username: name, email: address, password, sub: UserSub };
}

/** Signs in by password; the AuthenticationResult. */
export async function signIn(cognito, clientId, username, password = PASSWORD, parameters = {}) {
    const answer = await cognito.send(
        new InitiateAuthCommand({
            AuthFlow: "USER_PASSWORD_AUTH",
            ClientId: clientId,
            AuthParameters: { USERNAME: username, PASSWORD: password, ...parameters },
        }),
    );
    assert.ok(answer.AuthenticationResult, `a challenge instead of tokens: ${answer.ChallengeName}`);
    return answer.AuthenticationResult;
}

/** The call is refused with this error class of the SDK and exactly this message (or one that matches). */
export async function refuses(call, Class, message) {
    const error = await call.then(
        () => assert.fail(`accepted, though ${Class.name} was expected`),
        (caught) => caught,
    );
    assert.equal(error.name, Class.name, `${error.name}: ${error.message}`);
    assert.ok(error instanceof Class, `${error.name} is not an instance of the SDK's class`);
    if (message instanceof RegExp) assert.match(error.message, message);
    else if (message !== undefined) assert.equal(error.message, message);
    assert.equal(error.$metadata.httpStatusCode, 400);
    assert.match(error.$metadata.requestId, UUID);
    return error;
}

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The claims of a JWT, unverified. */
export const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
export const header = (token) => JSON.parse(Buffer.from(token.split(".")[0], "base64url"));

/** A six-digit code that is not this one. */
export const wrong = (code) => String((Number(code) + 1) % 1_000_000).padStart(6, "0");

export const secretHash = (secret, username, clientId) =>
    createHmac("sha256", secret).update(username + clientId).digest("base64");

/** [{Name, Value}] as an object. */
export const asObject = (attributes) => Object.fromEntries(attributes.map(({ Name, Value }) => [Name, Value]));

function deadline(milliseconds) {
    return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
