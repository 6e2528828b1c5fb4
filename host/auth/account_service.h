// The embedded accounts: sign-up, sign-in and sessions. docs/accounts.md describes tokens and
// limits.

#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "base/value.h"
#include "host/auth/rate_limiter.h"
#include "host/storage/account_store.h"

namespace yard::storage {
class Database;
}

namespace yard::auth {

struct AccountOptions {
    std::string jwt_secret;
    std::string audience = "authenticated";
    std::string issuer;  // Claim `iss`; left out when empty.
    int64_t access_token_ttl_s = 3600;
    int64_t refresh_token_ttl_s = 30 * 86400;
    bool sign_up_enabled = true;
    size_t sign_up_per_minute = 30;  // Per client address.
    size_t sign_in_per_minute = 30;  // Per client address, and per e-mail address.
    size_t password_length_min = 8;
};

struct Session {
    std::string access_token;
    std::string refresh_token;
    int64_t expires_in_s = 0;
    int64_t expires_at_s = 0;  // Seconds since the epoch.
    storage::Account account;
};

enum class LogoutScope { kThisSession, kOtherSessions, kAllSessions };

// Errors carry {"error_code": ...} as detail_json, with the codes a GoTrue client knows:
// invalid_credentials, user_already_exists, weak_password, validation_failed, signup_disabled,
// over_request_rate_limit, refresh_token_not_found, refresh_token_already_used, user_not_found.
// Thread-safe. Calls block on the database and on password hashing.
class AccountService {
public:
    // Both must outlive the service.
    AccountService(storage::Database& database, const Clock& clock, AccountOptions options);

    Result<Session> SignUp(const std::string& email, const std::string& password,
                           const Value& user_metadata, const std::string& client_address);
    Result<Session> SignIn(const std::string& email, const std::string& password,
                           const std::string& client_address);
    // Exchanges a refresh token for the next one. A token that is used again later than a moment
    // after its first use was stolen or copied: the whole session ends.
    Result<Session> Refresh(const std::string& refresh_token, const std::string& client_address);
    Result<storage::Account> Get(const UserId& id);

    struct Changes {
        std::optional<std::string> email;
        std::optional<std::string> password;  // Ends every other session.
        std::optional<Value> user_metadata;   // Merged over the stored members.
    };
    Result<storage::Account> Update(const UserId& id, const std::string& session_id,
                                    const Changes& changes);
    // Refresh tokens end at once; an access token lives on until it expires.
    Result<Ok> Logout(const UserId& id, const std::string& session_id, LogoutScope scope);

    // Whether nobody has an account yet.
    Result<bool> IsEmpty();
    // Creates the first account, with role admin, unless there are accounts already. True if it was
    // created.
    Result<bool> EnsureFirstAccount(const std::string& email, const std::string& password);

private:
    Result<storage::Account> Create(const std::string& email, const std::string& password,
                                    const std::string& role, const Value& user_metadata);
    Result<Ok> CheckEmail(const std::string& email) const;
    Result<Ok> CheckPassword(const std::string& password) const;
    Result<Session> OpenSession(storage::Account account);
    Result<Session> MakeSession(const storage::Account& account, const std::string& family_id,
                                std::string refresh_token) const;
    storage::RefreshToken NewToken(const UserId& account, const std::string& family_id,
                                   const std::string& token) const;

    storage::Database& database_;
    const Clock& clock_;
    const AccountOptions options_;
    RateLimiter sign_ups_;
    RateLimiter sign_ins_;
    // What an unknown address is compared with, so that the time of an answer tells nothing.
    std::string decoy_hash_;
};

}  // namespace yard::auth
