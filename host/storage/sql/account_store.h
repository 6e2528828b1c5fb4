#pragma once

#include <vector>

#include "host/storage/account_store.h"
#include "host/storage/sql/session.h"

namespace yard::storage::sql {

class SqlAccountStore final : public AccountStore {
public:
    explicit SqlAccountStore(Session& session) : session_(session) {}

    Result<Ok> Insert(const Account& account) override;
    Result<std::optional<Account>> FindByEmail(const std::string& email) override;
    Result<std::optional<Account>> Find(const UserId& id) override;
    Result<Ok> Update(const Account& account) override;
    Result<int64_t> Count() override;

    Result<Ok> InsertToken(const RefreshToken& token) override;
    Result<std::optional<RefreshToken>> FindToken(const std::string& token_hash) override;
    Result<bool> MarkTokenUsed(const std::string& token_hash, Timestamp at) override;
    Result<Ok> DeleteFamily(const std::string& family_id) override;
    Result<Ok> DeleteTokensOf(const UserId& account, const std::string& except_family_id) override;
    Result<int> DeleteExpiredTokens(Timestamp now) override;

    // Every statement this store runs.
    static std::vector<const Statement*> Statements();

private:
    Session& session_;
};

}  // namespace yard::storage::sql
