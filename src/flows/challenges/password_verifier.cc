// PASSWORD_VERIFIER: the proof of a password by SRP (fact sheet user pools D.5). No row is written for the question:
// the secret block carries the exchange, and the session its name only.

#include "codec/base64.h"
#include "codec/hex.h"
#include "crypto/srp.h"
#include "flows/challenges/challenge.h"
#include "flows/find_user.h"
#include "flows/keyring.h"
#include "flows/lockout.h"
#include "flows/passwords.h"

namespace cardea {

namespace {

// What the secret block holds beside the session's name. Base64, because JSON carries it.
struct Exchange {
    std::string public_a;
    std::string public_b;
    Secret private_b;
    std::string name;   // a MAC of the name as it was typed, whether somebody has it or nobody
    std::string whose;  // kSomebody or kNobody: as long as each other, that the block's length tells nothing

    static constexpr auto kFields =
        Fields(Field<&Exchange::public_a>("A"), Field<&Exchange::public_b>("B"), Field<&Exchange::private_b>("b"),
               Field<&Exchange::name>("n"), Field<&Exchange::whose>("w"));
};
constexpr std::string_view kSomebody = "s";
constexpr std::string_view kNobody = "n";
static_assert(kSomebody.size() == kNobody.size());

// A verifier for somebody who has no password that SRP can prove: the same for the same name.
SrpVerifier VerifierOfNobody(Context& ctx, const Pool& pool, std::string_view name) {
    const Secret key(ctx.services.keyring.Mac(pool.id, "unknown-user", "verifier"));
    return UnknownUserVerifier(key, SrpPoolName(pool), AliasKey(pool, name));
}

SrpVerifier VerifierOf(Context& ctx, const Pool& pool, const SignInRecord& who) {
    if (!who.credential || who.credential->scheme != PasswordScheme::kSrp)
        return VerifierOfNobody(ctx, pool, who.user.username);
    return {.salt = who.credential->salt, .verifier = OpenCredential(ctx, pool, *who.credential)};
}

bool NamesAreIds(const Pool& pool) {
    return HasUsernameAttribute(pool, UsernameAttribute::kEmail) ||
           HasUsernameAttribute(pool, UsernameAttribute::kPhoneNumber);
}

std::string Bytes(const std::string& base64) { return Base64Decode(base64).value(); }

ApiError WrongProof() { return {Error::kNotAuthorized, "Incorrect username or password."}; }

struct Opened {
    Session session;
    Exchange exchange;
    std::string block;  // decoded
};

// The secret block carries the state; a session, where the client sends one, must be the same question's.
Opened RequireExchange(Context& ctx, const SignInPlace& at, const ChallengeAnswer& answer) {
    const auto block = Base64Decode(RequireParameter(answer.responses, "PASSWORD_CLAIM_SECRET_BLOCK").Reveal());
    if (!block) RejectSession();
    Opened out{
        .session = RequireState(ctx, at, ChallengeName::kPasswordVerifier, *block), .exchange = {}, .block = *block};
    if (answer.session && !answer.session->Empty() &&
        RequireSession(ctx, at, ChallengeName::kPasswordVerifier, answer.session).id != out.session.id)
        RejectSession();
    out.exchange = LoadShape<Exchange>(out.session.state);
    return out;
}

// Whether the client knew the password. Costs the same where there is none to know.
bool IsProved(const Pool& pool, const SrpVerifier& stored, std::string_view user_id, const Opened& opened,
              const Parameters& responses) {
    const SrpChallenge challenge{.private_b = Secret(Bytes(std::string(opened.exchange.private_b.Reveal()))),
                                 .public_b = Bytes(opened.exchange.public_b)};
    const auto key = FinishSrp(stored, Bytes(opened.exchange.public_a), challenge);
    const auto signature = Base64Decode(RequireParameter(responses, "PASSWORD_CLAIM_SIGNATURE").Reveal());
    if (!key || !signature) return false;
    const std::string expected = ClaimSignature(*key, {.pool_name = SrpPoolName(pool),
                                                       .user_id = user_id,
                                                       .secret_block = opened.block,
                                                       .timestamp = RequireParameter(responses, "TIMESTAMP").Reveal()});
    return ConstantTimeEqual(expected, *signature);
}

// A wrong proof uses the question up and counts.
[[noreturn]] void FailProof(Context& ctx, const SignInPlace& at, const Opened& opened, const Lockout& lockout,
                            bool known) {
    const PoolId& pool = at.GetPool().id;
    const bool told = ctx.store().Transact([&](sql::Connection& db) {
        UseUp(db, pool, opened.session);
        return CountFailure(db, at.GetPool(), lockout, ctx.now);
    });
    Deny(ctx, at, known ? &opened.session.user_id : nullptr, told ? WrongProof() : AttemptsExceeded());
}

// Whom the question was for: read for nobody too, who costs as much as somebody.
std::optional<SignInRecord> ReadAsked(Context& ctx, const SignInPlace& at, const Opened& opened, bool known) {
    auto who = ctx.store().Read(
        [&](sql::Connection& db) { return FindForSignIn(db, at.GetPool().id, opened.session.user_id); });
    if (!known || !who) return std::nullopt;
    HideResetRequired(at.GetClient(), *who);
    return who;
}

// The names of a question: the one that was typed, the username, and the id. None of its user's other attributes is
// looked at: whether a guess is one of them is not told to somebody who has proved nothing yet.
bool IsNameOfQuestion(Context& ctx, const Pool& pool, const Opened& opened, const std::string& username,
                      std::string_view name) {
    const bool typed = ConstantTimeEqual(Base64Encode(LockoutKeyOfName(ctx, pool, name)), opened.exchange.name);
    const bool username_given = AliasKey(pool, name) == AliasKey(pool, username);
    return typed || username_given || name == opened.session.user_id.Text();
}

}  // namespace

AskedChallenge AskPasswordVerifier(Context& ctx, const SignInPlace& at, const std::optional<SignInRecord>& who,
                                   const Parameters& parameters) {
    const Pool& pool = at.GetPool();
    const std::string name(RequireParameter(parameters, "USERNAME").Reveal());
    const auto public_a = SrpFromHex(RequireParameter(parameters, "SRP_A").Reveal());
    if (!public_a || public_a->empty()) throw ApiError(Error::kInvalidParameter, "Invalid SRP_A");
    const SrpVerifier stored = who ? VerifierOf(ctx, pool, *who) : VerifierOfNobody(ctx, pool, name);
    const SrpChallenge challenge = StartSrp(ctx.random(), stored);
    const UserId id = who ? who->user.id : IdOfNobody(ctx, pool, name);
    Session session = NewSession(ctx, ChallengeName::kPasswordVerifier, id);
    AskedChallenge asked{.name = session.challenge, .session = SealSession(ctx, at, session), .parameters = {}};
    session.state = PrintShape(Exchange{.public_a = Base64Encode(*public_a),
                                        .public_b = Base64Encode(challenge.public_b),
                                        .private_b = Secret(Base64Encode(challenge.private_b.Reveal())),
                                        .name = Base64Encode(LockoutKeyOfName(ctx, pool, name)),
                                        .whose = std::string(who ? kSomebody : kNobody)});
    const std::string shown = who ? who->user.username : NamesAreIds(pool) ? id.Text() : name;
    asked.parameters = {{"SALT", HexEncode(stored.salt)},
                        {"SRP_B", HexEncode(challenge.public_b)},
                        {"SECRET_BLOCK", Base64Encode(SealState(ctx, at, session))},
                        {"USERNAME", shown},
                        {"USER_ID_FOR_SRP", who ? who->user.username : id.Text()}};
    return asked;
}

SignInRecord AnswerPasswordVerifier(Context& ctx, const SignInPlace& at, const ChallengeAnswer& answer) {
    for (const char* name : {"PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP"})
        RequireParameter(answer.responses, name);
    const Pool& pool = at.GetPool();
    const Opened opened = RequireExchange(ctx, at, answer);
    const bool known = opened.exchange.whose == kSomebody;
    const std::string_view name = RequireParameter(answer.responses, "USERNAME").Reveal();
    const Lockout lockout =
        RequireUnlocked(ctx, pool, known ? LockoutKey(ctx, pool, opened.session.user_id) : Bytes(opened.exchange.name));
    auto who = ReadAsked(ctx, at, opened, known);
    const std::string username = who ? who->user.username : opened.session.user_id.Text();
    const SrpVerifier stored = who ? VerifierOf(ctx, pool, *who) : VerifierOfNobody(ctx, pool, name);
    const bool named = IsNameOfQuestion(ctx, pool, opened, username, name);
    const bool provable = who && who->credential && who->credential->scheme == PasswordScheme::kSrp;
    const bool proved = IsProved(pool, stored, username, opened, answer.responses);
    if (!proved || !provable || !named) FailProof(ctx, at, opened, lockout, known);
    ctx.store().Transact([&](sql::Connection& db) {
        UseUp(db, pool.id, opened.session);
        if (lockout.NeedsReset(ctx.now)) ResetFailures(db, pool, lockout, ctx.now);
    });
    RequireMayEnter(ctx, at, who->user);
    return std::move(*who);
}

}  // namespace cardea
