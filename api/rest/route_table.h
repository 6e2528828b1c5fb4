// Finds the operation for a path and method.

#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/rest/operation.h"

namespace yard::rest {

// Filled at start, then immutable and thread-safe. A literal segment wins over a parameter.
class RouteTable {
public:
    RouteTable();
    ~RouteTable();
    RouteTable(RouteTable&&) noexcept;
    RouteTable& operator=(RouteTable&&) noexcept;

    // Adds the operation and its versioned alias. Method and path must be new.
    void Add(Operation operation);

    struct Match {
        const Operation* operation = nullptr;  // Null: nothing matches.
        std::vector<std::string> parameters;   // In order of the template.
        std::vector<std::string> allowed;  // Methods the path has, if it lacks the one asked for.
    };
    // `segments`: the decoded path, as http::SplitPath gives it.
    Match Find(std::string_view method, const std::vector<std::string>& segments) const;

    const std::vector<std::unique_ptr<Operation>>& operations() const { return operations_; }

private:
    struct Node {
        std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
        std::unique_ptr<Node> parameter;
        std::map<std::string, const Operation*, std::less<>> operations;  // By method.
    };

    void Insert(std::string_view path, const Operation& operation);
    static bool FindBelow(const Node& node, std::string_view method,
                          const std::vector<std::string>& segments, size_t depth, Match& match);

    std::vector<std::unique_ptr<Operation>> operations_;
    std::unique_ptr<Node> root_;
};

// The names in braces, in order.
std::vector<std::string> ParameterNames(std::string_view path_template);

}  // namespace yard::rest
