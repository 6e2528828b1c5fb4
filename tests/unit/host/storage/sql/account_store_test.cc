#include "host/storage/sql/account_store.h"

#include <gtest/gtest.h>

#include "tests/unit/host/storage/sql/temporary_database.h"

namespace yard::storage::sql {
namespace {

Account Ann() {
    Account account;
    account.id = UserId("ann");
    account.email = "ann@example.com";
    account.password_hash = "hash";
    account.created_at = {1};
    account.updated_at = {2};
    return account;
}

RefreshToken Token(const std::string& hash, const std::string& family,
                   Timestamp expires_at = {100}) {
    return {.token_hash = hash,
            .family_id = family,
            .account_id = UserId("ann"),
            .created_at = {1},
            .expires_at = expires_at,
            .used_at = {}};
}

class AccountStoreTest : public ::testing::Test {
protected:
    AccountStoreTest() {
        EXPECT_TRUE(Do([](AccountStore& accounts) { return accounts.Insert(Ann()); }).ok());
    }
    Result<Ok> Do(const std::function<Result<Ok>(AccountStore&)>& work) {
        return database_->Write([&](Stores& stores) { return work(stores.accounts); });
    }
    TemporaryDatabase database_;
};

TEST_F(AccountStoreTest, AnAccountIsFoundByIdAndByAddressAndUpdated) {
    EXPECT_TRUE(Do([](AccountStore& accounts) -> Result<Ok> {
                    Account account = *TRY(accounts.FindByEmail("ann@example.com"));
                    EXPECT_EQ(account.id, UserId("ann"));
                    EXPECT_EQ(account.role, "authenticated");
                    EXPECT_EQ(account.last_sign_in_at, std::nullopt);
                    account.role = "admin";
                    account.password_hash = "new";
                    account.last_sign_in_at = Timestamp{7};
                    TRY(accounts.Update(account));
                    const Account found = *TRY(accounts.Find(UserId("ann")));
                    EXPECT_EQ(found.role, "admin");
                    EXPECT_EQ(found.password_hash, "new");
                    EXPECT_EQ(found.last_sign_in_at, Timestamp{7});
                    EXPECT_EQ(TRY(accounts.Count()), 1);
                    EXPECT_FALSE(TRY(accounts.FindByEmail("bob@example.com")).has_value());
                    return Ok{};
                }).ok());
}

TEST_F(AccountStoreTest, ATakenAddressIsAConflictAndAnUnknownAccountNotFound) {
    Account second = Ann();
    second.id = UserId("ann-2");
    EXPECT_EQ(Do([&](AccountStore& accounts) { return accounts.Insert(second); }).error().kind,
              ErrorKind::kConflict);
    second.email = "two@example.com";
    EXPECT_EQ(Do([&](AccountStore& accounts) { return accounts.Update(second); }).error().kind,
              ErrorKind::kNotFound);
}

TEST_F(AccountStoreTest, ATokenIsUsedOnce) {
    EXPECT_TRUE(Do([](AccountStore& accounts) -> Result<Ok> {
                    TRY(accounts.InsertToken(Token("t", "f")));
                    EXPECT_EQ(TRY(accounts.FindToken("t"))->used_at, std::nullopt);
                    EXPECT_TRUE(TRY(accounts.MarkTokenUsed("t", {5})));
                    EXPECT_FALSE(TRY(accounts.MarkTokenUsed("t", {6})));
                    EXPECT_FALSE(TRY(accounts.MarkTokenUsed("unknown", {6})));
                    EXPECT_EQ(TRY(accounts.FindToken("t"))->used_at, Timestamp{5});
                    EXPECT_FALSE(TRY(accounts.FindToken("unknown")).has_value());
                    return Ok{};
                }).ok());
}

TEST_F(AccountStoreTest, TokensAreDeletedByFamilyByAccountAndByAge) {
    EXPECT_TRUE(Do([](AccountStore& accounts) -> Result<Ok> {
                    for (const char* family : {"a", "b", "c"}) {
                        TRY(accounts.InsertToken(Token(family, family)));
                    }
                    TRY(accounts.DeleteFamily("a"));
                    EXPECT_FALSE(TRY(accounts.FindToken("a")).has_value());
                    TRY(accounts.DeleteTokensOf(UserId("ann"), "b"));
                    EXPECT_TRUE(TRY(accounts.FindToken("b")).has_value());
                    EXPECT_FALSE(TRY(accounts.FindToken("c")).has_value());
                    TRY(accounts.DeleteTokensOf(UserId("ann"), ""));
                    EXPECT_FALSE(TRY(accounts.FindToken("b")).has_value());
                    TRY(accounts.InsertToken(Token("old", "f", {10})));
                    TRY(accounts.InsertToken(Token("young", "f", {11})));
                    EXPECT_EQ(TRY(accounts.DeleteExpiredTokens({10})), 1);
                    EXPECT_TRUE(TRY(accounts.FindToken("young")).has_value());
                    return Ok{};
                }).ok());
}

}  // namespace
}  // namespace yard::storage::sql
