#pragma once
// Messages to people. The flow composes one from the pool's templates and sends it; the outcome is known when Send
// returns: one short attempt, no queue (fact sheet user pools C.2: CodeDeliveryFailureException).

#include <optional>
#include <string>

#include "base/secret.h"
#include "model/message.h"
#include "model/pool.h"

namespace cardea {

struct Message {
    DeliveryMedium medium = DeliveryMedium::kEmail;
    std::string to;
    std::string subject;  // e-mail only
    Secret body;          // may hold a code or a password
    Secret code;          // the code or password in it, for the development outbox; empty where there is none
    // From the pool's EmailConfiguration, where it has one.
    std::optional<std::string> from;
    std::optional<std::string> reply_to;
    std::optional<std::string> source_arn;  // chooses a configured transport; for SMS the SmsConfiguration's role
    std::string pool_id;                    // whose message it is, for the transport's receiver and the log
};

enum class Delivered : std::uint8_t { kYes, kNo };

// Thread-safe. Send blocks (inside Blocking) for at most the transport's deadline and does not throw for a transport
// that refuses or is silent: it logs why and says kNo.
class Delivery {
 public:
    virtual ~Delivery() = default;
    virtual Delivered Send(const Message& message) = 0;
    // Takes about as long as sending the message would, where that takes any time, comes out as that would, and sends
    // nothing: for a message to somebody who is not there. Does not throw.
    virtual Delivered Simulate(const Message&) { return Delivered::kYes; }
};

}  // namespace cardea
