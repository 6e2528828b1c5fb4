#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "base/value.h"

namespace yard::storage {

// An account of the embedded sign-in (auth.mode embedded).
struct Account {
    UserId id;
    std::string email;                   // Lower-case; unique.
    std::string password_hash;           // Encoded Argon2id.
    std::string role = "authenticated";  // The token's role claim: "authenticated" or "admin".
    Value user_metadata = Value::EmptyObject();
    Timestamp created_at;
    Timestamp updated_at;
    std::optional<Timestamp> last_sign_in_at;
};

// One refresh token. A family is one sign-in: every token that was rotated out of the first one.
struct RefreshToken {
    std::string token_hash;  // SHA-256 of the token, hexadecimal. The token itself is not stored.
    std::string family_id;
    UserId account_id;
    Timestamp created_at;
    Timestamp expires_at;
    std::optional<Timestamp> used_at;  // Set when it was exchanged for its successor.
};

class AccountStore {
public:
    virtual ~AccountStore() = default;
    // kConflict if the e-mail address is taken.
    virtual Result<Ok> Insert(const Account& account) = 0;
    virtual Result<std::optional<Account>> FindByEmail(const std::string& email) = 0;
    virtual Result<std::optional<Account>> Find(const UserId& id) = 0;
    virtual Result<Ok> Update(const Account& account) = 0;
    virtual Result<int64_t> Count() = 0;

    virtual Result<Ok> InsertToken(const RefreshToken& token) = 0;
    virtual Result<std::optional<RefreshToken>> FindToken(const std::string& token_hash) = 0;
    // False if somebody else used it first.
    virtual Result<bool> MarkTokenUsed(const std::string& token_hash, Timestamp at) = 0;
    virtual Result<Ok> DeleteFamily(const std::string& family_id) = 0;
    // Every token of the account except those of one family (empty: no exception).
    virtual Result<Ok> DeleteTokensOf(const UserId& account,
                                      const std::string& except_family_id) = 0;
    virtual Result<int> DeleteExpiredTokens(Timestamp now) = 0;
};

}  // namespace yard::storage
