// NEW_PASSWORD_REQUIRED: a temporary password was right and must be replaced (fact sheet user pools C.4, D.8).

#include <algorithm>

#include "codec/json.h"
#include "flows/attributes.h"
#include "flows/audit.h"
#include "flows/challenges/challenge.h"
#include "flows/passwords.h"
#include "model/schema.h"

namespace cardea {

namespace {

constexpr std::string_view kAttributePrefix = "userAttributes.";
constexpr int kDefaultValidityDays = 7;

Duration TemporaryPasswordLifetime(const Pool& pool) {
    int days = PasswordPolicyOf(pool).temporary_password_validity_days.value_or(0);
    if (days == 0) days = kDefaultValidityDays;
    return std::chrono::hours(24) * days;
}

std::string PrintAttributes(const SignInPlace& at, const User& user) {
    JsonWriter out;
    out.BeginObject();
    for (const std::string& name : ReadableAttributes(at.GetClient(), at.GetPool()))
        if (const auto value = Find(user.attributes, name)) out.Key(name).Text(*value);
    return out.EndObject().Take();
}

std::string PrintRequired(const Pool& pool, const User& user) {
    JsonWriter out;
    out.BeginArray();
    for (const std::string& name : MissingRequired(pool, user.attributes))
        out.Text(std::string(kAttributePrefix) + name);
    return out.EndArray().Take();
}

std::vector<Attribute> AttributesOf(const Parameters& responses) {
    std::vector<Attribute> out;
    for (const auto& [name, value] : responses)
        if (name.starts_with(kAttributePrefix))
            out.push_back({name.substr(kAttributePrefix.size()), std::string(value.Reveal())});
    return out;
}

// An immutable attribute may be given once: where the schema demands it and the administrator left it out.
bool MayBeGivenNow(const Pool& pool, const User& user, std::string_view name) {
    const auto missing = MissingRequired(pool, user.attributes);
    return std::find(missing.begin(), missing.end(), name) != missing.end();
}

bool IsFixed(const Pool& pool, std::string_view name) {
    if (name == "sub" || name == "identities" || name == "email_verified" || name == "phone_number_verified")
        return true;
    const SchemaAttribute* row = FindSchema(pool, name);
    return row && !row->is_mutable.value_or(true);
}

void RequireFirstTime(const Pool& pool, const User& user, const Attribute& given) {
    if (IsFixed(pool, given.name) && !MayBeGivenNow(pool, user, given.name))
        throw ApiError(Error::kNotAuthorized, "Cannot modify the non-mutable attribute " + given.name);
    const auto value = Find(user.attributes, given.name);
    if (value && !value->empty())
        throw ApiError(Error::kNotAuthorized, "Cannot modify an already provided " + given.name);
}

// Writes an attribute that the pool makes immutable for the first and only time. Nobody has proved a new address or
// number yet, whatever an administrator said before there was one.
void WriteFixed(const SignInPlace& at, const Attribute& given, User& user) {
    if (!CanWrite(at.GetClient(), at.GetPool(), given.name))
        throw ApiError(Error::kNotAuthorized, "A client attempted to write unauthorized attribute");
    const Attributes alone{{given.name, given.value.value_or("")}};
    if (const auto message = ValidateAttributes(at.GetPool(), alone, AttributeWrite::kAdminCreate))
        throw ApiError(Error::kInvalidParameter, *message);
    user.attributes.insert(alone.begin(), alone.end());
    if (given.name == "email" || given.name == "phone_number") user.attributes[VerifiedFlag(given.name)] = "false";
}

void WriteMissing(Context& ctx, const SignInPlace& at, const std::vector<Attribute>& given, UserChange& change) {
    const Pool& pool = at.GetPool();
    std::vector<Attribute> others;
    for (const Attribute& attribute : given) {
        RequireFirstTime(pool, change.user, attribute);
        if (IsFixed(pool, attribute.name))
            WriteFixed(at, attribute, change.user);
        else
            others.push_back(attribute);
    }
    WriteAttributes(ctx, pool, &at.GetClient(), others, change);
    if (const auto missing = MissingRequired(pool, change.user.attributes); !missing.empty())
        throw ApiError(Error::kInvalidParameter, "Invalid attributes given, " + missing.front() + " is missing");
}

// The question was about the password that the user still has.
std::string StateOf(const SignInRecord& who) {
    return who.credential ? std::to_string(ToMicroseconds(who.credential->set_at)) : std::string();
}

bool IsStillAsked(const SignInRecord& who, const Session& session) {
    return who.user.status == UserStatus::kForceChangePassword && StateOf(who) == session.state;
}

std::optional<SignInRecord> ReadWho(Context& ctx, const SignInPlace& at, const Session& session) {
    return ctx.store().Read([&](sql::Connection& db) { return FindForSignIn(db, at.GetPool().id, session.user_id); });
}

SignInRecord RequireAsked(Context& ctx, const SignInPlace& at, const Session& session, std::string_view name) {
    auto who = ReadWho(ctx, at, session);
    if (!who || !IsNameOf(at.GetPool(), who->user, name)) RejectSession();
    RequireMayEnter(ctx, at, who->user);
    return std::move(*who);
}

}  // namespace

std::optional<AskedChallenge> AskNewPassword(Context& ctx, const SignInPlace& at, const SignInRecord& who) {
    if (who.user.status != UserStatus::kForceChangePassword) return std::nullopt;
    const Pool& pool = at.GetPool();
    if (who.credential && ctx.now >= who.credential->set_at + TemporaryPasswordLifetime(pool))
        Deny(ctx, at, &who.user.id,
             ApiError(Error::kNotAuthorized, "Temporary password has expired and must be reset by an administrator."));
    Session session = NewSession(ctx, ChallengeName::kNewPasswordRequired, who.user.id);
    session.state = StateOf(who);
    return AskedChallenge{.name = session.challenge,
                          .session = SealSession(ctx, at, session),
                          .parameters = {{"USER_ID_FOR_SRP", who.user.username},
                                         {"requiredAttributes", PrintRequired(pool, who.user)},
                                         {"userAttributes", PrintAttributes(at, who.user)}}};
}

SignInRecord AnswerNewPassword(Context& ctx, const SignInPlace& at, const ChallengeAnswer& answer) {
    const Pool& pool = at.GetPool();
    const Secret& password = RequireParameter(answer.responses, "NEW_PASSWORD");
    const Session session = RequireSession(ctx, at, ChallengeName::kNewPasswordRequired, answer.session);
    SignInRecord who = RequireAsked(ctx, at, session, RequireParameter(answer.responses, "USERNAME").Reveal());
    if (!IsStillAsked(who, session)) {
        // Either this session has been used, or an administrator came between: the used one says so itself.
        ctx.store().Transact([&](sql::Connection& db) { UseUp(db, pool.id, session); });
        RejectSession();
    }
    CheckPasswordPolicy(pool, password, PolicyPrefix::kDoesNotConform);
    CheckPasswordHistory(ctx, pool, who.user, password);
    const Credential credential = MakeCredential(ctx, pool, who.user, password, false);
    const std::vector<Attribute> given = AttributesOf(answer.responses);
    const UserChange done = ChangeUser(
        ctx, pool, who.user,
        [&](UserChange& change) {
            if (change.user.version != who.user.version) {
                const auto again = ReadWho(ctx, at, session);
                if (!again || !IsStillAsked(*again, session)) RejectSession();
            }
            WriteMissing(ctx, at, given, change);
            change.user.status = UserStatus::kConfirmed;
            change.credential = credential;
        },
        [&](sql::Connection& db) { UseUp(db, pool.id, session); });
    Audit(ctx, "new_password", Outcome::kAllowed,
          {{"pool", pool.id.Text()}, {"client", at.GetClient().id.Text()}, {"user", who.user.id.Text()}});
    for (const IssuedCode& code : done.codes) (void)TrySendCode(ctx, pool, done.user, code);
    who.user = done.user;
    who.credential = credential;
    return who;
}

}  // namespace cardea
