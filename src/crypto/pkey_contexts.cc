#include "crypto/pkey_contexts.h"

#include "crypto/openssl.h"

namespace cardea {

namespace {

// More threads than this at once make contexts that are not kept.
constexpr std::size_t kMaxIdle = 64;

}  // namespace

void FreePkey::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }
void FreePkeyContext::operator()(evp_pkey_ctx_st* context) const { EVP_PKEY_CTX_free(context); }

PkeyContexts::PkeyContexts(Key key, Prepare prepare) : key_(std::move(key)), prepare_(prepare) {}

PkeyContexts::Context PkeyContexts::Take() const {
    {
        auto idle = idle_.Lock();
        if (!idle->empty()) {
            Context context = std::move(idle->back());
            idle->pop_back();
            return context;
        }
    }
    // With a copy of the key of its own, threads do not meet at the lock of the key's blinding values.
    const Key copy(EVP_PKEY_dup(key_.get()));
    RequireOpenSsl(copy != nullptr, "copying a key");
    Context context(EVP_PKEY_CTX_new_from_pkey(nullptr, copy.get(), nullptr));
    RequireOpenSsl(context != nullptr && prepare_(context.get()), "preparing a key");
    return context;
}

void PkeyContexts::Return(Context context) const {
    auto idle = idle_.Lock();
    if (idle->size() < kMaxIdle) idle->push_back(std::move(context));
}

}  // namespace cardea
