#include "crypto/sigv4.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "codec/hex.h"
#include "codec/percent.h"
#include "crypto/hash.h"

namespace cardea {

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kTerminator = "aws4_request";
constexpr std::size_t kDateSize = 8;

// Calls visit(part) for each part between separators.
template <class Visit>
void EachPart(std::string_view text, char separator, Visit visit) {
    for (;;) {
        const std::size_t end = text.find(separator);
        visit(text.substr(0, end));
        if (end == std::string_view::npos) return;
        text.remove_prefix(end + 1);
    }
}

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Without white space at the ends, and one blank for each run of it inside.
void AppendTrimmed(std::string& out, std::string_view value) {
    bool pending = false, started = false;
    for (const char c : value) {
        if (IsSpace(c)) {
            pending = started;
            continue;
        }
        if (pending) out += ' ';
        out += c;
        pending = false;
        started = true;
    }
}

// Encoded afresh, whatever characters the sender chose to encode; a broken escape stands for itself.
std::string Reencode(std::string_view text) {
    const auto decoded = PercentDecode(text);
    return PercentEncode(decoded ? std::string_view(*decoded) : text);
}

std::string ScopeText(const SigV4Scope& scope) {
    std::string out;
    return out.append(scope.date)
        .append("/")
        .append(scope.region)
        .append("/")
        .append(scope.service)
        .append("/")
        .append(kTerminator);
}

// The names of all headers, sorted, once each, joined by ';'.
std::string AllNames(std::span<const HeaderView> headers) {
    std::vector<std::string_view> names;
    for (const HeaderView& header : headers) names.push_back(header.name);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    std::string out;
    for (const std::string_view name : names) out.append(out.empty() ? "" : ";").append(name);
    return out;
}

std::string Sign(const SignableRequest& request, std::string_view signed_headers, const AwsCredentials& credentials,
                 const SigV4Target& target) {
    const std::string time = ToIso8601Basic(target.now);
    const SigV4Scope scope{std::string_view(time).substr(0, kDateSize), target.region, target.service};
    const auto canonical = CanonicalRequest(request, signed_headers, HexEncode(Sha256(request.body)), target.path_form);
    CHECK(canonical.has_value());
    return SigV4Signature(DeriveSigV4Key(credentials.secret_access_key, scope), StringToSign(time, scope, *canonical));
}

std::string CredentialText(const AwsCredentials& credentials, const SigV4Target& target) {
    const std::string time = ToIso8601Basic(target.now);
    return credentials.access_key_id + "/" +
           ScopeText({std::string_view(time).substr(0, kDateSize), target.region, target.service});
}

void CheckSignable(const SignableRequest& request) {
    const auto has = [&](std::string_view name) {
        return std::any_of(request.headers.begin(), request.headers.end(),
                           [&](const HeaderView& header) { return header.name == name; });
    };
    CHECK(has("host") && !has("x-amz-date") && !has("x-amz-security-token") && !has("authorization"));
}

}  // namespace

std::string CanonicalPath(std::string_view path, PathForm form) {
    if (path.empty()) return "/";
    if (form == PathForm::kAsSent) return PercentEncode(path, Slash::kKeep);
    std::vector<std::string_view> segments;
    EachPart(path, '/', [&](std::string_view segment) {
        if (segment.empty() || segment == ".") return;
        if (segment != "..")
            segments.push_back(segment);
        else if (!segments.empty())
            segments.pop_back();
    });
    std::string out;
    for (const std::string_view segment : segments) out.append("/").append(PercentEncode(segment));
    if (path.ends_with('/') || segments.empty()) out += '/';
    return out;
}

std::string CanonicalQuery(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> parameters;
    EachPart(query, '&', [&](std::string_view parameter) {
        if (parameter.empty()) return;
        const std::size_t equals = std::min(parameter.find('='), parameter.size());
        std::string name = Reencode(parameter.substr(0, equals));
        if (name == "X-Amz-Signature") return;
        parameters.emplace_back(std::move(name), Reencode(parameter.substr(std::min(equals + 1, parameter.size()))));
    });
    // By the pair: by the joined text "Param-3=" would come before "Param=".
    std::sort(parameters.begin(), parameters.end());
    std::string out;
    for (const auto& [name, value] : parameters)
        out.append(out.empty() ? "" : "&").append(name).append("=").append(value);
    return out;
}

