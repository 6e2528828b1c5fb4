#include "api/rest/route_table.h"

#include <gtest/gtest.h>

namespace yard::rest {
namespace {

class RouteTableTest : public testing::Test {
protected:
    RouteTableTest() {
        Add("GET", "/api/things/{id}");
        Add("DELETE", "/api/things/{id}");
        Add("PUT", "/api/things/active");
        Add("GET", "/api/things/{id}/parts/{part}");
        Add("GET", "/health", 0);
        Add("GET", "/api/store/agents", 2);
    }
    void Add(const char* method, const char* path, int version = 1) {
        Operation operation;
        operation.method = method;
        operation.path = path;
        operation.api_version = version;
        routes_.Add(std::move(operation));
    }
    std::string Find(const char* method, const std::vector<std::string>& segments) {
        match_ = routes_.Find(method, segments);
        return match_.operation != nullptr ? match_.operation->path : "";
    }

    RouteTable routes_;
    RouteTable::Match match_;
};

TEST_F(RouteTableTest, ParametersComeInOrder) {
    EXPECT_EQ(Find("GET", {"api", "things", "a", "parts", "b/c"}), "/api/things/{id}/parts/{part}");
    EXPECT_EQ(match_.parameters, (std::vector<std::string>{"a", "b/c"}));
}

TEST_F(RouteTableTest, ALiteralWinsButOnlyForItsMethods) {
    EXPECT_EQ(Find("PUT", {"api", "things", "active"}), "/api/things/active");
    EXPECT_EQ(Find("GET", {"api", "things", "active"}), "/api/things/{id}");
    EXPECT_EQ(match_.parameters, std::vector<std::string>{"active"});
}

TEST_F(RouteTableTest, MethodsOfAKnownPathAreListed) {
    EXPECT_EQ(Find("POST", {"api", "things", "x"}), "");
    EXPECT_EQ(match_.allowed, (std::vector<std::string>{"DELETE", "GET"}));
    EXPECT_EQ(Find("GET", {"api", "other"}), "");
    EXPECT_TRUE(match_.allowed.empty());
}

TEST_F(RouteTableTest, AParameterIsNeverEmpty) {
    EXPECT_EQ(Find("GET", {"api", "things", ""}), "");
    EXPECT_TRUE(match_.allowed.empty());
}

TEST_F(RouteTableTest, AliasesHaveTheVersionOfTheirFamily) {
    EXPECT_EQ(Find("GET", {"api", "v1", "things", "x"}), "/api/things/{id}");
    EXPECT_EQ(Find("GET", {"api", "v2", "things", "x"}), "");
    EXPECT_EQ(Find("GET", {"api", "v2", "store", "agents"}), "/api/store/agents");
    EXPECT_EQ(Find("GET", {"api", "v1", "health"}), "");
}

TEST_F(RouteTableTest, TemplatesNameTheirParameters) {
    EXPECT_EQ(ParameterNames("/api/things/{id}/parts/{part}"),
              (std::vector<std::string>{"id", "part"}));
}

}  // namespace
}  // namespace yard::rest
