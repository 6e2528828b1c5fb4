#include "tests/e2e/graphs.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "tests/e2e/temporary_folder.h"

namespace yard::e2e {

Value Json(std::string_view text) {
    Result<Value> parsed = ParseJson(text);
    EXPECT_TRUE(parsed.ok()) << parsed.error().message << " in " << text;
    return parsed ? std::move(parsed).value() : Value();
}

Value SourceJson(const std::string& path) {
    return Json(ReadText(std::filesystem::path(YARD_SOURCE_DIR) / path));
}

GraphText& GraphText::Node(const std::string& id, const std::string& block_id,
                           const std::string& input_default) {
    if (!nodes_.empty()) nodes_ += ",";
    nodes_ += R"({"id":")" + id + R"(","block_id":")" + block_id + R"(","input_default":)" +
              input_default + R"(,"metadata":{}})";
    return *this;
}

GraphText& GraphText::Link(const std::string& source, const std::string& sink) {
    const size_t from = source.find('.');
    const size_t to = sink.find('.');
    if (!links_.empty()) links_ += ",";
    links_ += R"({"source_id":")" + source.substr(0, from) + R"(","source_name":")" +
              source.substr(from + 1) + R"(","sink_id":")" + sink.substr(0, to) +
              R"(","sink_name":")" + sink.substr(to + 1) + R"("})";
    return *this;
}

Value GraphText::Build() const {
    return Json(R"({"name":"Test","description":"","nodes":[)" + nodes_ + R"(],"links":[)" +
                links_ + "]}");
}

Value OneBlockGraph(const std::string& block_id, const std::string& input_default,
                    const std::string& pin_in, const std::string& pin_out) {
    return GraphText()
        .Node("in", kInputBlock, R"({"name":"in"})")
        .Node("block", block_id, input_default)
        .Node("out", kOutputBlock, R"({"name":"out"})")
        .Link("in.result", "block." + pin_in)
        .Link("block." + pin_out, "out.value")
        .Build();
}

}  // namespace yard::e2e
