#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "host/storage/database.h"
#include "host/storage/user_store.h"

namespace yard::service {

inline constexpr char kTimezoneNotSet[] = "not-set";

// Profiles and preferences. Thread-safe; calls block on the database.
class UserService {
public:
    // Both must outlive the service.
    UserService(storage::Database& database, const Clock& clock);

    // The stored user unchanged, or a new one made of what the token says.
    Result<storage::User> GetOrCreate(const UserId& id, const std::string& email,
                                      const std::optional<std::string>& name);
    // kNotFound for the next four if there is no such user.
    Result<storage::User> Get(const UserId& id);
    // kConflict if the address belongs to somebody else.
    Result<Ok> SetEmail(const UserId& id, const std::string& email);
    Result<Ok> SetTimezone(const UserId& id, const std::string& timezone);

    struct Preferences {
        std::string email;
        std::map<std::string, bool> notify;  // Only these are changed.
        int daily_limit = 0;                 // 0: unchanged.
    };
    Result<storage::User> SetPreferences(const UserId& id, const Preferences& preferences);

private:
    Result<storage::User> Change(const UserId& id,
                                 const std::function<void(storage::User&)>& change);

    storage::Database& database_;
    const Clock& clock_;
};

}  // namespace yard::service
