#pragma once
// What a client with SRP does, over the API: for tests that a transcript cannot write, because they compute.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/srp_client.h"
#include "support/world.h"

namespace cardea::test {

// An answer of the API: its status, its error's type and message, or its members.
struct Answered {
    int status = 0;
    std::string error;  // "NotAuthorizedException: Incorrect username or password."
    std::string body;

    // A member by its path, "ChallengeParameters.SALT"; "" where there is none.
    std::string At(std::string_view path) const;
};

Answered Ask(World& world, std::string_view operation, std::string_view body);

// A pool with one client, and who signs in to it.
struct SrpPerson {
    World& world;
    std::string pool;
    std::string client;
    std::string username;
    std::string password;
    bool by_administrator = false;  // calls the administrator's operations
    SrpClient srp{Secret(std::string(32, '\x61'))};

    Answered Start() const;
    // The proof of `question`, with these members of the request changed ("" takes one away).
    Answered Prove(const Answered& question, const std::map<std::string, std::string>& changes = {}) const;
};

// Makes a pool and a client that permits SRP and passwords. `settings` and `client_settings` are more members, as JSON
// that starts with a comma, or nothing.
SrpPerson MakePerson(World& world, std::string_view settings = {}, std::string_view client_settings = {});

}  // namespace cardea::test
