#pragma once
// One-time codes in the store: one a user and purpose, a newer one replaces it.

#include "model/credential.h"
#include "store/store.h"

namespace cardea {

void PutCode(sql::Connection& db, const PoolId& pool, const Code& code);
std::optional<Code> FindCode(sql::Connection& db, const PoolId& pool, const UserId& user, CodePurpose purpose);
// Adds one to the code's failures; returns the new count, 0 where there is no code.
int CountCodeFailure(sql::Connection& db, const PoolId& pool, const UserId& user, CodePurpose purpose);
// Removes the one of this purpose, whichever it is; nothing happens where there is none.
void RemoveCode(sql::Connection& db, const PoolId& pool, const UserId& user, CodePurpose purpose);
// Removes it where it is still the one with this mac; false where it was used or replaced meanwhile.
bool ConsumeCode(sql::Connection& db, const PoolId& pool, const Code& code);

}  // namespace cardea
