#pragma once
// What an operator can watch, in Prometheus' exposition format.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace cardea {

// Thread-safe.
class Metrics {
 public:
    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    // One answered API call: `error` is the exception's name, "" for success.
    void CountRequest(std::string_view operation, std::string_view error, std::chrono::microseconds took);
    // A number that is read when somebody looks.
    void AddGauge(const std::string& name, const std::string& help, std::function<double()> read);
    // The text of GET /metrics.
    std::string Print();

 private:
    struct Registry;
    std::unique_ptr<Registry> registry_;
};

}  // namespace cardea
