#pragma once
// The rules of an app client's settings (fact sheet user pools B.9, B.10): what is refused, and what a request that
// leaves a member out gets.
//
//   CompleteClientSettings(settings);
//   if (const auto fault = CheckClientSettings(settings, pool, has_secret)) throw ApiError(fault->error,
//   fault->message);

#include <optional>

#include "model/client.h"
#include "model/fault.h"

namespace cardea {

// Fills in what the API returns even where nothing was sent. Settings that were completed stay as they are.
void CompleteClientSettings(ClientSettings& settings);

// What is wrong with completed settings for a client of this pool.
std::optional<Fault> CheckClientSettings(const ClientSettings& settings, const Pool& pool, bool has_secret);

}  // namespace cardea
