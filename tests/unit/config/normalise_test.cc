#include "config/normalise.h"

#include <gmock/gmock.h>

namespace yard::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> Cors(std::vector<std::string> origins) {
    const auto done = NormaliseCorsOrigins(&origins);
    return done ? origins : std::vector<std::string>{"fault: " + done.error().message};
}

std::string Url(std::string url) {
    const auto done = NormaliseUrl(&url);
    return done ? url : "fault: " + done.error().message;
}

bool IsFernetKey(std::string key) { return CheckFernetKey(&key).ok(); }

bool IsDatabaseUrl(std::string url) { return CheckDatabaseUrl(&url).ok(); }

TEST(NormaliseTest, LocalhostOriginsGetTheirTwins) {
    EXPECT_THAT(Cors({" http://localhost:3000 "}),
                ElementsAre("http://localhost:3000", "http://127.0.0.1:3000"));
    EXPECT_THAT(Cors({"https://127.0.0.1:1"}),
                ElementsAre("https://127.0.0.1:1", "http://localhost:1"));
    EXPECT_THAT(Cors({"http://localhost:5", "http://127.0.0.1:5"}),
                ElementsAre("http://localhost:5", "http://127.0.0.1:5"));
}

TEST(NormaliseTest, OtherOriginsStayAsTheyAre) {
    EXPECT_THAT(Cors({"https://a.example", "regex:https://.*\\.example"}),
                ElementsAre("https://a.example", "regex:https://.*\\.example"));
}

TEST(NormaliseTest, BadOriginsAreRefusedWithTheReason) {
    EXPECT_THAT(Cors({"http://localhost"})[0], HasSubstr("localhost origins must include"));
    EXPECT_THAT(Cors({"http://localhost:abc"})[0], HasSubstr("localhost origins must include"));
    EXPECT_THAT(Cors({"http://127.0.0.1/"})[0], HasSubstr("127.0.0.1 origins must include"));
    EXPECT_THAT(Cors({"*"})[0], HasSubstr("invalid URL or regex origin: *"));
    EXPECT_THAT(Cors({"regex:"})[0], HasSubstr("pattern cannot be empty"));
    EXPECT_THAT(Cors({"regex:("})[0], HasSubstr("invalid regex pattern '('"));
}

TEST(NormaliseTest, UrlLosesTrailingSlashes) {
    EXPECT_EQ(Url(""), "");
    EXPECT_EQ(Url("http://a//"), "http://a");
    EXPECT_EQ(Url("https://a/v1"), "https://a/v1");
    EXPECT_THAT(Url("a.example"), HasSubstr("must be a full URL"));
    EXPECT_THAT(Url("https:///"), HasSubstr("fault"));
}

TEST(NormaliseTest, FernetKeyIsThirtyTwoBytesWithPadding) {
    EXPECT_TRUE(IsFernetKey(std::string(43, 'A') + "="));
    EXPECT_TRUE(IsFernetKey("dvziYgz0KSK8FENhju0ZYi8-fRTfAdlz6YLhdB_jhNw="));
    EXPECT_FALSE(IsFernetKey(std::string(43, 'A')));
    EXPECT_FALSE(IsFernetKey(std::string(42, 'A') + "=="));
    EXPECT_FALSE(IsFernetKey(std::string(42, 'A') + "+="));
    EXPECT_FALSE(IsFernetKey(std::string(47, 'A') + "="));
}

TEST(NormaliseTest, DatabaseUrlNeedsAKnownScheme) {
    EXPECT_TRUE(IsDatabaseUrl("sqlite:/a/b.db"));
    EXPECT_TRUE(IsDatabaseUrl("postgresql://localhost:5432"));
    EXPECT_FALSE(IsDatabaseUrl("sqlite:"));
    EXPECT_FALSE(IsDatabaseUrl("mysql://x"));
    EXPECT_FALSE(IsDatabaseUrl(""));
}

TEST(NormaliseTest, RelativePathBecomesAbsolute) {
    std::string path = "a/../b";
    ASSERT_TRUE(MakeAbsolute(&path).ok());
    EXPECT_TRUE(path.starts_with('/') && path.ends_with("/b"));
    std::string empty;
    EXPECT_FALSE(MakeAbsolute(&empty).ok());
}

TEST(NormaliseTest, OutboundRuleThatIsNotUnderstoodIsNamed) {
    std::vector<std::string> rules{"127.0.0.1:80", "localhost"};
    EXPECT_THAT(CheckOutboundRules(&rules).error().message, HasSubstr("'localhost'"));
}

}  // namespace
}  // namespace yard::config
