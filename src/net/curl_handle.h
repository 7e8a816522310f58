#pragma once
// What the users of libcurl in this folder share. Includes libcurl: not for public headers.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <curl/curl.h>
#include <memory>

#include "base/check.h"

namespace cardea {

struct FreeCurl {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlHandle = std::unique_ptr<CURL, FreeCurl>;
using CurlList = std::unique_ptr<curl_slist, FreeCurl>;

// A new handle; libcurl is made ready by the first.
inline CurlHandle MakeCurlHandle() {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    CHECK(ready == CURLE_OK);
    CurlHandle handle(curl_easy_init());
    CHECK(handle != nullptr);
    return handle;
}

// An option that this libcurl does not take is a mistake of ours.
template <class Value>
void Set(CURL* handle, CURLoption option, Value value) {
    CHECK(curl_easy_setopt(handle, option, value) == CURLE_OK);
}

// For all of a transfer. To libcurl zero is no limit: nothing here goes without one.
inline void SetTimeout(CURL* handle, std::chrono::milliseconds timeout) {
    const long most = static_cast<long>(std::clamp<std::int64_t>(timeout.count(), 1, 24 * 3600 * 1000));
    Set(handle, CURLOPT_TIMEOUT_MS, most);
    Set(handle, CURLOPT_CONNECTTIMEOUT_MS, most);
}

inline void Append(CurlList& list, const char* line) {
    curl_slist* longer = curl_slist_append(list.get(), line);
    CHECK(longer != nullptr);
    static_cast<void>(list.release());
    list.reset(longer);
}

}  // namespace cardea
