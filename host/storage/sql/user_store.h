#pragma once

#include <vector>

#include "host/storage/sql/session.h"
#include "host/storage/user_store.h"

namespace yard::storage::sql {

class SqlUserStore final : public UserStore {
public:
    explicit SqlUserStore(Session& session) : session_(session) {}

    Result<std::optional<User>> Find(const UserId& id) override;
    Result<User> GetOrCreate(const UserId& id, const std::string& email,
                             const std::optional<std::string>& name, Timestamp now) override;
    Result<bool> Update(const User& user) override;

    // Every statement this store runs.
    static std::vector<const Statement*> Statements();

private:
    Session& session_;
};

}  // namespace yard::storage::sql
