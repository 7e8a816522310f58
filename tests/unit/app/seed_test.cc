#include "app/seed.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

#include "app/seed_file.h"
#include "codec/base64.h"
#include "codec/json.h"
#include "crypto/hash.h"
#include "support/world.h"

namespace cardea {
namespace {

// A pool on lines 1 to 3; what a test adds begins on line 4.
constexpr std::string_view kPool = "[[pool]]\nid = \"us-east-1_people\"\nname = \"people\"\n";

// The TOML of docs/operating/dev.md.
std::string DocumentedSeed() {
    std::ifstream in(CARDEA_SOURCE_DIR "/docs/operating/dev.md");
    std::ostringstream text;
    text << in.rdbuf();
    const std::string page = text.str();
    const std::string fence = "```toml\n";
    const std::size_t begin = page.find(fence);
    EXPECT_NE(begin, std::string::npos);
    return page.substr(begin + fence.size(), page.find("```", begin + fence.size()) - begin - fence.size());
}

void Apply(test::World& world, const std::string& text) { ApplySeed(world.services, ReadSeedFile(text, "seed.toml")); }

// Why the file is refused, by its form or by the API; "" where it is not.
std::string ReadingFails(const std::string& text) {
    try {
        ReadSeedFile(text, "seed.toml");
        return "";
    } catch (const std::runtime_error& error) {
        return error.what();
    }
}
std::string ApplyingFails(test::World& world, const std::string& text) {
    try {
        Apply(world, text);
        return "";
    } catch (const std::runtime_error& error) {
        return error.what();
    }
}

std::string AnswerOf(test::World& world, std::string_view operation, std::string_view body) {
    const HttpResponse response = world.Call(operation, body);
    EXPECT_EQ(response.status, 200) << operation << " " << response.body;
    return response.body;
}
bool Has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(Seed, MakesWhatItsPageShows) {
    test::World world;
    Apply(world, DocumentedSeed());
    const std::string pool = AnswerOf(world, "DescribeUserPool", R"({"UserPoolId":"us-east-1_people"})");
    EXPECT_TRUE(Has(pool, R"("AutoVerifiedAttributes":["email"])")) << pool;
    EXPECT_TRUE(Has(pool, R"("UserPoolTags":{"_custom_id_":"us-east-1_people"})")) << pool;
    EXPECT_TRUE(Has(pool, R"("MinimumLength":8)")) << pool;
    const std::string user = AnswerOf(world, "AdminGetUser", R"({"UserPoolId":"us-east-1_people","Username":"ada"})");
    EXPECT_TRUE(Has(user, R"("UserStatus":"CONFIRMED")")) << user;
    EXPECT_TRUE(Has(user, R"({"Name":"email_verified","Value":"true"})")) << user;
    const std::string groups =
        AnswerOf(world, "AdminListGroupsForUser", R"({"UserPoolId":"us-east-1_people","Username":"ada"})");
    EXPECT_TRUE(Has(groups, R"("GroupName":"admins")")) << groups;
    EXPECT_TRUE(Has(groups, R"("Precedence":1)")) << groups;
    const HttpResponse signed_in = world.Call(
        "InitiateAuth",
        R"({"ClientId":"web","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{"USERNAME":"ada","PASSWORD":"Engine-1843"}})",
        false);
    EXPECT_EQ(signed_in.status, 200) << signed_in.body;
    EXPECT_TRUE(Has(signed_in.body, "AccessToken")) << signed_in.body;
    EXPECT_TRUE(world.messages.sent.empty());
}

TEST(Seed, ClientsHaveTheirIdsAndNoOthers) {
    test::World world;
    Apply(world, DocumentedSeed());
    EXPECT_EQ(AnswerOf(world, "ListUserPoolClients", R"({"UserPoolId":"us-east-1_people","MaxResults":10})"),
              R"({"UserPoolClients":[)"
              R"({"ClientId":"backend","UserPoolId":"us-east-1_people","ClientName":"backend"},)"
              R"({"ClientId":"web","UserPoolId":"us-east-1_people","ClientName":"web"}]})");
}

