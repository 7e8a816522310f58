#include "net/smtp.h"

#include <algorithm>
#include <cstring>

#include "base/permits.h"
#include "net/curl_handle.h"
#include "net/http.h"
#include "net/url.h"

namespace cardea {

namespace {

using Kind = SendOutcome::Kind;

std::size_t OnRead(char* to, std::size_t one, std::size_t size, void* from) {
    std::string_view& left = *static_cast<std::string_view*>(from);
    const std::size_t count = std::min(one * size, left.size());
    std::memcpy(to, left.data(), count);
    left.remove_prefix(count);
    return count;
}

// The server's last refusal, or else its last line: what it says to QUIT after a refusal explains nothing.
std::size_t OnReply(char* bytes, std::size_t one, std::size_t size, void* to) {
    std::string& line = *static_cast<std::string*>(to);
    const bool refusal = one * size > 0 && (bytes[0] == '4' || bytes[0] == '5');
    if (!refusal && !line.empty() && (line[0] == '4' || line[0] == '5')) return one * size;
    line.assign(bytes, std::min<std::size_t>(one * size, 500));
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.pop_back();
    return one * size;
}

std::size_t OnDownload(char*, std::size_t one, std::size_t size, void*) { return one * size; }

// The settings as a URL: host and EHLO name must be names, or they would change its meaning.
std::string MakeUrl(const SmtpSettings& settings) {
    const bool ipv6 = settings.host.find(':') != std::string::npos;
    const std::string host = ipv6 ? "[" + settings.host + "]" : settings.host;
    const std::string authority = host + ":" + std::to_string(settings.port);
    const bool named = !settings.helo.empty() && std::all_of(settings.helo.begin(), settings.helo.end(), [](char c) {
        return IsHttpToken({&c, 1}) && c != '%';
    });
    const auto parsed = ParseUrl("http://" + authority);
    if (!named || !parsed || parsed->host != ToLowerAscii(settings.host) || parsed->port != settings.port) return {};
    return (settings.security == SmtpSecurity::kTls ? "smtps://" : "smtp://") + authority + "/" + settings.helo;
}

SendOutcome Explain(CURLcode code, long reply, const std::string& line, const char* detail) {
    if (code == CURLE_OK) return {Kind::kSent, static_cast<int>(reply), line};
    if (code == CURLE_USE_SSL_FAILED) return {Kind::kRefused, 0, "the server does not offer STARTTLS"};
    if (code == CURLE_OPERATION_TIMEDOUT) return {Kind::kUnreachable, 0, "timed out"};
    if (reply >= 400) return {Kind::kRefused, static_cast<int>(reply), line};
    return {Kind::kUnreachable, 0, *detail ? detail : curl_easy_strerror(code)};
}

}  // namespace

SendOutcome SendMail(const SmtpSettings& settings, const Mail& mail) {
    const auto printed = PrintMail(mail);
    if (const auto* mistake = std::get_if<MailMistake>(&printed))
        return {Kind::kRefused, 0, "cannot be sent: " + mistake->field};
    const MailText& text = std::get<MailText>(printed);
    const std::string url = MakeUrl(settings);
    if (url.empty() || !IsHeaderValue(settings.username) || !IsHeaderValue(settings.password.Reveal()))
        return {Kind::kRefused, 0, "cannot be sent: settings"};

    const CurlHandle owner = MakeCurlHandle();
    CURL* handle = owner.get();
    CurlList recipients;
    Append(recipients, text.envelope_to.c_str());
    std::string_view left = text.content;
    std::string line;
    char detail[CURL_ERROR_SIZE] = "";
    Set(handle, CURLOPT_URL, url.c_str());
    Set(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    Set(handle, CURLOPT_PROXY, "");
    Set(handle, CURLOPT_NOSIGNAL, 1L);
    SetTimeout(handle, settings.timeout);
    Set(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(settings.timeout.count() / 1000 + 1));
    Set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    Set(handle, CURLOPT_USE_SSL,
        static_cast<long>(settings.security == SmtpSecurity::kNone ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (!settings.ca_file.empty()) Set(handle, CURLOPT_CAINFO, settings.ca_file.c_str());
    if (!settings.username.empty()) {
        std::string password(settings.password.Reveal());
        Set(handle, CURLOPT_USERNAME, settings.username.c_str());
        Set(handle, CURLOPT_PASSWORD, password.c_str());
        WipeMemory(password.data(), password.size());
    }
    Set(handle, CURLOPT_MAIL_FROM, text.envelope_from.c_str());
    Set(handle, CURLOPT_MAIL_RCPT, recipients.get());
    Set(handle, CURLOPT_UPLOAD, 1L);
    Set(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(text.content.size()));
    Set(handle, CURLOPT_READFUNCTION, OnRead);
    Set(handle, CURLOPT_READDATA, &left);
    Set(handle, CURLOPT_HEADERFUNCTION, OnReply);
    Set(handle, CURLOPT_HEADERDATA, &line);
    Set(handle, CURLOPT_WRITEFUNCTION, OnDownload);
    Set(handle, CURLOPT_ERRORBUFFER, detail);

    CURLcode code;
    {
        const Blocking outside;
        code = curl_easy_perform(handle);
    }
    long reply = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &reply);
    return Explain(code, reply, line, detail);
}

}  // namespace cardea
