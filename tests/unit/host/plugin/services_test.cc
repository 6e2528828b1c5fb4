#include "host/plugin/services.h"

#include <gmock/gmock.h>

#include "tests/unit/host/plugin/runtime_fixture.h"

namespace yard {
namespace {

using engine::BlockResult;
using ::testing::ElementsAre;

using ServicesTest = testing::RuntimeTest;

TEST_F(ServicesTest, JsonIsReadAndWrittenInTheCall) {
    EXPECT_EQ(Run(21, R"({"text":"{ \"a\" : [1, 2.5, null] }"})").result, BlockResult::kCompleted);
    EXPECT_THAT(sink_->emitted(), ElementsAre(R"(out="{\"a\":[1,2.5,null]}")"));
}

TEST_F(ServicesTest, MalformedJsonIsRefused) {
    EXPECT_EQ(Run(21, R"({"text":"{oops"})").result, BlockResult::kFailed);
    EXPECT_EQ(Run(21, R"({"text":""})").result, BlockResult::kFailed);
    EXPECT_EQ(Run(21, "{}").result, BlockResult::kFailed);
}

TEST(HostTableTest, UnknownServicesAreAbsent) {
    const blk_host host = plugin::MakeHostTable();
    const auto get = [&](std::string_view id) {
        return host.get_service(&host, {id.data(), id.size()});
    };
    EXPECT_EQ(get("blk.unheard_of/1"), nullptr);
    EXPECT_EQ(get("blk.http/2"), nullptr);
    EXPECT_EQ(get(""), nullptr);
    EXPECT_EQ(host.get_service(&host, {nullptr, 0}), nullptr);
    for (const char* id :
         {BLK_SVC_LOG, BLK_SVC_HTTP, BLK_SVC_TIMER, BLK_SVC_RUN, BLK_SVC_STATS, BLK_SVC_JSON}) {
        EXPECT_NE(get(id), nullptr) << id;
    }
}

}  // namespace
}  // namespace yard