TEST(Seed, AClientsSecretIsSealedForItsFixedId) {
    test::World world;
    Apply(world, std::string(kPool) + R"(
[[pool.client]]
id = "Own_1"
name = "own"
secret = "a_fixed_secret_of_this_client"
settings.ExplicitAuthFlows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
[[pool.client]]
id = "made"
name = "made"
settings.GenerateSecret = true
[[pool.user]]
username = "ada"
password = "Engine-1843"
)");
    const std::string own =
        AnswerOf(world, "DescribeUserPoolClient", R"({"UserPoolId":"us-east-1_people","ClientId":"Own_1"})");
    EXPECT_TRUE(Has(own, R"("ClientSecret":"a_fixed_secret_of_this_client")")) << own;
    const std::string made =
        AnswerOf(world, "DescribeUserPoolClient", R"({"UserPoolId":"us-east-1_people","ClientId":"made"})");
    EXPECT_TRUE(Has(made, R"("ClientSecret":")")) << made;
    const auto sign_in = [&](const std::string& parameters) {
        return world
            .Call("InitiateAuth",
                  R"({"ClientId":"Own_1","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":)"
                  R"({"USERNAME":"ada","PASSWORD":"Engine-1843")" +
                      parameters + "}}",
                  false)
            .status;
    };
    EXPECT_EQ(sign_in(""), 400);
    EXPECT_EQ(
        sign_in(R"(,"SECRET_HASH":")" + Base64Encode(HmacSha256("a_fixed_secret_of_this_client", "adaOwn_1")) + "\""),
        200);
}

TEST(Seed, APoolIsOfItsIdsRegion) {
    test::World world;
    Apply(world,
          "[[pool]]\nid = \"eu-central-1_Kunden7\"\nname = \"Kunden\"\n[[pool.user]]\nusername = \"ada\"\n"
          "password = \"Sesame-1234\"\n");
    world.signed_region = "eu-central-1";
    EXPECT_TRUE(Has(AnswerOf(world, "AdminGetUser", R"({"UserPoolId":"eu-central-1_Kunden7","Username":"ada"})"),
                    R"("Username":"ada")"));
    const std::string pool = AnswerOf(world, "DescribeUserPool", R"({"UserPoolId":"eu-central-1_Kunden7"})");
    EXPECT_TRUE(Has(pool, "arn:aws:cognito-idp:eu-central-1:000000000000:userpool/eu-central-1_Kunden7")) << pool;
}

TEST(Seed, APoolThatIsThereStaysAsItIs) {
    test::World world;
    Apply(world, kPool.data());
    const std::string before = AnswerOf(world, "DescribeUserPool", R"({"UserPoolId":"us-east-1_people"})");
    world.clock.Advance(std::chrono::hours(1));
    Apply(world, std::string(kPool) + "settings.MfaConfiguration = \"NONSENSE\"\n[[pool.group]]\nname = \"admins\"\n");
    EXPECT_EQ(AnswerOf(world, "DescribeUserPool", R"({"UserPoolId":"us-east-1_people"})"), before);
    EXPECT_EQ(AnswerOf(world, "ListGroups", R"({"UserPoolId":"us-east-1_people"})"), R"({"Groups":[]})");
}

TEST(Seed, WhatTheApiRefusesIsToldWithItsLineAndMadeAgainAtTheNextStart) {
    test::World world;
    const std::string begin = std::string(kPool) + R"(settings.DeletionProtection = "ACTIVE"
[[pool.client]]
id = "web"
name = "web"
[[pool.user]]
username = "ada"
password = ")";
    EXPECT_EQ(ApplyingFails(world, begin + "short\"\n"),
              "seed.toml:8: AdminSetUserPassword: InvalidPasswordException: Password did not conform with policy: "
              "Password not long enough");
    EXPECT_EQ(ApplyingFails(world, begin + "Engine-1843\"\n"), "");
    EXPECT_TRUE(Has(AnswerOf(world, "AdminGetUser", R"({"UserPoolId":"us-east-1_people","Username":"ada"})"),
                    R"("UserStatus":"CONFIRMED")"));
    EXPECT_EQ(AnswerOf(world, "ListUserPoolClients", R"({"UserPoolId":"us-east-1_people","MaxResults":10})"),
              R"({"UserPoolClients":[{"ClientId":"web","UserPoolId":"us-east-1_people","ClientName":"web"}]})");
}

