#pragma once
// The page that shows the outbox to a developer: rendered here, readable without script, nothing inline.

#include <span>
#include <string>
#include <string_view>

#include "delivery/outbox.h"

namespace cardea {

// The whole document. `to` is the address or number that the list was narrowed to, empty for all; it and everything in
// the messages comes from outside and is escaped.
std::string RenderOutboxPage(std::span<const Outbox::Entry> entries, std::string_view to);

// What the page loads from beside it.
std::string_view OutboxStyle();   // text/css
std::string_view OutboxScript();  // text/javascript: shows new messages as they come

}  // namespace cardea
