#include "host/app/first_account.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "host/auth/account_service.h"
#include "host/storage/sql/open_database.h"
#include "tests/fakes/fake_clock.h"

namespace yard::app {
namespace {

storage::sql::DatabaseOptions InMemory() {
    storage::sql::DatabaseOptions options;
    options.url = "sqlite::memory:";
    return options;
}

class FirstAccountTest : public testing::Test {
protected:
    FirstAccountTest() {
        std::string pattern = testing::TempDir() + "first_account_XXXXXX";
        settings.data_dir = ::mkdtemp(pattern.data());
        std::filesystem::create_directory(settings.data_dir + "/secrets");
        settings.auth.first_account.email = "admin@blockyard.local";
    }
    ~FirstAccountTest() override { std::filesystem::remove_all(settings.data_dir); }

    std::string password_file() const {
        return settings.data_dir + "/secrets/first_account_password";
    }

    config::Settings settings;
    fakes::FakeClock clock;
    std::unique_ptr<storage::Database> database = storage::sql::OpenDatabase(InMemory()).value();
    auth::AccountService accounts{*database, clock, auth::AccountOptions()};
};

TEST_F(FirstAccountTest, AGeneratedPasswordIsWrittenForTheOwnerOnly) {
    ASSERT_TRUE(CreateFirstAccount(settings, accounts).ok());
    struct stat status {};
    ASSERT_EQ(::stat(password_file().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
    std::string password;
    std::ifstream(password_file()) >> password;
    EXPECT_GE(password.size(), 16u);
    EXPECT_TRUE(accounts.SignIn("admin@blockyard.local", password, "192.0.2.1").ok());
}

TEST_F(FirstAccountTest, AConfiguredPasswordIsNotWrittenDown) {
    settings.auth.first_account.password = "correct horse";
    ASSERT_TRUE(CreateFirstAccount(settings, accounts).ok());
    EXPECT_FALSE(std::filesystem::exists(password_file()));
    EXPECT_TRUE(accounts.SignIn("admin@blockyard.local", "correct horse", "192.0.2.1").ok());
}

TEST_F(FirstAccountTest, NothingHappensWhereThereIsAnAccount) {
    ASSERT_TRUE(accounts.EnsureFirstAccount("boss@blockyard.local", "correct horse").value());
    ASSERT_TRUE(CreateFirstAccount(settings, accounts).ok());
    EXPECT_FALSE(std::filesystem::exists(password_file()));
}

TEST_F(FirstAccountTest, WithoutAPlaceForThePasswordThereIsNoAccount) {
    std::filesystem::remove_all(settings.data_dir + "/secrets");
    const auto result = CreateFirstAccount(settings, accounts);
    ASSERT_FALSE(result.ok());
    EXPECT_NE(result.error().message.find(password_file()), std::string::npos);
    EXPECT_TRUE(accounts.IsEmpty().value());
}

}  // namespace
}  // namespace yard::app
