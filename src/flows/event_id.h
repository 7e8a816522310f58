#pragma once
// event_id: the name of a sign-in, which its tokens carry through every refresh, and the proof that all of the user's
// sign-ins still stand.
//
// It is a UUID (RFC 9562, version 4 in shape). Its first four bytes are the user's sign-out counter at the sign-in,
// masked by a MAC of the other twelve under the pool's key: so GlobalSignOut holds for access tokens that carry no
// origin_jti, without a row for each token and without comparing clocks, and nobody else reads the counter out of it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "flows/context.h"
#include "model/pool.h"

namespace cardea {

// 90 random bits and 32 of the counter.
std::string NewEventId(Context& ctx, const Pool& pool, std::int64_t sign_outs);

// Whether the user has signed out everywhere, `sign_outs` times by now, since the sign-in. True for what is no event
// id of this pool, but for one chance in 2^32.
bool IsSignedOut(Context& ctx, const Pool& pool, std::string_view event_id, std::int64_t sign_outs);

}  // namespace cardea
