#include "flows/codes.h"

#include <algorithm>

#include "delivery/delivery.h"
#include "delivery/templates.h"
#include "flows/find_user.h"
#include "flows/identifier.h"
#include "flows/keyring.h"
#include "model/schema.h"
#include "store/attempts.h"
#include "store/codes.h"

namespace cardea {

namespace {

constexpr Duration kVerificationLifetime = std::chrono::hours(24);
constexpr Duration kRecoveryLifetime = std::chrono::hours(1);
constexpr Duration kAttemptWindow = std::chrono::hours(1);
// A code that was guessed at this often is worth nothing any more: 2 in 100,000 guesses.
constexpr int kCodeFailures = 20;

constexpr std::string_view kEmail = "email";
constexpr std::string_view kPhoneNumber = "phone_number";

[[noreturn]] void ThrowExpired() {
    throw ApiError(Error::kExpiredCode, "Invalid code provided, please request a code again.");
}
[[noreturn]] void ThrowNotDelivered() {
    throw ApiError(Error::kCodeDeliveryFailure, "The code could not be delivered.");
}
[[noreturn]] void ThrowLimit(Error error) {
    throw ApiError(error, "Attempt limit exceeded, please try after some time.");
}

std::string MacOf(Context& ctx, const Pool& pool, std::string_view subject, CodePurpose purpose, const Secret& code) {
    std::string text(subject);
    text.append(1, '\0').append(NameOf(purpose)).append(1, '\0').append(code.Reveal());
    std::string mac = ctx.services.keyring.Mac(pool.id, "code", text);
    WipeMemory(text.data(), text.size());
    return mac;
}

DeliveryMedium MediumOf(std::string_view attribute) {
    return attribute == kPhoneNumber ? DeliveryMedium::kSms : DeliveryMedium::kEmail;
}

bool HasVerified(const User& user, std::string_view attribute) {
    return Find(user.attributes, attribute) && IsTrue(user.attributes, std::string(attribute) + "_verified");
}

bool HasRecoverySetting(const Pool& pool) {
    return pool.account_recovery_setting && pool.account_recovery_setting->recovery_mechanisms &&
           !pool.account_recovery_setting->recovery_mechanisms->empty();
}

// The attributes by which the pool's people get back in, in the order of its preference.
std::vector<std::string_view> RecoveryOrder(const Pool& pool) {
    if (!HasRecoverySetting(pool)) return {kPhoneNumber, kEmail};
    auto mechanisms = *pool.account_recovery_setting->recovery_mechanisms;
    std::stable_sort(mechanisms.begin(), mechanisms.end(),
                     [](const RecoveryOption& a, const RecoveryOption& b) { return a.priority < b.priority; });
    std::vector<std::string_view> order;
    for (const RecoveryOption& mechanism : mechanisms) {
        if (mechanism.name == RecoveryOptionName::kVerifiedEmail) order.push_back(kEmail);
        if (mechanism.name == RecoveryOptionName::kVerifiedPhoneNumber) order.push_back(kPhoneNumber);
    }
    return order;
}

// Whether a code of this kind ever goes to the attribute.
bool GoesTo(const Pool& pool, CodePurpose purpose, std::string_view attribute) {
    if (purpose == CodePurpose::kSignUp)
        return IsAutoVerified(pool, attribute == kEmail ? VerifiedAttribute::kEmail : VerifiedAttribute::kPhoneNumber);
    const auto order = RecoveryOrder(pool);
    return std::find(order.begin(), order.end(), attribute) != order.end();
}

// Where a code for this name would most likely go.
std::string_view LikelyAttribute(const Pool& pool, CodePurpose purpose, std::string_view name) {
    if (IsEmailAddress(name) && GoesTo(pool, purpose, kEmail)) return kEmail;
    if (IsPhoneNumber(name) && GoesTo(pool, purpose, kPhoneNumber)) return kPhoneNumber;
    if (purpose != CodePurpose::kSignUp && HasRecoverySetting(pool)) {
        const auto order = RecoveryOrder(pool);
        if (!order.empty()) return order.front();
    }
    return IsAutoVerified(pool, VerifiedAttribute::kPhoneNumber) ? kPhoneNumber : kEmail;
}

}  // namespace

IssuedCode MakeCode(Context& ctx, const Pool& pool, const User& user, CodePurpose purpose, std::string_view attribute,
                    std::string_view value) {
    IssuedCode code;
    code.plain = NewCode(ctx.random());
    code.stored.user_id = user.id;
    code.stored.purpose = purpose;
    code.stored.mac = MacOf(ctx, pool, user.id.Text(), purpose, code.plain);
    code.stored.attribute = attribute;
    code.stored.value = value;
    code.stored.expires_at =
        ctx.now + (purpose == CodePurpose::kForgotPassword ? kRecoveryLifetime : kVerificationLifetime);
    return code;
}

std::optional<CodeDeliveryDetails> TrySendCode(Context& ctx, const Pool& pool, const User& user,
                                               const IssuedCode& code) {
    const DeliveryMedium medium = MediumOf(code.stored.attribute);
    const auto message = Compose(pool, Template::kVerification, medium, code.stored.value, user.username, code.plain);
    if (!message || ctx.services.delivery.Send(*message) == Delivered::kNo) return std::nullopt;
    return CodeDeliveryDetails{.destination = MaskDestination(medium, code.stored.value),
                               .delivery_medium = medium,
                               .attribute_name = code.stored.attribute};
}

CodeDeliveryDetails SendCode(Context& ctx, const Pool& pool, const User& user, const IssuedCode& code) {
    auto details = TrySendCode(ctx, pool, user, code);
    if (!details) ThrowNotDelivered();
    return std::move(*details);
}

Code RequireCode(Context& ctx, const Pool& pool, const User& user, CodePurpose purpose, const Secret& given) {
    const std::string mac = MacOf(ctx, pool, user.id.Text(), purpose, given);
    auto code = ctx.store().Read([&](sql::Connection& db) { return FindCode(db, pool.id, user.id, purpose); });
    if (!code || code->expires_at <= ctx.now) ThrowExpired();
    if (code->failures >= kCodeFailures) ThrowLimit(Error::kLimitExceeded);
    if (ConstantTimeEqual(code->mac, mac)) return std::move(*code);
    ctx.store().Transact([&](sql::Connection& db) { CountCodeFailure(db, pool.id, user.id, purpose); });
    RejectCode();
}

void RejectUnknownUsersCode(Context& ctx, const Pool& pool, std::string_view name, CodePurpose purpose,
                            const Secret& given) {
    (void)MacOf(ctx, pool, AliasKey(pool, name), purpose, given);
    // A row of the name's own, so that names that nobody has cost the store what users do.
    const UserId nobody = IdOfNobody(ctx, pool, name);
    (void)ctx.store().Read([&](sql::Connection& db) { return FindCode(db, pool.id, nobody, purpose); });
    ctx.store().Transact([&](sql::Connection& db) { CountCodeFailure(db, pool.id, nobody, purpose); });
    RejectCode();
}

void RejectCode() { throw ApiError(Error::kCodeMismatch, "Invalid verification code provided, please try again."); }

std::optional<std::string> AttributeToVerify(const Pool& pool, const User& user) {
    if (IsAutoVerified(pool, VerifiedAttribute::kPhoneNumber) && Find(user.attributes, kPhoneNumber))
        return std::string(kPhoneNumber);
    if (IsAutoVerified(pool, VerifiedAttribute::kEmail) && Find(user.attributes, kEmail)) return std::string(kEmail);
    return std::nullopt;
}

std::optional<std::string> RecoveryAttribute(const Pool& pool, const User& user) {
    for (const std::string_view attribute : RecoveryOrder(pool))
        if (HasVerified(user, attribute)) return std::string(attribute);
    return std::nullopt;
}

bool OnlyAdministratorsRecover(const Pool& pool) { return RecoveryOrder(pool).empty(); }

CodeDeliveryDetails SimulatedDelivery(Context& ctx, const Pool& pool, CodePurpose purpose, std::string_view username) {
    // Letters as often as people's addresses begin with them, and mail providers'.
    constexpr std::string_view kLocal = "aaaabbccccdddeeefghijjjjjkkllllmmmmmnnoppprrrsssssttvw";
    constexpr std::string_view kDomain = "gggggggghhooyyiacemw";
    const std::string mac = ctx.services.keyring.Mac(pool.id, "simulated-delivery", AliasKey(pool, username));
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(mac.at(at)); };
    const std::string_view attribute = LikelyAttribute(pool, purpose, username);
    const DeliveryMedium medium = MediumOf(attribute);
    std::string destination;
    // Who asks by an address or a number would have its own answer masked.
    if (medium == DeliveryMedium::kEmail ? IsEmailAddress(username) : IsPhoneNumber(username)) {
        destination = username;
    } else if (medium == DeliveryMedium::kEmail) {
        destination = {kLocal[byte(0) % kLocal.size()], '@', kDomain[byte(1) % kDomain.size()]};
        destination += "mail.com";
    } else {
        destination = "+1555555";
        for (std::size_t i = 0; i < 4; ++i) destination += static_cast<char>('0' + byte(i) % 10);
    }
    return {.destination = MaskDestination(medium, destination),
            .delivery_medium = medium,
            .attribute_name = std::string(attribute)};
}

