#pragma once
// GET /livez, /readyz and /metrics.

#include <optional>

#include "app/metrics.h"
#include "app/readiness.h"
#include "net/http.h"

namespace cardea {

// The answer to a request for one of the three, nothing for any other. /readyz is 200 when the store takes
// changes, as far as is known, and 503 when it does not. None of the three waits.
std::optional<HttpResponse> AnswerHealth(Readiness& readiness, Metrics& metrics, const HttpRequest& request);

}  // namespace cardea
