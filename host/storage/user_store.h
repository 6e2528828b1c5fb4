#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "base/value.h"

namespace yard::storage {

// The platform's user row: profile and preferences, not the means to sign in (AccountStore).
struct User {
    UserId id;
    std::string email;
    bool email_verified = true;
    std::optional<std::string> name;
    Timestamp created_at;
    Timestamp updated_at;
    Value metadata = Value::EmptyObject();
    std::string integrations;  // Encrypted document, or empty.
    std::optional<std::string> stripe_customer_id;
    Value top_up_config;  // {amount, threshold}, or null.
    int max_emails_per_day = 3;
    std::map<std::string, bool> notify;  // "AGENT_RUN" -> wanted; a missing key means wanted.
    std::string timezone = "not-set";
};

class UserStore {
public:
    virtual ~UserStore() = default;
    virtual Result<std::optional<User>> Find(const UserId& id) = 0;
    // The existing row unchanged, or a new one.
    virtual Result<User> GetOrCreate(const UserId& id, const std::string& email,
                                     const std::optional<std::string>& name, Timestamp now) = 0;
    // Writes every member but id and created_at. False if there is no such user; kConflict if the
    // e-mail address belongs to another one.
    virtual Result<bool> Update(const User& user) = 0;
};

}  // namespace yard::storage
