// libFuzzer's door to one target; CMake compiles it once for each.
#include <cstddef>
#include <cstdint>

#include "targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static constexpr auto kRun = [] {
        for (const cardea::FuzzTarget& target : cardea::kFuzzTargets)
            if (target.name == CARDEA_FUZZ_TARGET) return target.run;
        return static_cast<void (*)(std::string_view)>(nullptr);
    }();
    static_assert(kRun != nullptr);
    kRun({reinterpret_cast<const char*>(bytes), size});
    return 0;
}
