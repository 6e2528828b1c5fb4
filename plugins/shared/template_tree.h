// A parsed template: expressions that yield a value and statements that write text.
#pragma once

#include "plugins/shared/template_value.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shared {

// Variables of nested blocks, the result so far, and the bounds of one rendering.
class rendering {
public:
    rendering(blk::view values, bool escape_html) : values_(values), escape_html_(escape_html) {
        scopes_.emplace_back();
    }

    value find(std::string_view name) const;
    void set(const std::string& name, value v) { scopes_.back()[name] = std::move(v); }
    void open_scope() { scopes_.emplace_back(); }
    void close_scope() { scopes_.pop_back(); }

    void write(std::string_view text);
    void write(const value& v);
    // Counts units of work; throws when there were too many.
    void step(size_t units = 1);
    bool escapes_html() const { return escape_html_; }

    std::string out;

private:
    blk::view values_;
    bool escape_html_;
    size_t steps_ = 0;
    std::vector<std::map<std::string, value, std::less<>>> scopes_;
};

std::string escape_html(std::string_view text);

struct expression {
    virtual ~expression() = default;
    virtual value evaluate(rendering& r) const = 0;
};
using expression_ptr = std::unique_ptr<expression>;

// What follows a name in parentheses: filter(1, default="x").
struct arguments {
    std::vector<expression_ptr> positional;
    std::vector<std::pair<std::string, expression_ptr>> named;

    bool empty() const { return positional.empty() && named.empty(); }
    // The n-th argument or the one of that name; not defined if there is neither.
    value get(rendering& r, size_t n, std::string_view name) const;
};

struct statement {
    virtual ~statement() = default;
    virtual void run(rendering& r) const = 0;
};
using statement_ptr = std::unique_ptr<statement>;
using statements = std::vector<statement_ptr>;

// Throws blk::error with the line of the fault.
statements parse_template(std::string_view text);

value apply_filter(rendering& r, const std::string& name, const value& v, const arguments& args);
bool apply_test(rendering& r, const std::string& name, const value& v, const arguments& args);
value call_method(rendering& r, const value& object, const std::string& name,
                  const arguments& args);

}  // namespace shared