TEST(Seed, TellsWhichTableTheApiRefuses) {
    const auto refused = [](const std::string& more) {
        test::World world;
        return ApplyingFails(world, std::string(kPool) + more);
    };
    EXPECT_TRUE(Has(refused("settings.MfaConfiguration = 7\n"), "seed.toml:1: CreateUserPool: SerializationException"));
    EXPECT_TRUE(Has(refused("settings.UserPoolTags.\"aws:x\" = \"y\"\n"), "seed.toml:1: CreateUserPool: "));
    EXPECT_TRUE(Has(refused("[[pool.client]]\nid = \"web\"\nname = \"web\"\nsecret = \"short\"\n"),
                    "seed.toml:4: CreateUserPoolClient: InvalidParameterException"));
    EXPECT_EQ(refused("[[pool.client]]\nid = \"a\"\nname = \"a\"\n[[pool.client]]\nid = \"a\"\nname = \"b\"\n"),
              "seed.toml:7: the client id a is taken");
    EXPECT_TRUE(Has(refused("[[pool.group]]\nname = \"g\"\n[[pool.group]]\nname = \"g\"\n"),
                    "seed.toml:6: CreateGroup: GroupExistsException"));
    EXPECT_TRUE(Has(refused("[[pool.user]]\nusername = \"a\"\npassword = \"Engine-1843\"\ngroups = [\"none\"]\n"),
                    "seed.toml:4: AdminAddUserToGroup: ResourceNotFoundException"));
    EXPECT_TRUE(Has(refused("[[pool.user]]\nusername = \"a\"\npassword = \"Engine-1843\"\nattributes.hat = \"red\"\n"),
                    "seed.toml:4: AdminCreateUser: InvalidParameterException"));
}

TEST(SeedFile, MayBeEmpty) {
    EXPECT_TRUE(ReadSeedFile("", "seed.toml").pools.empty());
    EXPECT_TRUE(ReadSeedFile("pool = []\n", "seed.toml").pools.empty());
}

TEST(SeedFile, RefusesWhatItDoesNotKnow) {
    EXPECT_EQ(ReadingFails("[[pools]]\n"), "seed.toml:1: there is no key pools here");
    const auto refused = [](const std::string& more) { return ReadingFails(std::string(kPool) + more); };
    EXPECT_EQ(refused("colour = \"red\"\n"), "seed.toml:4: there is no key colour here");
    EXPECT_EQ(refused("[[pool.users]]\n"), "seed.toml:4: there is no key users here");
    EXPECT_EQ(refused("[[pool.user]]\nname = \"ada\"\n"), "seed.toml:5: there is no key name here");
    EXPECT_EQ(refused("[pool.settings]\nAutoVerifyAttributes = []\n"),
              "seed.toml:5: the API has no setting AutoVerifyAttributes");
    EXPECT_EQ(refused("[pool.settings.Policies.PasswordPolicy]\nMinLength = 8\n"),
              "seed.toml:5: the API has no setting Policies.PasswordPolicy.MinLength");
    EXPECT_EQ(refused("[pool.settings]\nSchema = [{ Name = \"a\" },\n{ Named = \"b\" }]\n"),
              "seed.toml:6: the API has no setting Schema.Named");
}

TEST(SeedFile, RefusesSettingsThatTheTablesOwnKeysGive) {
    const auto refused = [](const std::string& more) { return ReadingFails(std::string(kPool) + more); };
    EXPECT_EQ(refused("settings.PoolName = \"x\"\n"), "seed.toml:4: PoolName: is not for the settings");
    EXPECT_EQ(refused("settings.UserPoolTags._custom_id_ = \"x\"\n"),
              "seed.toml:4: _custom_id_: is not for the settings");
    EXPECT_EQ(refused("[[pool.client]]\nid = \"a\"\nname = \"a\"\nsettings.UserPoolId = \"x\"\n"),
              "seed.toml:7: UserPoolId: is not for the settings");
}

