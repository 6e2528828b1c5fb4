// Expressions, by falling precedence: postfix, **, unary, * / // %, + -, ~, comparisons, not, and,
// or, if-else.
#include "plugins/shared/template_expressions.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <optional>

namespace shared {
namespace {

constexpr int depth_max = 100;
constexpr int links_max = 1000;  // Operators and filters in a row: each is a level of recursion.

template <class F>
struct lambda_expression final : expression {
    explicit lambda_expression(F f) : function(std::move(f)) {}
    value evaluate(rendering& r) const override {
        value result = function(r);
        const blk::view v = result.view();
        r.step(1 + v.token_count() / 64 + (v.is_string() ? v.as_string().size() / 1024 : 0));
        return result;
    }
    F function;
};

template <class F>
expression_ptr make(F function) {
    return std::make_unique<lambda_expression<F>>(std::move(function));
}

// ---- operators
// -----------------------------------------------------------------------------------
double number_of(const value& v, const char* what) {
    if (v.view().is_bool()) return v.view().as_bool() ? 1 : 0;
    if (!v.view().is_number())
        blk::fail(std::string("template: ") + what + " needs numbers, not '" + text_of_value(v) +
                  "'");
    return v.view().as_double();
}

bool both_integers(const value& a, const value& b) {
    return a.view().is_int() && b.view().is_int();
}

// Whole if both operands are whole and the result fits exactly.
value arithmetic_result(double result, bool whole) {
    if (whole && std::abs(result) < 9e15) return blk::json(static_cast<int64_t>(result));
    return blk::json(result);
}

value concatenated(const value& a, const value& b) {
    std::string text = text_of_value(a) + text_of_value(b);
    check_size(text.size());
    return blk::json(text);
}

value add(const value& a, const value& b) {
    if (a.view().is_string() && b.view().is_string()) return concatenated(a, b);
    if (a.view().is_array() && b.view().is_array()) {
        blk::tape t;
        t.array();
        for (const blk::view item : a.view().items()) t.copy(item);
        for (const blk::view item : b.view().items()) t.copy(item);
        return bounded(t.end());
    }
    return arithmetic_result(number_of(a, "+") + number_of(b, "+"), both_integers(a, b));
}

value divide(const std::string& op, const value& a, const value& b) {
    const double x = number_of(a, op.c_str()), y = number_of(b, op.c_str());
    if (y == 0) blk::fail("template: division by zero");
    if (op == "/") return blk::json(x / y);
    const double quotient = std::floor(x / y);
    return arithmetic_result(op == "//" ? quotient : x - quotient * y, both_integers(a, b));
}

value compute(const std::string& op, const value& a, const value& b) {
    if (op == "+") return add(a, b);
    if (op == "~") return concatenated(a, b);
    if (op == "/" || op == "//" || op == "%") return divide(op, a, b);
    const double x = number_of(a, op.c_str()), y = number_of(b, op.c_str());
    return arithmetic_result(op == "-"   ? x - y
                             : op == "*" ? x * y
                                         : std::pow(x, y),
                             both_integers(a, b));
}

bool contains(const value& where, const value& what) {
    const blk::view v = where.view();
    if (v.is_string()) return v.as_string().find(text_of_value(what)) != std::string_view::npos;
    if (v.is_object()) return what.view().is_string() && v[what.view().as_string()].present();
    for (const blk::view item : v.items()) {
        if (blk::equal(item, what.view())) return true;
    }
    return false;
}

bool compare(const std::string& op, const value& a, const value& b) {
    if (op == "==" || op == "!=")
        return (blk::equal(a.view(), b.view()) && a.defined == b.defined) == (op == "==");
    if (op == "in") return contains(b, a);
    if (op == "not in") return !contains(b, a);
    const bool texts = a.view().is_string() && b.view().is_string();
    const int order = texts ? a.view().as_string().compare(b.view().as_string())
                            : (number_of(a, op.c_str()) > number_of(b, op.c_str())) -
                                  (number_of(a, op.c_str()) < number_of(b, op.c_str()));
    return op == "<" ? order < 0 : op == "<=" ? order <= 0 : op == ">" ? order > 0 : order >= 0;
}

// Copying is the work here, so it counts by size.
value copied(rendering& r, blk::view v) {
    r.step(bytes_of(v) / 1024);
    return blk::json::copy(v);
}

value item_of(rendering& r, const value& object, const value& key) {
    const blk::view v = object.view();
    if (v.is_object()) {
        const blk::view found = v[text_of_value(key)];
        return found.present() ? copied(r, found) : value();
    }
    if (!v.is_array() || !key.view().is_int()) return {};
    const auto size = static_cast<int64_t>(v.size());
    const int64_t index =
        key.view().as_int() < 0 ? key.view().as_int() + size : key.view().as_int();
    if (index < 0 || index >= size) return {};
    return copied(r, v.at(static_cast<size_t>(index)));
}

value slice_of(const value& object, const value& from, const value& to) {
    const blk::view v = object.view();
    const std::vector<std::string> text = characters_of(v.is_string() ? v.as_string() : "");
    const auto size = static_cast<int64_t>(v.is_string() ? text.size() : v.size());
    auto place = [&](const value& bound, int64_t fallback) {
        if (!bound.view().is_int()) return fallback;
        const int64_t n =
            bound.view().as_int() < 0 ? bound.view().as_int() + size : bound.view().as_int();
        return std::clamp<int64_t>(n, 0, size);
    };
    const int64_t first = place(from, 0), last = std::max(first, place(to, size));
    if (v.is_string()) {
        std::string part;
        for (int64_t n = first; n < last; ++n) part += text[static_cast<size_t>(n)];
        return blk::json(part);
    }
    blk::tape t;
    t.array();
    int64_t at = 0;
    for (const blk::view item : v.items()) {
        if (at >= first && at < last) t.copy(item);
        ++at;
    }
    return bounded(t.end());
}

value range_of(rendering& r, const arguments& args) {
    std::vector<int64_t> bounds;
    for (const expression_ptr& argument : args.positional) {
        const double bound = number_of(argument->evaluate(r), "range()");
        if (!(std::abs(bound) < 9e15)) blk::fail("template: a number of range() is too large");
        bounds.push_back(static_cast<int64_t>(bound));
    }
    if (bounds.empty() || bounds.size() > 3)
        blk::fail("template: range() takes one to three numbers");
    const int64_t step = bounds.size() == 3 ? bounds[2] : 1;
    const int64_t first = bounds.size() > 1 ? bounds[0] : 0,
                  last = bounds.size() > 1 ? bounds[1] : bounds[0];
    if (step == 0) blk::fail("template: the step of range() must not be 0");
    blk::tape t;
    t.array();
    for (int64_t n = first; step > 0 ? n < last : n > last; n += step) {
        r.step();
        t.integer(n);
    }
    return bounded(t.end());
}

// ---- parser
// --------------------------------------------------------------------------------------
class parser {
public:
    explicit parser(token_reader& tokens) : t_(tokens) {}