std::optional<std::string> CanonicalRequest(const SignableRequest& request, std::string_view signed_headers,
                                            std::string_view payload_hash, PathForm form) {
    std::vector<HeaderView> headers(request.headers.begin(), request.headers.end());
    const auto by_name = [](const HeaderView& a, const HeaderView& b) { return a.name < b.name; };
    std::stable_sort(headers.begin(), headers.end(), by_name);  // repeated headers stay in their order
    std::string out;
    out.append(request.method).append("\n").append(CanonicalPath(request.path, form)).append("\n");
    out.append(CanonicalQuery(request.query)).append("\n");
    bool complete = true;
    EachPart(signed_headers, ';', [&](std::string_view name) {
        const auto [first, last] = std::equal_range(headers.begin(), headers.end(), HeaderView{name, {}}, by_name);
        complete = complete && first != last;
        out.append(name).append(":");
        for (auto header = first; header != last; ++header) {
            if (header != first) out += ',';
            AppendTrimmed(out, header->value);
        }
        out += '\n';
    });
    if (!complete) return std::nullopt;
    return out.append("\n").append(signed_headers).append("\n").append(payload_hash);
}

std::string StringToSign(std::string_view time, const SigV4Scope& scope, std::string_view canonical_request) {
    std::string out(kAlgorithm);
    out.append("\n").append(time).append("\n").append(ScopeText(scope)).append("\n");
    return out.append(HexEncode(Sha256(canonical_request)));
}

Secret DeriveSigV4Key(const Secret& secret_access_key, const SigV4Scope& scope) {
    Secret key(std::string("AWS4").append(secret_access_key.Reveal()));
    for (const std::string_view part : {scope.date, scope.region, scope.service, kTerminator})
        key = Secret(HmacSha256(key.Reveal(), part));
    return key;
}

std::string SigV4Signature(const Secret& derived_key, std::string_view string_to_sign) {
    return HexEncode(HmacSha256(derived_key.Reveal(), string_to_sign));
}

std::vector<Header> SignRequest(const SignableRequest& request, const AwsCredentials& credentials,
                                const SigV4Target& target) {
    CheckSignable(request);
    std::vector<Header> added;
    added.push_back({"x-amz-date", ToIso8601Basic(target.now)});
    if (credentials.session_token)
        added.push_back({"x-amz-security-token", std::string(credentials.session_token->Reveal())});
    std::vector<HeaderView> headers(request.headers.begin(), request.headers.end());
    for (const Header& header : added) headers.push_back({header.name, header.value});

    SignableRequest complete = request;
    complete.headers = headers;
    const std::string names = AllNames(headers);
    std::string value(kAlgorithm);
    value.append(" Credential=").append(CredentialText(credentials, target));
    value.append(", SignedHeaders=").append(names);
    value.append(", Signature=").append(Sign(complete, names, credentials, target));
    added.push_back({"authorization", std::move(value)});
    return added;
}

std::string PresignQuery(const SignableRequest& request, const AwsCredentials& credentials, const SigV4Target& target,
                         std::chrono::seconds valid_for) {
    CheckSignable(request);
    CHECK(valid_for.count() >= 1 && valid_for.count() <= 604800);
    const std::string names = AllNames(request.headers);
    std::string query(request.query);
    const auto add = [&](std::string_view name, std::string_view value) {
        query.append(query.empty() ? "" : "&").append(name).append("=").append(PercentEncode(value));
    };
    add("X-Amz-Algorithm", kAlgorithm);
    add("X-Amz-Credential", CredentialText(credentials, target));
    add("X-Amz-Date", ToIso8601Basic(target.now));
    add("X-Amz-Expires", std::to_string(valid_for.count()));
    if (credentials.session_token) add("X-Amz-Security-Token", credentials.session_token->Reveal());
    add("X-Amz-SignedHeaders", names);

    SignableRequest complete = request;
    complete.query = query;
    const std::string signature = Sign(complete, names, credentials, target);
    add("X-Amz-Signature", signature);
    return query;
}

}  // namespace cardea
