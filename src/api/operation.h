#pragma once
// An operation of an AWS API: a request shape, a response shape, a function, and one row in its noun's table.
//
//   CreateGroupResponse CreateGroup(Context& ctx, const CreateGroupRequest& in);
//   constexpr Operation kOperations[] = {
//       Op<CreateGroup>("CreateGroup", Access::kIam, ErrorSet(Error::kGroupExists, …)),
//   };

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "codec/json.h"
#include "codec/shape.h"
#include "flows/context.h"
#include "model/error.h"

namespace cardea {

// Who may call (fact sheet user pools A.5).
enum class Access : std::uint8_t {
    kIam,          // signed with SigV4
    kAccessToken,  // the body carries a user's access token
    kPublic        // the body names an app client
};

struct Operation {
    std::string_view name;
    Access access;
    ErrorSet raises;  // every error that the model declares for it
    const ShapeInfo* request;
    const ShapeInfo* response;  // null where the model has no output: the answer's body is empty
    // Reads the request, runs the function, prints the answer. Throws ApiError.
    std::string (*run)(Context& ctx, JsonValue body);
    // The request with its sensitive members and secrets hidden, for the log; "" where it does not parse. Members that
    // the operation does not have are not in it.
    std::string (*redact)(JsonValue body);
};

// An operation without input members.
struct NoMembers {
    static constexpr std::array<FieldInfo, 0> kFields{};
};

// Throws SerializationException or InvalidParameterException in AWS's words.
void RequireValid(const std::optional<WireTypeError>& error, const Violations& bad);

template <auto Function>
struct OperationTypes;
template <class Res, class Req, Res (*Function)(Context&, const Req&)>
struct OperationTypes<Function> {
    using Request = Req;
    using Response = Res;
};

template <auto Function>
consteval Operation Op(std::string_view name, Access access, ErrorSet raises) {
    using Request = typename OperationTypes<Function>::Request;
    using Response = typename OperationTypes<Function>::Response;
    Operation operation{name, access, raises, &kShape<Request>, nullptr, nullptr, nullptr};
    if constexpr (!std::is_void_v<Response>) operation.response = &kShape<Response>;
    operation.run = [](Context& ctx, JsonValue body) -> std::string {
        Violations bad;
        Request request{};
        const auto error = ParseShape(body, request, bad);
        RequireValid(error, bad);
        if constexpr (std::is_void_v<Response>) {
            Function(ctx, request);
            return {};
        } else {
            return PrintShape(Function(ctx, request));
        }
    };
    operation.redact = [](JsonValue body) -> std::string {
        Violations bad;
        Request request{};
        if (ParseShape(body, request, bad)) return {};
        JsonWriter out;
        PrintRedacted(kShape<Request>, &request, out);
        return out.Take();
    };
    return operation;
}

}  // namespace cardea
