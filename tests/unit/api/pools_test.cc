// What a transcript cannot say of pools and clients: other accounts, full ones, and tokens that grow old.

#include "store/pools.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "api/pagination.h"
#include "api/user_pools/service.h"
#include "model/error.h"
#include "store/clients.h"
#include "support/world.h"

namespace cardea::test {
namespace {

std::string Text(const HttpResponse& response, std::string_view name) {
    const auto document = JsonDocument::Parse(response.body);
    if (!document) return "";
    const auto pool = document->Root().Find("UserPool");
    const auto value = (pool ? *pool : document->Root()).Find(name);
    return value ? std::string(value->Text()) : "";
}

std::string IssuerOf(World& world, std::string_view body) {
    const PoolId id(Text(world.Call("CreateUserPool", body), "Id"));
    const auto pool = world.store->Read([&](sql::Connection& db) { return FindPool(db, id); });
    return pool ? pool->value.issuer.substr(0, pool->value.issuer.size() - id.Text().size()) : "";
}

TEST(Issuer, IsBelowThePublicUrlUnlessConfiguredOtherwise) {
    World world;
    EXPECT_EQ(IssuerOf(world, R"({"PoolName":"p"})"), "http://127.0.0.1:9229/");
    EXPECT_EQ(IssuerOf(world, R"({"PoolName":"p","IssuerConfiguration":{"Type":"UPDATED"}})"),
              "http://127.0.0.1:9229/");
}

TEST(Issuer, HasTheFormsOfAwsWhereConfigured) {
    Account account = World::DevelopmentAccount();
    account.issuer_form = IssuerForm::kAws;
    World world(account);
    EXPECT_EQ(IssuerOf(world, R"({"PoolName":"p"})"), "https://cognito-idp.us-east-1.amazonaws.com/");
    EXPECT_EQ(IssuerOf(world, R"({"PoolName":"p","IssuerConfiguration":{"Type":"ORIGINAL"}})"),
              "https://cognito-idp.us-east-1.amazonaws.com/");
    EXPECT_EQ(IssuerOf(world, R"({"PoolName":"p","IssuerConfiguration":{"Type":"UPDATED"}})"),
              "https://issuer-cognito-idp.us-east-1.amazonaws.com/");
}

TEST(PoolIds, AreChosenInDevelopmentOnly) {
    Account account = World::DevelopmentAccount();
    account.development = false;
    World world(account);
    Context ctx = world.MakeContext();
    const auto body = JsonDocument::Parse(R"({"PoolName":"p","UserPoolTags":{"_custom_id_":"us-east-1_mypool1"}})");
    const auto create = std::ranges::find(UserPoolOperations(), "CreateUserPool", &Operation::name);
    const std::string answer = create->run(ctx, body->Root());
    EXPECT_EQ(answer.find(R"("Id":"us-east-1_mypool1")"), std::string::npos) << answer;
    EXPECT_NE(answer.find(R"("UserPoolTags":{"_custom_id_":"us-east-1_mypool1"})"), std::string::npos) << answer;
}

TEST(Limits, OfPoolsAndClientsAreKept) {
    World world;
    const std::string pool_id = Text(world.Call("CreateUserPool", R"({"PoolName":"p"})"), "Id");
    world.store->Transact([&](sql::Connection& db) {
        for (int i = 0; i < 999; ++i) {
            Client client;
            client.pool_id = PoolId(pool_id);
            client.id = ClientId("client" + std::to_string(i));
            AddClient(db, client);
            Pool pool;
            pool.id = PoolId("us-east-1_" + std::to_string(i));
            AddPool(db, pool);
        }
    });
    const std::string body = R"({"ClientName":"c","UserPoolId":")" + pool_id + R"("})";
    EXPECT_EQ(world.Call("CreateUserPoolClient", body).status, 200);
    EXPECT_EQ(Text(world.Call("CreateUserPoolClient", body), "__type"), "LimitExceededException");
    EXPECT_EQ(Text(world.Call("CreateUserPool", R"({"PoolName":"p"})"), "__type"), "LimitExceededException");
}

TEST(Pagination, TokenIsGoodForItsListingAndItsAccountOnly) {
    World world;
    Context ctx = world.MakeContext();
    const std::string cursor("a\0\xff b", 5);
    const std::string token = WrapToken(ctx, "ListThings one", cursor);
    EXPECT_EQ(UnwrapToken(ctx, "ListThings one", token), cursor);
    EXPECT_EQ(UnwrapToken(ctx, "ListThings one", std::nullopt), std::nullopt);
    EXPECT_EQ(UnwrapToken(ctx, "ListThings one", WrapToken(ctx, "ListThings one", "")), "");
    const auto refused = [&](Context& by, std::string_view kind, const std::string& text) {
        try {
            UnwrapToken(by, kind, text);
        } catch (const ApiError& error) {
            return error.code() == Error::kInvalidParameter && std::string(error.what()) == "Invalid pagination token";
        }
        return false;
    };
    EXPECT_TRUE(refused(ctx, "ListThings two", token));
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string other = token;
        other[i] = other[i] == 'A' ? 'B' : 'A';
        EXPECT_TRUE(refused(ctx, "ListThings one", other)) << i;
    }
    for (const std::string& text :
         {std::string(), std::string("="), token + "A", token.substr(1), std::string(9000, 'A')})
        EXPECT_TRUE(refused(ctx, "ListThings one", text)) << text;
}

TEST(Pagination, TokenEndsWithItsLifetime) {
    World world;
    Context ctx = world.MakeContext();
    const std::string token = WrapToken(ctx, "ListUsers", "x");
    ctx.now += std::chrono::hours(1);
    EXPECT_EQ(UnwrapToken(ctx, "ListUsers", token, std::chrono::hours(1)), "x");
    ctx.now += std::chrono::seconds(1);
    EXPECT_THROW(UnwrapToken(ctx, "ListUsers", token, std::chrono::hours(1)), ApiError);
    EXPECT_EQ(UnwrapToken(ctx, "ListUsers", token), "x");
}

}  // namespace
}  // namespace cardea::test
