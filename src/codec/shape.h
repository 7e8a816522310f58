#pragma once
// Field tables: a structure of the wire, described once. Parsing, AWS's validation errors, printing, redaction, the
// reference pages and the generated tests of bad input all read the same rows.
//
//   struct GroupType {
//       std::string group_name;
//       std::optional<int> precedence;
//       static constexpr auto kFields = Fields(
//           Field<&GroupType::group_name>("GroupName", kGroupName),
//           Field<&GroupType::precedence>("Precedence", kPrecedence));
//   };
//
// A member's C++ type says what the wire holds and, in a request, whether it is required: std::optional is not. What a
// member may hold beside text (std::string, Secret, Id), whole numbers, booleans, enumerations, times, lists
// (std::vector), maps (std::map) and other structures does not compile.

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/secret.h"
#include "codec/json.h"

namespace cardea {

// Constraints, named as the AWS model names them: of a text's length in characters, a list's or a map's size, a
// number's value. A field's constraint is also its documentation.
struct Limits {
    std::int64_t min = std::numeric_limits<std::int64_t>::min();
    std::int64_t max = std::numeric_limits<std::int64_t>::max();
    std::string_view pattern = {};  // RE2 syntax, must match the whole value
    bool sensitive = false;         // the value is in no message and no log
    const Limits* item = nullptr;   // of a list's items or a map's values
    const Limits* key = nullptr;    // of a map's keys
};
inline constexpr Limits kFree{};

// The wire's names of an enumeration: specialise it beside the enumeration, in the order of its values.
//   template <> struct EnumNames<MfaMode> { static constexpr std::array<std::string_view, 3> kNames{"OFF", "ON",
//   "OPTIONAL"}; };
// Where AWS's messages list them in another order, that order is kListed.
template <class E>
struct EnumNames;
template <class E>
concept NamedEnum = requires {
    EnumNames<E>::kNames;
};
template <NamedEnum E>
constexpr std::string_view NameOf(E value) {
    return EnumNames<E>::kNames[static_cast<std::size_t>(value)];
}
template <NamedEnum E>
constexpr std::optional<E> EnumFrom(std::string_view name) {
    for (std::size_t i = 0; i < EnumNames<E>::kNames.size(); ++i)
        if (EnumNames<E>::kNames[i] == name) return static_cast<E>(i);
    return std::nullopt;
}

enum class TypeKind : std::uint8_t { kText, kWhole, kBoolean, kEnum, kTime, kList, kMap, kStructure };

struct FieldInfo;
struct ShapeInfo {
    std::span<const FieldInfo> fields;
};

// How one C++ type is read and written without knowing it: the interpreter in shape.cc is written once.
struct TypeInfo {
    TypeKind kind;
    bool optional = false;
    const TypeInfo* item = nullptr;                 // lists and maps
    const ShapeInfo* shape = nullptr;               // structures
    std::span<const std::string_view> names = {};   // enumerations
    std::span<const std::string_view> listed = {};  // enumerations: the names in the order of AWS's messages
    bool secret = false;                            // text that no log may hold, whatever its limits say
    const void* (*inner)(const void*) = nullptr;    // of an optional: the value, or null
    void* (*emplace)(void*) = nullptr;              // of an optional: makes it hold a value
    void (*set_text)(void*, std::string_view) = nullptr;
    std::string_view (*text)(const void*) = nullptr;
    void (*set_whole)(void*, std::int64_t) = nullptr;  // whole numbers, booleans, enumerations, times (microseconds)
    std::int64_t (*whole)(const void*) = nullptr;
    std::int64_t least = 0, greatest = 0;                // what the C++ integer can hold
    void* (*append)(void*) = nullptr;                    // lists: a new last item
    void* (*insert)(void*, std::string_view) = nullptr;  // maps: the value of that key
    std::size_t (*size)(const void*) = nullptr;
    void (*each)(const void*, void*, void (*)(void*, std::string_view, const void*)) = nullptr;
};

struct FieldInfo {
    std::string_view wire;
    bool required;
    const TypeInfo* type;
    const Limits* limits;
    void* (*at)(void*);
};

template <class T>
concept Shape = requires {
    T::kFields;
};
// Class templates hold the descriptions, because they can name each other before they are made.
template <Shape T>
struct ShapeHolder;
template <class M>
struct TypeHolder;

namespace shape_detail {

template <class M>
inline constexpr bool kIsOptional = false;
template <class M>
inline constexpr bool kIsOptional<std::optional<M>> = true;
template <class M>
inline constexpr bool kIsList = false;
template <class M>
inline constexpr bool kIsList<std::vector<M>> = true;
template <class M>
inline constexpr bool kIsMap = false;
template <class M>
inline constexpr bool kIsMap<std::map<std::string, M>> = true;
template <class M>
inline constexpr bool kIsId = false;
template <class Tag>
inline constexpr bool kIsId<Id<Tag>> = true;

template <class M>
M& As(void* at) {
    return *static_cast<M*>(at);
}
template <class M>
const M& As(const void* at) {
    return *static_cast<const M*>(at);
}

template <class M>
consteval TypeInfo TextType() {
    TypeInfo t{.kind = TypeKind::kText, .secret = std::is_same_v<M, Secret>};
    t.set_text = [](void* out, std::string_view text) { As<M>(out) = M(std::string(text)); };
    if constexpr (std::is_same_v<M, std::string>)
        t.text = [](const void* in) { return std::string_view(As<M>(in)); };
    else if constexpr (std::is_same_v<M, Secret>)
        t.text = [](const void* in) { return As<M>(in).Reveal(); };
    else
        t.text = [](const void* in) { return std::string_view(As<M>(in).Text()); };
    return t;
}

template <class M>
consteval TypeInfo WholeType(TypeKind kind) {
    TypeInfo t{.kind = kind};
    t.set_whole = [](void* out, std::int64_t value) { As<M>(out) = static_cast<M>(value); };
    t.whole = [](const void* in) { return static_cast<std::int64_t>(As<M>(in)); };
    if constexpr (std::is_integral_v<M>) {
        t.least = std::numeric_limits<M>::min();
        t.greatest = std::numeric_limits<M>::max();
    }
    if constexpr (std::is_enum_v<M>) {
        t.names = t.listed = EnumNames<M>::kNames;
        if constexpr (requires { EnumNames<M>::kListed; }) t.listed = EnumNames<M>::kListed;
    }
    return t;
}

template <class M>
consteval TypeInfo ListType() {
    TypeInfo t{.kind = TypeKind::kList};
    t.item = &TypeHolder<typename M::value_type>::kInfo;
    t.append = [](void* out) -> void* { return &As<M>(out).emplace_back(); };
    t.size = [](const void* in) { return As<M>(in).size(); };
    t.each = [](const void* in, void* visit, void (*call)(void*, std::string_view, const void*)) {
        for (const auto& item : As<M>(in)) call(visit, {}, &item);
    };
    return t;
}

template <class M>
consteval TypeInfo MapType() {
    TypeInfo t{.kind = TypeKind::kMap};
    t.item = &TypeHolder<typename M::mapped_type>::kInfo;
    t.insert = [](void* out, std::string_view key) -> void* { return &As<M>(out)[std::string(key)]; };
    t.size = [](const void* in) { return As<M>(in).size(); };
    t.each = [](const void* in, void* visit, void (*call)(void*, std::string_view, const void*)) {
        for (const auto& [key, value] : As<M>(in)) call(visit, key, &value);
    };
    return t;
}

template <class M>
consteval TypeInfo MakeType() {
    if constexpr (kIsOptional<M>) {
        TypeInfo t = MakeType<typename M::value_type>();
        t.optional = true;
        t.inner = [](const void* in) -> const void* { return As<M>(in) ? &*As<M>(in) : nullptr; };
        t.emplace = [](void* out) -> void* { return &As<M>(out).emplace(); };
        return t;
    } else if constexpr (std::is_same_v<M, std::string> || std::is_same_v<M, Secret> || kIsId<M>) {
        return TextType<M>();
    } else if constexpr (std::is_same_v<M, bool>) {
        return WholeType<bool>(TypeKind::kBoolean);
    } else if constexpr (std::is_enum_v<M>) {
        return WholeType<M>(TypeKind::kEnum);
    } else if constexpr (std::is_integral_v<M>) {
        return WholeType<M>(TypeKind::kWhole);
    } else if constexpr (std::is_same_v<M, Instant>) {
        TypeInfo t{.kind = TypeKind::kTime};
        t.set_whole = [](void* out, std::int64_t value) { As<Instant>(out) = FromMicroseconds(value); };
        t.whole = [](const void* in) { return ToMicroseconds(As<Instant>(in)); };
        return t;
    } else if constexpr (kIsList<M>) {
        return ListType<M>();
    } else if constexpr (kIsMap<M>) {
        return MapType<M>();
    } else {
        static_assert(Shape<M>, "this type has no form on the wire");
        return {.kind = TypeKind::kStructure, .shape = &ShapeHolder<M>::kInfo};
    }
}

template <class T, class M>
T OwnerOf(M T::*);
template <class T, class M>
M MemberOf(M T::*);

// How many members an aggregate has, so that a member without a row is a compile error.
struct AnyMember {
    template <class U>
    constexpr operator U&() const& noexcept;
    template <class U>
    constexpr operator U&&() const&& noexcept;
};
template <class T, class... A>
consteval std::size_t CountMembers() {
    if constexpr (requires { T{std::declval<A>()..., std::declval<AnyMember>()}; })
        return CountMembers<T, A..., AnyMember>();
    else
        return sizeof...(A);
}

// The rows that stand for initialisers: a base counts as one.
template <class T>
consteval std::size_t CountRows() {
    if constexpr (requires { typename T::Inherits; })
        return T::kFields.size() - T::Inherits::kFields.size() + 1;
    else
        return T::kFields.size();
}

}  // namespace shape_detail

template <class M>
struct TypeHolder {
    static constexpr TypeInfo kInfo = shape_detail::MakeType<M>();
};

template <Shape T>
struct ShapeHolder {
    static_assert(shape_detail::CountMembers<T>() == shape_detail::CountRows<T>(), "a member has no row in kFields");
    static constexpr ShapeInfo kInfo{T::kFields};
};
// The description of a structure.
template <Shape T>
inline constexpr const ShapeInfo& kShape = ShapeHolder<T>::kInfo;

template <auto Member>
consteval FieldInfo Field(std::string_view wire, const Limits& limits = kFree) {
    using Owner = decltype(shape_detail::OwnerOf(Member));
    using M = decltype(shape_detail::MemberOf(Member));
    return {wire, !shape_detail::kIsOptional<M>, &TypeHolder<M>::kInfo, &limits,
            [](void* owner) -> void* { return &(static_cast<Owner*>(owner)->*Member); }};
}

template <class... F>
consteval std::array<FieldInfo, sizeof...(F)> Fields(F... fields) {
    return {fields...};
}

namespace shape_detail {

// A function template, because T is complete only where its body is made.
template <class T, class Base, std::size_t I>
void* InheritedAt(void* owner) {
    return Base::kFields[I].at(static_cast<Base*>(static_cast<T*>(owner)));
}

template <class T, class Base, std::size_t I>
consteval FieldInfo Inherited() {
    FieldInfo field = Base::kFields[I];
    field.at = &InheritedAt<T, Base, I>;
    return field;
}

}  // namespace shape_detail

// The rows of a structure that inherits another one: those of the base first. T says `using Inherits = Base;`.
template <class T, class Base, class... F>
consteval auto FieldsAfter(F... fields) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return std::array<FieldInfo, sizeof...(I) + sizeof...(F)>{shape_detail::Inherited<T, Base, I>()..., fields...};
    }
    (std::make_index_sequence<Base::kFields.size()>());
}

