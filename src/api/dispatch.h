#pragma once
// The door of the AWS APIs: from an HTTP request to an operation and back.
//
// One place catches ApiError, one place prints errors, one place decides who may call.

#include <chrono>
#include <functional>
#include <string_view>

#include "api/operation.h"
#include "flows/context.h"
#include "net/http.h"

namespace cardea {

// How the API door is set up for the process.
struct ApiDoor {
    Services& services;
    // A signed request's headers must be proved (serve); in development any credentials are the account's root.
    bool verify_signatures = true;
    // Tests: an operation that raises an error which it does not declare aborts the process.
    bool strict = false;
    // Told of every answered call: its operation ("" where there is none), its error ("" where it succeeded), its time.
    std::function<void(std::string_view operation, std::string_view error, std::chrono::microseconds took)> observe =
        nullptr;
};

// Whether this is a call of an AWS API: POST / with a target, or its CORS preflight.
bool IsApiCall(const HttpRequest& request);

// Answers an API call. Never throws.
HttpResponse AnswerApiCall(const ApiDoor& door, const HttpRequest& request);

// The answer to a request that the server refused before it was whole: AWS's shape, so that a client can read it.
HttpResponse PrintRefusal(int status, std::string_view request_id);

// What AnswerApiCall writes for an error: AWS JSON 1.1 (fact sheet user pools A.3).
HttpResponse PrintApiError(Error error, std::string_view message, std::string_view request_id);

}  // namespace cardea
