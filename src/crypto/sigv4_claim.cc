#include "crypto/sigv4_claim.h"

#include <algorithm>
#include <array>
#include <vector>

#include "codec/percent.h"

namespace cardea {

namespace {

constexpr std::chrono::seconds kLongestExpiry{604800};

SigV4Failure Incomplete(std::string message) { return {SigV4Fault::kIncomplete, std::move(message)}; }

// The digits as a number; nothing where one of them is no digit. At most nine of them.
std::optional<int> Digits(std::string_view text) {
    if (text.empty() || text.size() > 9) return std::nullopt;
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::optional<Instant> At(std::chrono::year_month_day day, std::optional<int> hour, std::optional<int> minute,
                          std::optional<int> second) {
    if (!day.ok() || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
    return Instant(std::chrono::sys_days(day)) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           std::chrono::seconds(*second);
}

std::chrono::year_month_day Day(std::optional<int> year, std::optional<int> month, std::optional<int> day) {
    return {std::chrono::year(year.value_or(0)), std::chrono::month(static_cast<unsigned>(month.value_or(0))),
            std::chrono::day(static_cast<unsigned>(day.value_or(0)))};
}

// X-Amz-Date, else Date; empty where there is neither.
std::string TimeOf(const SignableRequest& request) {
    if (const auto header = FindHeader(request.headers, "x-amz-date")) return std::string(*header);
    const auto date = FindHeader(request.headers, "date");
    if (!date) return {};
    const auto at = ParseHttpDate(*date);
    return at ? ToIso8601Basic(*at) : std::string(*date);
}

// The pieces between commas and blanks.
std::vector<std::string_view> Pieces(std::string_view text) {
    std::vector<std::string_view> pieces;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(", \t"), text.size());
        if (end > 0) pieces.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return pieces;
}

using Claim = std::variant<SigV4Claim, SigV4Failure>;

Claim ReadHeader(const SignableRequest& request, std::string_view authorization) {
    SigV4Claim claim;
    const std::size_t end = std::min(authorization.find_first_of(" \t"), authorization.size());
    claim.algorithm = authorization.substr(0, end);
    for (const std::string_view piece : Pieces(authorization.substr(end))) {
        const std::size_t equals = piece.find('=');
        if (equals == std::string_view::npos)
            return Incomplete("'" + std::string(piece) +
                              "' not a valid key=value pair (missing equal-sign) in Authorization header: '" +
                              std::string(authorization) + "'.");
        const std::string_view name = piece.substr(0, equals);
        std::string* part = name == "Credential"      ? &claim.credential
                            : name == "SignedHeaders" ? &claim.signed_headers
                            : name == "Signature"     ? &claim.signature
                                                      : nullptr;
        if (part && !part->empty())
            return Incomplete("Authorization header has '" + std::string(name) + "' more than once.");
        if (part) *part = piece.substr(equals + 1);
    }
    claim.time = TimeOf(request);
    std::string missing;
    if (claim.credential.empty()) missing += "Authorization header requires 'Credential' parameter. ";
    if (claim.signature.empty()) missing += "Authorization header requires 'Signature' parameter. ";
    if (claim.signed_headers.empty()) missing += "Authorization header requires 'SignedHeaders' parameter. ";
    if (claim.time.empty())
        missing += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
    if (!missing.empty()) return Incomplete(missing.append("Authorization=").append(authorization));
    if (const auto token = FindHeader(request.headers, "x-amz-security-token"))
        claim.session_token = Secret(std::string(*token));
    return claim;
}

// The parameters of a presigned query that decide something.
struct QueryParts {
    std::optional<std::string> algorithm, credential, time, expires, signed_headers, signature, session_token;
    bool twice = false;  // one of them stands there more than once
};

QueryParts ReadQueryParts(std::string_view query) {
    QueryParts parts;
    const std::pair<std::string_view, std::optional<std::string>*> names[] = {
        {"X-Amz-Algorithm", &parts.algorithm},
        {"X-Amz-Credential", &parts.credential},
        {"X-Amz-Date", &parts.time},
        {"X-Amz-Expires", &parts.expires},
        {"X-Amz-SignedHeaders", &parts.signed_headers},
        {"X-Amz-Signature", &parts.signature},
        {"X-Amz-Security-Token", &parts.session_token}};
    while (!query.empty()) {
        const std::string_view parameter = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(parameter.size() + 1, query.size()));
        const std::size_t equals = std::min(parameter.find('='), parameter.size());
        const auto name = PercentDecode(parameter.substr(0, equals));
        for (const auto& [known, part] : names) {
            if (name != known) continue;
            parts.twice = parts.twice || part->has_value();
            *part = PercentDecode(parameter.substr(std::min(equals + 1, parameter.size()))).value_or("");
        }
    }
    return parts;
}

Claim ReadQuery(const SignableRequest& request, QueryParts parts) {
    static constexpr char kEnd[] = "Re-examine the query-string parameters.";
    std::string missing;
    const std::pair<std::string_view, const std::optional<std::string>*> required[] = {
        {"X-Amz-Algorithm", &parts.algorithm}, {"X-Amz-Credential", &parts.credential},
        {"X-Amz-Signature", &parts.signature}, {"X-Amz-SignedHeaders", &parts.signed_headers},
        {"X-Amz-Date", &parts.time},           {"X-Amz-Expires", &parts.expires}};
    for (const auto& [name, part] : required)
        if (part->value_or("").empty())
            missing += "AWS query-string parameters must include '" + std::string(name) + "'. ";
    if (!missing.empty()) return Incomplete(missing + kEnd);
    if (parts.twice) return Incomplete(std::string("AWS query-string parameters must not be repeated. ") + kEnd);
    const auto expires = Digits(*parts.expires);
    if (!expires || *expires < 1 || std::chrono::seconds(*expires) > kLongestExpiry)
        return Incomplete(std::string("'X-Amz-Expires' must be a number from 1 to 604800. ") + kEnd);

    SigV4Claim claim;
    claim.presigned = true;
    claim.algorithm = std::move(*parts.algorithm);
    claim.credential = std::move(*parts.credential);
    claim.time = std::move(*parts.time);
    claim.signed_headers = std::move(*parts.signed_headers);
    claim.signature = std::move(*parts.signature);
    claim.expires = std::chrono::seconds(*expires);
    if (parts.session_token)
        claim.session_token = Secret(std::move(*parts.session_token));
    else if (const auto token = FindHeader(request.headers, "x-amz-security-token"))
        claim.session_token = Secret(std::string(*token));
    return claim;
}

}  // namespace

Claim ReadSigV4Claim(const SignableRequest& request) {
    const auto authorization = FindHeader(request.headers, "authorization");
    QueryParts parts = ReadQueryParts(request.query);
    const bool presigned = parts.algorithm || parts.credential || parts.signature;
    if (authorization && presigned)
        return SigV4Failure{SigV4Fault::kInvalid,
                            "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."};
    if (presigned) return ReadQuery(request, std::move(parts));
    if (!authorization || !authorization->starts_with("AWS4-"))
        return SigV4Failure{SigV4Fault::kMissing, "Missing Authentication Token"};
    return ReadHeader(request, *authorization);
}

std::optional<CredentialParts> SplitCredential(std::string_view credential) {
    std::array<std::string_view, 5> parts;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::size_t end = credential.find('/');
        if ((end == std::string_view::npos) != (i + 1 == parts.size())) return std::nullopt;
        parts[i] = credential.substr(0, end);
        credential.remove_prefix(std::min(parts[i].size() + 1, credential.size()));
    }
    if (parts[0].empty()) return std::nullopt;
    return CredentialParts{parts[0], parts[1], parts[2], parts[3], parts[4]};
}

std::optional<Instant> ParseIso8601Basic(std::string_view text) {
    if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
    return At(Day(Digits(text.substr(0, 4)), Digits(text.substr(4, 2)), Digits(text.substr(6, 2))),
              Digits(text.substr(9, 2)), Digits(text.substr(11, 2)), Digits(text.substr(13, 2)));
}

std::optional<Instant> ParseHttpDate(std::string_view text) {
    static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (text.size() != 29 || text.substr(3, 2) != ", " || text[7] != ' ' || text[11] != ' ' || text[16] != ' ' ||
        text[19] != ':' || text[22] != ':' || text.substr(25) != " GMT")
        return std::nullopt;
    const std::size_t month = kMonths.find(text.substr(8, 3));
    if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
    return At(Day(Digits(text.substr(12, 4)), static_cast<int>(month / 3 + 1), Digits(text.substr(5, 2))),
              Digits(text.substr(17, 2)), Digits(text.substr(20, 2)), Digits(text.substr(23, 2)));
}

std::optional<std::string_view> FindHeader(std::span<const HeaderView> headers, std::string_view name) {
    for (const HeaderView& header : headers)
        if (header.name == name) return header.value;
    return std::nullopt;
}

}  // namespace cardea