    expression_ptr ternary() {
        if (++depth_ > depth_max) t_.fail("the expression is nested too deeply");
        expression_ptr yes = any_of();
        if (t_.take_name("if")) {
            expression_ptr condition = any_of();
            expression_ptr no =
                t_.take_name("else") ? ternary() : make([](rendering&) { return value(); });
            yes = make(
                [a = std::move(yes), c = std::move(condition), b = std::move(no)](rendering& r) {
                    return is_true(c->evaluate(r)) ? a->evaluate(r) : b->evaluate(r);
                });
        }
        --depth_;
        return yes;
    }

private:
    void lengthen() {
        if (++links_ > links_max) t_.fail("the expression is too long");
    }

    expression_ptr any_of() {
        expression_ptr left = all_of();
        while (t_.take_name("or")) {
            lengthen();
            left = make([a = std::move(left), b = all_of()](rendering& r) {
                const value first = a->evaluate(r);
                return is_true(first) ? first : b->evaluate(r);
            });
        }
        return left;
    }

    expression_ptr all_of() {
        expression_ptr left = negation();
        while (t_.take_name("and")) {
            lengthen();
            left = make([a = std::move(left), b = negation()](rendering& r) {
                const value first = a->evaluate(r);
                return is_true(first) ? b->evaluate(r) : first;
            });
        }
        return left;
    }

    expression_ptr negation() {
        bool negated = false, any = false;
        while (t_.take_name("not")) negated = !negated, any = true;
        expression_ptr operand = comparison();
        if (!any) return operand;
        return make([a = std::move(operand), negated](rendering& r) {
            return value(blk::json(is_true(a->evaluate(r)) != negated));
        });
    }