CodeDeliveryDetails SimulateCode(Context& ctx, const Pool& pool, CodePurpose purpose, std::string_view username) {
    User nobody;
    nobody.id = IdOfNobody(ctx, pool, username);
    const IssuedCode code = MakeCode(ctx, pool, nobody, purpose, "email", "");
    ctx.store().Transact([&](sql::Connection& db) { PutCode(db, pool.id, code.stored); });
    CodeDeliveryDetails details = SimulatedDelivery(ctx, pool, purpose, username);
    const auto message =
        Compose(pool, Template::kVerification, *details.delivery_medium, *details.destination, username, code.plain);
    if (message && ctx.services.delivery.Simulate(*message) == Delivered::kNo) ThrowNotDelivered();
    return details;
}

void CountAttempt(Context& ctx, const Pool& pool, const AttemptLimit& limit, std::string_view subject, Error refusal) {
    std::string text(limit.kind);
    text.append(1, '\0').append(subject);
    const std::string key = ctx.services.keyring.Mac(pool.id, "attempts", text);
    const bool permitted = ctx.store().Transact([&](sql::Connection& db) {
        auto attempts =
            FindAttempts(db, pool.id, key).value_or(Attempts{.count = 0, .first = ctx.now, .last = ctx.now});
        if (attempts.first + kAttemptWindow <= ctx.now) attempts = {.count = 0, .first = ctx.now, .last = ctx.now};
        if (attempts.count >= limit.an_hour) return false;
        ++attempts.count;
        attempts.last = ctx.now;
        PutAttempts(db, pool.id, key, attempts, attempts.first + kAttemptWindow);
        return true;
    });
    if (!permitted) ThrowLimit(refusal);
}

}  // namespace cardea
