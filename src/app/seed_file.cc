#include "app/seed_file.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <set>
#include <stdexcept>

#include "api/user_pools/service.h"
#include "app/toml.h"
#include "base/check.h"
#include "codec/json.h"
#include "codec/pattern.h"
#include "model/limits.h"

namespace cardea {

namespace {

constexpr std::size_t kMaxText = 1 << 20;
constexpr std::string_view kPoolIdPattern = "[a-z0-9-]+_[0-9A-Za-z]+";

struct Mistake : std::runtime_error {
    Mistake(const toml::source_region& where, const std::string& what)
        : std::runtime_error(what), line(where.begin.line) {}
    std::size_t line;
};

void RequireKeys(const toml::table& table, std::initializer_list<std::string_view> known) {
    for (const auto& [key, node] : table)
        if (std::find(known.begin(), known.end(), key.str()) == known.end())
            throw Mistake(key.source(), "there is no key " + std::string(key.str()) + " here");
}

std::optional<std::string> FindText(const toml::table& table, std::string_view key) {
    const toml::node* node = table.get(key);
    if (!node) return std::nullopt;
    if (!node->is_string()) throw Mistake(node->source(), std::string(key) + ": must be a text in quotes");
    return node->as_string()->get();
}

std::string RequireText(const toml::table& table, std::string_view key) {
    auto text = FindText(table, key);
    if (!text) throw Mistake(table.source(), "the key " + std::string(key) + " is missing");
    return *std::move(text);
}

// The table below `key`; null where there is none.
toml::table* FindTable(toml::table& table, std::string_view key) {
    toml::node* node = table.get(key);
    if (node && !node->is_table()) throw Mistake(node->source(), std::string(key) + ": must be a table");
    return node ? node->as_table() : nullptr;
}

// Calls visit(table) for each table of the array below `key`.
template <class Visit>
void ForEachTable(toml::table& owner, std::string_view key, Visit visit) {
    toml::node* node = owner.get(key);
    if (!node) return;
    const std::string brackets = std::string(key) + ": must be tables in double brackets";
    if (!node->is_array()) throw Mistake(node->source(), brackets);
    for (toml::node& item : *node->as_array()) {
        if (!item.is_table()) throw Mistake(item.source(), brackets);
        visit(*item.as_table());
    }
}

// toml++ bounds how deep values nest.
void WriteValue(const toml::node& node, JsonWriter& out) {
    if (const auto* text = node.as_string()) {
        out.Text(text->get());
    } else if (const auto* whole = node.as_integer()) {
        out.Whole(whole->get());
    } else if (const auto* boolean = node.as_boolean()) {
        out.Boolean(boolean->get());
    } else if (const auto* array = node.as_array()) {
        out.BeginArray();
        for (const toml::node& item : *array) WriteValue(item, out);
        out.EndArray();
    } else if (const auto* table = node.as_table()) {
        out.BeginObject();
        for (const auto& [key, value] : *table) {
            out.Key(key.str());
            WriteValue(value, out);
        }
        out.EndObject();
    } else {
        throw Mistake(node.source(), "no setting is a real number or a date");
    }
}

const ShapeInfo& RequestOf(std::string_view operation) {
    const auto& all = UserPoolOperations();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Operation& o) { return o.name == operation; });
    CHECK(found != all.end());
    return *found->request;
}

void RequireKnownMembers(const toml::table& table, const ShapeInfo& shape, const std::string& path);

// A value of another type than the member's is left to the operation, which says so.
void RequireKnownMembers(const toml::node& node, const TypeInfo& type, const std::string& path) {
    if (type.kind == TypeKind::kStructure && node.is_table())
        RequireKnownMembers(*node.as_table(), *type.shape, path + ".");
    if (type.kind == TypeKind::kList && node.is_array())
        for (const toml::node& item : *node.as_array()) RequireKnownMembers(item, *type.item, path);
    if (type.kind == TypeKind::kMap && node.is_table())
        for (const auto& [key, value] : *node.as_table())
            RequireKnownMembers(value, *type.item, path + "." + std::string(key.str()));
}

// The API ignores members that it does not know; in a file they are mistakes.
void RequireKnownMembers(const toml::table& table, const ShapeInfo& shape, const std::string& path) {
    for (const auto& [key, node] : table) {
        const std::string name = path + std::string(key.str());
        const auto field = std::find_if(shape.fields.begin(), shape.fields.end(),
                                        [&](const FieldInfo& info) { return info.wire == key.str(); });
        if (field == shape.fields.end()) throw Mistake(key.source(), "the API has no setting " + name);
        RequireKnownMembers(node, *field->type, name);
    }
}

// What the file may not write itself is given here.
void Give(toml::table& members, std::string_view name, const std::string& value) {
    const auto [at, given] = members.insert(name, value);
    if (!given) throw Mistake(at->first.source(), std::string(name) + ": is not for the settings");
}

// The settings of a table as the members of that operation's request.
toml::table& SettingsOf(toml::table& table, std::string_view operation) {
    toml::table* settings = FindTable(table, "settings");
    if (!settings) settings = table.insert("settings", toml::table()).first->second.as_table();
    RequireKnownMembers(*settings, RequestOf(operation), "");
    return *settings;
}

SeedCall MakeCall(std::string_view operation, const toml::table& table, const toml::table& members) {
    JsonWriter body;
    WriteValue(members, body);
    return {.operation = operation, .body = Secret(body.Take()), .line = table.source().begin.line, .client = {}};
}

