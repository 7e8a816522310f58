#include "app/admin_door.h"

#include "base/log.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "crypto/hash.h"
#include "crypto/sigv4_verify.h"
#include "flows/access_key.h"

namespace cardea {

namespace {

constexpr std::string_view kAdminKeyId = "CARDEAADMIN";

HttpResponse Print(int status, std::string body) {
    return {.status = status,
            .headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
            .body = std::move(body)};
}

bool IsSigned(Services& services, const MasterKey& master_key, const HttpRequest& request) {
    std::vector<HeaderView> headers;
    for (const auto& [name, value] : request.headers) headers.push_back({name, value});
    const AwsCredentials expected = AdminCredentials(master_key);
    const auto find = [&](std::string_view id, std::string_view token) -> std::optional<Secret> {
        if (id != expected.access_key_id || !token.empty()) return std::nullopt;
        return expected.secret_access_key;
    };
    const auto result = VerifySigV4({request.method, request.path, request.query, headers, request.body},
                                    {.service = kAdminSigningName, .now = services.clock.Now()}, find);
    return std::holds_alternative<SigV4Caller>(result);
}

}  // namespace

AwsCredentials AdminCredentials(const MasterKey& master_key) {
    return {.access_key_id = std::string(kAdminKeyId),
            .secret_access_key =
                Secret(HexEncode(Hkdf(master_key.Bytes().Reveal(), "", "cardea admin door", kKeySize).Reveal())),
            .session_token = std::nullopt};
}

std::string CreateAndPrintAccessKey(Services& services) {
    const AccessKey key = CreateAccessKey(services);
    Log(LogLevel::kInfo, "audit",
        {{"decision", "create_access_key"}, {"outcome", "allowed"}, {"access_key_id", key.id}});
    JsonWriter out;
    out.BeginObject().Key("AccessKeyId").Text(key.id).Key("SecretAccessKey").Text(key.secret.Reveal()).EndObject();
    return out.Take();
}

std::optional<HttpResponse> AnswerAdminDoor(Services& services, const MasterKey& master_key,
                                            const HttpRequest& request) {
    if (!request.path.starts_with("/_admin/")) return std::nullopt;
    if (!IsSigned(services, master_key, request)) {
        Log(LogLevel::kWarning, "audit",
            {{"decision", "admin_door"}, {"outcome", "denied"}, {"source_ip", request.client_address}});
        return Print(403, R"({"message":"This door opens for `cardea admin` with the server's configuration."})");
    }
    if (request.method == "POST" && request.path == "/_admin/access-keys")
        return Print(200, CreateAndPrintAccessKey(services));
    return Print(404, R"({"message":"The administrator's door does not have this."})");
}

}  // namespace cardea
