#include "host/auth/account_service.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/crypto.h"
#include "base/uuid.h"
#include "host/auth/jwt.h"
#include "host/auth/password.h"
#include "host/storage/database.h"
#include "host/storage/user_store.h"

namespace yard::auth {
namespace {

using storage::Account;
using storage::RefreshToken;
using storage::Stores;

// Two tabs of one browser refresh at the same moment: both are the rightful owner.
constexpr int64_t kReuseMs = 10'000;
constexpr size_t kPasswordBytesMax = 1024;
constexpr size_t kMetadataBytesMax = 64 * 1024;

Error Fail(ErrorKind kind, const char* error_code, std::string message) {
    return {kind, std::move(message), std::string(R"({"error_code":")") + error_code + R"("})"};
}

Error BadCredentials() {
    return Fail(ErrorKind::kInvalid, "invalid_credentials", "Invalid login credentials");
}

Error TooManyAttempts() {
    return Fail(ErrorKind::kRateLimited, "over_request_rate_limit",
                "Too many attempts; try again in a minute");
}

std::string ToLower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

Value Merge(View base, View changes) {
    ValueBuilder merged;
    merged.BeginObject();
    for (const auto& [key, value] : base.members()) {
        if (!changes.Has(key)) merged.Member(key, value);
    }
    for (const auto& [key, value] : changes.members()) merged.Member(key, value);
    return merged.EndObject().Take();
}

}  // namespace

AccountService::AccountService(storage::Database& database, const Clock& clock,
                               AccountOptions options)
    : database_(database),
      clock_(clock),
      options_(std::move(options)),
      sign_ups_(clock, options_.sign_up_per_minute, std::chrono::minutes(1)),
      sign_ins_(clock, options_.sign_in_per_minute, std::chrono::minutes(1)) {
    if (auto hash = HashPassword(RandomBytes(16))) decoy_hash_ = std::move(hash).value();
}

Result<Ok> AccountService::CheckEmail(const std::string& email) const {
    const size_t at = email.find('@');
    const bool has_blank = std::any_of(email.begin(), email.end(),
                                       [](unsigned char c) { return c <= ' ' || c == 0x7f; });
    const bool plausible = at != std::string::npos && at > 0 && at + 1 < email.size() &&
                           email.find('@', at + 1) == std::string::npos && email.size() <= 254 &&
                           !has_blank;
    if (plausible) return Ok{};
    return Fail(ErrorKind::kInvalid, "validation_failed",
                "Unable to validate email address: invalid format");
}

Result<Ok> AccountService::CheckPassword(const std::string& password) const {
    if (password.size() < options_.password_length_min) {
        return Fail(ErrorKind::kInvalid, "weak_password",
                    "Password should be at least " + std::to_string(options_.password_length_min) +
                        " characters.");
    }
    if (password.size() > kPasswordBytesMax) {
        return Fail(ErrorKind::kInvalid, "validation_failed",
                    "Password cannot be longer than 1024 bytes");
    }
    return Ok{};
}

Result<Account> AccountService::Create(const std::string& email, const std::string& password,
                                       const std::string& role, const Value& user_metadata) {
    Account account;
    account.id = UserId(NewUuid());
    account.email = ToLower(email);
    account.password_hash = TRY(HashPassword(password));
    account.role = role;
    account.user_metadata = user_metadata->IsObject() ? user_metadata : Value::EmptyObject();
    account.created_at = account.updated_at = clock_.Now();
    std::optional<std::string> name;
    if (const View given = account.user_metadata["name"]; given.IsString()) name = given.AsString();
    const auto written = database_.Write([&](Stores& stores) -> Result<Ok> {
        TRY(stores.accounts.Insert(account));
        TRY(stores.users.GetOrCreate(account.id, account.email, name, account.created_at));
        return Ok{};
    });
    if (written) return account;
    if (written.error().kind == ErrorKind::kConflict) {
        return Fail(ErrorKind::kConflict, "user_already_exists", "User already registered");
    }
    return written.error();
}

Result<Session> AccountService::SignUp(const std::string& email, const std::string& password,
                                       const Value& user_metadata,
                                       const std::string& client_address) {
    if (!options_.sign_up_enabled) {
        return Fail(ErrorKind::kNotAllowed, "signup_disabled",
                    "Signups not allowed for this instance");
    }
    TRY(CheckEmail(email));
    TRY(CheckPassword(password));
    if (user_metadata.bytes_held() > kMetadataBytesMax) {
        return Fail(ErrorKind::kTooLarge, "validation_failed", "User metadata exceeds 64 KiB");
    }
    if (!sign_ups_.Allow(client_address)) return TooManyAttempts();
    return OpenSession(TRY(Create(email, password, "authenticated", user_metadata)));
}

Result<Session> AccountService::SignIn(const std::string& email, const std::string& password,
                                       const std::string& client_address) {
    const std::string address = ToLower(email);
    if (!sign_ins_.Allow("ip:" + client_address) || !sign_ins_.Allow("email:" + address)) {
        return TooManyAttempts();
    }
    if (password.size() > kPasswordBytesMax) return BadCredentials();
    std::optional<Account> account;
    TRY(database_.Read([&](Stores& stores) -> Result<Ok> {
        account = TRY(stores.accounts.FindByEmail(address));
        return Ok{};
    }));
    const bool matches = VerifyPassword(password, account ? account->password_hash : decoy_hash_);
    if (!account || !matches) return BadCredentials();
    return OpenSession(std::move(*account));
}

RefreshToken AccountService::NewToken(const UserId& account, const std::string& family_id,
                                      const std::string& token) const {
    const Timestamp now = clock_.Now();
    return {Sha256Hex(token),
            family_id,
            account,
            now,
            Timestamp{now.ms + options_.refresh_token_ttl_s * 1000},
            std::nullopt};
}

Result<Session> AccountService::OpenSession(Account account) {
    account.last_sign_in_at = clock_.Now();
    const std::string family_id = NewUuid();
    const std::string token = Base64UrlEncode(RandomBytes(32));
    TRY(database_.Write([&](Stores& stores) -> Result<Ok> {
        TRY(stores.accounts.Update(account));
        TRY(stores.accounts.DeleteExpiredTokens(clock_.Now()));
        return stores.accounts.InsertToken(NewToken(account.id, family_id, token));
    }));
    return MakeSession(account, family_id, token);
}

Result<Session> AccountService::MakeSession(const Account& account, const std::string& family_id,
                                            std::string refresh_token) const {
    const int64_t now_s = clock_.Now().ms / 1000;
    const int64_t expires_at_s = now_s + options_.access_token_ttl_s;
    ValueBuilder claims;
    claims.BeginObject();
    if (!options_.issuer.empty()) claims.Member("iss", options_.issuer);
    claims.Member("sub", account.id.text())
        .Member("aud", options_.audience)
        .Member("exp", expires_at_s)
        .Member("iat", now_s)
        .Member("email", account.email)
        .Member("phone", "")
        .Member("role", account.role)
        .Member("session_id", family_id)
        .Member("is_anonymous", false)
        .Member("user_metadata", account.user_metadata);
    claims.Key("app_metadata").BeginObject().Member("provider", "email");
    claims.Key("providers").BeginArray().String("email").EndArray().EndObject();
    return Session{SignJwtHs256(claims.EndObject().Take(), options_.jwt_secret),
                   std::move(refresh_token), options_.access_token_ttl_s, expires_at_s, account};
}

Result<Session> AccountService::Refresh(const std::string& refresh_token,
                                        const std::string& client_address) {
    if (!sign_ins_.Allow("refresh:" + client_address)) return TooManyAttempts();
    const Timestamp now = clock_.Now();
    const std::string hash = Sha256Hex(refresh_token);
    const std::string next = Base64UrlEncode(RandomBytes(32));
    std::optional<Account> account;
    std::optional<RefreshToken> found;
    bool reused = false;
    TRY(database_.Write([&](Stores& stores) -> Result<Ok> {
        found = TRY(stores.accounts.FindToken(hash));
        if (!found || found->expires_at <= now) {
            return Fail(ErrorKind::kInvalid, "refresh_token_not_found",
                        "Invalid Refresh Token: Refresh Token Not Found");
        }
        if (found->used_at && now.ms - found->used_at->ms > kReuseMs) {
            reused = true;
            return stores.accounts.DeleteFamily(found->family_id);
        }
        account = TRY(stores.accounts.Find(found->account_id));
        TRY(stores.accounts.MarkTokenUsed(hash, now));
        return stores.accounts.InsertToken(NewToken(found->account_id, found->family_id, next));
    }));
    if (reused) {
        return Fail(ErrorKind::kInvalid, "refresh_token_already_used",
                    "Invalid Refresh Token: Already Used");
    }
    if (!account) return Fail(ErrorKind::kNotFound, "user_not_found", "User not found");
    return MakeSession(*account, found->family_id, next);
}

Result<Account> AccountService::Get(const UserId& id) {
    std::optional<Account> account;
    TRY(database_.Read([&](Stores& stores) -> Result<Ok> {
        account = TRY(stores.accounts.Find(id));
        return Ok{};
    }));
    if (!account) return Fail(ErrorKind::kNotFound, "user_not_found", "User not found");
    return std::move(*account);
}

Result<Account> AccountService::Update(const UserId& id, const std::string& session_id,
                                       const Changes& changes) {
    if (changes.email) TRY(CheckEmail(*changes.email));
    if (changes.password) TRY(CheckPassword(*changes.password));
    if (changes.user_metadata && changes.user_metadata->bytes_held() > kMetadataBytesMax) {
        return Fail(ErrorKind::kTooLarge, "validation_failed", "User metadata exceeds 64 KiB");
    }
    Account account = TRY(Get(id));
    if (changes.email) account.email = ToLower(*changes.email);
    if (changes.password) account.password_hash = TRY(HashPassword(*changes.password));
    if (changes.user_metadata) {
        account.user_metadata = Merge(account.user_metadata, *changes.user_metadata);
    }
    account.updated_at = clock_.Now();
    const auto written =
        database_.Write([&](Stores& stores) { return stores.accounts.Update(account); });
    if (!written && written.error().kind == ErrorKind::kConflict) {
        return Fail(ErrorKind::kConflict, "email_exists",
                    "A user with this email address has already been registered");
    }
    if (!written) return written.error();
    if (changes.password) TRY(Logout(id, session_id, LogoutScope::kOtherSessions));
    return account;
}

Result<Ok> AccountService::Logout(const UserId& id, const std::string& session_id,
                                  LogoutScope scope) {
    return database_.Write([&](Stores& stores) -> Result<Ok> {
        switch (scope) {
            case LogoutScope::kThisSession: return stores.accounts.DeleteFamily(session_id);
            case LogoutScope::kOtherSessions: return stores.accounts.DeleteTokensOf(id, session_id);
            case LogoutScope::kAllSessions: return stores.accounts.DeleteTokensOf(id, {});
        }
        return Ok{};
    });
}

Result<bool> AccountService::IsEmpty() {
    int64_t count = 0;
    TRY(database_.Read([&](Stores& stores) -> Result<Ok> {
        count = TRY(stores.accounts.Count());
        return Ok{};
    }));
    return count == 0;
}

Result<bool> AccountService::EnsureFirstAccount(const std::string& email,
                                                const std::string& password) {
    if (!TRY(IsEmpty())) return false;
    TRY(CheckEmail(email));
    TRY(CheckPassword(password));
    TRY(Create(email, password, "admin", Value::EmptyObject()));
    return true;
}

}  // namespace yard::auth
