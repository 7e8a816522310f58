#include "oauth/discovery.h"

#include "codec/json.h"
#include "flows/directory.h"
#include "flows/keyring.h"

namespace cardea {

namespace {

constexpr std::string_view kJwks = "/.well-known/jwks.json";
constexpr std::string_view kConfiguration = "/.well-known/openid-configuration";

// Pools keep a key for at least twice as long as a verifier may keep this answer.
constexpr std::string_view kJwksCache = "public, max-age=3600";
constexpr std::string_view kConfigurationCache = "public, max-age=300";

HttpResponse Answer(int status, std::string body, std::string_view cache) {
    HttpResponse response{.status = status, .headers = {}, .body = std::move(body)};
    response.headers = {{"Content-Type", "application/json"},
                        {"Access-Control-Allow-Origin", "*"},
                        {"X-Content-Type-Options", "nosniff"},
                        {"Cache-Control", std::string(cache)}};
    return response;
}

HttpResponse UnknownPool(std::string_view pool_id) {
    JsonWriter out;
    out.BeginObject().Key("message").Text("User pool " + std::string(pool_id) + " does not exist.").EndObject();
    return Answer(404, out.Take(), "no-store");
}

std::string PrintJwks(const PoolKeys& keys) {
    JsonWriter out;
    out.BeginObject().Key("keys").BeginArray();
    for (const StoredSigningKey& key : keys.published) {
        out.BeginObject().Key("alg").Text("RS256").Key("e").Text("AQAB").Key("kid").Text(key.kid).Key("kty").Text(
            "RSA");
        out.Key("n").Text(key.modulus).Key("use").Text("sig").EndObject();
    }
    out.EndArray().EndObject();
    return out.Take();
}

// The endpoints that this build does not serve are not named.
std::string PrintConfiguration(const Account& account, const Pool& pool) {
    const auto list = [](JsonWriter& out, std::string_view key, std::initializer_list<std::string_view> items) {
        out.Key(key).BeginArray();
        for (const std::string_view item : items) out.Text(item);
        out.EndArray();
    };
    JsonWriter out;
    out.BeginObject();
    list(out, "id_token_signing_alg_values_supported", {"RS256"});
    out.Key("issuer").Text(pool.issuer);
    out.Key("jwks_uri").Text(account.public_url + "/" + pool.id.Text() + std::string(kJwks));
    list(out, "subject_types_supported", {"public"});
    out.EndObject();
    return out.Take();
}

}  // namespace

std::optional<HttpResponse> AnswerDiscovery(Services& services, const HttpRequest& request) {
    const bool jwks = request.path.ends_with(kJwks);
    if (!jwks && !request.path.ends_with(kConfiguration)) return std::nullopt;
    const std::size_t suffix = jwks ? kJwks.size() : kConfiguration.size();
    const std::string_view path = std::string_view(request.path).substr(0, request.path.size() - suffix);
    if (path.size() < 2 || path.size() > 56 || path[0] != '/' || path.find('/', 1) != std::string_view::npos)
        return std::nullopt;
    const PoolId id{std::string(path.substr(1))};
    if (request.method == "OPTIONS")
        return HttpResponse{
            .status = 200,
            .headers = {{"Access-Control-Allow-Origin", "*"},
                        {"Access-Control-Allow-Methods", "GET,OPTIONS"},
                        {"Access-Control-Allow-Headers", std::string(request.Header("access-control-request-headers"))},
                        {"Access-Control-Max-Age", "172800"}},
            .body = {}};
    if (request.method != "GET" && request.method != "HEAD")
        return HttpResponse{.status = 405, .headers = {{"Allow", "GET, HEAD, OPTIONS"}}, .body = {}};
    const PoolHandle pool = services.directory.FindPool(id);
    if (!pool) return UnknownPool(id.Text());
    if (!jwks) return Answer(200, PrintConfiguration(services.account, pool->value), kConfigurationCache);
    const auto keys = services.keyring.Find(id);
    if (!keys) return UnknownPool(id.Text());
    return Answer(200, PrintJwks(*keys), kJwksCache);
}

}  // namespace cardea
