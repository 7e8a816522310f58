#include "delivery/templates.h"

#include <string>
#include <utility>

namespace cardea {

namespace {

// Fact sheet user pools B.13, with their trailing blanks.
constexpr std::string_view kDefaultVerification = "Your verification code is {####}. ";
constexpr std::string_view kDefaultVerificationSubject = "Your verification code";
constexpr std::string_view kDefaultInvitation = "Your username is {username} and temporary password is {####}. ";
constexpr std::string_view kDefaultInvitationWithoutPassword = "Your username is {username}. ";
constexpr std::string_view kDefaultInvitationSubject = "Your temporary password";

constexpr std::string_view kCode = "{####}";
constexpr std::string_view kUsername = "{username}";

struct Texts {
    std::string_view subject;  // empty for SMS
    std::string_view body;
};

std::string_view FirstOf(const std::optional<std::string>& first, const std::optional<std::string>& second,
                         std::string_view fallback) {
    if (first) return *first;
    return second ? std::string_view(*second) : fallback;
}

// A pool without a domain has no page that a link could lead to, and pools here have none: CONFIRM_WITH_LINK sends the
// code of the other option.
Texts VerificationTexts(const Pool& pool, DeliveryMedium medium) {
    static const VerificationMessageTemplate kNone;
    const auto& custom = pool.verification_message_template ? *pool.verification_message_template : kNone;
    if (medium == DeliveryMedium::kSms)
        return {{}, FirstOf(custom.sms_message, pool.sms_verification_message, kDefaultVerification)};
    return {FirstOf(custom.email_subject, pool.email_verification_subject, kDefaultVerificationSubject),
            FirstOf(custom.email_message, pool.email_verification_message, kDefaultVerification)};
}

Texts InvitationTexts(const Pool& pool, DeliveryMedium medium, bool has_password) {
    static const MessageTemplate kNone;
    const bool customised = pool.admin_create_user_config && pool.admin_create_user_config->invite_message_template;
    const auto& custom = customised ? *pool.admin_create_user_config->invite_message_template : kNone;
    const std::string_view fallback = has_password ? kDefaultInvitation : kDefaultInvitationWithoutPassword;
    if (medium == DeliveryMedium::kSms) return {{}, FirstOf(custom.sms_message, std::nullopt, fallback)};
    return {FirstOf(custom.email_subject, std::nullopt, kDefaultInvitationSubject),
            FirstOf(custom.email_message, std::nullopt, fallback)};
}

void AppendEscaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
}

struct Placeholders {
    std::string_view code;
    std::optional<std::string_view> username;  // where the template knows it
    bool escape = false;
};

// In one pass: what a value holds is never taken for a placeholder.
Secret Fill(std::string_view text, const Placeholders& values) {
    std::string out;
    // Room for every value in its longest spelling, so that no copy of a password is left behind by growing.
    std::size_t places = 0;
    for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) ++places;
    out.reserve(text.size() + 6 * places * (values.code.size() + values.username.value_or("").size()));
    while (!text.empty()) {
        std::optional<std::string_view> value;
        std::size_t taken = 1;
        if (text.starts_with(kCode)) {
            value = values.code;
            taken = kCode.size();
        } else if (values.username && text.starts_with(kUsername)) {
            value = values.username;
            taken = kUsername.size();
        }
        if (!value)
            out += text.front();
        else if (values.escape)
            AppendEscaped(out, *value);
        else
            out += *value;
        text.remove_prefix(taken);
    }
    return Secret(std::move(out));
}

// A subject is one line: the API's pattern lets line breaks in.
std::string OneLine(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return out;
}

void AddSender(Message& message, const Pool& pool) {
    if (message.medium == DeliveryMedium::kEmail && pool.email_configuration) {
        message.from = pool.email_configuration->from;
        message.reply_to = pool.email_configuration->reply_to_email_address;
        message.source_arn = pool.email_configuration->source_arn;
    }
    if (message.medium == DeliveryMedium::kSms && pool.sms_configuration) {
        message.source_arn = pool.sms_configuration->sns_caller_arn;
        if (pool.sms_configuration->eums_sms) message.source_arn = pool.sms_configuration->eums_sms->caller_arn;
    }
}

}  // namespace

std::optional<Message> Compose(const Pool& pool, Template kind, DeliveryMedium medium, std::string_view to,
                               std::string_view username, const Secret& secret) {
    const bool invitation = kind == Template::kInvitation;
    const Texts texts = invitation ? InvitationTexts(pool, medium, !secret.Empty()) : VerificationTexts(pool, medium);
    if (!secret.Empty() && texts.body.find(kCode) == std::string_view::npos) return std::nullopt;
    Placeholders values{.code = secret.Reveal(), .escape = medium == DeliveryMedium::kEmail};
    if (invitation) values.username = username;

    Message message;
    message.medium = medium;
    message.to = to;
    message.subject = OneLine(texts.subject);
    message.body = Fill(texts.body, values);
    message.code = secret;
    message.pool_id = pool.id.Text();
    AddSender(message, pool);
    return message;
}

}  // namespace cardea
