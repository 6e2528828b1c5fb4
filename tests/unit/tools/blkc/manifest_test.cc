#include "tools/blkc/manifest.h"

#include <gtest/gtest.h>

#include "base/crypto.h"
#include "base/json.h"

namespace yard::blkc {
namespace {

const std::string kEcho = YARD_BUILD_DIR "/test_plugins/example_echo.so";

std::string AboutFault(std::string_view about) {
    auto manifest = MakeManifest(kEcho, about);
    return manifest ? "none" : manifest.error().message;
}

TEST(ManifestTest, SaysWhatTheLibraryIsAndWhatItsBlocksAre) {
    Value manifest = MakeManifest(kEcho, "").value();
    EXPECT_EQ(manifest["manifest"].AsInt(), 1);
    EXPECT_EQ(manifest["id"].AsString(), "com.acme.echo");
    EXPECT_EQ(manifest["version"].AsString(), "1.0.0");
    EXPECT_EQ(manifest["abi"]["major"].AsInt(), BLK_ABI_MAJOR);
    EXPECT_EQ(manifest["library"]["file"].AsString(), "example_echo.so");
    EXPECT_EQ(manifest["library"]["sha256"].AsString(), Sha256HexOfFile(kEcho).value());
    EXPECT_GT(manifest["library"]["size"].AsInt(), 0);
    EXPECT_EQ(WriteJson(manifest["permissions"]), R"({"http":[],"credentials":[]})");
    EXPECT_EQ(WriteJson(manifest["run"]), R"({"isolation":"any","concurrency":"parallel"})");
    ASSERT_EQ(manifest["blocks"].size(), 1u);
    EXPECT_EQ(manifest["blocks"].At(0)["name"].AsString(), "EchoBlock");
}

TEST(ManifestTest, TakesTheAuthorsPart) {
    Value manifest = MakeManifest(kEcho, R"({"vendor": "Acme", "license": "MIT", "permissions": {
        "http": ["https://a/*"], "credentials": [{"provider": "a", "hosts": ["a"]}]}})")
                         .value();
    EXPECT_EQ(manifest["vendor"].AsString(), "Acme");
    EXPECT_EQ(manifest["permissions"]["http"].At(0).AsString(), "https://a/*");
}

TEST(ManifestTest, RefusesAnAuthorsPartThatSaysTooMuchOrTheWrongThing) {
    EXPECT_EQ(AboutFault("[]"), "The author's part of the manifest is not a JSON object.");
    EXPECT_EQ(AboutFault("{"), "The author's part of the manifest is not a JSON object.");
    EXPECT_EQ(AboutFault(R"({"id": "other.id"})"),
              "The author's part must not say \"id\": only vendor, license, run and permissions.");
    EXPECT_EQ(AboutFault(R"({"permissions": []})"),
              "The author's part: permissions must be an object.");
    EXPECT_EQ(AboutFault(R"({"permissions": {"files": []}})"),
              "The author's part: there is no permission \"files\".");
    EXPECT_EQ(AboutFault(R"({"permissions": {"http": "https://a/*"}})"),
              "The author's part: permissions.http must be a list of texts.");
    EXPECT_EQ(AboutFault(R"({"permissions": {"credentials": {}}})"),
              "The author's part: permissions.credentials must be a list.");
    EXPECT_EQ(AboutFault(R"({"permissions": {"credentials": [{"hosts": []}]}})"),
              "The author's part: every entry of permissions.credentials needs a provider.");
    EXPECT_EQ(AboutFault(R"({"permissions": {"credentials": [{"provider": "a"}]}})"),
              "The author's part: permissions.credentials[].hosts must be a list of texts.");
    EXPECT_EQ(AboutFault(R"({"run": {"isolation": "any"}})"),
              "The author's part: run needs an isolation of any or process and a concurrency of "
              "parallel or serial.");
    EXPECT_EQ(AboutFault(R"({"vendor": 5})"), "The author's part: vendor must be a text.");
}

TEST(ManifestTest, RefusesALibraryWhoseNoteIsMissingOrLies) {
    auto without = MakeManifest(YARD_BUILD_DIR "/refused/refused_note.so", "");
    ASSERT_FALSE(without.ok());
    EXPECT_NE(without.error().message.find("has no note .note.blk"), std::string::npos);
    auto lying = MakeManifest(YARD_BUILD_DIR "/refused/refused_note_need.so", "");
    ASSERT_FALSE(lying.ok());
    EXPECT_EQ(lying.error().message, "The ABI version in .note.blk is not that of blk_plugin.");
}

TEST(ManifestTest, RefusesAFileThatIsNotThereOrNoLibrary) {
    EXPECT_EQ(MakeManifest("/nowhere/x.so", "").error().kind, ErrorKind::kNotFound);
    EXPECT_EQ(MakeManifest(YARD_BUILD_DIR "/build.ninja", "").error().kind, ErrorKind::kInvalid);
}

}  // namespace
}  // namespace yard::blkc
