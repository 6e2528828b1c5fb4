#include "config/load.h"

#include <gmock/gmock.h>

#include "config/settings_table.h"
#include "tests/unit/config/temporary_directory.h"

namespace yard::config {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class LoadTest : public ::testing::Test {
protected:
    LoadTest() {
        sources_.environment["HOME"] = "/home/somebody";
        sources_.executable = "/opt/blockyard/bin/blockyard";
    }

    void GiveFile(const std::string& text) {
        sources_.file = directory_.Write("blockyard.yaml", text);
    }
    Settings MustLoad() {
        auto loaded = Load(sources_);
        if (!loaded) {
            ADD_FAILURE() << loaded.error().message;
            return {};
        }
        return std::move(loaded).value();
    }
    // The fault without the folder of the file.
    std::string Fault() {
        const auto loaded = Load(sources_);
        if (loaded) return "(no fault)";
        std::string message = loaded.error().message;
        for (size_t at = 0; (at = message.find(directory_.path() + "/")) != std::string::npos;) {
            message.erase(at, directory_.path().size() + 1);
        }
        return message;
    }
    std::string FaultOfFile(const std::string& text) {
        GiveFile(text);
        return Fault();
    }

    TemporaryDirectory directory_;
    Sources sources_;
};

TEST_F(LoadTest, NoSourceGivesTheDefaults) {
    const Settings settings = MustLoad();
    EXPECT_EQ(settings.server.port, 8006);
    EXPECT_EQ(settings.server.host, "127.0.0.1");
    EXPECT_EQ(settings.server.body_bytes_max, 16 << 20);
    EXPECT_EQ(settings.auth.mode, "embedded");
    EXPECT_EQ(settings.auth.jwt_audience, "authenticated");
    EXPECT_TRUE(settings.auth.sign_up_enabled);
    EXPECT_THAT(settings.outbound.allow, IsEmpty());
    EXPECT_EQ(settings.data_dir, "/home/somebody/.local/share/blockyard");
    EXPECT_EQ(settings.database.url, "sqlite:///home/somebody/.local/share/blockyard/blockyard.db");
    EXPECT_THAT(settings.plugins.dirs,
                ElementsAre("/opt/blockyard/plugins", "/opt/blockyard/lib/blockyard/plugins"));
    EXPECT_EQ(settings.providers.at("openai").base_url, "https://api.openai.com/v1");
    EXPECT_EQ(settings.providers.size(), 8U);
}

TEST_F(LoadTest, EverySettingHasAnOrigin) {
    const Settings settings = MustLoad();
    for (const Setting& setting : SettingsTable()) {
        EXPECT_EQ(settings.origins.at(setting.key), "default") << setting.key;
    }
}

TEST_F(LoadTest, EachSourceOverridesTheOnesBelowIt) {
    GiveFile("server:\n  port: 1\n  workers: 2\n  docs: false\n");
    EXPECT_EQ(MustLoad().server.port, 1);
    sources_.environment["BLOCKYARD_SERVER__PORT"] = "3";
    sources_.environment["BLOCKYARD_SERVER__WORKERS"] = "4";
    EXPECT_EQ(MustLoad().server.port, 3);
    sources_.overrides = {"server.port=5", "server.port=6"};
    const Settings settings = MustLoad();
    EXPECT_EQ(settings.server.port, 6);
    EXPECT_EQ(settings.server.workers, 4);
    EXPECT_FALSE(settings.server.docs);
    EXPECT_EQ(settings.origins.at("server.port"), "--set");
    EXPECT_EQ(settings.origins.at("server.workers"), "env BLOCKYARD_SERVER__WORKERS");
    EXPECT_THAT(settings.origins.at("server.docs"), HasSubstr("/blockyard.yaml:4"));
}

TEST_F(LoadTest, UnknownKeyNamesThePlaceAndTheNearestKey) {
    EXPECT_EQ(FaultOfFile("# one\nserver:\n  prot: 80\n"),
              "blockyard.yaml:3: unknown setting 'server.prot'; did you mean 'server.port'?");
}

TEST_F(LoadTest, UnknownSectionIsRefused) {
    EXPECT_THAT(FaultOfFile("sever:\n  port: 80\n"),
                HasSubstr("blockyard.yaml:1: unknown setting 'sever'"));
}

TEST_F(LoadTest, VeryLongUnknownKeyIsCutInTheMessage) {
    const std::string message = FaultOfFile(std::string(900, 'x') + ": 1\n");
    EXPECT_THAT(message, HasSubstr("unknown setting 'xxx"));
    EXPECT_LT(message.size(), 400U);
}

TEST_F(LoadTest, ValueOutOfRangeNamesTheRange) {
    EXPECT_EQ(FaultOfFile("server:\n  port: 70000\n"),
              "blockyard.yaml:2: server.port must be between 0 and 65535, not 70000");
}

TEST_F(LoadTest, WrongTypesAreRefused) {
    EXPECT_THAT(FaultOfFile("server:\n  port: http\n"),
                HasSubstr("server.port must be an integer"));
    EXPECT_THAT(FaultOfFile("server:\n  port: \"80\"\n"), HasSubstr("must be an integer"));
    EXPECT_THAT(FaultOfFile("server:\n  port: 80.5\n"), HasSubstr("must be an integer"));
    EXPECT_THAT(FaultOfFile("server:\n  port: [80]\n"), HasSubstr("must be an integer"));
    EXPECT_THAT(FaultOfFile("server:\n  port:\n"), HasSubstr("must be an integer"));
    EXPECT_THAT(FaultOfFile("server:\n  host: 7\n"), HasSubstr("must be text"));
    EXPECT_THAT(FaultOfFile("plugins:\n  dirs: /a\n"), HasSubstr("must be a list"));
    EXPECT_THAT(FaultOfFile("plugins:\n  dirs: [1]\n"), HasSubstr("must be a list of texts"));
    EXPECT_THAT(FaultOfFile("plugins:\n  settings: [1]\n"), HasSubstr("must be a map"));
    EXPECT_THAT(FaultOfFile("plugins:\n  settings:\n    a: 1\n"),
                HasSubstr("must have a map under 'a'"));
}

TEST_F(LoadTest, OnlyTrueAndFalseAreBooleansInTheFile) {
    for (const std::string word : {"yes", "on", "True", "1", "\"true\""}) {
        EXPECT_EQ(FaultOfFile("server:\n  docs: " + word + "\n"),
                  "blockyard.yaml:2: server.docs must be true or false");
    }
}

TEST_F(LoadTest, ScalarInPlaceOfASectionIsRefused) {
    EXPECT_EQ(FaultOfFile("server: 8006\n"),
              "blockyard.yaml:1: 'server' is a section; write its settings below it");
}

TEST_F(LoadTest, EmptySectionIsAccepted) {
    GiveFile("server:\nauth:\n  first_account:\n");
    EXPECT_EQ(MustLoad().server.port, 8006);
}

TEST_F(LoadTest, AllFaultsAreListedAtOnce) {
    sources_.overrides = {"server.port=x", "nonsense"};
    sources_.environment["BLOCKYARD_LOG__LEVLE"] = "info";
    const std::string message = FaultOfFile("server:\n  prot: 1\n  workers: -1\n");
    EXPECT_THAT(message, HasSubstr("blockyard.yaml:2: unknown setting"));
    EXPECT_THAT(message, HasSubstr("blockyard.yaml:3: server.workers must be between 0 and 64"));
    EXPECT_THAT(message, HasSubstr("env BLOCKYARD_LOG__LEVLE: unknown setting; did you mean "
                                   "'BLOCKYARD_LOG__LEVEL'?"));
    EXPECT_THAT(message, HasSubstr("--set: server.port must be an integer"));
    EXPECT_THAT(message, HasSubstr("--set: write key=value, not 'nonsense'"));
}

TEST_F(LoadTest, MissingFileIsAFault) {
    sources_.file = directory_.path() + "/none.yaml";
    EXPECT_EQ(Fault(), "cannot read none.yaml: No such file or directory");
}

TEST_F(LoadTest, UnknownOverrideNamesTheNearestKey) {
    sources_.overrides = {"outbound.alow=127.0.0.1:80"};
    EXPECT_EQ(Fault(), "--set: unknown setting 'outbound.alow'; did you mean 'outbound.allow'?");
}

TEST_F(LoadTest, ListsOfVariablesAreWordsOrJson) {
    sources_.overrides = {"outbound.allow=127.0.0.1:80, 10.0.0.0/8"};
    EXPECT_THAT(MustLoad().outbound.allow, ElementsAre("127.0.0.1:80", "10.0.0.0/8"));
    sources_.overrides = {R"(outbound.allow=["127.0.0.1:80"])"};
    EXPECT_THAT(MustLoad().outbound.allow, ElementsAre("127.0.0.1:80"));
    sources_.overrides = {"outbound.allow="};
    EXPECT_THAT(MustLoad().outbound.allow, IsEmpty());
    sources_.overrides = {R"(outbound.allow=["127.0.0.1:80")"};
    EXPECT_THAT(Fault(), HasSubstr("is not a valid JSON list"));
}

TEST_F(LoadTest, EmptyVariableCountsAsAbsent) {
    sources_.environment["BLOCKYARD_SERVER__PORT"] = "";
    sources_.environment["OPENAI_API_KEY"] = "";
    const Settings settings = MustLoad();
    EXPECT_EQ(settings.server.port, 8006);
    EXPECT_EQ(settings.origins.at("providers.openai.api_key"), "default");
}

TEST_F(LoadTest, ReferencePlatformNamesAreHonoured) {
    sources_.environment.insert({{"AGENT_API_HOST", "0.0.0.0"},
                                 {"AGENT_API_PORT", "9000"},
                                 {"WEBSOCKET_SERVER_PORT", "9001"},
                                 {"DATABASE_URL", "postgresql://u:p@db/x?schema=platform"},
                                 {"JWT_VERIFY_KEY", "first"},
                                 {"SUPABASE_JWT_SECRET", "second"},
                                 {"LOG_LEVEL", "WARNING"},
                                 {"APP_ENV", "prod"},
                                 {"ENABLE_CREDIT", "True"},
                                 {"NUM_GRAPH_WORKERS", "77"},
                                 {"EXECUTION_COST_PER_THRESHOLD", "2"},
                                 {"OPEN_ROUTER_API_KEY", "k"},
                                 {"PLATFORM_BASE_URL", "https://a.example//"}});
    const Settings settings = MustLoad();
    EXPECT_EQ(settings.server.host, "0.0.0.0");
    EXPECT_EQ(settings.server.port, 9000);
    EXPECT_EQ(settings.websocket.port, 9001);
    EXPECT_EQ(settings.database.url, "postgresql://u:p@db/x?schema=platform");
    EXPECT_EQ(settings.auth.jwt_verify_key, "first");
    EXPECT_EQ(settings.log.level, "warning");
    EXPECT_EQ(settings.server.app_env, "prod");
    EXPECT_TRUE(settings.credits.enabled);
    EXPECT_EQ(settings.engine.runs_max, 77);
    EXPECT_EQ(settings.credits.cost_per_threshold, 2);
    EXPECT_EQ(settings.providers.at("open_router").api_key, "k");
    EXPECT_EQ(settings.server.platform_base_url, "https://a.example");
    EXPECT_EQ(settings.origins.at("auth.jwt_verify_key"), "env JWT_VERIFY_KEY");
}

TEST_F(LoadTest, OwnVariableWinsOverTheReferencePlatforms) {
    sources_.environment["AGENT_API_PORT"] = "1";
    sources_.environment["BLOCKYARD_SERVER__PORT"] = "2";
    EXPECT_EQ(MustLoad().server.port, 2);
}

TEST_F(LoadTest, UnrelatedVariablesAreIgnored) {
    sources_.environment["PATH"] = "/bin";
    sources_.environment["BLOCKYARDS"] = "x";
    sources_.environment["BLOCKYARD_CONTRACT_DIR"] = "/x";
    EXPECT_EQ(MustLoad().server.port, 8006);
}

TEST_F(LoadTest, FaultsOfSecretsDoNotShowTheirValue) {
    sources_.environment["ENCRYPTION_KEY"] = "hunter2";
    EXPECT_EQ(Fault(),
              "env ENCRYPTION_KEY: encryption_key must be 32 bytes as URL-safe base64: 43 "
              "characters and '='");
}

TEST_F(LoadTest, DataDirFollowsXdgUnlessItIsRelative) {
    sources_.environment["XDG_DATA_HOME"] = "/data";
    EXPECT_EQ(MustLoad().data_dir, "/data/blockyard");
    sources_.environment["XDG_DATA_HOME"] = "data";
    EXPECT_EQ(MustLoad().data_dir, "/home/somebody/.local/share/blockyard");
}

TEST_F(LoadTest, WithoutAHomeDataDirMustBeGiven) {
    sources_.environment.clear();
    EXPECT_EQ(Fault(), "data_dir: there is no home directory; set data_dir");
    sources_.overrides = {"data_dir=/d"};
    EXPECT_EQ(MustLoad().database.url, "sqlite:///d/blockyard.db");
}

TEST_F(LoadTest, ExternalModeNeedsAKey) {
    sources_.overrides = {"auth.mode=external"};
    EXPECT_EQ(Fault(), "--set: auth.mode external needs auth.jwt_verify_key");
    sources_.overrides.push_back("auth.jwt_verify_key=secret");
    sources_.overrides.push_back("auth.jwt_sign_algorithm=RS256");
    EXPECT_EQ(MustLoad().auth.mode, "external");
}

TEST_F(LoadTest, EmbeddedModeSignsWithHs256Only) {
    sources_.overrides = {"auth.jwt_sign_algorithm=RS256"};
    EXPECT_THAT(Fault(), HasSubstr("needs auth.jwt_sign_algorithm HS256"));
}

TEST_F(LoadTest, ThePasswordOfTheFirstAccountNeedsItsAddress) {
    sources_.overrides = {"auth.first_account.password=12345678"};
    EXPECT_THAT(Fault(), HasSubstr("auth.first_account.password needs auth.first_account.email"));
    sources_.overrides.push_back("auth.first_account.email=a@b.c");
    EXPECT_EQ(MustLoad().auth.first_account.password, "12345678");
    // Without a password one is generated at the first start.
    sources_.overrides = {"auth.first_account.email=a@b.c"};
    EXPECT_EQ(MustLoad().auth.first_account.email, "a@b.c");
}

TEST_F(LoadTest, PluginSettingsKeepTheirTypes) {
    GiveFile(
        "plugins:\n  settings:\n    acme:\n      n: 1\n      s: '1'\n      b: true\n"
        "      f: 0.5\n      list: [a, null]\n      yes: no\n");
    const Settings settings = MustLoad();
    const View acme = settings.plugins.settings.at("acme").view();
    EXPECT_EQ(acme["n"].IntOr(0), 1);
    EXPECT_EQ(acme["s"].StringOr(""), "1");
    EXPECT_TRUE(acme["b"].BoolOr(false));
    EXPECT_EQ(acme["f"].AsDouble(), 0.5);
    EXPECT_TRUE(acme["list"].At(1).IsNull());
    EXPECT_EQ(acme["yes"].StringOr(""), "no");
}

TEST_F(LoadTest, ShippedFileLoadsAndChangesNothing) {
    sources_.file = std::string(SOURCE_DIR) + "/config/blockyard.yaml";
    const Settings settings = MustLoad();
    EXPECT_THAT(settings.origins, Not(Contains(::testing::Pair(::testing::_, HasSubstr(".yaml")))));
}

TEST(ProcessEnvironmentTest, HoldsAVariableOfThisProcess) {
    ASSERT_EQ(setenv("CONFIG_TEST_VARIABLE", "a=b", 1), 0);
    EXPECT_EQ(ProcessEnvironment()["CONFIG_TEST_VARIABLE"], "a=b");
}

}  // namespace
}  // namespace yard::config
