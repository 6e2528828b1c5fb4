// Id<Tag>: a string that cannot be passed where another kind of id is expected.

#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace yard {

template <typename Tag>
class Id {
public:
    Id() = default;
    explicit Id(std::string text) : text_(std::move(text)) {}

    const std::string& text() const { return text_; }
    bool empty() const { return text_.empty(); }

    friend bool operator==(const Id&, const Id&) = default;
    friend auto operator<=>(const Id&, const Id&) = default;

private:
    std::string text_;
};

// Ids are UUIDs in their 36-character text form, except where a client chose the text itself.
using UserId = Id<struct UserTag>;
using GraphId = Id<struct GraphTag>;
using NodeId = Id<struct NodeTag>;
using BlockId = Id<struct BlockTag>;
using GraphExecutionId = Id<struct GraphExecutionTag>;
using NodeExecutionId = Id<struct NodeExecutionTag>;
using CredentialsId = Id<struct CredentialsTag>;

}  // namespace yard

template <typename Tag>
struct std::hash<yard::Id<Tag>> {
    std::size_t operator()(const yard::Id<Tag>& id) const {
        return std::hash<std::string>{}(id.text());
    }
};
