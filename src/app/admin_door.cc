#include "app/admin_door.h"

#include "base/log.h"
#include "base/random.h"
#include "codec/json.h"
#include "flows/access_key.h"
#include "flows/directory.h"
#include "store/keys.h"

namespace cardea {

namespace {

HttpResponse Print(int status, std::string body) {
    return {.status = status,
            .headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
            .body = std::move(body)};
}

HttpResponse Refuse(int status, std::string_view why) {
    JsonWriter out;
    out.BeginObject().Key("message").Text(why).EndObject();
    return Print(status, out.Take());
}

HttpResponse BackUp(const AdminDoor& door, const HttpRequest& request) {
    const auto document = JsonDocument::Parse(request.body);
    const auto file = document ? document->Root().Find("File") : std::nullopt;
    if (!file || file->Kind() != JsonKind::kText || !file->Text().starts_with('/') ||
        file->Text().find('\0') != std::string_view::npos)
        return Refuse(400, "send {\"File\": an absolute path}");
    const std::string path(file->Text());
    try {
        door.back_up(path);
    } catch (const std::exception& failure) {
        return Refuse(500, failure.what());
    }
    Log(LogLevel::kInfo, "audit", {{"decision", "back_up"}, {"outcome", "allowed"}, {"file", path}});
    JsonWriter out;
    out.BeginObject().Key("File").Text(path).EndObject();
    return Print(200, out.Take());
}

}  // namespace

std::string CreateAndPrintAccessKey(Services& services) {
    const AccessKey key = CreateAccessKey(services);
    Log(LogLevel::kInfo, "audit",
        {{"decision", "create_access_key"}, {"outcome", "allowed"}, {"access_key_id", key.id}});
    JsonWriter out;
    out.BeginObject().Key("AccessKeyId").Text(key.id).Key("SecretAccessKey").Text(key.secret.Reveal()).EndObject();
    return out.Take();
}

std::string RenewAndPrintEpoch(Services& services) {
    const std::string epoch = RandomUuid(services.random);
    services.store.Transact([&](sql::Connection& db) { ReplaceOnceValue(db, kAccountEpoch, epoch); });
    services.directory.Clear();
    Log(LogLevel::kInfo, "audit", {{"decision", "new_epoch"}, {"outcome", "allowed"}});
    JsonWriter out;
    out.BeginObject().Key("Epoch").Text(services.directory.AccountEpoch(services.random)).EndObject();
    return out.Take();
}

HttpResponse AnswerAdminDoor(const AdminDoor& door, const HttpRequest& request) {
    if (request.method != "POST") return Refuse(405, "use POST");
    if (request.path == "/_admin/access-keys") return Print(200, CreateAndPrintAccessKey(door.services));
    if (request.path == "/_admin/backups") return BackUp(door, request);
    if (request.path == "/_admin/epoch") return Print(200, RenewAndPrintEpoch(door.services));
    return Refuse(404, "The administrator's door does not have this.");
}

}  // namespace cardea
