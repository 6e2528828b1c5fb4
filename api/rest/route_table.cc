#include "api/rest/route_table.h"

#include <algorithm>

#include "base/assert.h"

namespace yard::rest {
namespace {

std::vector<std::string> SplitTemplate(std::string_view path) {
    std::vector<std::string> segments;
    size_t begin = 1;
    while (begin <= path.size()) {
        size_t end = std::min(path.find('/', begin), path.size());
        segments.emplace_back(path.substr(begin, end - begin));
        begin = end + 1;
    }
    return segments;
}

bool IsParameter(std::string_view segment) {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

}  // namespace

RouteTable::RouteTable() : root_(std::make_unique<Node>()) {}
RouteTable::~RouteTable() = default;
RouteTable::RouteTable(RouteTable&&) noexcept = default;
RouteTable& RouteTable::operator=(RouteTable&&) noexcept = default;

void RouteTable::Add(Operation operation) {
    operations_.push_back(std::make_unique<Operation>(std::move(operation)));
    const Operation& added = *operations_.back();
    Insert(added.path, added);
    constexpr std::string_view kApi = "/api/";
    if (added.api_version > 0 && added.path.starts_with(kApi)) {
        Insert("/api/v" + std::to_string(added.api_version) + "/" + added.path.substr(kApi.size()),
               added);
    }
}

void RouteTable::Insert(std::string_view path, const Operation& operation) {
    Node* node = root_.get();
    for (const std::string& segment : SplitTemplate(path)) {
        std::unique_ptr<Node>& next =
            IsParameter(segment) ? node->parameter : node->literals[segment];
        if (!next) next = std::make_unique<Node>();
        node = next.get();
    }
    bool is_new = node->operations.emplace(operation.method, &operation).second;
    ASSERT(is_new);
}

RouteTable::Match RouteTable::Find(std::string_view method,
                                   const std::vector<std::string>& segments) const {
    Match match;
    FindBelow(*root_, method, segments, 0, match);
    return match;
}

bool RouteTable::FindBelow(const Node& node, std::string_view method,
                           const std::vector<std::string>& segments, size_t depth, Match& match) {
    if (depth == segments.size()) {
        auto found = node.operations.find(method);
        if (found != node.operations.end()) {
            match.operation = found->second;
            return true;
        }
        for (const auto& [allowed, operation] : node.operations) match.allowed.push_back(allowed);
        return false;
    }
    auto literal = node.literals.find(segments[depth]);
    if (literal != node.literals.end() &&
        FindBelow(*literal->second, method, segments, depth + 1, match)) {
        return true;
    }
    // A parameter is never empty: "/api/graphs/" is not "/api/graphs/{graph_id}".
    if (!node.parameter || segments[depth].empty()) return false;
    match.parameters.push_back(segments[depth]);
    if (FindBelow(*node.parameter, method, segments, depth + 1, match)) return true;
    match.parameters.pop_back();
    return false;
}

std::vector<std::string> ParameterNames(std::string_view path_template) {
    std::vector<std::string> names;
    for (const std::string& segment : SplitTemplate(path_template)) {
        if (IsParameter(segment)) names.push_back(segment.substr(1, segment.size() - 2));
    }
    return names;
}

}  // namespace yard::rest
