#include "flows/keyring.h"

#include <functional>
#include <gtest/gtest.h>

#include "store/pools.h"
#include "user_pool.h"

namespace cardea::test {
namespace {

// Counts what is read, and does something between two reads.
class MeddlingStore final : public Store {
 public:
    explicit MeddlingStore(Store& inner) : inner_(inner) {}
    bool IsReady() override { return inner_.IsReady(); }
    int reads = 0;
    std::function<void(int read)> after;

 protected:
    void RunRead(FunctionRef<void(sql::Connection&)> body) override {
        inner_.Read([&](sql::Connection& db) { body(db); });
        ++reads;
        if (after) after(reads);
    }
    void RunTransact(FunctionRef<void(sql::Connection&)> body) override {
        inner_.Transact([&](sql::Connection& db) { body(db); });
    }

 private:
    Store& inner_;
};

// A second process on the same database.
class KeyringOfAnotherProcess : public testing::Test {
 protected:
    void Delete(const Pool& gone) {
        EXPECT_EQ(world.Call("DeleteUserPool", R"({"UserPoolId": ")" + gone.id.Text() + "\"}").status, 200);
    }

    World world;
    PoolHandle pool = MakePool(world);
    MeddlingStore store{*world.store};
    SystemRandom random;
    Keyring keyring{store, random, MasterKey("test", Secret(std::string(32, '\x2a')))};
};

TEST_F(KeyringOfAnotherProcess, ReadsKeysOnce) {
    const auto keys = keyring.Find(pool->value.id);
    ASSERT_NE(keys, nullptr);
    EXPECT_NE(keys->signing.id_token, nullptr);
    EXPECT_NE(keys->signing.access_token, nullptr);
    const int reads = store.reads;
    EXPECT_EQ(keyring.Find(pool->value.id), keys);
    EXPECT_EQ(store.reads, reads);
    EXPECT_EQ(keyring.Open(pool->value.id, "purpose", "row", world.keyring.Seal(pool->value.id, "purpose", "row", "x"))
                  .Reveal(),
              "x");
}

TEST_F(KeyringOfAnotherProcess, KeepsNothingOfAPoolThatIsDeletedWhileItsKeysAreRead) {
    store.after = [&](int read) {
        if (read == 1) Delete(pool->value);
    };
    EXPECT_EQ(keyring.Find(pool->value.id), nullptr);
    store.after = nullptr;
    const int reads = store.reads;
    EXPECT_EQ(keyring.Find(pool->value.id), nullptr);
    EXPECT_GT(store.reads, reads);
    EXPECT_EQ(KindOfError([&] { keyring.Require(pool->value.id); }), Error::kResourceNotFound);
    EXPECT_EQ(KindOfError([&] { keyring.Seal(pool->value.id, "purpose", "row", "x"); }), Error::kResourceNotFound);
}

TEST_F(KeyringOfAnotherProcess, LosesKeysOfDeletedPoolsAfterARefresh) {
    const PoolHandle other = MakePool(world);
    keyring.Refresh();
    const auto keys = keyring.Find(other->value.id);
    ASSERT_NE(keyring.Find(pool->value.id), nullptr);
    Delete(pool->value);
    keyring.Refresh();
    EXPECT_EQ(keyring.Find(pool->value.id), nullptr);
    // A pool that is still there keeps its keys open: one statement looks, and only once.
    int reads = store.reads;
    EXPECT_EQ(keyring.Find(other->value.id), keys);
    EXPECT_EQ(store.reads, reads + 1);
    EXPECT_EQ(keyring.Find(other->value.id), keys);
    EXPECT_EQ(store.reads, reads + 1);
    // Without a change a refresh asks for nothing.
    keyring.Refresh();
    reads = store.reads;
    EXPECT_EQ(keyring.Find(other->value.id), keys);
    EXPECT_EQ(store.reads, reads);
}

TEST_F(KeyringOfAnotherProcess, KeepsTheAccountsKeyThroughEveryRefresh) {
    const std::string sealed = keyring.Seal(Keyring::AccountRow(), "purpose", "row", "x");
    MakePool(world);
    keyring.Refresh();
    EXPECT_EQ(keyring.Open(Keyring::AccountRow(), "purpose", "row", sealed).Reveal(), "x");
}

}  // namespace
}  // namespace cardea::test
