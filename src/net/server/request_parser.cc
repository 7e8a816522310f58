#include "net/server/request_parser.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cstring>
#include <optional>

#include "base/secret.h"
#include "net/server/body_buffer.h"

namespace cardea {

namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

// Where a header block ends, looking from `from`; a block that only a lenient parser would accept is kBroken.
struct HeaderEnd {
    enum { kFound, kNotYet, kBroken } outcome;
    std::size_t at = 0;
};

HeaderEnd FindHeaderEnd(std::string_view input, std::size_t from) {
    for (std::size_t at = from;;) {
        const void* found = at < input.size() ? std::memchr(input.data() + at, '\n', input.size() - at) : nullptr;
        if (!found) return {HeaderEnd::kNotYet, 0};
        const std::size_t feed = static_cast<std::size_t>(static_cast<const char*>(found) - input.data());
        if (feed == 0 || input[feed - 1] != '\r') return {HeaderEnd::kBroken, 0};
        if (feed >= 3 && input[feed - 2] == '\n') return {HeaderEnd::kFound, feed + 1};
        // A folded line (obs-fold, RFC 9112 §5.2).
        if (feed + 1 < input.size() && (input[feed + 1] == ' ' || input[feed + 1] == '\t'))
            return {HeaderEnd::kBroken, 0};
        if (feed + 1 == input.size()) return {HeaderEnd::kNotYet, feed};  // what comes next is not known yet
        at = feed + 1;
    }
}

std::optional<std::uint64_t> ParseLength(std::string_view digits) {
    if (digits.empty() || digits.size() > 18) return std::nullopt;
    std::uint64_t out = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        out = out * 10 + static_cast<unsigned>(c - '0');
    }
    return out;
}

// reg-name, IPv4 or bracketed IPv6, with a port: the characters only (RFC 9110 §7.2).
bool IsHostField(std::string_view host) {
    return host.size() <= 260 && std::all_of(host.begin(), host.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      std::string_view("-._:[]").find(c) != std::string_view::npos;
           });
}

// Beast's parser for the header, writing straight into the request.
class HeaderGrammar final : public http::basic_parser<true> {
 public:
    HeaderGrammar(HttpRequest& request, const RequestLimits& limits) : request_(request), limits_(limits) {
        header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(limits.header, UINT32_MAX - 1) + 1));
        skip(true);  // the body is not its business
    }
    bool IsHttp11() const { return version_ >= 11; }
    bool TooManyHeaders() const { return lines_ > limits_.headers; }

 private:
    void on_request_impl(http::verb, beast::string_view method, beast::string_view target, int version,
                         beast::error_code&) override {
        request_.method.assign(method.data(), method.size());
        request_.target.assign(target.data(), target.size());
        version_ = version;
    }
    void on_field_impl(http::field, beast::string_view name, beast::string_view value,
                       beast::error_code& error) override {
        if (++lines_ > limits_.headers) {
            error = http::error::header_limit;
            return;
        }
        request_.headers.emplace_back(ToLowerAscii({name.data(), name.size()}),
                                      std::string(value.data(), value.size()));
    }
    void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}
    void on_header_impl(beast::error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
    std::size_t on_body_impl(beast::string_view, beast::error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view, beast::error_code&) override { return 0; }
    void on_finish_impl(beast::error_code&) override {}

    HttpRequest& request_;
    const RequestLimits& limits_;
    std::size_t lines_ = 0;
    int version_ = 0;
};

}  // namespace

RequestParser::RequestParser(const RequestLimits& limits) : limits_(limits) {}
RequestParser::~RequestParser() { Reset(); }

void RequestParser::Reset() {
    WipeMemory(request_.body.data(), request_.body.size());
    for (auto& [name, value] : request_.headers) WipeMemory(value.data(), value.size());
    WipeMemory(request_.query.data(), request_.query.size());
    WipeMemory(request_.target.data(), request_.target.size());
    request_ = {};
    chunks_.reset();
    left_ = scanned_ = header_bytes_ = 0;
    in_body_ = expects_continue_ = keep_alive_ = forgave_ = false;
    refusal_ = 0;
}

ParseStep RequestParser::Refuse(int status) {
    refusal_ = status;
    keep_alive_ = false;
    return ParseStep::kRefused;
}

ParseStep RequestParser::Feed(std::string_view input, std::size_t& consumed) {
    consumed = 0;
    return in_body_ ? FeedBody(input, consumed) : FeedHeader(input, consumed);
}

