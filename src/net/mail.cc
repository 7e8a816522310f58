#include "net/mail.h"

#include <algorithm>
#include <cstdio>

namespace cardea {

namespace {

constexpr char kHex[] = "0123456789ABCDEF";
// Cannot occur in quoted-printable text, where '=' is followed by hexadecimal digits or a line's end (RFC 2045 §6.7).
constexpr std::string_view kBoundary = "=_cardea_part";

// Characters in an encoded word: with its frame, and "Reply-To: " before the first, a line keeps under 76.
constexpr std::size_t kMaxEncodedWord = 50;

bool HasControl(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}
bool IsPlainAscii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f;
    });
}
bool IsAlphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool IsAddress(std::string_view text) {
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos || text.size() > 254) return false;
    const std::string_view local = text.substr(0, at), domain = text.substr(at + 1);
    const auto dotted = [](std::string_view part) {
        return !part.empty() && part.front() != '.' && part.back() != '.' && part.find("..") == std::string_view::npos;
    };
    // RFC 5321 §4.1.2 Dot-string and Domain; some mailboxes begin or end with a dot, against the grammar.
    return !local.empty() && local.size() <= 64 && dotted(domain) &&
           std::all_of(local.begin(), local.end(),
                       [](char c) {
                           return IsAlphanumeric(c) ||
                                  std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
                       }) &&
           std::all_of(domain.begin(), domain.end(), [](char c) { return IsAlphanumeric(c) || c == '-' || c == '.'; });
}

// Encoded words of at most 75 characters, cut between characters, on folded lines (RFC 2047 §2).
std::string PrintEncodedWords(std::string_view text) {
    std::string out, word;
    const auto flush = [&] {
        if (word.empty()) return;
        if (!out.empty()) out += "\r\n ";
        out += "=?UTF-8?Q?" + word + "?=";
        word.clear();
    };
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i + 1;
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80 && end - i < 4) ++end;
        std::string encoded;
        for (; i < end; ++i) {
            const auto byte = static_cast<unsigned char>(text[i]);
            if (IsAlphanumeric(text[i]))
                encoded += text[i];
            else if (text[i] == ' ')
                encoded += '_';
            else
                encoded.append({'=', kHex[byte >> 4], kHex[byte & 15]});
        }
        if (word.size() + encoded.size() > kMaxEncodedWord) flush();
        word += encoded;
    }
    flush();
    return out;
}

std::string PrintUnstructured(std::string_view text) {
    const bool plain = IsPlainAscii(text) && text.size() <= 200 && text.find("=?") == std::string_view::npos;
    return plain ? std::string(text) : PrintEncodedWords(text);
}

std::string PrintMailbox(const Mailbox& mailbox) {
    if (mailbox.name.empty()) return mailbox.address;
    std::string name;
    if (IsPlainAscii(mailbox.name) && mailbox.name.find("=?") == std::string::npos) {
        name = "\"";
        for (const char c : mailbox.name) {
            if (c == '"' || c == '\\') name += '\\';
            name += c;
        }
        name += '"';
    } else {
        name = PrintEncodedWords(mailbox.name);
    }
    return name + "\r\n <" + mailbox.address + ">";
}

// "Sun, 06 Nov 1994 08:49:37 +0000" (RFC 5322 §3.3).
std::string PrintDate(Instant at) {
    static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(at - day));
    char out[64];
    std::snprintf(out, sizeof out, "%s, %02u %s %04d %02d:%02d:%02d +0000",
                  kDays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                  kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return out;
}

// Lines of at most 76 characters; line ends of any kind become CRLF (RFC 2045 §6.7).
std::string PrintQuoted(std::string_view text) {
    std::string out;
    std::size_t column = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\r' || c == '\n') {
            if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
            out += "\r\n";
            column = 0;
            continue;
        }
        const bool last = i + 1 == text.size() || text[i + 1] == '\r' || text[i + 1] == '\n';
        const bool blank = c == ' ' || c == '\t';
        // A dot that begins a line would lean on the transport's dot stuffing.
        const bool literal = (byte > 0x20 && byte < 0x7f && c != '=' && (c != '.' || column > 0)) || (blank && !last);
        if (column + (literal ? 1 : 3) > 75) {
            out += "=\r\n";
            column = 0;
            if (c == '.') {
                out += "=2E";
                column = 3;
                continue;
            }
        }
        if (literal) {
            out += c;
            ++column;
        } else {
            out.append({'=', kHex[byte >> 4], kHex[byte & 15]});
            column += 3;
        }
    }
    return out + "\r\n";
}

std::string PrintPart(std::string_view type, std::string_view body) {
    return "Content-Type: " + std::string(type) +
           "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + PrintQuoted(body);
}

std::string PrintBody(const Mail& mail) {
    if (!mail.html) return PrintPart("text/plain", mail.text);
    if (mail.text.empty()) return PrintPart("text/html", *mail.html);
    const std::string boundary(kBoundary);
    return "Content-Type: multipart/alternative; boundary=\"" + boundary + "\"\r\n\r\n--" + boundary + "\r\n" +
           PrintPart("text/plain", mail.text) + "--" + boundary + "\r\n" + PrintPart("text/html", *mail.html) + "--" +
           boundary + "--\r\n";
}

bool IsMessageId(std::string_view id) {
    return id.size() >= 5 && id.size() <= 250 && id.front() == '<' && id.back() == '>' && IsPlainAscii(id) &&
           id.find(' ') == std::string_view::npos && id.find('@') != std::string_view::npos;
}

}  // namespace

std::optional<Mailbox> ParseMailbox(std::string_view text) {
    if (text.size() > 512 || HasControl(text)) return std::nullopt;
    Mailbox out;
    const std::size_t open = text.rfind('<');
    if (open == std::string_view::npos) {
        out.address = text;
    } else {
        if (text.back() != '>') return std::nullopt;
        out.address = text.substr(open + 1, text.size() - open - 2);
        std::string_view name = text.substr(0, open);
        while (name.ends_with(' ')) name.remove_suffix(1);
        while (name.starts_with(' ')) name.remove_prefix(1);
        if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
        out.name = name;
    }
    if (!IsAddress(out.address)) return std::nullopt;
    return out;
}

std::variant<MailText, MailMistake> PrintMail(const Mail& mail) {
    const auto from = ParseMailbox(mail.from), to = ParseMailbox(mail.to);
    const auto reply_to = mail.reply_to ? ParseMailbox(*mail.reply_to) : std::nullopt;
    if (!from) return MailMistake{"from"};
    if (!to) return MailMistake{"to"};
    if (mail.reply_to && !reply_to) return MailMistake{"reply_to"};
    if (HasControl(mail.subject) || mail.subject.size() > 2000) return MailMistake{"subject"};
    if (!mail.message_id.empty() && !IsMessageId(mail.message_id)) return MailMistake{"message_id"};

    MailText out{.envelope_from = from->address, .envelope_to = to->address, .content = {}};
    out.content =
        "Date: " + PrintDate(mail.date) + "\r\nFrom: " + PrintMailbox(*from) + "\r\nTo: " + PrintMailbox(*to) + "\r\n";
    if (reply_to) out.content += "Reply-To: " + PrintMailbox(*reply_to) + "\r\n";
    out.content += "Subject: " + PrintUnstructured(mail.subject) + "\r\n";
    if (!mail.message_id.empty()) out.content += "Message-ID: " + mail.message_id + "\r\n";
    // Keeps vacation notices from answering (RFC 3834 §5).
    out.content += "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n" + PrintBody(mail);
    return out;
}

}  // namespace cardea
