// `cardea serve` mails through a real SMTP server: STARTTLS, AUTH, and every way in which such a server fails.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import * as sdk from "@aws-sdk/client-cognito-identity-provider";
import { SMTPServer } from "smtp-server";
import { PASSWORD, clientOf, makePool, publicClientOf, refuses, signIn, startProcess } from "../node/cardea.mjs";

const USER = "cardea";
const MAIL_PASSWORD = "mail pass/word=ü";
const TIMEOUT = 1500;

const arn = (name) => `arn:aws:ses:us-east-1:000000000000:identity/${name}@example.com`;

function certificate(folder) {
    const key = join(folder, "mail.key");
    const cert = join(folder, "mail.pem");
    execFileSync(
        "openssl",
        [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert,
        ],
        { stdio: "ignore" },
    );
    return { key: readFileSync(key), cert: readFileSync(cert), file: cert };
}

/** A mail server on a free port that keeps what it got: {from, to, secure, user, text}. */
async function mailServer(tls, options = {}, refuse = {}) {
    const mails = [];
    const server = new SMTPServer({
        key: tls.key,
        cert: tls.cert,
        onAuth: (auth, session, done) =>
            auth.username === USER && auth.password === MAIL_PASSWORD
                ? done(null, { user: USER })
                : done(new Error("Invalid username or password")),
        onRcptTo: (address, session, done) =>
            refuse.recipients
                ? done(Object.assign(new Error("No such mailbox"), { responseCode: 550 }))
                : done(),
        onData: async (stream, session, done) => {
            const parts = [];
            for await (const part of stream) parts.push(part);
            mails.push({
                from: session.envelope.mailFrom.address,
                to: session.envelope.rcptTo.map((one) => one.address),
                secure: session.secure,
                user: session.user,
                text: Buffer.concat(parts).toString("latin1"),
            });
            done();
        },
        ...options,
    });
    server.on("error", () => {}); // a client that breaks off is one of the cases
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { mails, port: server.server.address().port, close: () => new Promise((done) => server.close(done)) };
}

/** Takes connections and never says a word. */
async function silentServer() {
    const sockets = new Set();
    const server = createServer((socket) => sockets.add(socket.on("error", () => {})));
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
        port: server.address().port,
        close: () => {
            for (const socket of sockets) socket.destroy();
            return new Promise((done) => server.close(done));
        },
    };
}

