// Graphs that tests send to a server.

#pragma once

#include <string>
#include <string_view>

#include "base/value.h"

namespace yard::e2e {

constexpr char kInputBlock[] = "c0a8e994-ebf1-4a9c-a4d8-89d09c86741b";
constexpr char kOutputBlock[] = "363ae599-353e-4804-937e-b2ee3cef3da4";
constexpr char kStoreValueBlock[] = "1ff065e9-88e8-4358-9d82-8dc91f622ba9";

// The value of a JSON text that is known to be right.
Value Json(std::string_view text);
// The JSON in a file of the source tree, by its path from the top.
Value SourceJson(const std::string& path);
inline Value Example(const std::string& name) { return SourceJson("examples/" + name + ".json"); }

// Collects nodes and links: Graph().Node(...).Link(...).Build().
class GraphText {
public:
    GraphText& Node(const std::string& id, const std::string& block_id,
                    const std::string& input_default = "{}");
    // From "node.pin" to "node.pin".
    GraphText& Link(const std::string& source, const std::string& sink);
    Value Build() const;

private:
    std::string nodes_;
    std::string links_;
};

// An input "in", one node of the block whose pin `from` goes to the output "out".
Value OneBlockGraph(const std::string& block_id, const std::string& input_default,
                    const std::string& pin_in, const std::string& pin_out);

}  // namespace yard::e2e
