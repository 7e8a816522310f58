// Pools and app clients, with the AWS SDK for JavaScript v3.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as sdk from "@aws-sdk/client-cognito-identity-provider";
import {
    PASSWORD, asObject, makeClient, makePerson, makePool, publicClientOf, refuses, signIn, startCardea,
} from "./cardea.mjs";

describe("pools and clients with the AWS SDK", () => {
    let cardea, admin, browser;
    before(async () => {
        cardea = await startCardea();
        admin = cardea.client();
        browser = publicClientOf(cardea.http);
    });
    after(() => cardea?.stop());

    const describePool = async (UserPoolId) =>
        (await admin.send(new sdk.DescribeUserPoolCommand({ UserPoolId }))).UserPool;

    test("a pool of which only the name was given has AWS's defaults", async () => {
        const { UserPool } = await admin.send(new sdk.CreateUserPoolCommand({ PoolName: "defaults" }));
        assert.match(UserPool.Id, /^us-east-1_[0-9A-Za-z]{9}$/);
        assert.equal(UserPool.Arn, `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${UserPool.Id}`);
        assert.equal(UserPool.Name, "defaults");
        assert.deepEqual(UserPool.Policies.PasswordPolicy, {
            MinimumLength: 8,
            RequireUppercase: true,
            RequireLowercase: true,
            RequireNumbers: true,
            RequireSymbols: true,
            TemporaryPasswordValidityDays: 7,
        });
        assert.deepEqual(UserPool.Policies.SignInPolicy, { AllowedFirstAuthFactors: ["PASSWORD"] });
        assert.equal(UserPool.DeletionProtection, "INACTIVE");
        assert.equal(UserPool.MfaConfiguration, "OFF");
        assert.equal(UserPool.EstimatedNumberOfUsers, 0);
        assert.deepEqual(UserPool.LambdaConfig, {});
        assert.deepEqual(UserPool.EmailConfiguration, { EmailSendingAccount: "COGNITO_DEFAULT" });
        assert.deepEqual(UserPool.AdminCreateUserConfig, { AllowAdminCreateUserOnly: false, UnusedAccountValidityDays: 7 });
        assert.deepEqual(UserPool.VerificationMessageTemplate, { DefaultEmailOption: "CONFIRM_WITH_CODE" });
        assert.equal(UserPool.UserPoolTier, "ESSENTIALS");
        assert.equal(UserPool.AliasAttributes, undefined);
        assert.equal(UserPool.UsernameConfiguration, undefined);
        assert.equal(UserPool.SchemaAttributes.length, 21);
        assert.deepEqual(UserPool.SchemaAttributes[0], {
            Name: "sub",
            AttributeDataType: "String",
            DeveloperOnlyAttribute: false,
            Mutable: false,
            Required: true,
            StringAttributeConstraints: { MinLength: "1", MaxLength: "2048" },
        });
        assert.deepEqual(await describePool(UserPool.Id), UserPool);
    });

    test("an update replaces the whole", async () => {
        const { pool } = await makePool(admin, {
            EmailVerificationMessage: "The code is {####}",
            Policies: { PasswordPolicy: { MinimumLength: 12 } },
        });
        const before = await describePool(pool);
        assert.equal(before.VerificationMessageTemplate.EmailMessage, "The code is {####}");
        await admin.send(new sdk.UpdateUserPoolCommand({ UserPoolId: pool }));
        const after = await describePool(pool);
        assert.equal(after.Policies.PasswordPolicy.MinimumLength, 8);
        assert.equal(after.AutoVerifiedAttributes, undefined);
        assert.equal(after.EmailVerificationMessage, undefined);
        assert.equal(after.Name, before.Name);
    });

    test("deletion protection protects, and a deleted pool is gone", async () => {
        const { pool } = await makePool(admin, { DeletionProtection: "ACTIVE" });
        await refuses(
            admin.send(new sdk.DeleteUserPoolCommand({ UserPoolId: pool })),
            sdk.InvalidParameterException,
            "The user pool cannot be deleted because deletion protection is activated. " +
                "Deletion protection must be inactivated first.",
        );
        await admin.send(new sdk.UpdateUserPoolCommand({ UserPoolId: pool, DeletionProtection: "INACTIVE" }));
        await admin.send(new sdk.DeleteUserPoolCommand({ UserPoolId: pool }));
        await refuses(
            admin.send(new sdk.DescribeUserPoolCommand({ UserPoolId: pool })),
            sdk.ResourceNotFoundException,
            `User pool ${pool} does not exist.`,
        );
    });

    test("what is not valid is refused before anything is looked up", async () => {
        await refuses(
            admin.send(new sdk.DescribeUserPoolCommand({ UserPoolId: "nonsense" })),
            sdk.InvalidParameterException,
            "1 validation error detected: Value 'nonsense' at 'userPoolId' failed to satisfy constraint: " +
                "Member must satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+",
        );
        const error = await refuses(
            admin.send(new sdk.CreateUserPoolClientCommand({ UserPoolId: "nonsense", ClientName: "x".repeat(129) })),
            sdk.InvalidParameterException,
            /^2 validation errors detected: Value .*; Value /,
        );
        assert.ok(error instanceof sdk.CognitoIdentityProviderServiceException);
    });

    test("custom attributes are added and obeyed", async () => {
        const { pool, client } = await makePool(admin, {
            Schema: [
                { Name: "tier", AttributeDataType: "String", StringAttributeConstraints: { MinLength: "1", MaxLength: "4" } },
                { Name: "born", AttributeDataType: "Number", Mutable: false },
            ],
        });
        const add = () =>
            admin.send(
                new sdk.AddCustomAttributesCommand({
                    UserPoolId: pool,
                    CustomAttributes: [{ Name: "colour", AttributeDataType: "String" }],
                }),
            );
        await add();
        await refuses(
            add(),
            sdk.InvalidParameterException,
            "custom:colour: Existing attribute already has name custom:colour.",
        );
        const names = (await describePool(pool)).SchemaAttributes.map((attribute) => attribute.Name);
        assert.deepEqual(names.slice(21), ["custom:tier", "custom:born", "custom:colour"]);

        const { username } = await makePerson(cardea, browser, client, {
            attributes: [
                { Name: "custom:tier", Value: "gold" },
                { Name: "custom:born", Value: "1990" },
            ],
        });
        const { AccessToken } = await signIn(browser, client, username);
        const write = (Name, Value) =>
            browser.send(new sdk.UpdateUserAttributesCommand({ AccessToken, UserAttributes: [{ Name, Value }] }));
        await write("custom:colour", "red");
        await refuses(write("custom:tier", "platinum"), sdk.InvalidParameterException, /custom:tier/);
        await refuses(
            write("custom:born", "1991"),
            sdk.InvalidParameterException,
            "user.custom:born: Attribute cannot be updated.\n",
        );
        const me = asObject((await browser.send(new sdk.GetUserCommand({ AccessToken }))).UserAttributes);
        assert.equal(me["custom:colour"], "red");
        assert.equal(me["custom:tier"], "gold");
        assert.equal(me["custom:born"], "1990");
    });

    test("a client reads and writes only what it may", async () => {
        const { pool, client } = await makePool(admin);
        const { client: narrow } = await makeClient(admin, pool, {
            ReadAttributes: ["email"],
            WriteAttributes: ["email", "name"],
        });
        const { username, sub } = await makePerson(cardea, browser, client, {
            attributes: [{ Name: "nickname", Value: "Ni" }],
        });
        const { AccessToken } = await signIn(browser, narrow, username);
        const write = (Name) =>
            browser.send(new sdk.UpdateUserAttributesCommand({ AccessToken, UserAttributes: [{ Name, Value: "x" }] }));
        await write("name");
        await refuses(
            write("nickname"),
            sdk.NotAuthorizedException,
            "A client attempted to write unauthorized attribute",
        );
        const me = asObject((await browser.send(new sdk.GetUserCommand({ AccessToken }))).UserAttributes);
        assert.deepEqual(Object.keys(me).sort(), ["email", "sub"]);
        assert.equal(me.sub, sub);
    });

    test("a client of which only the name was given has AWS's defaults", async () => {
        const { pool } = await makePool(admin);
        const { UserPoolClient } = await admin.send(
            new sdk.CreateUserPoolClientCommand({ UserPoolId: pool, ClientName: "plain" }),
        );
        assert.match(UserPoolClient.ClientId, /^[0-9a-z]{26}$/);
        assert.equal(UserPoolClient.ClientSecret, undefined);
        assert.equal(UserPoolClient.RefreshTokenValidity, 30);
        assert.equal(UserPoolClient.AllowedOAuthFlowsUserPoolClient, false);
        assert.equal(UserPoolClient.EnableTokenRevocation, true);
        assert.equal(UserPoolClient.EnablePropagateAdditionalUserContextData, false);
        assert.equal(UserPoolClient.AuthSessionValidity, 3);
        assert.equal(UserPoolClient.AccessTokenValidity, undefined);
        assert.equal(UserPoolClient.ExplicitAuthFlows, undefined);
        const found = await admin.send(
            new sdk.DescribeUserPoolClientCommand({ UserPoolId: pool, ClientId: UserPoolClient.ClientId }),
        );
        assert.deepEqual(found.UserPoolClient, UserPoolClient);

        const updated = await admin.send(
            new sdk.UpdateUserPoolClientCommand({
                UserPoolId: pool,
                ClientId: UserPoolClient.ClientId,
                ClientName: "renamed",
                RefreshTokenValidity: 5,
                PreventUserExistenceErrors: "ENABLED",
            }),
        );
        assert.equal(updated.UserPoolClient.ClientName, "renamed");
        assert.equal(updated.UserPoolClient.RefreshTokenValidity, 5);
        assert.equal(updated.UserPoolClient.PreventUserExistenceErrors, "ENABLED");
        const listed = await admin.send(new sdk.ListUserPoolClientsCommand({ UserPoolId: pool, MaxResults: 60 }));
        assert.deepEqual(listed.UserPoolClients.map((c) => c.ClientName).sort(), ["app", "renamed"]);
        await admin.send(new sdk.DeleteUserPoolClientCommand({ UserPoolId: pool, ClientId: UserPoolClient.ClientId }));
        await refuses(
            admin.send(new sdk.DescribeUserPoolClientCommand({ UserPoolId: pool, ClientId: UserPoolClient.ClientId })),
            sdk.ResourceNotFoundException,
            `User pool client ${UserPoolClient.ClientId} does not exist.`,
        );
    });

    test("tags are put, listed and taken away", async () => {
        const { UserPool } = await admin.send(
            new sdk.CreateUserPoolCommand({ PoolName: "tagged", UserPoolTags: { team: "red" } }),
        );
        const list = async () =>
            (await admin.send(new sdk.ListTagsForResourceCommand({ ResourceArn: UserPool.Arn }))).Tags;
        assert.deepEqual(await list(), { team: "red" });
        await admin.send(new sdk.TagResourceCommand({ ResourceArn: UserPool.Arn, Tags: { team: "blue", stage: "test" } }));
        assert.deepEqual(await list(), { team: "blue", stage: "test" });
        await admin.send(new sdk.UntagResourceCommand({ ResourceArn: UserPool.Arn, TagKeys: ["team"] }));
        assert.deepEqual((await describePool(UserPool.Id)).UserPoolTags, { stage: "test" });
    });

    test("in development a tag chooses a pool's id", async () => {
        const { UserPool } = await admin.send(
            new sdk.CreateUserPoolCommand({ PoolName: "chosen", UserPoolTags: { _custom_id_: "us-east-1_Chosen123" } }),
        );
        assert.equal(UserPool.Id, "us-east-1_Chosen123");
    });

    test("the MFA configuration of a new pool is off", async () => {
        const { pool } = await makePool(admin);
        const answer = await admin.send(new sdk.GetUserPoolMfaConfigCommand({ UserPoolId: pool }));
        assert.equal(answer.MfaConfiguration, "OFF");
        assert.equal(answer.SmsMfaConfiguration, undefined);
    });

    test("the region of the signature is the pool's", async () => {
        const european = cardea.client({ region: "eu-central-1" });
        const { UserPool } = await european.send(new sdk.CreateUserPoolCommand({ PoolName: "european" }));
        assert.match(UserPool.Id, /^eu-central-1_/);
        assert.match(UserPool.Arn, /^arn:aws:cognito-idp:eu-central-1:/);
        const { UserPools } = await european.send(new sdk.ListUserPoolsCommand({ MaxResults: 60 }));
        assert.deepEqual(UserPools.map((pool) => pool.Name), ["european"]);
    });

    test("paginators walk through everything, once", async () => {
        const { pool } = await makePool(admin, { PoolName: "many" });
        for (let number = 0; number < 7; ++number) {
            await makeClient(admin, pool, { ClientName: `client ${number}` });
            await admin.send(new sdk.CreateGroupCommand({ UserPoolId: pool, GroupName: `group${number}` }));
            await admin.send(
                new sdk.AdminCreateUserCommand({
                    UserPoolId: pool,
                    Username: `user${number}`,
                    MessageAction: "SUPPRESS",
                    TemporaryPassword: PASSWORD,
                }),
            );
            await admin.send(
                new sdk.AdminAddUserToGroupCommand({ UserPoolId: pool, GroupName: "group0", Username: `user${number}` }),
            );
            await admin.send(
                new sdk.AdminAddUserToGroupCommand({ UserPoolId: pool, GroupName: `group${number}`, Username: "user0" }),
            );
        }
        const walk = async (paginate, input, pick) => {
            const found = [];
            for await (const page of paginate({ client: admin, pageSize: 3 }, input)) {
                const items = pick(page);
                assert.ok(items.length <= 3);
                found.push(...items);
            }
            assert.equal(new Set(found).size, found.length);
            return found.sort();
        };
        const seven = (prefix) => Array.from({ length: 7 }, (_, number) => `${prefix}${number}`);
        const names = (users) => users.map((user) => user.Username);
        const UserPoolId = pool;
        assert.deepEqual(await walk(sdk.paginateListUsers, { UserPoolId }, (page) => names(page.Users)), seven("user"));
        assert.deepEqual(
            await walk(sdk.paginateListUsersInGroup, { UserPoolId, GroupName: "group0" }, (page) => names(page.Users)),
            seven("user"),
        );
        assert.deepEqual(
            await walk(sdk.paginateListGroups, { UserPoolId }, (page) => page.Groups.map((group) => group.GroupName)),
            seven("group"),
        );
        assert.deepEqual(
            await walk(sdk.paginateAdminListGroupsForUser, { UserPoolId, Username: "user0" }, (page) =>
                page.Groups.map((group) => group.GroupName),
            ),
            seven("group"),
        );
        assert.deepEqual(
            await walk(sdk.paginateListUserPoolClients, { UserPoolId }, (page) =>
                page.UserPoolClients.map((client) => client.ClientName),
            ),
            ["app", ...seven("client ")],
        );
        const pools = await walk(sdk.paginateListUserPools, {}, (page) => page.UserPools.map((one) => one.Id));
        assert.ok(pools.includes(pool));
        await refuses(
            admin.send(new sdk.ListGroupsCommand({ UserPoolId, NextToken: "nonsense" })),
            sdk.InvalidParameterException,
        );
    });

    test("an operation that does not exist yet says so", async () => {
        const { pool } = await makePool(admin);
        const error = await admin.send(new sdk.ListTermsCommand({ UserPoolId: pool })).then(
            () => assert.fail("accepted"),
            (caught) => caught,
        );
        assert.equal(error.name, "UnknownOperationException");
        assert.equal(error.$metadata.httpStatusCode, 400);
    });
});
