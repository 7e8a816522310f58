#include "flows/audit.h"

#include <vector>

namespace cardea {

void Audit(const Context& ctx, std::string_view decision, Outcome outcome, std::initializer_list<LogField> fields) {
    std::vector<LogField> line{{"decision", decision},
                               {"outcome", outcome == Outcome::kAllowed ? "allowed" : "denied"},
                               {"request_id", ctx.request_id},
                               {"operation", ctx.operation},
                               {"source_ip", ctx.source_ip}};
    if (!ctx.caller.arn.empty()) line.emplace_back("caller", ctx.caller.arn);
    line.insert(line.end(), fields.begin(), fields.end());
    Log(LogLevel::kInfo, "audit", line);
}

}  // namespace cardea