ParseStep RequestParser::FeedHeader(std::string_view input, std::size_t& consumed) {
    // One empty line before a request is forgiven (RFC 9112 §2.2).
    if (!forgave_ && scanned_ == 0 && input.starts_with("\r\n")) {
        forgave_ = true;
        consumed = 2;
        input.remove_prefix(2);
    }
    const HeaderEnd end = FindHeaderEnd(input, scanned_);
    if (end.outcome == HeaderEnd::kBroken) return Refuse(400);
    if (end.outcome == HeaderEnd::kNotYet) {
        if (input.size() > limits_.header) return Refuse(431);
        // The last two bytes are looked at again, since what follows them decides.
        scanned_ = end.at > 0 ? end.at : (input.empty() ? 0 : input.size() - 1);
        return ParseStep::kNeedMore;
    }
    if (end.at > limits_.header) return Refuse(431);

    HeaderGrammar grammar(request_, limits_);
    beast::error_code error;
    grammar.put({input.data(), end.at}, error);
    consumed += end.at;
    header_bytes_ = 2 * end.at + request_.headers.capacity() * sizeof(HttpHeaders::value_type);
    if (grammar.TooManyHeaders()) return Refuse(431);
    if (error == http::error::bad_version) return Refuse(505);
    if (error || !grammar.is_header_done()) return Refuse(400);
    keep_alive_ = grammar.keep_alive();
    if (!CheckHeader(grammar.IsHttp11())) return ParseStep::kRefused;
    in_body_ = chunks_ || left_ > 0;
    return in_body_ ? ParseStep::kHeader : ParseStep::kDone;
}

ParseStep RequestParser::FeedBody(std::string_view input, std::size_t& consumed) {
    if (!chunks_) {
        consumed = std::min(left_, input.size());
        AppendToBody(request_.body, input.substr(0, consumed), request_.body.size() + left_);
        left_ -= consumed;
        return left_ == 0 ? ParseStep::kDone : ParseStep::kNeedMore;
    }
    std::string_view rest = input;
    const ChunkedDecoder::Step step = chunks_->Feed(rest, request_.body);
    consumed = input.size() - rest.size();
    if (step == ChunkedDecoder::Step::kTooLarge) return Refuse(413);
    if (step == ChunkedDecoder::Step::kBroken) return Refuse(400);
    return step == ChunkedDecoder::Step::kDone ? ParseStep::kDone : ParseStep::kNeedMore;
}

// What decides where the request ends must be said once and in one way (RFC 9112 §6.3, §11.2).
bool RequestParser::CheckHeader(bool http11) {
    std::size_t lengths = 0, encodings = 0, hosts = 0;
    bool too_large = false;
    for (const auto& [name, value] : request_.headers) {
        if (!IsHeaderValue(value)) return Refuse(400), false;
        if (name == "content-length") {
            const auto length = ParseLength(value);
            if (++lengths > 1 || !length) return Refuse(400), false;
            too_large = *length > limits_.body;
            left_ = too_large ? 0 : static_cast<std::size_t>(*length);
        } else if (name == "transfer-encoding") {
            if (++encodings > 1 || !http11) return Refuse(400), false;
            if (!EqualIgnoringCase(value, "chunked")) return Refuse(501), false;
            chunks_.emplace(limits_.body);
        } else if (name == "host") {
            if (++hosts > 1 || !IsHostField(value)) return Refuse(400), false;
            request_.host = ToLowerAscii(value);
        } else if (name == "expect") {
            if (!EqualIgnoringCase(value, "100-continue")) return Refuse(417), false;
            expects_continue_ = http11;
        }
    }
    if (lengths + encodings > 1 || (http11 && hosts == 0)) return Refuse(400), false;
    if (!SplitTarget()) return Refuse(400), false;
    return !too_large || (Refuse(413), false);
}

// origin-form, absolute-form and asterisk-form (RFC 9112 §3.2); authority-form is for proxies.
bool RequestParser::SplitTarget() {
    std::string_view target = request_.target;
    if (target.find('#') != std::string_view::npos) return false;
    if (!target.starts_with('/') && target != "*") {
        const std::size_t colon = target.find("://");
        if (colon == std::string_view::npos) return false;
        const std::string_view scheme = target.substr(0, colon);
        if (!EqualIgnoringCase(scheme, "http") && !EqualIgnoringCase(scheme, "https")) return false;
        target.remove_prefix(colon + 3);
        const std::size_t end = std::min(target.find_first_of("/?"), target.size());
        if (end == 0 || !IsHostField(target.substr(0, end))) return false;
        request_.host = ToLowerAscii(target.substr(0, end));  // it replaces Host (RFC 9112 §3.2.2)
        target.remove_prefix(end);
    }
    const std::size_t question = target.find('?');
    request_.path = target.substr(0, question);
    if (request_.path.empty()) request_.path = "/";
    if (question != std::string_view::npos) request_.query = target.substr(question + 1);
    return true;
}

}  // namespace cardea
