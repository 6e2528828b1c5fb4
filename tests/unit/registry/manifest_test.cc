#include "registry/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/registry/plugin_directory.h"

namespace yard::registry {
namespace {

using ::testing::HasSubstr;
using testing::ManifestChanges;

const ManifestChanges kGood{{"manifest", "1"},
                            {"id", R"("com.acme.ai")"},
                            {"version", R"("1.2.0")"},
                            {"vendor", R"("Acme")"},
                            {"abi.major", "1"},
                            {"abi.built", "3"},
                            {"abi.need", "2"},
                            {"library.file", R"("acme_ai.so")"},
                            {"library.arch", R"("x86_64-linux-gnu")"},
                            {"library.sha256", "\"" + std::string(64, 'a') + "\""},
                            {"library.size", "51488"},
                            {"blocks", R"([{"id":"com.acme.chat","name":"AcmeChat","more":[1]}])"}};

Result<Manifest> Parse(const ManifestChanges& changes) {
    ManifestChanges members = kGood;
    for (const auto& [key, text] : changes) members[key] = text;
    return ParseManifest(testing::PluginDirectory::ManifestText(members));
}

TEST(ManifestTest, EveryMemberIsRead) {
    const auto parsed = Parse({});
    ASSERT_TRUE(parsed.ok()) << parsed.error().message;
    const Manifest& manifest = parsed.value();
    EXPECT_EQ(manifest.id, "com.acme.ai");
    EXPECT_EQ(manifest.version, "1.2.0");
    EXPECT_EQ(manifest.vendor, "Acme");
    EXPECT_EQ(manifest.abi_major, 1u);
    EXPECT_EQ(manifest.abi_built, 3u);
    EXPECT_EQ(manifest.abi_need, 2u);
    EXPECT_EQ(manifest.library_file, "acme_ai.so");
    EXPECT_EQ(manifest.library_size_bytes, 51488u);
    ASSERT_EQ(manifest.blocks.size(), 1u);
    EXPECT_EQ(manifest.blocks[0].name, "AcmeChat");
    EXPECT_EQ(WriteJson(manifest.blocks[0].declaration["more"]), "[1]");
}

TEST(ManifestTest, UnknownMembersAreIgnored) {
    EXPECT_TRUE(Parse({{"future", R"({"a":1})"}, {"abi.future", "7"}}).ok());
}

struct WrongCase {
    const char* member;
    const char* text;
    const char* words;
};

class WrongManifestTest : public ::testing::TestWithParam<WrongCase> {};

TEST_P(WrongManifestTest, IsRefusedNamingTheMember) {
    const WrongCase& wrong = GetParam();
    const auto parsed = Parse({{wrong.member, wrong.text}});
    ASSERT_FALSE(parsed.ok());
    EXPECT_EQ(parsed.error().kind, ErrorKind::kInvalid);
    EXPECT_THAT(parsed.error().message, HasSubstr(wrong.words));
}

INSTANTIATE_TEST_SUITE_P(
    Members, WrongManifestTest,
    ::testing::Values(
        WrongCase{"manifest", "", "'manifest'"}, WrongCase{"manifest", "2", "'manifest'"},
        WrongCase{"id", "", "'id'"}, WrongCase{"id", R"("a b")", "'id'"},
        WrongCase{"id", R"("../x")", "'id'"}, WrongCase{"id", "7", "'id'"},
        WrongCase{"version", R"("")", "'version'"}, WrongCase{"vendor", "[]", "'vendor'"},
        WrongCase{"abi.major", "-1", "'abi.major'"}, WrongCase{"abi.need", "", "'abi.need'"},
        WrongCase{"abi.built", "1.5", "'abi.built'"},
        WrongCase{"abi.need", "99999999999", "'abi.need'"},
        WrongCase{"library.file", R"("../evil.so")", "'library.file'"},
        WrongCase{"library.file", R"("/lib/evil.so")", "'library.file'"},
        WrongCase{"library.file", R"("..")", "'library.file'"},
        WrongCase{"library.file", R"("a\u0000.so")", "'library.file'"},
        WrongCase{"library.file", R"("")", "'library.file'"},
        WrongCase{"library.sha256", R"("abc")", "'library.sha256'"},
        WrongCase{"library.size", "-5", "'library.size'"}, WrongCase{"blocks", "[]", "'blocks'"},
        WrongCase{"blocks", "{}", "'blocks'"}, WrongCase{"blocks", "[7]", "'blocks[0].id'"},
        WrongCase{"blocks", R"([{"id":"a"}])", "'blocks[0].name'"},
        WrongCase{"blocks", R"([{"id":"a","name":"A"},{"id":"a","name":"B"}])", "'a' twice"}));

TEST(ManifestTest, TextThatIsNoObjectIsRefused) {
    for (const char* text : {"", "[]", "null", "{", "{\"manifest\":1", "\xff\xfe"}) {
        SCOPED_TRACE(text);
        EXPECT_FALSE(ParseManifest(text).ok());
    }
}

TEST(ManifestTest, SyntaxErrorsAreLocated) {
    const auto parsed = ParseManifest("{\"manifest\": oops}");
    ASSERT_FALSE(parsed.ok());
    EXPECT_THAT(parsed.error().message, HasSubstr("not valid JSON at byte 13"));
}

TEST(ManifestTest, OversizedTextIsRefusedBeforeItIsParsed) {
    EXPECT_FALSE(ParseManifest(std::string(kManifestBytesMax + 1, ' ')).ok());
}

}  // namespace
}  // namespace yard::registry