// What was wrong with a request's members, in AWS's words (fact sheet user pools A.4).
class Violations {
 public:
    // `value` is what the message shows after "Value ", with the quotes; nothing for a sensitive member.
    void Add(std::optional<std::string_view> value, std::string_view path, std::string_view constraint);
    bool Any() const { return count_ > 0; }
    // No more is added: past a hundred violations or 16 KiB of text the rest only costs.
    bool Full() const { return count_ >= 100 || text_.size() > 16 * 1024; }
    // "2 validation errors detected: Value '' at 'username' failed to satisfy constraint: …; Value …"
    std::string Message() const;

 private:
    int count_ = 0;
    std::string text_;
};

// A member whose JSON type cannot be that member: SerializationException.
struct WireTypeError {
    std::string message;
};

// Reads a JSON object into `out` (a structure that `shape` describes). Unknown members are ignored, null is absent.
// Returns an error for a JSON type that does not fit; other faults go to `bad`.
std::optional<WireTypeError> ParseShape(const ShapeInfo& shape, JsonValue json, void* out, Violations& bad);
template <Shape T>
std::optional<WireTypeError> ParseShape(JsonValue json, T& out, Violations& bad) {
    return ParseShape(kShape<T>, json, &out, bad);
}

// Writes the members that are present as a JSON object.
void PrintShape(const ShapeInfo& shape, const void* value, JsonWriter& out);
template <Shape T>
void PrintShape(const T& value, JsonWriter& out) {
    PrintShape(kShape<T>, &value, out);
}
template <Shape T>
std::string PrintShape(const T& value) {
    JsonWriter out;
    PrintShape(value, out);
    return out.Take();
}

// As PrintShape, with sensitive members and secrets as "HIDDEN_DUE_TO_SECURITY_REASONS": for the log.
void PrintRedacted(const ShapeInfo& shape, const void* value, JsonWriter& out);

// Reads what PrintShape wrote (a stored document). Throws std::runtime_error where it does not fit.
void LoadShape(const ShapeInfo& shape, std::string_view json, void* out);
template <Shape T>
T LoadShape(std::string_view json) {
    T out{};
    LoadShape(kShape<T>, json, &out);
    return out;
}

// "UserPoolId" → "userPoolId".
std::string LowerCamel(std::string_view wire);

}  // namespace cardea
