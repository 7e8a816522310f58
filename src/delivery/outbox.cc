#include "delivery/outbox.h"

namespace cardea {

std::size_t Outbox::SizeOf(const Message& message) {
    return sizeof(Entry) + message.to.size() + message.subject.size() + message.body.Reveal().size() +
           message.code.Reveal().size() + message.pool_id.size() + message.from.value_or("").size() +
           message.reply_to.value_or("").size() + message.source_arn.value_or("").size();
}

Delivered Outbox::Send(const Message& message) {
    const std::size_t size = SizeOf(message);
    if (size > limits_.bytes || limits_.messages == 0) return Delivered::kYes;
    Entry entry{message, clock_.Now()};
    auto kept = kept_.Lock();
    while (kept->entries.size() >= limits_.messages || kept->bytes + size > limits_.bytes) {
        kept->bytes -= SizeOf(kept->entries.front().message);
        kept->entries.pop_front();
    }
    kept->bytes += size;
    kept->entries.push_back(std::move(entry));
    return Delivered::kYes;
}

std::vector<Outbox::Entry> Outbox::List(std::string_view to, std::size_t limit) {
    std::vector<Entry> out;
    auto kept = kept_.Lock();
    for (auto entry = kept->entries.rbegin(); entry != kept->entries.rend() && out.size() < limit; ++entry)
        if (to.empty() || entry->message.to == to) out.push_back(*entry);
    return out;
}

void Outbox::Clear() {
    auto kept = kept_.Lock();
    kept->entries.clear();
    kept->bytes = 0;
}

}  // namespace cardea
