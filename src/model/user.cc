#include "model/user.h"

#include <algorithm>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include "base/check.h"

namespace cardea {

namespace {

bool IsAscii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string FoldedAscii(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

// Lower-casing a normalised text can leave it denormalised, so it is normalised again.
std::string FoldedUnicode(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
    CHECK(U_SUCCESS(status));
    const auto source =
        icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
    icu::UnicodeString folded = nfc->normalize(source, status);
    folded.toLower(icu::Locale::getRoot());
    folded = nfc->normalize(folded, status);
    CHECK(U_SUCCESS(status));
    std::string out;
    folded.toUTF8String(out);
    return out;
}

}  // namespace

std::string AliasKey(const Pool& pool, std::string_view name) {
    if (IsCaseSensitive(pool)) return std::string(name);
    return IsAscii(name) ? FoldedAscii(name) : FoldedUnicode(name);
}

std::optional<std::string_view> Find(const Attributes& attributes, std::string_view name) {
    const auto found = attributes.find(std::string(name));
    if (found == attributes.end()) return std::nullopt;
    return found->second;
}

bool IsTrue(const Attributes& attributes, std::string_view name) {
    const auto value = Find(attributes, name);
    return value && FoldedAscii(*value) == "true";
}

}  // namespace cardea
