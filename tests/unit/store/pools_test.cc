#include "store/pools.h"

#include "store/clients.h"
#include "store/keys.h"
#include "store/sweeps.h"
#include "unit/store/backend.h"

namespace cardea {

namespace {

class Pools : public OnEveryBackend {
 protected:
    void Add(const Pool& pool) {
        store().Transact([&](sql::Connection& db) { AddPool(db, pool); });
    }
    std::optional<Versioned<Pool>> Find(const PoolId& id) {
        return store().Read([&](sql::Connection& db) { return FindPool(db, id); });
    }
    std::int64_t Version() {
        return store().Read([](sql::Connection& db) { return ConfigurationVersion(db); });
    }
    bool Delete(const PoolId& id) {
        return store().Transact([&](sql::Connection& db) { return DeletePool(db, id); });
    }
    std::int64_t Sweep(int limit, Instant now = kNow) {
        return store().Transact([&](sql::Connection& db) { return SweepDeletedPools(db, now, limit); });
    }
    std::int64_t Users(const PoolId& id) {
        return store().Read([&](sql::Connection& db) { return CountUsers(db, id); });
    }
};
CARDEA_EVERY_BACKEND(Pools);

TEST_P(Pools, APoolIsFoundAsItWasAdded) {
    Pool pool = TestPool();
    pool.name = "Ærø \"pool\" \\ '";
    pool.user_pool_tags = {{"team", ""}, {"\xF0\x9F\x98\x80", "x"}};
    pool.username_configuration = UsernameConfiguration{.case_sensitive = false};
    Add(pool);
    const auto found = Find(pool.id);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->version, 1);
    EXPECT_EQ(PrintShape(found->value), PrintShape(pool));
    EXPECT_FALSE(Find(PoolId("eu-west-1_Other")));
    EXPECT_FALSE(Find(PoolId("")));
}

TEST_P(Pools, APoolIsReplacedWhereItsVersionStands) {
    Pool pool = TestPool();
    Add(pool);
    const auto replace = [&](std::int64_t version) {
        return store().Transact([&](sql::Connection& db) { return ReplacePool(db, pool, version); });
    };
    pool.name = "renamed";
    EXPECT_TRUE(replace(1));
    EXPECT_EQ(Find(pool.id)->value.name, "renamed");
    EXPECT_EQ(Find(pool.id)->version, 2);
    pool.name = "late";
    EXPECT_FALSE(replace(1));
    EXPECT_EQ(Find(pool.id)->value.name, "renamed");
    Delete(pool.id);
    EXPECT_FALSE(replace(2));
}

TEST_P(Pools, PoolsAreListedNewestFirst) {
    for (int n = 0; n < 6; ++n) {
        Pool pool = TestPool(PoolId("eu-west-1_" + std::to_string(n)));
        pool.created_at = kNow + std::chrono::seconds(n / 2);  // pairs of the same time
        Add(pool);
    }
    for (int limit = 1; limit <= 7; ++limit) {
        std::string seen;
        std::optional<std::string> after;
        do {
            const Page<Pool> page = store().Read([&](sql::Connection& db) { return ListPools(db, "", after, limit); });
            for (const Pool& pool : page.items) seen += pool.id.Text().back();
            after = page.next;
        } while (after);
        EXPECT_EQ(seen, "543210") << limit;
    }
    EXPECT_EQ(store().Read([](sql::Connection& db) { return CountPools(db); }), 6);
    for (const std::string place : {"", "x", " ", "9999999999999999999999 a"})
        EXPECT_LE(store().Read([&](sql::Connection& db) { return ListPools(db, "", place, 3); }).items.size(), 3u);
}

TEST_P(Pools, PoolsOfOneRegionAreListedAlone) {
    for (const char* id : {"eu-west-1_a", "eu-west-10_b", "us-east-1_c", "eu-west-1_d"}) Add(TestPool(PoolId(id)));
    const auto list = [&](std::string_view region) {
        std::string seen;
        std::optional<std::string> after;
        do {
            const auto page = store().Read([&](sql::Connection& db) { return ListPools(db, region, after, 1); });
            for (const Pool& pool : page.items) seen += pool.id.Text().back();
            after = page.next;
        } while (after);
        return seen;
    };
    EXPECT_EQ(list("eu-west-1"), "da");
    EXPECT_EQ(list("eu-west-10"), "b");
    EXPECT_EQ(list("eu-west"), "");
    EXPECT_EQ(list("").size(), 4u);
}

TEST_P(Pools, ADeletedPoolCannotBeFoundOrOpened) {
    const Pool pool = TestPool();
    Add(pool);
    store().Transact([&](sql::Connection& db) {
        AddClient(db, TestClient("one"));
        AddDataKey(db, {.pool_id = kPool, .wrapped = "w"});
        AddDataKey(db, {.pool_id = PoolId(""), .wrapped = "account"});
        AddSigningKey(db, kPool, {.kid = "k", .sealed = "s"});
    });
    EXPECT_TRUE(Delete(kPool));
    EXPECT_FALSE(Delete(kPool));
    EXPECT_FALSE(Find(kPool));
    store().Read([&](sql::Connection& db) {
        EXPECT_FALSE(FindClient(db, ClientId("one")));
        EXPECT_TRUE(ListDataKeys(db, kPool).empty());
        EXPECT_EQ(ListDataKeys(db, PoolId("")).size(), 1u);
        EXPECT_TRUE(ListSigningKeys(db, kPool).empty());
        EXPECT_EQ(CountPools(db), 0);
    });
}

TEST_P(Pools, WhatADeletedPoolLeftIsSweptInBatches) {
    const PoolId other("eu-west-1_Other");
    Add(TestPool());
    Add(TestPool(other));
    for (int n = 1; n <= 5; ++n) PutUser(store(), n, "u" + std::to_string(n));
    PutUser(store(), 9, "stays", other);
    store().Transact([&](sql::Connection& db) {
        const Group group = TestGroup("staff");
        AddGroup(db, group);
        AddGroup(db, TestGroup("other", other));
        for (int n = 1; n <= 5; ++n) AddMember(db, group, TestUserId(n), kNow);
    });
    Delete(kPool);
    EXPECT_EQ(Users(kPool), 0);
    EXPECT_EQ(Sweep(2), 2);
    EXPECT_EQ(Users(kPool), 0);
    EXPECT_EQ(Sweep(100), 3);
    EXPECT_EQ(Sweep(100), 1) << "the group";
    EXPECT_EQ(Sweep(100), 0);
    // A sign-up that was under way, and a client.
    PutUser(store(), 6, "late");
    store().Transact([](sql::Connection& db) { AddClient(db, TestClient("late")); });
    EXPECT_EQ(Sweep(100, kNow + kDeletedRemembered - std::chrono::microseconds(1)), 0);
    EXPECT_EQ(CountRows(store(), "deleted_pools"), 1);
    const Instant later = kNow + kDeletedRemembered;
    EXPECT_EQ(Sweep(100, later), 1);
    EXPECT_GT(Sweep(100, later), 0) << "the client, and the count of users";
    EXPECT_EQ(Sweep(100, later), 0);
    EXPECT_EQ(CountRows(store(), "deleted_pools"), 0);
    EXPECT_EQ(CountRows(store(), "clients"), 0);
    for (const std::string table : {"users", "aliases", "credentials", "user_groups"})
        EXPECT_EQ(CountRows(store(), table), 1) << table;
    EXPECT_EQ(CountRows(store(), "members"), 0);
    EXPECT_EQ(CountRows(store(), "memberships"), 0);
    EXPECT_EQ(Users(other), 1);
}

TEST_P(Pools, ASweepWithoutATimeForgetsAtOnce) {
    Add(TestPool());
    Delete(kPool);
    EXPECT_EQ(store().Transact([](sql::Connection& db) { return SweepDeletedPools(db, 100); }), 0);
    EXPECT_EQ(CountRows(store(), "deleted_pools"), 0);
}

TEST_P(Pools, APoolThatIsMadeAgainUnderItsIdIsEmpty) {
    Add(TestPool());
    PutUser(store(), 1, "alice");
    store().Transact([&](sql::Connection& db) { AddGroup(db, TestGroup("staff")); });
    Delete(kPool);
    Add(TestPool());
    EXPECT_EQ(Users(kPool), 0);
    EXPECT_FALSE(store().Read([&](sql::Connection& db) { return FindUser(db, kPool, TestUserId(1)); }));
    EXPECT_FALSE(store().Read([&](sql::Connection& db) { return FindAlias(db, kPool, "alice"); }));
    EXPECT_FALSE(store().Read([&](sql::Connection& db) { return FindGroup(db, kPool, "staff"); }));
    PutUser(store(), 2, "alice");
    EXPECT_EQ(Sweep(100), 0);
    EXPECT_EQ(Users(kPool), 1);
}

TEST_P(Pools, ClientsAreFoundReplacedListedAndDeleted) {
    Client client = TestClient("b");
    client.sealed_secret = "c2VhbGVk";
    const PoolId other("eu-west-1_Other");
    store().Transact([&](sql::Connection& db) {
        AddClient(db, client);
        AddClient(db, TestClient("c"));
        AddClient(db, TestClient("a"));
        AddClient(db, TestClient("d", other));
    });
    const auto find = [&](const char* id) {
        return store().Read([&](sql::Connection& db) { return FindClient(db, ClientId(id)); });
    };
    EXPECT_EQ(PrintShape(find("b")->value), PrintShape(client));
    EXPECT_EQ(find("b")->version, 1);
    EXPECT_EQ(find("d")->value.pool_id, other);
    EXPECT_FALSE(find(""));
    client.name = "renamed";
    const auto replace = [&](std::int64_t version) {
        return store().Transact([&](sql::Connection& db) { return ReplaceClient(db, client, version); });
    };
    EXPECT_TRUE(replace(1));
    EXPECT_FALSE(replace(1));
    EXPECT_EQ(find("b")->value.name, "renamed");
    EXPECT_EQ(find("b")->version, 2);
    std::string seen;
    std::optional<std::string> after;
    do {
        const auto page = store().Read([&](sql::Connection& db) { return ListClients(db, kPool, after, 1); });
        for (const Client& each : page.items) seen += each.id.Text();
        after = page.next;
    } while (after);
    EXPECT_EQ(seen, "abc");
    EXPECT_EQ(store().Read([](sql::Connection& db) { return CountClients(db, kPool); }), 3);
    const auto remove = [&](const PoolId& pool, const char* id) {
        return store().Transact([&](sql::Connection& db) { return DeleteClient(db, pool, ClientId(id)); });
    };
    EXPECT_FALSE(remove(other, "b")) << "of another pool";
    EXPECT_TRUE(remove(kPool, "b"));
    EXPECT_FALSE(remove(kPool, "b"));
    EXPECT_FALSE(find("b"));
    EXPECT_FALSE(replace(2));
}

TEST_P(Pools, EachChangeOfAPoolOrClientMovesTheConfigurationVersion) {
    std::int64_t last = Version();
    const auto moved = [&] { return std::exchange(last, Version()) < last; };
    EXPECT_FALSE(moved());
    Pool pool = TestPool();
    Client client = TestClient("one");
    Add(pool);
    EXPECT_TRUE(moved());
    store().Transact([&](sql::Connection& db) { ReplacePool(db, pool, 1); });
    EXPECT_TRUE(moved());
    store().Transact([&](sql::Connection& db) { ReplacePool(db, pool, 1); });
    EXPECT_FALSE(moved()) << "nothing was replaced";
    store().Transact([&](sql::Connection& db) { AddClient(db, client); });
    EXPECT_TRUE(moved());
    store().Transact([&](sql::Connection& db) { ReplaceClient(db, client, 1); });
    EXPECT_TRUE(moved());
    PutUser(store(), 1, "alice");
    EXPECT_FALSE(moved());
    store().Transact([&](sql::Connection& db) { DeleteClient(db, kPool, client.id); });
    EXPECT_TRUE(moved());
    Delete(kPool);
    EXPECT_TRUE(moved());
}

}  // namespace

}  // namespace cardea
