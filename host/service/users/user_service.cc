#include "host/service/users/user_service.h"

#include <functional>

namespace yard::service {

UserService::UserService(storage::Database& database, const Clock& clock)
    : database_(database), clock_(clock) {}

Result<storage::User> UserService::GetOrCreate(const UserId& id, const std::string& email,
                                               const std::optional<std::string>& name) {
    std::optional<storage::User> user;
    TRY(database_.Read([&](storage::Stores& stores) -> Result<Ok> {
        user = TRY(stores.users.Find(id));
        return Ok{};
    }));
    if (user) return *user;
    TRY(database_.Write([&](storage::Stores& stores) -> Result<Ok> {
        user = TRY(stores.users.GetOrCreate(id, email, name, clock_.Now()));
        return Ok{};
    }));
    return *user;
}

Result<storage::User> UserService::Get(const UserId& id) {
    std::optional<storage::User> user;
    TRY(database_.Read([&](storage::Stores& stores) -> Result<Ok> {
        user = TRY(stores.users.Find(id));
        return Ok{};
    }));
    if (!user) return NotFound("User not found with ID: " + id.text());
    return *user;
}

Result<Ok> UserService::SetEmail(const UserId& id, const std::string& email) {
    TRY(Change(id, [&](storage::User& user) { user.email = email; }));
    return Ok{};
}

Result<Ok> UserService::SetTimezone(const UserId& id, const std::string& timezone) {
    TRY(Change(id, [&](storage::User& user) { user.timezone = timezone; }));
    return Ok{};
}

Result<storage::User> UserService::SetPreferences(const UserId& id,
                                                  const Preferences& preferences) {
    return Change(id, [&](storage::User& user) {
        user.email = preferences.email;
        for (const auto& [type, wanted] : preferences.notify) user.notify[type] = wanted;
        if (preferences.daily_limit != 0) user.max_emails_per_day = preferences.daily_limit;
    });
}

Result<storage::User> UserService::Change(const UserId& id,
                                          const std::function<void(storage::User&)>& change) {
    storage::User changed;
    TRY(database_.Write([&](storage::Stores& stores) -> Result<Ok> {
        auto user = TRY(stores.users.Find(id));
        if (!user) return NotFound("User not found with ID: " + id.text());
        change(*user);
        user->updated_at = clock_.Now();
        TRY(stores.users.Update(*user));
        changed = std::move(*user);
        return Ok{};
    }));
    return changed;
}

}  // namespace yard::service
