#include "app/metrics.h"

#include <map>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <vector>

#include "base/guarded.h"

namespace cardea {

namespace {

const prometheus::Histogram::BucketBoundaries kSeconds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                       0.1,    0.25,  0.5,    1,     2.5,  5};

}  // namespace

struct Metrics::Registry {
    prometheus::Registry native;
    prometheus::Family<prometheus::Counter>& requests = prometheus::BuildCounter()
                                                            .Name("cardea_requests_total")
                                                            .Help("API calls by operation and outcome")
                                                            .Register(native);
    prometheus::Family<prometheus::Histogram>& durations =
        prometheus::BuildHistogram().Name("cardea_request_seconds").Help("How long API calls took").Register(native);
    // What Family::Add found, by label: it hashes and locks.
    struct Known {
        std::map<std::pair<std::string, std::string>, prometheus::Counter*, std::less<>> counters;
        std::map<std::string, prometheus::Histogram*, std::less<>> histograms;
    };
    Guarded<Known> known;
    struct Read {
        prometheus::Gauge& gauge;
        std::function<double()> value;
    };
    Guarded<std::vector<Read>> gauges;
};

Metrics::Metrics() : registry_(std::make_unique<Registry>()) {}
Metrics::~Metrics() = default;

void Metrics::CountRequest(std::string_view operation, std::string_view error, std::chrono::microseconds took) {
    const std::string outcome = error.empty() ? "ok" : std::string(error);
    // Names that are no operation's come from outside: they share one series.
    const std::string name = operation.empty() ? "unknown" : std::string(operation);
    auto known = registry_->known.Lock();
    auto& counter = known->counters[{name, outcome}];
    if (!counter) counter = &registry_->requests.Add({{"operation", name}, {"outcome", outcome}});
    auto& histogram = known->histograms[name];
    if (!histogram) histogram = &registry_->durations.Add({{"operation", name}}, kSeconds);
    counter->Increment();
    histogram->Observe(std::chrono::duration<double>(took).count());
}

void Metrics::AddGauge(const std::string& name, const std::string& help, std::function<double()> read) {
    auto& gauge = prometheus::BuildGauge().Name(name).Help(help).Register(registry_->native).Add({});
    registry_->gauges.Lock()->push_back({gauge, std::move(read)});
}

std::string Metrics::Print() {
    {
        auto gauges = registry_->gauges.Lock();
        for (auto& read : *gauges) read.gauge.Set(read.value());
    }
    return prometheus::TextSerializer().Serialize(registry_->native.Collect());
}

}  // namespace cardea