    std::optional<std::string> take_comparison() {
        for (const char* op : {"==", "!=", "<=", ">=", "<", ">"}) {
            if (t_.take_symbol(op)) return op;
        }
        if (t_.take_name("in")) return "in";
        if (!t_.take_name("not")) return std::nullopt;
        if (!t_.take_name("in")) t_.fail("'not' is followed by nothing to compare");
        return "not in";
    }

    expression_ptr comparison() {
        expression_ptr left = binary(0);
        while (const auto op = take_comparison()) {
            lengthen();
            left = make([op = *op, a = std::move(left), b = binary(0)](rendering& r) {
                return value(blk::json(compare(op, a->evaluate(r), b->evaluate(r))));
            });
        }
        return left;
    }

    std::optional<std::string> take_operator(size_t level) {
        static const std::vector<std::vector<std::string>> levels{
            {"~"}, {"+", "-"}, {"*", "/", "//", "%"}};
        for (const std::string& op : levels[level]) {
            if (t_.take_symbol(op)) return op;
        }
        return std::nullopt;
    }

    expression_ptr operand(size_t level) { return level == 2 ? unary() : binary(level + 1); }

    expression_ptr binary(size_t level) {
        expression_ptr left = operand(level);
        while (const auto op = take_operator(level)) {
            lengthen();
            left = make([op = *op, a = std::move(left), b = operand(level)](rendering& r) {
                return compute(op, a->evaluate(r), b->evaluate(r));
            });
        }
        return left;
    }

    expression_ptr unary() {
        if (++depth_ > depth_max) t_.fail("the expression is nested too deeply");
        expression_ptr result;
        if (t_.take_symbol("-")) {
            result = make(
                [a = unary()](rendering& r) { return compute("-", blk::json(0), a->evaluate(r)); });
        } else {
            t_.take_symbol("+");
            result = power();
        }
        --depth_;
        return result;
    }

    expression_ptr power() {
        expression_ptr base = postfix();
        if (!t_.take_symbol("**")) return base;
        return make([a = std::move(base), b = unary()](rendering& r) {
            return compute("**", a->evaluate(r), b->evaluate(r));
        });
    }

    expression_ptr postfix() {
        expression_ptr e = primary();
        for (;; lengthen()) {
            if (t_.take_symbol("."))
                e = member(std::move(e));
            else if (t_.take_symbol("["))
                e = subscript(std::move(e));
            else if (t_.take_symbol("|"))
                e = filter(std::move(e));
            else if (t_.take_name("is"))
                e = test(std::move(e));
            else
                return e;
        }
    }

    expression_ptr member(expression_ptr object) {
        const std::string name =
            t_.peek().kind == token_kind::integer ? t_.take().text : t_.need_name();
        if (t_.is_symbol("(")) {
            return make([o = std::move(object), name, args = call_arguments()](rendering& r) {
                return call_method(r, o->evaluate(r), name, args);
            });
        }
        return make([o = std::move(object), name](rendering& r) {
            return item_of(r, o->evaluate(r), blk::json(name));
        });
    }

    expression_ptr subscript(expression_ptr object) {
        auto nothing = [] { return make([](rendering&) { return value(); }); };
        expression_ptr from = t_.is_symbol(":") ? nothing() : ternary();
        if (!t_.take_symbol(":")) {
            t_.need_symbol("]");
            return make([o = std::move(object), k = std::move(from)](rendering& r) {
                return item_of(r, o->evaluate(r), k->evaluate(r));
            });
        }
        expression_ptr to = t_.is_symbol("]") ? nothing() : ternary();
        t_.need_symbol("]");
        return make([o = std::move(object), a = std::move(from), b = std::move(to)](rendering& r) {
            return slice_of(o->evaluate(r), a->evaluate(r), b->evaluate(r));
        });
    }

    expression_ptr filter(expression_ptr operand_of) {
        const std::string name = t_.need_name();
        arguments args = t_.is_symbol("(") ? call_arguments() : arguments{};
        return make([o = std::move(operand_of), name, a = std::move(args)](rendering& r) {
            return apply_filter(r, name, o->evaluate(r), a);
        });
    }

    expression_ptr test(expression_ptr operand_of) {
        const bool negated = t_.take_name("not");
        const std::string name = t_.need_name();
        arguments args;
        if (t_.is_symbol("("))
            args = call_arguments();
        else if (t_.peek().kind == token_kind::integer || t_.peek().kind == token_kind::text) {
            args.positional.push_back(primary());  // n is divisibleby 3
        }
        return make([o = std::move(operand_of), name, negated, a = std::move(args)](rendering& r) {
            return value(blk::json(apply_test(r, name, o->evaluate(r), a) != negated));
        });
    }

