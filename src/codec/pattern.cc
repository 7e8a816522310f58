#include "codec/pattern.h"

#include <memory>
#include <mutex>
#include <re2/re2.h>
#include <shared_mutex>
#include <unordered_map>

#include "base/check.h"

namespace cardea {

namespace {

const RE2& Compiled(std::string_view pattern) {
    static std::shared_mutex mutex;
    static std::unordered_map<const char*, std::unique_ptr<RE2>> cache;
    {
        const std::shared_lock lock(mutex);
        const auto found = cache.find(pattern.data());
        if (found != cache.end()) return *found->second;
    }
    RE2::Options options;
    options.set_log_errors(false);
    auto made = std::make_unique<RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
    CHECK(made->ok());
    const std::unique_lock lock(mutex);
    return *cache.try_emplace(pattern.data(), std::move(made)).first->second;
}

}  // namespace

bool MatchesPattern(std::string_view pattern, std::string_view text) {
    return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), Compiled(pattern));
}

}  // namespace cardea
