#include "app/dev_door.h"

#include <algorithm>
#include <charconv>

#include "app/pages/outbox_page.h"
#include "codec/json.h"
#include "codec/percent.h"
#include "flows/directory.h"
#include "flows/keyring.h"
#include "net/cidr.h"
#include "net/url.h"
#include "store/pools.h"

namespace cardea {

namespace {

constexpr std::size_t kMessagesShown = 100;
constexpr std::size_t kMessagesMost = 1000;
constexpr std::int64_t kFurthest = std::int64_t{10} * 365 * 24 * 3600;  // ten years at once
constexpr int kPoolsAtOnce = 20;
constexpr int kRowsAtOnce = 2000;

// For every answer of this door. Other origins may neither read it nor count its bytes.
HttpResponse Answer(int status, std::string type, std::string body) {
    return {.status = status,
            .headers = {{"Content-Type", std::move(type)},
                        {"Cache-Control", "no-store"},
                        {"Content-Security-Policy",
                         "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; "
                         "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"},
                        {"Cross-Origin-Resource-Policy", "same-origin"},
                        {"X-Content-Type-Options", "nosniff"},
                        {"Referrer-Policy", "no-referrer"}},
            .body = std::move(body)};
}

HttpResponse AnswerJson(int status, std::string body) { return Answer(status, "application/json", std::move(body)); }

HttpResponse Refuse(int status, std::string_view why) {
    JsonWriter out;
    out.BeginObject().Key("message").Text(why).EndObject();
    return AnswerJson(status, out.Take());
}

HttpResponse RefuseMethod(std::string allowed) {
    HttpResponse out = Refuse(405, "use " + allowed);
    out.headers.emplace_back("Allow", std::move(allowed));
    return out;
}

// The value of a parameter, decoded; empty where it is missing. A '+' is a plus sign: addresses have some, no blank.
std::string Parameter(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const std::size_t end = query.find('&');
        const std::string_view pair = query.substr(0, end);
        const std::size_t equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == name)
            return PercentDecode(pair.substr(equals + 1)).value_or("");
        query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
    }
    return {};
}

HttpResponse ListMessages(const HttpRequest& request, DevDoor& door) {
    std::size_t limit = kMessagesShown;
    if (const std::string text = Parameter(request.query, "limit"); !text.empty()) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
        if (error != std::errc() || end != text.data() + text.size() || limit == 0 || limit > kMessagesMost)
            return Refuse(400, "limit is a whole number from 1 to 1000");
    }
    JsonWriter out;
    out.BeginObject().Key("messages").BeginArray();
    for (const Outbox::Entry& entry : door.outbox.List(Parameter(request.query, "to"), limit)) {
        out.BeginObject();
        out.Key("channel").Text(NameOf(entry.message.medium));
        out.Key("to").Text(entry.message.to);
        out.Key("subject").Text(entry.message.subject);
        out.Key("body").Text(entry.message.body.Reveal());
        out.Key("code").Text(entry.message.code.Reveal());
        out.Key("at").Text(ToIso8601(entry.at));
        out.EndObject();
    }
    out.EndArray().EndObject();
    return AnswerJson(200, out.Take());
}

HttpResponse MoveClock(const HttpRequest& request, DevDoor& door) {
    const auto document = JsonDocument::Parse(request.body);
    const auto seconds = document ? document->Root().Find("advance_seconds") : std::nullopt;
    if (!seconds || seconds->Kind() != JsonKind::kWhole || seconds->Whole() < 0 || seconds->Whole() > kFurthest)
        return Refuse(400, "send {\"advance_seconds\": n}, n from 0 to 315360000: time only moves on");
    door.advance(std::chrono::seconds(seconds->Whole()));
    JsonWriter out;
    out.BeginObject().Key("now").Text(ToIso8601(door.clock.Now())).EndObject();
    return AnswerJson(200, out.Take());
}

HttpResponse Reset(DevDoor& door) {
    door.reset();
    door.outbox.Clear();
    return AnswerJson(200, "{}");
}

HttpResponse ShowPage(const HttpRequest& request, DevDoor& door) {
    const std::string to = Parameter(request.query, "to");
    return Answer(200, "text/html; charset=utf-8", RenderOutboxPage(door.outbox.List(to, kMessagesShown), to));
}

// "localhost", "127.0.0.1", "::1" (without brackets), lower case, no port.
bool IsThisMachine(std::string_view host, const std::vector<std::string>& hosts) {
    if (IsLoopbackHost(host) || host.ends_with(".localhost")) return true;
    return std::find(hosts.begin(), hosts.end(), host) != hosts.end();
}

}  // namespace

bool IsFromThisMachine(const HttpRequest& request, const std::vector<std::string>& hosts) {
    const auto host = ParseUrl("http://" + request.host);
    if (!host || host->path != "/" || !IsThisMachine(host->host, hosts)) return false;
    for (const auto& [name, value] : request.headers) {
        if (name != "origin") continue;
        // Whatever the scheme: applications in a shell of their own come from capacitor://localhost. Not for "null",
        // which sandboxed and redirected pages send.
        const std::size_t scheme = value.find("://");
        const auto origin = scheme == std::string::npos ? std::nullopt : ParseUrl("http" + value.substr(scheme));
        if (!origin || !IsThisMachine(origin->host, hosts)) return false;
    }
    return true;
}

std::optional<HttpResponse> AnswerDevDoor(const HttpRequest& request, DevDoor& door) {
    const std::string_view path = request.path;
    if (path != "/_dev" && !path.starts_with("/_dev/")) return std::nullopt;
    if (!IsFromThisMachine(request, door.hosts))
        return Refuse(403, "the development door answers to this machine's own names only (dev.hosts adds one)");
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (path == "/_dev/reset") return request.method == "POST" ? Reset(door) : RefuseMethod("POST");
    if (path == "/_dev/clock") return request.method == "POST" ? MoveClock(request, door) : RefuseMethod("POST");
    const bool known = path == "/_dev" || path == "/_dev/" || path == "/_dev/outbox" || path == "/_dev/outbox.css" ||
                       path == "/_dev/outbox.js";
    if (!known) return Refuse(404, "there is no such thing in the development door");
    if (!reads) return RefuseMethod("GET");
    if (path == "/_dev/outbox") return ListMessages(request, door);
    if (path == "/_dev/outbox.css") return Answer(200, "text/css; charset=utf-8", std::string(OutboxStyle()));
    if (path == "/_dev/outbox.js") return Answer(200, "text/javascript; charset=utf-8", std::string(OutboxScript()));
    if (path == "/_dev/") return ShowPage(request, door);
    HttpResponse out = Answer(308, "text/plain; charset=utf-8", "");
    out.headers.emplace_back("Location", "/_dev/");
    return out;
}

void ResetAccount(Services& services) {
    for (;;) {
        // From the start each time: what was listed is gone.
        const auto page = services.store.Read([](sql::Connection& db) { return ListPools(db, "", {}, kPoolsAtOnce); });
        if (page.items.empty()) break;
        services.store.Transact([&](sql::Connection& db) {
            for (const Pool& pool : page.items) DeletePool(db, pool.id);
        });
        for (const Pool& pool : page.items) {
            services.directory.Forget(pool.id);
            services.keyring.Forget(pool.id);
        }
    }
    services.directory.Clear();  // of clients as well
    // To the end: a pool whose id is chosen by its tag may come back at once, and must come back empty.
    const auto sweep = [&] {
        return services.store.Transact([](sql::Connection& db) { return SweepDeletedPools(db, kRowsAtOnce); });
    };
    while (sweep() > 0) continue;
}

}  // namespace cardea
