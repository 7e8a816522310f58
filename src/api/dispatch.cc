#include "api/dispatch.h"

#include <unordered_map>

#include "api/authenticate.h"
#include "api/user_pools/service.h"
#include "base/check.h"
#include "base/log.h"

namespace cardea {

namespace {

constexpr std::string_view kJson11 = "application/x-amz-json-1.1";
// The most of a request's body that the log shows.
constexpr std::size_t kLoggedBytes = 16 * 1024;

// Errors that the front end or any operation may raise without declaring them.
constexpr ErrorSet kCommonErrors(Error::kSerialization, Error::kUnknownOperation, Error::kMissingAuthenticationToken,
                                 Error::kIncompleteSignature, Error::kInvalidSignature, Error::kUnrecognizedClient,
                                 Error::kAccessDenied, Error::kThrottling, Error::kInternalError,
                                 Error::kInternalServer);

const Operation* FindOperation(std::string_view name) {
    static const std::unordered_map<std::string_view, const Operation*> index = [] {
        std::unordered_map<std::string_view, const Operation*> out;
        for (const Operation& operation : UserPoolOperations()) CHECK(out.emplace(operation.name, &operation).second);
        return out;
    }();
    const auto found = index.find(name);
    return found == index.end() ? nullptr : found->second;
}

[[noreturn]] void RejectUnknown(std::string_view name) {
    for (const std::string_view absent : AbsentUserPoolOperations())
        if (absent == name)
            throw ApiError(Error::kUnknownOperation, "This build of Cardea does not have the operation " +
                                                         std::string(name) +
                                                         " yet; docs/compatibility.md lists what it has.");
    throw ApiError(Error::kUnknownOperation, "");
}

// X-Amz-Target: AWSCognitoIdentityProviderService.SignUp
const Operation& RequireOperation(const HttpRequest& request) {
    const std::string_view target = request.Header("x-amz-target");
    if (!target.starts_with(kUserPoolsTarget)) throw ApiError(Error::kUnknownOperation, "");
    const std::string_view name = target.substr(kUserPoolsTarget.size());
    const Operation* operation = FindOperation(name);
    if (!operation) RejectUnknown(name);
    return *operation;
}

void RequireContentType(const HttpRequest& request) {
    std::string_view type = request.Header("content-type");
    type = type.substr(0, type.find(';'));
    while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
    if (type != kJson11)
        throw ApiError(Error::kSerialization, "The Content-Type of a request must be application/x-amz-json-1.1");
}

// What was asked, for who looks for a fault in a log. A log is no place for secrets: none of them is in it.
std::string Shown(const Operation& operation, JsonValue body) {
    std::string shown = operation.redact(body);
    if (shown.size() > kLoggedBytes) {
        std::size_t end = kLoggedBytes;
        while (end > 0 && (static_cast<unsigned char>(shown[end]) & 0xC0) == 0x80) --end;  // not within a character
        shown = shown.substr(0, end) + "...";
    }
    return shown;
}

void LogBody(const Operation& operation, const Context& ctx, JsonValue body) {
    if (!LogsAt(LogLevel::kDebug)) return;
    Log(LogLevel::kDebug, "request_body",
        {{"request_id", ctx.request_id}, {"operation", operation.name}, {"body", Shown(operation, body)}});
}

std::string MeaningOf(JsonFault fault) {
    switch (fault) {
        case JsonFault::kNumber:
            return "A number in the body of the request is malformed or out of range";
        case JsonFault::kNul:
            return "A text in the body of the request has a NUL character";
        case JsonFault::kSyntax:
            break;
    }
    return "The body of the request is not a JSON object";
}

// The answer's body. `body` is the request's from when it is read, for the caller's log.
std::string Run(const ApiDoor& door, const Operation& operation, Context& ctx, const HttpRequest& request,
                std::optional<JsonDocument>& body) {
    if (operation.access == Access::kIam) ctx.caller = AuthenticateSignature(door, ctx, request);
    RequireContentType(request);
    JsonFault fault = JsonFault::kSyntax;
    const std::string_view text = request.body.empty() ? std::string_view("{}") : std::string_view(request.body);
    if (auto parsed = JsonDocument::Parse(text, &fault)) body.emplace(*std::move(parsed));
    if (!body || body->Root().Kind() != JsonKind::kObject) throw ApiError(Error::kSerialization, MeaningOf(fault));
    LogBody(operation, ctx, body->Root());
    try {
        return operation.run(ctx, body->Root());
    } catch (const ApiError& error) {
        if (operation.raises.Contains(error.code()) || kCommonErrors.Contains(error.code())) throw;
        Log(LogLevel::kError, "undeclared_error",
            {{"operation", operation.name},
             {"error", NameOf(error.code())},
             {"message", error.what()},
             {"file", error.where().file_name()},
             {"line", static_cast<std::int64_t>(error.where().line())},
             {"request", Shown(operation, body->Root())}});
        CHECK(!door.strict);
        throw ApiError(Error::kInternalError, "An internal error occurred.");
    }
}

HttpResponse Answer(int status, std::string body, std::string_view request_id) {
    HttpResponse response;
    response.status = status;
    response.headers = {
        {"Content-Type", std::string(kJson11)},
        {"x-amzn-RequestId", std::string(request_id)},
        {"Access-Control-Allow-Origin", "*"},
        {"Access-Control-Expose-Headers", "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date"}};
    response.body = std::move(body);
    return response;
}

// Browsers' SDKs ask first (fact sheet user pools A.1).
HttpResponse AnswerPreflight(const HttpRequest& request) {
    HttpResponse response;
    response.status = 200;
    response.headers = {{"Access-Control-Allow-Origin", "*"},
                        {"Access-Control-Allow-Methods", "GET,POST,OPTIONS"},
                        {"Access-Control-Max-Age", "172800"}};
    const std::string_view asked = request.Header("access-control-request-headers");
    if (!asked.empty()) response.headers.emplace_back("Access-Control-Allow-Headers", std::string(asked));
    return response;
}

// A header value in one line of visible characters: messages may quote what a caller sent.
std::string HeaderText(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, 512))
        out += (static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f) ? c : ' ';
    return out;
}

