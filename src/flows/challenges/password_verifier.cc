// PASSWORD_VERIFIER: the proof of a password by SRP (fact sheet user pools D.5). No row is written for the question:
// the secret block carries the exchange, and the session its name only.

#include "codec/base64.h"
#include "codec/hex.h"
#include "crypto/srp.h"
#include "flows/challenges/challenge.h"
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
    std::string unknown_name;  // a MAC of the name that nobody has; "" for a user

    static constexpr auto kFields = Fields(Field<&Exchange::public_a>("A"), Field<&Exchange::public_b>("B"),
                                           Field<&Exchange::private_b>("b"), Field<&Exchange::unknown_name>("n"));
};

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

// Looks like a sub, and is the same for the same name (fact sheet user pools B.11).
UserId IdOfNobody(Context& ctx, const Pool& pool, std::string_view name) {
    std::string hex = HexEncode(ctx.services.keyring.Mac(pool.id, "unknown-user", "id|" + AliasKey(pool, name)));
    hex.resize(32);
    for (const std::size_t at : {8, 13, 18, 23}) hex.insert(at, 1, '-');
    return UserId(std::move(hex));
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
    ctx.store().Transact([&](sql::Connection& db) {
        UseUp(db, pool, opened.session);
        CountFailure(db, at.GetPool(), lockout, ctx.now);
    });
    Deny(ctx, at, known ? &opened.session.user_id : nullptr, WrongProof());
}

[[noreturn]] void FailUnknown(Context& ctx, const SignInPlace& at, const ChallengeAnswer& answer,
                              const Opened& opened) {
    const Pool& pool = at.GetPool();
    const std::string_view name = RequireParameter(answer.responses, "USERNAME").Reveal();
    const std::string mac = Base64Encode(LockoutKeyOfName(ctx, pool, name));
    const bool same = mac == opened.exchange.unknown_name || name == opened.session.user_id.Text();
    if (!same) RejectSession();
    const Lockout lockout = RequireUnlocked(ctx, pool, Bytes(opened.exchange.unknown_name));
    (void)IsProved(pool, VerifierOfNobody(ctx, pool, name), opened.session.user_id.Text(), opened, answer.responses);
    FailProof(ctx, at, opened, lockout, false);
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
    session.state =
        PrintShape(Exchange{.public_a = Base64Encode(*public_a),
                            .public_b = Base64Encode(challenge.public_b),
                            .private_b = Secret(Base64Encode(challenge.private_b.Reveal())),
                            .unknown_name = who ? std::string() : Base64Encode(LockoutKeyOfName(ctx, pool, name))});
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
    if (!opened.exchange.unknown_name.empty()) FailUnknown(ctx, at, answer, opened);
    const Lockout lockout = RequireUnlocked(ctx, pool, LockoutKey(ctx, pool, opened.session.user_id));
    auto who =
        ctx.store().Read([&](sql::Connection& db) { return FindForSignIn(db, pool.id, opened.session.user_id); });
    if (!who) Deny(ctx, at, &opened.session.user_id, WrongProof());  // deleted since the question
    HideResetRequired(at.GetClient(), *who);
    if (!IsNameOf(pool, who->user, RequireParameter(answer.responses, "USERNAME").Reveal())) RejectSession();
    const bool provable = who->credential && who->credential->scheme == PasswordScheme::kSrp;
    const bool proved = IsProved(pool, VerifierOf(ctx, pool, *who), who->user.username, opened, answer.responses);
    if (!proved || !provable) FailProof(ctx, at, opened, lockout, true);
    ctx.store().Transact([&](sql::Connection& db) {
        UseUp(db, pool.id, opened.session);
        if (lockout.NeedsReset(ctx.now)) ResetFailures(db, pool, lockout, ctx.now);
    });
    RequireMayEnter(ctx, at, who->user);
    return std::move(*who);
}

}  // namespace cardea
