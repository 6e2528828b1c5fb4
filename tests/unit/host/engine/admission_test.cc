#include "host/engine/admission.h"

#include <gtest/gtest.h>

namespace yard::engine {
namespace {

void Add(Admission& admission, const std::string& id, const std::string& user = "user") {
    admission.Add(GraphExecutionId(id), UserId(user), GraphId("graph"));
}
std::string Next(Admission& admission) {
    const auto id = admission.TakeNext();
    return id ? id->text() : "";
}

TEST(AdmissionTest, TakesInOrderUpToTheLimit) {
    Admission admission({2, 2});
    for (const char* id : {"a", "b", "c"}) Add(admission, id);
    EXPECT_EQ(Next(admission), "a");
    EXPECT_EQ(Next(admission), "b");
    EXPECT_EQ(Next(admission), "");
    EXPECT_EQ(admission.waiting(), 1u);
    admission.Remove(GraphExecutionId("a"));
    EXPECT_EQ(Next(admission), "c");
}

TEST(AdmissionTest, FullLaneDoesNotHoldUpOthers) {
    Admission admission({10, 1});
    Add(admission, "a");
    Add(admission, "b");
    Add(admission, "c", "other");
    EXPECT_EQ(Next(admission), "a");
    EXPECT_EQ(Next(admission), "c");
    EXPECT_EQ(Next(admission), "");
    admission.Remove(GraphExecutionId("a"));
    EXPECT_EQ(Next(admission), "b");
}

TEST(AdmissionTest, RemovedWhileWaitingIsNeverTaken) {
    Admission admission({1, 1});
    for (const char* id : {"a", "b", "c"}) Add(admission, id);
    EXPECT_EQ(Next(admission), "a");
    admission.Remove(GraphExecutionId("b"));
    admission.Remove(GraphExecutionId("b"));
    admission.Remove(GraphExecutionId("a"));
    EXPECT_EQ(Next(admission), "c");
    EXPECT_EQ(admission.waiting(), 0u);
}

TEST(AdmissionTest, RemovedFirstOfAnOpenLaneMakesRoomForTheNext) {
    Admission admission({1, 1});
    Add(admission, "a");
    Add(admission, "b");
    admission.Remove(GraphExecutionId("a"));
    EXPECT_EQ(Next(admission), "b");
    EXPECT_EQ(Next(admission), "");
}

}  // namespace
}  // namespace yard::engine