SeedCall ReadHead(toml::table& table, const PoolId& id) {
    toml::table& members = SettingsOf(table, "CreateUserPool");
    Give(members, "PoolName", RequireText(table, "name"));
    toml::table* tags = FindTable(members, "UserPoolTags");
    if (!tags) tags = members.insert("UserPoolTags", toml::table()).first->second.as_table();
    Give(*tags, "_custom_id_", id.Text());
    Give(*tags, kUnfinishedSeedTag, "true");
    return MakeCall("CreateUserPool", table, members);
}

SeedCall ReadGroup(toml::table& table, const PoolId& pool) {
    RequireKeys(table, {"name", "settings"});
    toml::table& members = SettingsOf(table, "CreateGroup");
    Give(members, "UserPoolId", pool.Text());
    Give(members, "GroupName", RequireText(table, "name"));
    return MakeCall("CreateGroup", table, members);
}

SeedCall ReadClient(toml::table& table, const PoolId& pool) {
    RequireKeys(table, {"id", "name", "secret", "settings"});
    const std::string id = RequireText(table, "id");
    if (id.size() > static_cast<std::size_t>(kClientId.max) || !MatchesPattern(kClientId.pattern, id))
        throw Mistake(table.get("id")->source(), "id: must be 1 to 128 letters, digits, '_' and '+'");
    toml::table& members = SettingsOf(table, "CreateUserPoolClient");
    Give(members, "UserPoolId", pool.Text());
    Give(members, "ClientName", RequireText(table, "name"));
    if (const auto secret = FindText(table, "secret")) Give(members, "ClientSecret", *secret);
    SeedCall call = MakeCall("CreateUserPoolClient", table, members);
    call.client = ClientId(id);
    return call;
}

toml::array ReadAttributes(toml::table& user) {
    toml::array out;
    const toml::table* attributes = FindTable(user, "attributes");
    if (!attributes) return out;
    for (const auto& [key, node] : *attributes)
        out.push_back(toml::table{{"Name", std::string(key.str())}, {"Value", RequireText(*attributes, key.str())}});
    return out;
}

void ReadUser(toml::table& table, const PoolId& pool, std::vector<SeedCall>& calls) {
    RequireKeys(table, {"username", "password", "groups", "attributes"});
    const toml::table user{{"UserPoolId", pool.Text()}, {"Username", RequireText(table, "username")}};
    toml::table made = user;
    made.insert("MessageAction", "SUPPRESS");
    made.insert("UserAttributes", ReadAttributes(table));
    calls.push_back(MakeCall("AdminCreateUser", table, made));
    toml::table password = user;
    password.insert("Password", RequireText(table, "password"));
    password.insert("Permanent", true);
    calls.push_back(MakeCall("AdminSetUserPassword", table, password));
    const toml::node* groups = table.get("groups");
    if (!groups) return;
    if (!groups->is_array()) throw Mistake(groups->source(), "groups: must be a list of names");
    for (const toml::node& group : *groups->as_array()) {
        if (!group.is_string()) throw Mistake(group.source(), "groups: must be a list of names");
        toml::table member = user;
        member.insert("GroupName", group.as_string()->get());
        calls.push_back(MakeCall("AdminAddUserToGroup", table, member));
    }
}

SeedPool ReadPool(toml::table& table) {
    RequireKeys(table, {"id", "name", "settings", "client", "group", "user"});
    SeedPool pool{.id = PoolId(RequireText(table, "id")), .line = table.source().begin.line, .calls = {}};
    if (pool.id.Text().size() > static_cast<std::size_t>(kUserPoolId.max) ||
        !MatchesPattern(kPoolIdPattern, pool.id.Text()))
        throw Mistake(table.get("id")->source(),
                      "id: must be a region, '_', and letters and digits: us-east-1_people (at most 55 characters)");
    pool.calls.push_back(ReadHead(table, pool.id));
    ForEachTable(table, "group", [&](toml::table& group) { pool.calls.push_back(ReadGroup(group, pool.id)); });
    ForEachTable(table, "client", [&](toml::table& client) { pool.calls.push_back(ReadClient(client, pool.id)); });
    ForEachTable(table, "user", [&](toml::table& user) { ReadUser(user, pool.id, pool.calls); });
    return pool;
}

}  // namespace

SeedFile ReadSeedFile(std::string_view text, const std::string& name) {
    if (text.size() > kMaxText) throw std::runtime_error(name + ": the file is larger than 1 MiB");
    const auto at = [&](std::size_t line) { return name + ":" + std::to_string(line) + ": "; };
    SeedFile out{.name = name, .pools = {}};
    try {
        toml::table root = toml::parse(text);
        RequireKeys(root, {"pool"});
        std::set<PoolId> seen;
        ForEachTable(root, "pool", [&](toml::table& table) {
            out.pools.push_back(ReadPool(table));
            const PoolId& id = out.pools.back().id;
            if (!seen.insert(id).second) throw Mistake(table.source(), "the pool " + id.Text() + " stands twice");
        });
    } catch (const toml::parse_error& error) {
        throw std::runtime_error(at(error.source().begin.line) + std::string(error.description()));
    } catch (const TomlFault& fault) {
        throw std::runtime_error(at(1) + fault.what());
    } catch (const Mistake& mistake) {
        throw std::runtime_error(at(mistake.line) + mistake.what());
    }
    return out;
}

}  // namespace cardea