    arguments call_arguments() {
        arguments args;
        t_.need_symbol("(");
        while (!t_.take_symbol(")")) {
            expression_ptr e = ternary();
            if (t_.take_symbol("="))
                args.named.emplace_back(last_name_, ternary());
            else
                args.positional.push_back(std::move(e));
            if (!t_.is_symbol(")")) t_.need_symbol(",");
        }
        return args;
    }

    expression_ptr primary() {
        const token first = t_.take();
        switch (first.kind) {
            case token_kind::text: return constant(blk::json(first.text));
            case token_kind::integer: return integer(first.text);
            case token_kind::real:
                return constant(blk::json(std::strtod(first.text.c_str(), nullptr)));
            case token_kind::name: return name(first.text);
            case token_kind::symbol: return bracketed(first.text);
            case token_kind::end: break;
        }
        t_.fail("an expression is missing");
    }

    expression_ptr constant(blk::json j) {
        return make([v = value(std::move(j))](rendering&) { return v; });
    }

    expression_ptr integer(const std::string& digits) {
        if (digits.size() > 18) t_.fail("the number " + digits + " is too large");
        return constant(blk::json(static_cast<int64_t>(std::stoll(digits))));
    }

    expression_ptr name(const std::string& text) {
        if (text == "true" || text == "True") return constant(blk::json(true));
        if (text == "false" || text == "False") return constant(blk::json(false));
        if (text == "none" || text == "None") return constant(blk::json(nullptr));
        last_name_ = text;
        if (text == "range" && t_.is_symbol("(")) {
            return make([args = call_arguments()](rendering& r) { return range_of(r, args); });
        }
        if (t_.is_symbol("(")) t_.fail("there is no function '" + text + "'");
        return make([text](rendering& r) { return r.find(text); });
    }

    expression_ptr bracketed(const std::string& open) {
        if (open == "(") {
            expression_ptr inside = ternary();
            if (t_.is_symbol(",")) return list(")", std::move(inside));
            t_.need_symbol(")");
            return inside;
        }
        if (open == "[") return list("]", nullptr);
        if (open == "{") return dictionary();
        t_.fail("unexpected '" + open + "'");
    }

    expression_ptr list(std::string_view close, expression_ptr first) {
        std::vector<expression_ptr> items;
        if (first) items.push_back(std::move(first));
        while (!t_.take_symbol(close)) {
            if (!items.empty()) t_.need_symbol(",");
            if (t_.take_symbol(close)) break;
            items.push_back(ternary());
        }
        return make([i = std::move(items)](rendering& r) {
            std::vector<value> values;
            for (const expression_ptr& e : i) values.push_back(e->evaluate(r));
            blk::tape t;
            t.array();
            for (const value& v : values) t.copy(v.view());
            return value(bounded(t.end()));
        });
    }

    expression_ptr dictionary() {
        std::vector<std::pair<expression_ptr, expression_ptr>> members;
        while (!t_.take_symbol("}")) {
            expression_ptr key = ternary();
            t_.need_symbol(":");
            members.emplace_back(std::move(key), ternary());
            if (!t_.is_symbol("}")) t_.need_symbol(",");
        }
        return make([m = std::move(members)](rendering& r) {
            blk::json object = blk::json::object({});
            for (const auto& [key, e] : m)
                object = object.with(text_of_value(key->evaluate(r)), e->evaluate(r).json);
            return value(object);
        });
    }

    token_reader& t_;
    int depth_ = 0;
    int links_ = 0;
    std::string last_name_;  // Of the argument whose '=' follows.
};

}  // namespace

void token_reader::fail(const std::string& what) const {
    blk::fail("template line " + std::to_string(peek().line) + ": " + what);
}

std::string token_reader::need_name() {
    if (peek().kind != token_kind::name) fail("a name is missing");
    return take().text;
}

void token_reader::need_symbol(std::string_view text) {
    if (!take_symbol(text)) fail("'" + std::string(text) + "' is missing");
}

void token_reader::need_end() const {
    if (!at_end()) fail("unexpected '" + peek().text + "'");
}

expression_ptr parse_expression(token_reader& t) { return parser(t).ternary(); }

value arguments::get(rendering& r, size_t n, std::string_view name) const {
    if (n < positional.size()) return positional[n]->evaluate(r);
    for (const auto& [given, e] : named) {
        if (given == name) return e->evaluate(r);
    }
    return {};
}

}  // namespace shared