/** The header's value, unfolded, and RFC 2047 words decoded. */
function headerOf(mail, name) {
    const head = mail.text.slice(0, mail.text.indexOf("\r\n\r\n")).replace(/\r\n[ \t]+/g, " ");
    const line = head.split("\r\n").find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`));
    return line
        ?.slice(name.length + 1)
        .trim()
        .replace(/\?=\s+=\?/g, "?==?")
        .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind, text) =>
            kind.toLowerCase() === "b"
                ? Buffer.from(text, "base64").toString()
                : quotedPrintable(text.replace(/_/g, " ")),
        );
}

const quotedPrintable = (text) =>
    Buffer.from(
        text
            .replace(/=\r\n/g, "")
            .replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
        "latin1",
    ).toString();

/** All of the body as text, its transfer encodings undone. */
const bodyOf = (mail) =>
    mail.text
        .split(/\r\n--[^\r\n]+(?:--)?\r\n|\r\n\r\n/)
        .map((part, index, parts) => {
            const encoding = /content-transfer-encoding:\s*(\S+)/i.exec(parts[index - 1] ?? "")?.[1]?.toLowerCase();
            return encoding === "base64" ? Buffer.from(part, "base64").toString() : quotedPrintable(part);
        })
        .join("\n");

const codeOf = (mail) => /code is (?:<b>)?([0-9]{6})\b/.exec(bodyOf(mail))[1];

describe("mail from cardea serve", () => {
    let folder, servers, good, cardea, admin, browser, keys;

    const transport = (name, port, more = "") => `
[[email]]
name = "${name}"
${name === "default" ? "" : `source_arn = "${arn(name)}"`}
host = "localhost"
port = ${port}
security = "starttls"
username = "${USER}"
password_file = "${join(folder, "mail.password")}"
from = "Cardea <no-reply@example.com>"
ca_file = "${join(folder, "mail.pem")}"
timeout = "${TIMEOUT}ms"
${more}`;

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "cardea-mail-test-"));
        const tls = certificate(folder);
        writeFileSync(join(folder, "mail.password"), MAIL_PASSWORD, { mode: 0o600 });
        writeFileSync(join(folder, "wrong.password"), "wrong", { mode: 0o600 });
        const stranger = join(folder, "stranger");
        execFileSync("mkdir", [stranger]);
        const untrusted = certificate(stranger);
        servers = {
            good: await mailServer(tls),
            plain: await mailServer(tls, { hideSTARTTLS: true, disabledCommands: ["STARTTLS"], allowInsecureAuth: true }),
            refusing: await mailServer(tls, {}, { recipients: true }),
            untrusted: await mailServer(untrusted),
            silent: await silentServer(),
        };
        good = servers.good;
        const gone = await silentServer();
        await gone.close();
        cardea = await startProcess(async (home) => {
            const file = join(home, "cardea.toml");
            writeFileSync(join(home, "master.key"), "5a".repeat(32), { mode: 0o600 });
            writeFileSync(
                file,
                `public_url = "https://id.example.com"
store = "${join(home, "cardea.db")}"
master_key_file = "${join(home, "master.key")}"

[http]
listen = ["127.0.0.1:0"]
` +
                    transport("default", good.port) +
                    transport("named", good.port) +
                    transport("plain", servers.plain.port) +
                    transport("refusing", servers.refusing.port) +
                    transport("untrusted", servers.untrusted.port) +
                    transport("silent", servers.silent.port, "concurrent_max = 4") +
                    transport("gone", gone.port) +
                    transport("locked", good.port).replace("mail.password", "wrong.password"),
            );
            const printed = execFileSync(process.env.CARDEA_BINARY, ["admin", "create-access-key", "--config", file]);
            keys = JSON.parse(printed);
            return ["serve", "--config", file];
        });
        admin = clientOf(cardea.http, {
            credentials: { accessKeyId: keys.AccessKeyId, secretAccessKey: keys.SecretAccessKey },
        });
        browser = publicClientOf(cardea.http);
    });
    after(async () => {
        try {
            await cardea?.stop();
        } finally {
            await Promise.all(Object.values(servers ?? {}).map((server) => server.close()));
            rmSync(folder, { recursive: true, force: true });
        }
    });

    const poolThrough = (name, more = {}) =>
        makePool(admin, { EmailConfiguration: { EmailSendingAccount: "DEVELOPER", SourceArn: arn(name) }, ...more });
    const signUp = (client, Username, email = `${Username}@example.com`) =>
        browser.send(
            new sdk.SignUpCommand({
                ClientId: client,
                Username,
                Password: PASSWORD,
                UserAttributes: [{ Name: "email", Value: email }],
            }),
        );
    const mailTo = (address) => good.mails.filter((mail) => mail.to.includes(address)).at(-1);

    test("a sign-up's code arrives encrypted and authenticated, and confirms", async () => {
        const { client } = await makePool(admin);
        const answer = await signUp(client, "alice");
        assert.equal(answer.CodeDeliveryDetails.DeliveryMedium, "EMAIL");
        const mail = mailTo("alice@example.com");
        assert.ok(mail, "the mail had arrived when SignUp was answered");
        assert.equal(mail.secure, true);
        assert.equal(mail.user, USER);
        assert.equal(mail.from, "no-reply@example.com");
        assert.deepEqual(mail.to, ["alice@example.com"]);
        assert.match(headerOf(mail, "From"), /^"?Cardea"? <no-reply@example\.com>$/);
        assert.match(headerOf(mail, "To"), /alice@example\.com/);
        assert.equal(headerOf(mail, "Subject"), "Your verification code");
        assert.match(headerOf(mail, "Message-ID"), /^<[^\s<>@]+@example\.com>$/);
        assert.ok(Math.abs(Date.parse(headerOf(mail, "Date")) - Date.now()) < 60_000);
        assert.equal(headerOf(mail, "MIME-Version"), "1.0");
        await browser.send(
            new sdk.ConfirmSignUpCommand({ ClientId: client, Username: "alice", ConfirmationCode: codeOf(mail) }),
        );
        await signIn(browser, client, "alice");
    });

    test("templates, senders and reply addresses are the pool's, in any script", async () => {
        const { client } = await poolThrough("named", {
            EmailConfiguration: {
                EmailSendingAccount: "DEVELOPER",
                SourceArn: arn("named"),
                From: "Bücher & Söhne <named@example.com>",
                ReplyToEmailAddress: "help@example.com",
            },
            EmailVerificationSubject: "Willkommen – 欢迎 🐘",
            EmailVerificationMessage: `<p>Your code is <b>{####}</b>. Schöne Grüße. ${"long ".repeat(300)}</p>\n.\n`,
        });
        await signUp(client, "bob");
        const mail = mailTo("bob@example.com");
        assert.equal(mail.from, "named@example.com");
        assert.match(headerOf(mail, "From"), /Bücher & Söhne"? <named@example\.com>$/);
        assert.match(headerOf(mail, "Reply-To"), /help@example\.com/);
        assert.equal(headerOf(mail, "Subject"), "Willkommen – 欢迎 🐘");
        assert.match(bodyOf(mail), /Your code is <b>[0-9]{6}<\/b>\. Schöne Grüße\./);
        assert.ok(mail.text.split("\r\n").every((line) => line.length <= 998), "RFC 5322 §2.1.1");
        await browser.send(
            new sdk.ConfirmSignUpCommand({ ClientId: client, Username: "bob", ConfirmationCode: codeOf(mail) }),
        );
    });

    test("an invitation and a recovery are mailed too", async () => {
        const { pool, client } = await makePool(admin);
        await admin.send(
            new sdk.AdminCreateUserCommand({
                UserPoolId: pool,
                Username: "carol",
                DesiredDeliveryMediums: ["EMAIL"],
                UserAttributes: [
                    { Name: "email", Value: "carol@example.com" },
                    { Name: "email_verified", Value: "true" },
                ],
            }),
        );
        const invitation = mailTo("carol@example.com");
        assert.equal(headerOf(invitation, "Subject"), "Your temporary password");
        assert.match(bodyOf(invitation), /Your username is carol and temporary password is \S+/);
        await admin.send(
            new sdk.AdminSetUserPasswordCommand({ UserPoolId: pool, Username: "carol", Password: PASSWORD, Permanent: true }),
        );
        await browser.send(new sdk.ForgotPasswordCommand({ ClientId: client, Username: "carol" }));
        await browser.send(
            new sdk.ConfirmForgotPasswordCommand({
                ClientId: client,
                Username: "carol",
                ConfirmationCode: codeOf(mailTo("carol@example.com")),
                Password: "Battery-Staple-8",
            }),
        );
        await signIn(browser, client, "carol", "Battery-Staple-8");
    });

    for (const [name, what] of [
        ["plain", "offers no STARTTLS"],
        ["refusing", "refuses the recipient"],
        ["untrusted", "has a certificate of nobody whom we trust"],
        ["locked", "refuses the password"],
        ["gone", "is not there"],
        ["silent", "says nothing"],
    ])
        test(`a server that ${what} fails the delivery soon, and the person is there`, async () => {
            const { pool, client } = await poolThrough(name);
            const begin = Date.now();
            await refuses(signUp(client, name), sdk.CodeDeliveryFailureException);
            assert.ok(Date.now() - begin < TIMEOUT + 3000, `${Date.now() - begin} ms`);
            const user = await admin.send(new sdk.AdminGetUserCommand({ UserPoolId: pool, Username: name }));
            assert.equal(user.UserStatus, "UNCONFIRMED");
            assert.deepEqual(servers[name]?.mails ?? [], []);
        });

    test("many who wait for a silent server keep nobody else waiting", async () => {
        const silent = await poolThrough("silent");
        const { client } = await makePool(admin);
        const waiting = Array.from({ length: 40 }, (_, number) =>
            refuses(signUp(silent.client, `waits${number}`), sdk.CodeDeliveryFailureException),
        );
        const begin = Date.now();
        await signUp(client, "dave");
        assert.ok(mailTo("dave@example.com"));
        assert.ok(Date.now() - begin < TIMEOUT, `${Date.now() - begin} ms`);
        await Promise.all(waiting);
    });

    test("signatures count in production", async () => {
        const call = (credentials) =>
            clientOf(cardea.http, { credentials })
                .send(new sdk.ListUserPoolsCommand({ MaxResults: 1 }))
                .then(() => assert.fail("accepted"), (error) => error);
        const forged = await call({ accessKeyId: keys.AccessKeyId, secretAccessKey: "0".repeat(40) });
        assert.equal(forged.name, "InvalidSignatureException");
        const unknown = await call({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "0".repeat(40) });
        assert.equal(unknown.name, "UnrecognizedClientException");
        const unsigned = await fetch(cardea.http, {
            method: "POST",
            headers: {
                "content-type": "application/x-amz-json-1.1",
                "x-amz-target": "AWSCognitoIdentityProviderService.ListUserPools",
            },
            body: '{"MaxResults":1}',
        });
        assert.equal(unsigned.status, 400);
        assert.deepEqual(await unsigned.json(), {
            __type: "MissingAuthenticationTokenException",
            message: "Missing Authentication Token",
        });
    });

    test("the development door is shut", async () => {
        for (const [method, path] of [["GET", "/_dev/outbox"], ["POST", "/_dev/reset"], ["POST", "/_dev/clock"], ["GET", "/_dev/"]])
            assert.equal((await fetch(cardea.http + path, { method })).status, 404, path);
    });
});
