// Mailboxes and mails: nothing that a tenant writes becomes a line of its own. Lines: from, to, subject, text.
#include "base/check.h"
#include "net/mail.h"
#include "targets.h"

namespace cardea {

namespace {

// A newline in a corpus file stands for the end of a field; "\x1f" for a newline inside it.
std::string Field(std::string_view& bytes) {
    std::string out(TakeLine(bytes));
    for (char& c : out)
        if (c == '\x1f') c = '\n';
    return out;
}

bool IsOneLine(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos; }

}  // namespace

void FuzzMailbox(std::string_view bytes) {
    if (const auto mailbox = ParseMailbox(bytes)) {
        CHECK(IsOneLine(mailbox->address) && IsOneLine(mailbox->name));
        CHECK(mailbox->address.find('@') != std::string::npos);
        for (const char c : mailbox->address) CHECK(c > ' ' && c < 0x7f && c != '<' && c != '>');
    }
    Mail mail{.from = Field(bytes),
              .to = Field(bytes),
              .reply_to = {},
              .subject = Field(bytes),
              .text = "",
              .html = {},
              .message_id = "",
              .date = FromSeconds(1440938160)};
    mail.text = Field(bytes);
    const auto printed = PrintMail(mail);
    const auto* text = std::get_if<MailText>(&printed);
    if (!text) return;
    CHECK(IsOneLine(text->envelope_from) && IsOneLine(text->envelope_to));
    for (std::size_t i = 0; i < text->content.size(); ++i) {
        const char c = text->content[i];
        CHECK(static_cast<unsigned char>(c) < 0x80 && c != '\0');
        CHECK(c != '\n' || (i > 0 && text->content[i - 1] == '\r'));
        CHECK(c != '\r' || text->content.substr(i + 1, 1) == "\n");
    }
}

}  // namespace cardea
