#pragma once
// FunctionRef: a callable passed down a call, not kept. No allocation.
//
//   void Each(FunctionRef<void(int)> visit);

#include <memory>
#include <type_traits>
#include <utility>

namespace cardea {

template <class Signature>
class FunctionRef;

// Valid while the callable that it was made from lives: a parameter type, never a member.
template <class Result, class... Args>
class FunctionRef<Result(Args...)> {
 public:
    template <class F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, FunctionRef> && std::is_invocable_r_v<Result, F&, Args...>)
        FunctionRef(F&& callable)  // implicit, as std::function is
        : target_(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))),
          call_([](void* target, Args... args) -> Result {
              return (*static_cast<std::remove_reference_t<F>*>(target))(std::forward<Args>(args)...);
          }) {}
    Result operator()(Args... args) const { return call_(target_, std::forward<Args>(args)...); }

 private:
    void* target_;
    Result (*call_)(void*, Args...);
};

}  // namespace cardea
