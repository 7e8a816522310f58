#pragma once
// PkeyContexts: OpenSSL contexts of one key, kept for reuse. For this folder's .cc files, and for the key classes that
// hold one.
//
// A context is prepared for one operation with one key and goes back to that key's own store, never to another's:
// OpenSSL 3.0's EVP_DigestSignInit on a used context reports success and keeps the old key, which in a server of many
// pools would sign one pool's token with another's key.

#include <memory>
#include <vector>

#include "base/guarded.h"

struct evp_pkey_st;
struct evp_pkey_ctx_st;

namespace cardea {

struct FreePkey {
    void operator()(evp_pkey_st* key) const;
};
struct FreePkeyContext {
    void operator()(evp_pkey_ctx_st* context) const;
};

// Thread-safe.
class PkeyContexts {
 public:
    using Key = std::unique_ptr<evp_pkey_st, FreePkey>;
    using Context = std::unique_ptr<evp_pkey_ctx_st, FreePkeyContext>;
    // Prepares a new context, and says whether that succeeded.
    using Prepare = bool (*)(evp_pkey_ctx_st*);

    PkeyContexts(Key key, Prepare prepare);
    evp_pkey_st* Pkey() const { return key_.get(); }

    // A context that no other thread uses. Throws std::runtime_error where OpenSSL cannot make one.
    Context Take() const;
    // Gives a context back after a use that went well; one that failed is simply dropped.
    void Return(Context context) const;

 private:
    Key key_;
    Prepare prepare_;
    mutable Guarded<std::vector<Context>> idle_;
};

}  // namespace cardea
