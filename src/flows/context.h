#pragma once
// Context: what one request has at hand. A door makes it, operations and flows take it; nothing global stands beside
// it.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "model/error.h"
#include "store/store.h"

namespace cardea {

class Delivery;
class Directory;
class Keyring;
class LockoutGate;

// Which form the issuer of a new pool takes.
enum class IssuerForm : std::uint8_t {
    kPublicUrl,  // {public_url}/{poolId}
    kAws         // https://cognito-idp.{region}.amazonaws.com/{poolId}
};
template <>
struct EnumNames<IssuerForm> {
    static constexpr std::array<std::string_view, 2> kNames{"public_url", "aws"};
};

// The account that this process serves, as configured. Never changes while it runs.
struct Account {
    std::string id = "000000000000";
    std::string region = "us-east-1";  // where a request names none
    std::string public_url;            // without a slash at the end
    IssuerForm issuer_form = IssuerForm::kPublicUrl;
    bool development = false;  // `cardea dev`: ids may be chosen by tag, any credentials are accepted
    bool argon2id = false;     // new pools keep Argon2id hashes instead of SRP verifiers
};

// What lives as long as the process. Everything here is thread-safe.
struct Services {
    const Account& account;
    const Clock& clock;
    Random& random;
    Store& store;
    Directory& directory;
    Keyring& keyring;
    LockoutGate& lockout_gate;
    Delivery& delivery;
};

// Who signed the request, for operations under IAM.
struct Caller {
    std::string access_key_id;  // empty where the request was not signed
    std::string arn;            // "arn:aws:iam::000000000000:root"
};

struct Context {
    Services& services;
    Instant now;             // read once at the door, the same for the whole request
    std::string request_id;  // UUID, the answer's x-amzn-RequestId
    std::string operation;
    std::string region;
    std::string source_ip;
    Caller caller;

    Store& store() const { return services.store; }
    Random& random() const { return services.random; }
    const Account& account() const { return services.account; }
};

}  // namespace cardea
