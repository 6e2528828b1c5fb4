#include "host/service/users/user_service.h"

#include "tests/unit/host/service/host_fixture.h"

namespace yard::service {
namespace {

class UserServiceTest : public HostTest {
protected:
    const UserId alice_{"alice"};
};

TEST_F(UserServiceTest, GetOrCreateKeepsTheFirstRow) {
    AddUser("alice", "a@example.com");
    auto again = users_.GetOrCreate(alice_, "other@example.com", "Other");
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again.value().email, "a@example.com");
}

TEST_F(UserServiceTest, AnUnknownUserIsNotFound) {
    EXPECT_EQ(users_.Get(alice_).error().kind, ErrorKind::kNotFound);
    EXPECT_EQ(users_.SetEmail(alice_, "a@b.c").error().kind, ErrorKind::kNotFound);
    EXPECT_EQ(users_.SetTimezone(alice_, "UTC").error().kind, ErrorKind::kNotFound);
    EXPECT_EQ(users_.SetPreferences(alice_, {}).error().kind, ErrorKind::kNotFound);
}

TEST_F(UserServiceTest, AnothersAddressIsAConflict) {
    AddUser("alice", "a@example.com");
    AddUser("bob", "b@example.com");
    EXPECT_EQ(users_.SetEmail(alice_, "b@example.com").error().kind, ErrorKind::kConflict);
}

TEST_F(UserServiceTest, PreferencesChangeOnlyWhatIsNamed) {
    AddUser("alice", "a@example.com");
    auto first = users_.SetPreferences(alice_, {"n@example.com", {{"AGENT_RUN", false}}, 0});
    ASSERT_TRUE(first.ok()) << first.error().message;
    auto second = users_.SetPreferences(alice_, {"n@example.com", {{"LOW_BALANCE", false}}, 7});
    ASSERT_TRUE(second.ok());
    storage::User stored = users_.Get(alice_).value();
    EXPECT_FALSE(stored.notify.at("AGENT_RUN"));
    EXPECT_FALSE(stored.notify.at("LOW_BALANCE"));
    EXPECT_EQ(stored.max_emails_per_day, 7);
    EXPECT_EQ(stored.email, "n@example.com");
}

TEST_F(UserServiceTest, TheTimezoneIsStored) {
    AddUser("alice", "a@example.com");
    ASSERT_TRUE(users_.SetTimezone(alice_, "Europe/Berlin").ok());
    EXPECT_EQ(users_.Get(alice_).value().timezone, "Europe/Berlin");
}

}  // namespace
}  // namespace yard::service
