#include "config/secrets.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "config/normalise.h"
#include "tests/unit/config/temporary_directory.h"

namespace yard::config {
namespace {

using ::testing::HasSubstr;

class SecretsTest : public ::testing::Test {
protected:
    Settings Fresh(const std::string& mode = "embedded") const {
        Settings settings;
        settings.data_dir = directory_.path() + "/deep/data";
        settings.auth.mode = mode;
        return settings;
    }
    std::string FileOf(const std::string& key) const {
        return directory_.path() + "/deep/data/secrets/" + key;
    }
    static unsigned ModeOf(const std::string& path) {
        struct stat status {};
        EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
        return status.st_mode & 0777;
    }
    std::string Fault() const {
        Settings settings = Fresh();
        const auto done = EnsureSecrets(settings);
        return done ? "(no fault)" : done.error().message;
    }
    void Overwrite(const std::string& key, const std::string& text) const {
        std::ofstream(FileOf(key), std::ios::trunc) << text;
    }

    TemporaryDirectory directory_;
};

TEST_F(SecretsTest, GeneratesOnceAndReadsBack) {
    Settings first = Fresh();
    ASSERT_TRUE(EnsureSecrets(first).ok());
    EXPECT_TRUE(CheckFernetKey(&first.encryption_key).ok());
    EXPECT_FALSE(first.encryption_key.empty());
    EXPECT_GE(first.auth.jwt_verify_key.size(), 32U);
    Settings second = Fresh();
    ASSERT_TRUE(EnsureSecrets(second).ok());
    EXPECT_EQ(second.encryption_key, first.encryption_key);
    EXPECT_EQ(second.auth.jwt_verify_key, first.auth.jwt_verify_key);
}

TEST_F(SecretsTest, FilesAreForTheOwnerOnlyAndNoneIsLeftOver) {
    Settings settings = Fresh();
    ASSERT_TRUE(EnsureSecrets(settings).ok());
    EXPECT_EQ(ModeOf(FileOf("")), 0700U);
    EXPECT_EQ(ModeOf(FileOf("encryption_key")), 0600U);
    EXPECT_EQ(ModeOf(FileOf("auth.jwt_verify_key")), 0600U);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(FileOf("")), {}), 2);
}

TEST_F(SecretsTest, GivenSecretsStayAndAreNotWritten) {
    Settings settings = Fresh();
    settings.encryption_key = std::string(43, 'A') + "=";
    settings.auth.jwt_verify_key = "given";
    ASSERT_TRUE(EnsureSecrets(settings).ok());
    EXPECT_EQ(settings.auth.jwt_verify_key, "given");
    EXPECT_FALSE(std::filesystem::exists(FileOf("encryption_key")));
    EXPECT_FALSE(std::filesystem::exists(FileOf("auth.jwt_verify_key")));
}

TEST_F(SecretsTest, ExternalModeGeneratesNoJwtKey) {
    Settings settings = Fresh("external");
    ASSERT_TRUE(EnsureSecrets(settings).ok());
    EXPECT_TRUE(settings.auth.jwt_verify_key.empty());
}

TEST_F(SecretsTest, FileOthersCanReadIsRefused) {
    ASSERT_EQ(Fault(), "(no fault)");
    ASSERT_EQ(::chmod(FileOf("encryption_key").c_str(), 0640), 0);
    EXPECT_THAT(Fault(), HasSubstr("encryption_key is a secret that other users can read; run "
                                   "chmod 600 on it"));
}

TEST_F(SecretsTest, DirectoryOthersCanEnterIsRefused) {
    ASSERT_EQ(Fault(), "(no fault)");
    ASSERT_EQ(::chmod(FileOf("").c_str(), 0755), 0);
    EXPECT_THAT(Fault(), HasSubstr("is open to other users; run chmod 700 on it"));
}

TEST_F(SecretsTest, DamagedSecretIsRefusedAndKept) {
    ASSERT_EQ(Fault(), "(no fault)");
    Overwrite("encryption_key", "short\n");
    EXPECT_THAT(Fault(), HasSubstr("encryption_key must be 32 bytes"));
    Overwrite("encryption_key", "\n");
    EXPECT_THAT(Fault(), HasSubstr("is empty"));
    Overwrite("encryption_key", std::string(20'000, 'x'));
    EXPECT_THAT(Fault(), HasSubstr("is too large for a secret"));
}

TEST_F(SecretsTest, LinksAndFoldersInPlaceOfASecretAreRefused) {
    ASSERT_EQ(Fault(), "(no fault)");
    std::filesystem::remove(FileOf("encryption_key"));
    std::filesystem::create_symlink("/etc/hostname", FileOf("encryption_key"));
    EXPECT_THAT(Fault(), HasSubstr("cannot open"));
    std::filesystem::remove(FileOf("encryption_key"));
    std::filesystem::create_directory(FileOf("encryption_key"));
    EXPECT_THAT(Fault(), HasSubstr("is not a regular file"));
}

TEST_F(SecretsTest, DataDirThatCannotBeCreatedIsAFault) {
    Settings settings = Fresh();
    settings.data_dir = directory_.Write("file", "") + "/data";
    EXPECT_THAT(EnsureSecrets(settings).error().message, HasSubstr("cannot create"));
}

}  // namespace
}  // namespace yard::config
