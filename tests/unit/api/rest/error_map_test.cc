#include "api/rest/error_map.h"

#include <gtest/gtest.h>

namespace yard::rest {
namespace {

TEST(ErrorMapTest, FailuresNameTheRequest) {
    http::Response response = ErrorReply(NotFound("No such graph."), "GET", "/api/graphs/x", "id");
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.body,
              R"({"message":"Failed to process GET /api/graphs/x","detail":"No such graph.",)"
              R"("hint":"Adjust the request and retry."})");
}

TEST(ErrorMapTest, InternalMessagesStayInside) {
    http::Response response = ErrorReply(Internal("password is 123"), "GET", "/x", "id");
    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(response.body.find("123"), std::string::npos);
    EXPECT_NE(response.body.find("Check server logs"), std::string::npos);
}

TEST(ErrorMapTest, MachineReadableDetailReplacesTheMessage) {
    Error error{ErrorKind::kInvalid, "Two issues", R"({"type":"validation_error"})"};
    EXPECT_EQ(ErrorReply(error, "POST", "/x", "id").body,
              R"({"detail":{"type":"validation_error"}})");
}

TEST(ErrorMapTest, EveryKindHasItsStatus) {
    EXPECT_EQ(StatusOf(ErrorKind::kInvalid), 400);
    EXPECT_EQ(StatusOf(ErrorKind::kNotAllowed), 403);
    EXPECT_EQ(StatusOf(ErrorKind::kConflict), 409);
    EXPECT_EQ(StatusOf(ErrorKind::kTooLarge), 413);
    EXPECT_EQ(StatusOf(ErrorKind::kRateLimited), 429);
    EXPECT_EQ(StatusOf(ErrorKind::kUnavailable), 503);
    EXPECT_EQ(StatusOf(ErrorKind::kTimeout), 500);
}

}  // namespace
}  // namespace yard::rest
