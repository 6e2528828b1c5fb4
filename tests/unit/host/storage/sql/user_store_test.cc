#include "host/storage/sql/user_store.h"

#include <gtest/gtest.h>

#include "tests/unit/host/storage/sql/temporary_database.h"

namespace yard::storage::sql {
namespace {

class UserStoreTest : public ::testing::Test {
protected:
    Result<Ok> Do(const std::function<Result<Ok>(UserStore&)>& work) {
        return database_->Write([&](Stores& stores) { return work(stores.users); });
    }
    TemporaryDatabase database_;
};

TEST_F(UserStoreTest, GetOrCreateLeavesAnExistingUserAlone) {
    EXPECT_TRUE(Do([](UserStore& users) -> Result<Ok> {
                    const User user =
                        TRY(users.GetOrCreate(kUser, "other@example.com", "Other", {99}));
                    EXPECT_EQ(user.email, "one@example.com");
                    EXPECT_EQ(user.name, std::nullopt);
                    EXPECT_EQ(user.created_at, Timestamp{1});
                    EXPECT_TRUE(user.email_verified);
                    EXPECT_TRUE(user.metadata->IsObject());
                    EXPECT_EQ(user.max_emails_per_day, 3);
                    EXPECT_EQ(user.timezone, "not-set");
                    return Ok{};
                }).ok());
}

TEST_F(UserStoreTest, UpdateWritesEveryMember) {
    EXPECT_TRUE(Do([](UserStore& users) -> Result<Ok> {
                    User user = *TRY(users.Find(kUser));
                    user.email = "new@example.com";
                    user.email_verified = false;
                    user.name = "New";
                    user.updated_at = {50};
                    user.metadata = Value::Object({{"a", Value::Int(1)}});
                    user.integrations = "sealed";
                    user.stripe_customer_id = "cus_1";
                    user.top_up_config = Value::Object({{"amount", Value::Int(500)}});
                    user.max_emails_per_day = 9;
                    user.notify = {{"AGENT_RUN", false}, {"LOW_BALANCE", true}};
                    user.timezone = "Asia/Tokyo";
                    EXPECT_TRUE(TRY(users.Update(user)));
                    const User found = *TRY(users.Find(kUser));
                    EXPECT_EQ(found.email, "new@example.com");
                    EXPECT_FALSE(found.email_verified);
                    EXPECT_EQ(found.name, "New");
                    EXPECT_EQ(found.updated_at, Timestamp{50});
                    EXPECT_EQ(found.metadata["a"].AsInt(), 1);
                    EXPECT_EQ(found.integrations, "sealed");
                    EXPECT_EQ(found.stripe_customer_id, "cus_1");
                    EXPECT_EQ(found.top_up_config["amount"].AsInt(), 500);
                    EXPECT_EQ(found.max_emails_per_day, 9);
                    EXPECT_EQ(found.notify, user.notify);
                    EXPECT_EQ(found.timezone, "Asia/Tokyo");
                    return Ok{};
                }).ok());
}

TEST_F(UserStoreTest, AnAddressThatBelongsToAnotherUserIsAConflict) {
    const Result<Ok> done = Do([](UserStore& users) -> Result<Ok> {
        User second = TRY(users.GetOrCreate(UserId("user-2"), "two@example.com", "Two", {1}));
        second.email = "one@example.com";
        TRY(users.Update(second));
        return Ok{};
    });
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().kind, ErrorKind::kConflict);
}

TEST_F(UserStoreTest, AUserThatIsNotThereIsNotFoundAndNotUpdated) {
    EXPECT_TRUE(Do([](UserStore& users) -> Result<Ok> {
                    EXPECT_FALSE(TRY(users.Find(UserId("nobody"))).has_value());
                    User nobody;
                    nobody.id = UserId("nobody");
                    EXPECT_FALSE(TRY(users.Update(nobody)));
                    return Ok{};
                }).ok());
}

}  // namespace
}  // namespace yard::storage::sql