void LogRequest(const ApiDoor& door, const Context& ctx, int status, std::string_view error,
                std::chrono::steady_clock::time_point began) {
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Monotonic() - began);
    if (door.observe) door.observe(ctx.operation, error, took);
    Log(LogLevel::kInfo, "request",
        {{"request_id", ctx.request_id},
         {"operation", ctx.operation},
         {"status", status},
         {"error", error},
         {"microseconds", static_cast<std::int64_t>(took.count())},
         {"source_ip", ctx.source_ip}});
}

}  // namespace

bool IsApiCall(const HttpRequest& request) {
    if (request.path != "/") return false;
    if (request.method == "POST") return true;
    return request.method == "OPTIONS";
}

HttpResponse PrintApiError(Error error, std::string_view message, std::string_view request_id) {
    JsonWriter body;
    body.BeginObject().Key("__type").Text(NameOf(error));
    if (!message.empty()) body.Key("message").Text(message);
    body.EndObject();
    HttpResponse response = Answer(StatusOf(error), body.Take(), request_id);
    response.headers.emplace_back("x-amzn-ErrorType", std::string(NameOf(error)) + ":");
    if (!message.empty()) response.headers.emplace_back("x-amzn-ErrorMessage", HeaderText(message));
    return response;
}

HttpResponse PrintRefusal(int status, std::string_view request_id) {
    const std::string_view message = status == 413   ? "The body of the request is too large"
                                     : status == 431 ? "The headers of the request are too large"
                                     : status == 408 ? "The request did not arrive in time"
                                                     : "The request is not valid HTTP";
    HttpResponse response = PrintApiError(Error::kSerialization, message, request_id);
    response.status = status;
    return response;
}

HttpResponse AnswerApiCall(const ApiDoor& door, const HttpRequest& request) {
    if (request.method == "OPTIONS") return AnswerPreflight(request);
    const auto began = Monotonic();
    Context ctx{door.services,
                door.services.clock.Now(),
                RandomUuid(door.services.random),
                {},
                door.services.account.region,
                request.client_address,
                {}};
    const Operation* operation = nullptr;
    std::optional<JsonDocument> body;
    try {
        operation = &RequireOperation(request);
        ctx.operation = operation->name;
        HttpResponse response = Answer(200, Run(door, *operation, ctx, request, body), ctx.request_id);
        LogRequest(door, ctx, 200, "", began);
        return response;
    } catch (const ApiError& error) {
        LogRequest(door, ctx, StatusOf(error.code()), NameOf(error.code()), began);
        return PrintApiError(error.code(), error.message(), ctx.request_id);
    } catch (const std::exception& error) {
        // With what was asked, as far as it is no secret, so that an operator can tell what went wrong.
        Log(LogLevel::kError, "request_failed",
            {{"request_id", ctx.request_id},
             {"operation", ctx.operation},
             {"what", error.what()},
             {"request", body ? Shown(*operation, body->Root()) : std::string()}});
        LogRequest(door, ctx, 500, NameOf(Error::kInternalError), began);
        return PrintApiError(Error::kInternalError, "An internal error occurred.", ctx.request_id);
    }
}

}  // namespace cardea
