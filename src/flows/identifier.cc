#include "flows/identifier.h"

#include <algorithm>

namespace cardea {

namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kLowerAndDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kAlphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
// Of the symbols that a policy counts (fact sheet user pools B.5), those that no mail client mistakes for mark-up or
// the end of a sentence.
constexpr std::string_view kSymbols = "^$*[]{}()?!@#%/\\:|_~=+-";

}  // namespace

PoolId NewPoolId(Random& random, std::string_view region) {
    return PoolId(std::string(region) + "_" + RandomText(random, kAlphanumeric, 9));
}

ClientId NewClientId(Random& random) { return ClientId(RandomText(random, kLowerAndDigits, 26)); }
Secret NewClientSecret(Random& random) { return Secret(RandomText(random, kLowerAndDigits, 52)); }

UserId NewUserId(Random& random) {
    std::string text = RandomText(random, "0123456789abcdef", 36);
    for (const std::size_t at : {8, 13, 18, 23}) text[at] = '-';
    return UserId(std::move(text));
}

GroupId NewGroupId(Random& random) { return GroupId(RandomText(random, kAlphanumeric, 22)); }
Secret NewCode(Random& random) { return Secret(RandomText(random, kDigits, 6)); }

Secret NewTemporaryPassword(Random& random, const PasswordPolicy& policy) {
    const auto length = static_cast<std::size_t>(std::max(policy.minimum_length.value_or(8), 12));
    // One of each kind that a policy can ask for, and the rest from all; then shuffled.
    std::string text = RandomText(random, kUpper, 1) + RandomText(random, kLower, 1) + RandomText(random, kDigits, 1) +
                       RandomText(random, kSymbols, 1);
    const std::string all = std::string(kAlphanumeric) + std::string(kSymbols);
    text += RandomText(random, all, length - text.size());
    for (std::size_t i = text.size() - 1; i > 0; --i)
        std::swap(text[i], text[RandomBelow(random, static_cast<std::uint32_t>(i + 1))]);
    return Secret(std::move(text));
}

std::string NewTokenId(Random& random) { return RandomUuid(random); }
std::string NewAccessKeyId(Random& random) { return "AKIA" + RandomText(random, kBase32, 16); }
Secret NewSecretAccessKey(Random& random) { return Secret(RandomText(random, kBase64, 40)); }

}  // namespace cardea
