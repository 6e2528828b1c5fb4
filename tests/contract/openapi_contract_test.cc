// Our OpenAPI document against that of the reference platform: every operation we document has the
// same id, parameters, bodies, answers and component schemas.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/unit/api/rest/api_fixture.h"

namespace yard::rest {
namespace {

std::optional<std::string> ReadContract() {
    namespace fs = std::filesystem;
    fs::path folder = "../shared/contract";
    if (const char* named = std::getenv("BLOCKYARD_CONTRACT_DIR")) {
        folder = named;
    } else {
        // The sibling of the source tree this file was compiled from.
        folder = fs::path(__FILE__).parent_path() / "../../../shared/contract";
    }
    std::ifstream file(folder / "openapi.json");
    if (!file) return std::nullopt;
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

class OpenApiContractTest : public ApiTest {
protected:
    void SetUp() override {
        auto text = ReadContract();
        if (!text) GTEST_SKIP() << "no contract folder";
        contract_ = model::Json(*text);
        ours_ = Call("GET", "/openapi.json", "", "").json;
    }

    Value contract_;
    Value ours_;
};

TEST_F(OpenApiContractTest, OurOperationsAreThoseOfTheContract) {
    size_t compared = 0;
    for (auto [path, methods] : ours_["paths"].members()) {
        if (path.starts_with("/auth/v1/")) continue;  // Another server's in the reference.
        for (auto [method, operation] : methods.members()) {
            View wanted = contract_["paths"][path][method];
            EXPECT_TRUE(Equal(operation, wanted))
                << method << " " << path << "\nours:     " << WriteJson(operation)
                << "\ncontract: " << WriteJson(wanted);
            ++compared;
        }
    }
    EXPECT_GE(compared, 28u);
}

TEST_F(OpenApiContractTest, OurComponentsAreThoseOfTheContract) {
    for (auto [name, schema] : ours_["components"]["schemas"].members()) {
        View wanted = contract_["components"]["schemas"][name];
        EXPECT_TRUE(Equal(schema, wanted))
            << name << "\nours:     " << WriteJson(schema) << "\ncontract: " << WriteJson(wanted);
    }
}

// Whether `value` has what `schema` requires, recursively; says what is missing.
std::string FindLack(View value, View schema, View components) {
    if (schema.Has("$ref")) {
        std::string_view name = schema["$ref"].AsString();
        return FindLack(value, components[name.substr(name.rfind('/') + 1)], components);
    }
    if (schema.Has("anyOf")) {
        std::string lack;
        for (View member : schema["anyOf"].items()) {
            lack = FindLack(value, member, components);
            if (lack.empty()) return "";
        }
        return lack;
    }
    std::string_view type = schema["type"].StringOr("");
    if (type == "null") return value.IsNull() ? "" : "null expected";
    if (type == "string" && !value.IsString()) return "string expected";
    if (type == "integer" && !value.IsInteger()) return "integer expected";
    if (type == "number" && !value.IsNumber()) return "number expected";
    if (type == "boolean" && !value.IsBool()) return "boolean expected";
    if (type == "array") {
        if (!value.IsArray()) return "array expected";
        for (View item : value.items()) {
            std::string lack = FindLack(item, schema["items"], components);
            if (!lack.empty()) return "[]: " + lack;
        }
    }
    if (type != "object") return "";
    if (!value.IsObject()) return "object expected";
    for (View name : schema["required"].items()) {
        if (!value.Has(name.AsString())) return std::string(name.AsString()) + " is missing";
    }
    for (auto [name, member] : schema["properties"].members()) {
        if (!value.Has(name)) return std::string(name) + " is missing";
        std::string lack = FindLack(value.Get(name), member, components);
        if (!lack.empty()) return std::string(name) + ": " + lack;
    }
    if (schema["properties"].empty()) return "";
    for (auto [name, member] : value.members()) {
        if (!schema["properties"].Has(name) && !schema["additionalProperties"].BoolOr(false)) {
            return std::string(name) + " is not declared";
        }
    }
    return "";
}

TEST_F(OpenApiContractTest, AnswersHaveTheShapeTheyDeclare) {
    std::string graph = CreateGraph();
    std::string path = "/api/graphs/" + graph;
    std::string run = Execute(graph);
    struct Case {
        std::string method, target, body, declared;
    };
    const std::vector<Case> cases = {
        {"GET", "/api/graphs", "", "/api/graphs"},
        {"POST", "/api/graphs", kAddingGraph, "/api/graphs"},
        {"GET", path, "", "/api/graphs/{graph_id}"},
        {"GET", path + "/versions", "", "/api/graphs/{graph_id}/versions"},
        {"PATCH", path + "/settings", "{}", "/api/graphs/{graph_id}/settings"},
        {"POST", path + "/execute/1", "{}", "/api/graphs/{graph_id}/execute/{graph_version}"},
        {"GET", path + "/executions", "", "/api/graphs/{graph_id}/executions"},
        {"GET", "/api/executions", "", "/api/executions"},
        {"GET", path + "/executions/" + run, "",
         "/api/graphs/{graph_id}/executions/{graph_exec_id}"},
        {"POST", path + "/executions/" + run + "/share", "",
         "/api/graphs/{graph_id}/executions/{graph_exec_id}/share"},
        {"GET", "/api/auth/user/preferences", "", "/api/auth/user/preferences"},
        {"GET", "/api/auth/user/timezone", "", "/api/auth/user/timezone"},
        {"GET", "/api/blocks", "", "/api/blocks"},
        {"GET", "/api/credits", "", "/api/credits"}};
    View components = contract_["components"]["schemas"];
    for (const Case& example : cases) {
        Answer answer = Call(example.method, example.target, example.body);
        ASSERT_EQ(answer.status, 200) << example.target << answer.text;
        std::string method = example.method;
        for (char& c : method) c = static_cast<char>(std::tolower(c));
        View schema = contract_["paths"][example.declared][method]["responses"]["200"]["content"]
                               ["application/json"]["schema"];
        EXPECT_EQ(FindLack(answer.json, schema, components), "")
            << example.method << " " << example.target << "\n"
            << answer.text;
    }
}

}  // namespace
}  // namespace yard::rest