TEST(SeedFile, RefusesValuesOfAnotherForm) {
    EXPECT_EQ(ReadingFails("pool = 3\n"), "seed.toml:1: pool: must be tables in double brackets");
    EXPECT_EQ(ReadingFails("[pool]\nid = \"us-east-1_a\"\n"), "seed.toml:1: pool: must be tables in double brackets");
    EXPECT_EQ(ReadingFails("pool = [1]\n"), "seed.toml:1: pool: must be tables in double brackets");
    EXPECT_EQ(ReadingFails("[[pool]]\nid = \"us-east-1_a\"\n"), "seed.toml:1: the key name is missing");
    const auto refused = [](const std::string& more) { return ReadingFails(std::string(kPool) + more); };
    EXPECT_EQ(refused("settings = 1\n"), "seed.toml:4: settings: must be a table");
    EXPECT_EQ(refused("settings.UserPoolTags = []\n"), "seed.toml:4: UserPoolTags: must be a table");
    EXPECT_EQ(refused("settings.DeletionProtection = 1.5\n"), "seed.toml:4: no setting is a real number or a date");
    const std::string user = "[[pool.user]]\nusername = \"ada\"\n";
    EXPECT_EQ(refused(user), "seed.toml:4: the key password is missing");
    EXPECT_EQ(refused(user + "password = 7\n"), "seed.toml:6: password: must be a text in quotes");
    EXPECT_EQ(refused(user + "password = \"p\"\ngroups = \"admins\"\n"),
              "seed.toml:7: groups: must be a list of names");
    EXPECT_EQ(refused(user + "password = \"p\"\ngroups = [[]]\n"), "seed.toml:7: groups: must be a list of names");
    EXPECT_EQ(refused(user + "password = \"p\"\n[pool.user.attributes]\nemail_verified = true\n"),
              "seed.toml:8: email_verified: must be a text in quotes");
}

TEST(SeedFile, RefusesIdsOfAnotherFormAndPoolsThatStandTwice) {
    for (const char* id :
         {"", "people", "us-east-1_", "_people", "us_east_1_people", "us-east-1_a-b", "US-EAST-1_a", "us-east-1/x_a",
          "us-east-1_a\\n", "us-east-1_0123456789012345678901234567890123456789012345678"})
        EXPECT_TRUE(Has(ReadingFails("[[pool]]\nname = \"a\"\nid = \"" + std::string(id) + "\"\n"),
                        "seed.toml:3: id: must be a region"))
            << id;
    for (const std::string& id : {std::string(), std::string("a b"), std::string("a/b"), std::string("ä"),
                                  std::string("a\\n"), std::string(129, 'a')})
        EXPECT_EQ(ReadingFails(std::string(kPool) + "[[pool.client]]\nname = \"a\"\nid = \"" + id + "\"\n"),
                  "seed.toml:6: id: must be 1 to 128 letters, digits, '_' and '+'")
            << id;
    EXPECT_EQ(ReadingFails(std::string(kPool) + std::string(kPool)),
              "seed.toml:4: the pool us-east-1_people stands twice");
}

TEST(SeedFile, RefusesWhatIsNotToml) {
    EXPECT_TRUE(Has(ReadingFails("[[pool]]\nid = us-east-1_people\n"), "seed.toml:2: "));
    EXPECT_TRUE(Has(ReadingFails(std::string("\0\xff", 2)), "seed.toml:1: "));
    EXPECT_TRUE(Has(ReadingFails("x = " + std::string(100'000, '[')), "seed.toml:1: "));
    EXPECT_EQ(ReadingFails(std::string((1 << 20) + 1, '\n')), "seed.toml: the file is larger than 1 MiB");
}

}  // namespace
}  // namespace cardea
