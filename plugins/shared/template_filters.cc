// The filters, tests and methods a template may use.
#include "plugins/shared/template_tree.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <map>

namespace shared {
namespace {

using blk::view;

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool is_letter(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || (c & 0x80) != 0 || c == '\'';
}

value text_value(std::string text) { return blk::json(text); }

// ASCII only: the platform's locale-free rules beyond that would need tables no block has.
std::string mapped(std::string text, int (*change)(int)) {
    std::transform(text.begin(), text.end(), text.begin(), [&](char c) {
        return (c & 0x80) != 0 ? c : static_cast<char>(change(static_cast<unsigned char>(c)));
    });
    return text;
}

std::string upper(std::string text) { return mapped(std::move(text), std::toupper); }
std::string lower(std::string text) { return mapped(std::move(text), std::tolower); }

std::string capitalize(std::string text) {
    text = lower(std::move(text));
    return text.empty() ? text : upper(text.substr(0, 1)) + text.substr(1);
}

std::string title(std::string text) {
    bool start = true;
    for (char& c : text) {
        if ((c & 0x80) == 0) c = static_cast<char>(start ? std::toupper(c) : std::tolower(c));
        start = !is_letter(c);
    }
    return text;
}

// Only ASCII characters can be named: a part of a longer one must never go.
std::string strip(const std::string& text, const std::string& characters) {
    auto goes = [&](char c) {
        if ((c & 0x80) != 0) return false;
        return characters.empty() ? is_space(c) : characters.find(c) != std::string::npos;
    };
    size_t first = 0, last = text.size();
    while (first < last && goes(text[first])) ++first;
    while (last > first && goes(text[last - 1])) --last;
    return text.substr(first, last - first);
}

std::string replace(const std::string& text, const std::string& old_text,
                    const std::string& new_text) {
    if (old_text.empty()) return text;
    std::string out;
    size_t from = 0;
    for (size_t at = 0; (at = text.find(old_text, from)) != std::string::npos;
         from = at + old_text.size()) {
        out.append(text, from, at - from).append(new_text);
        check_size(out.size());
    }
    return out.append(text, from);
}

std::vector<view> items_of(view v) {
    std::vector<view> items;
    for (const view item : v.items()) items.push_back(item);
    return items;
}

value list_value(const std::vector<view>& items) {
    blk::tape t;
    t.array();
    for (const view item : items) t.copy(item);
    return bounded(t.end());
}

value texts_value(const std::vector<std::string>& texts) {
    blk::tape t;
    t.array();
    for (const std::string& text : texts) t.string(text);
    return bounded(t.end());
}

value keys_of(view v) {
    std::vector<std::string> keys;
    for (const auto& [key, ignored] : v.members()) keys.emplace_back(key);
    return texts_value(keys);
}

value pairs_of(view v) {
    blk::tape t;
    t.array();
    for (const auto& [key, item] : v.members()) t.array().string(key).copy(item).end();
    return bounded(t.end());
}

value split(const std::string& text, const value& separator) {
    std::vector<std::string> parts;
    const std::string mark = separator.defined ? text_of_value(separator) : "";
    size_t from = 0;
    if (mark.empty()) {
        for (size_t at = 0; at <= text.size(); ++at) {
            if (at < text.size() && !is_space(text[at])) continue;
            if (at > from) parts.push_back(text.substr(from, at - from));
            from = at + 1;
        }
        return texts_value(parts);
    }
    for (size_t at = 0; (at = text.find(mark, from)) != std::string::npos;
         from = at + mark.size()) {
        parts.push_back(text.substr(from, at - from));
    }
    parts.push_back(text.substr(from));
    return texts_value(parts);
}

value join(const value& v, const std::string& separator) {
    std::string out, before;
    for (const view item : v.view().items()) {
        out += before + text_of_value(blk::json::borrow(item));
        check_size(out.size());
        before = separator;
    }
    return text_value(out);
}

size_t character_count(std::string_view text) {
    return static_cast<size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

int64_t length(const value& v) {
    if (v.view().is_string()) return static_cast<int64_t>(character_count(v.view().as_string()));
    return static_cast<int64_t>(v.view().size());
}

double number(const value& v, double fallback) {
    const view n = v.view();
    if (n.is_number()) return n.as_double();
    if (n.is_bool()) return n.as_bool() ? 1 : 0;
    const std::string text = strip(text_of_value(v), "");
    char* end = nullptr;
    const double parsed = std::strtod(text.c_str(), &end);
    return text.empty() || *end != '\0' || !std::isfinite(parsed) ? fallback : parsed;
}

value whole(double n) {
    if (std::abs(n) > 9e15) blk::fail("template: the number is too large for an integer");
    return blk::json(static_cast<int64_t>(n));
}

bool less(view a, view b) {
    if (a.is_string() && b.is_string())
        return lower(std::string(a.as_string())) < lower(std::string(b.as_string()));
    if (a.is_number() && b.is_number()) return a.as_double() < b.as_double();
    blk::fail("template: the items to sort are neither all texts nor all numbers");
}

// item.a.b for "a.b".
view attribute_of(view item, std::string_view path) {
    while (!path.empty()) {
        const size_t dot = path.find('.');
        item = item[path.substr(0, dot)];
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    return item;
}

value sorted(const value& v, bool reverse, const std::string& attribute) {
    std::vector<view> items = items_of(v.view());
    const value keys = v.view().is_object() ? keys_of(v.view()) : value();
    if (keys.defined) items = items_of(keys.view());
    std::stable_sort(items.begin(), items.end(), [&](view a, view b) {
        return less(attribute_of(a, attribute), attribute_of(b, attribute));
    });
    if (reverse) std::reverse(items.begin(), items.end());
    return list_value(items);
}

value sum(const value& v, const std::string& attribute) {
    double total = 0;
    bool all_whole = true;
    for (const view item : v.view().items()) {
        const view n = attribute_of(item, attribute);
        if (!n.is_number()) blk::fail("template: sum needs numbers");
        all_whole = all_whole && n.is_int();
        total += n.as_double();
    }
    return all_whole ? whole(total) : value(blk::json(total));
}

value unique(rendering& r, const value& v, const arguments&) {
    std::vector<view> kept;
    for (const view item : v.view().items()) {
        r.step(1 + kept.size());
        if (std::none_of(kept.begin(), kept.end(), [&](view k) { return blk::equal(k, item); }))
            kept.push_back(item);
    }
    return list_value(kept);
}

value extreme(const value& v, bool largest) {
    const std::vector<view> items = items_of(v.view());
    if (items.empty()) return {};
    const auto found = largest ? std::max_element(items.begin(), items.end(), less)
                               : std::min_element(items.begin(), items.end(), less);
    return blk::json::copy(*found);
}

value round_to(double n, int64_t digits) {
    const double scale = std::pow(10, static_cast<double>(std::clamp<int64_t>(digits, -15, 15)));
    return blk::json(std::nearbyint(n * scale) / scale);
}

value truncate(const std::string& text, size_t length_max, const std::string& tail) {
    if (character_count(text) <= length_max) return text_value(text);
    const size_t keep = length_max > tail.size() ? length_max - tail.size() : 0;
    size_t at = 0;
    for (size_t n = 0; at < text.size() && (n < keep || (text[at] & 0xc0) == 0x80); ++at)
        n += (text[at] & 0xc0) != 0x80;
    const size_t blank = text.rfind(' ', at);
    return text_value(text.substr(0, blank == std::string::npos ? at : blank) + tail);
}

value indent(const std::string& text, size_t width) {
    if (width > 100) blk::fail("template: indent takes at most 100");
    return text_value(replace(text, "\n", "\n" + std::string(width, ' ')));
}

std::string url_encoded(const std::string& text) {
    constexpr char hex[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if ((is_letter(c) && (c & 0x80) == 0 && c != '\'') ||
            std::string_view("-_.~/").find(c) != std::string_view::npos) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            ((out += '%') += hex[byte >> 4]) += hex[byte & 15];
        }
    }
    return out;
}

// map(attribute="x") or map("upper").
value map_items(rendering& r, const value& v, const arguments& args) {
    const value attribute = args.get(r, SIZE_MAX, "attribute");
    const value filter = args.get(r, 0, "");
    std::vector<value> results;
    for (const view item : v.view().items()) {
        r.step();
        if (attribute.defined) {
            const view found = attribute_of(item, text_of_value(attribute));
            results.push_back(found.present() ? value(blk::json::borrow(found))
                                              : args.get(r, SIZE_MAX, "default"));
        } else {
            results.push_back(apply_filter(r, text_of_value(filter), blk::json::borrow(item), {}));
        }
    }
    blk::tape t;
    t.array();
    for (const value& result : results) t.copy(result.view());
    return bounded(t.end());
}

// select("test", argument), reject, selectattr("name", "test", argument), rejectattr.
value select_items(rendering& r, const value& v, const arguments& args, bool by_attribute,
                   bool keep) {
    const value attribute = by_attribute ? args.get(r, 0, "") : value();
    const value test = args.get(r, by_attribute ? 1 : 0, "");
    arguments rest;
    const value operand = args.get(r, by_attribute ? 2 : 1, "");
    struct fixed final : expression {
        value v;
        value evaluate(rendering&) const override { return v; }
    };
    if (operand.defined) {
        auto e = std::make_unique<fixed>();
        e->v = operand;
        rest.positional.push_back(std::move(e));
    }
    std::vector<view> kept;
    for (const view item : v.view().items()) {
        r.step();
        const view tested = by_attribute ? attribute_of(item, text_of_value(attribute)) : item;
        const value subject = tested.present() ? value(blk::json::borrow(tested)) : value();
        const bool holds =
            test.defined ? apply_test(r, text_of_value(test), subject, rest) : is_true(subject);
        if (holds == keep) kept.push_back(item);
    }
    return list_value(kept);
}

using filter_function = std::function<value(rendering&, const value&, const arguments&)>;

value sole_item(const value& v, bool last) {
    if (v.view().is_string()) {
        const std::vector<std::string> text = characters_of(v.view().as_string());
        return text.empty() ? value() : text_value(last ? text.back() : text.front());
    }
    const size_t size = v.view().size();
    const view item = size == 0 ? view() : v.view().at(last ? size - 1 : 0);
    return item.present() ? value(blk::json::copy(item)) : value();
}

value reversed(const value& v) {
    if (v.view().is_string()) {
        std::string text;
        const std::vector<std::string> characters = characters_of(v.view().as_string());
        for (auto c = characters.rbegin(); c != characters.rend(); ++c) text += *c;
        return text_value(text);
    }
    std::vector<view> items = items_of(v.view());
    std::reverse(items.begin(), items.end());
    return list_value(items);
}

value as_list(const value& v) {
    if (v.view().is_object()) return keys_of(v.view());
    if (!v.view().is_string()) return v;
    return texts_value(characters_of(v.view().as_string()));
}

value fallback(rendering& r, const value& v, const arguments& args) {
    const bool also_false = is_true(args.get(r, 1, "boolean"));
    if (v.defined && !(also_false && !is_true(v))) return v;
    const value given = args.get(r, 0, "default_value");
    return given.defined ? given : text_value("");
}

value json_text(const value& v) {
    value text = text_value(blk::text_of(v.view()));
    text.safe = true;
    return text;
}

value marked_safe(value v) {
    v.safe = true;
    return v;
}

std::map<std::string, filter_function, std::less<>> make_filters() {
    auto argument_text = [](rendering& r, const arguments& a, size_t n, const char* name) {
        const value v = a.get(r, n, name);
        return v.defined ? text_of_value(v) : std::string();
    };
    auto argument_number = [](rendering& r, const arguments& a, size_t n, const char* name,
                              double otherwise) {
        const value v = a.get(r, n, name);
        return v.defined ? number(v, otherwise) : otherwise;
    };
    auto of_text = [](std::string (*f)(std::string)) -> filter_function {
        return [f](rendering&, const value& v, const arguments&) {
            return text_value(f(text_of_value(v)));
        };
    };
    auto plain = [](value (*f)(const value&)) -> filter_function {
        return [f](rendering&, const value& v, const arguments&) { return f(v); };
    };
    std::map<std::string, filter_function, std::less<>> f;
    f["upper"] = of_text(upper);
    f["lower"] = of_text(lower);
    f["capitalize"] = of_text(capitalize);
    f["title"] = of_text(title);
    f["trim"] = [=](rendering& r, const value& v, const arguments& a) {
        return text_value(strip(text_of_value(v), argument_text(r, a, 0, "chars")));
    };
    f["length"] = f["count"] = [](rendering&, const value& v, const arguments&) {
        return value(blk::json(length(v)));
    };
    f["default"] = f["d"] = fallback;
    f["join"] = [=](rendering& r, const value& v, const arguments& a) {
        return join(v, argument_text(r, a, 0, "d"));
    };
    f["replace"] = [=](rendering& r, const value& v, const arguments& a) {
        return text_value(replace(text_of_value(v), argument_text(r, a, 0, "old"),
                                  argument_text(r, a, 1, "new")));
    };
    f["first"] = [](rendering&, const value& v, const arguments&) { return sole_item(v, false); };
    f["last"] = [](rendering&, const value& v, const arguments&) { return sole_item(v, true); };
    f["reverse"] = plain(reversed);
    f["sort"] = [=](rendering& r, const value& v, const arguments& a) {
        return sorted(v, is_true(a.get(r, 0, "reverse")), argument_text(r, a, 2, "attribute"));
    };
    f["unique"] = unique;
    f["sum"] = [=](rendering& r, const value& v, const arguments& a) {
        return sum(v, argument_text(r, a, 0, "attribute"));
    };
    f["max"] = [](rendering&, const value& v, const arguments&) { return extreme(v, true); };
    f["min"] = [](rendering&, const value& v, const arguments&) { return extreme(v, false); };
    f["list"] = plain(as_list);
    f["string"] = [](rendering&, const value& v, const arguments&) {
        return text_value(text_of_value(v));
    };
    f["int"] = [=](rendering& r, const value& v, const arguments& a) {
        return whole(std::trunc(number(v, argument_number(r, a, 0, "default", 0))));
    };
    f["float"] = [=](rendering& r, const value& v, const arguments& a) {
        return value(blk::json(number(v, argument_number(r, a, 0, "default", 0))));
    };
    f["abs"] = [](rendering&, const value& v, const arguments&) {
        const double n = std::abs(number(v, 0));
        return v.view().is_int() ? whole(n) : value(blk::json(n));
    };
    f["round"] = [=](rendering& r, const value& v, const arguments& a) {
        return round_to(number(v, 0),
                        static_cast<int64_t>(argument_number(r, a, 0, "precision", 0)));
    };
    f["tojson"] = plain(json_text);
    f["escape"] = f["e"] = [](rendering&, const value& v, const arguments&) {
        return marked_safe(v.safe ? v : text_value(escape_html(text_of_value(v))));
    };
    f["safe"] = [](rendering&, const value& v, const arguments&) { return marked_safe(v); };
    f["items"] = [](rendering&, const value& v, const arguments&) { return pairs_of(v.view()); };
    f["dictsort"] = [](rendering&, const value& v, const arguments&) {
        std::vector<std::pair<std::string, view>> members;
        for (const auto& [key, item] : v.view().members()) members.emplace_back(key, item);
        std::sort(members.begin(), members.end(),
                  [](auto& a, auto& b) { return lower(a.first) < lower(b.first); });
        blk::tape t;
        t.array();
        for (const auto& [key, item] : members) t.array().string(key).copy(item).end();
        return value(bounded(t.end()));
    };
    f["map"] = map_items;
    f["select"] = [](rendering& r, const value& v, const arguments& a) {
        return select_items(r, v, a, false, true);
    };
    f["reject"] = [](rendering& r, const value& v, const arguments& a) {
        return select_items(r, v, a, false, false);
    };
    f["selectattr"] = [](rendering& r, const value& v, const arguments& a) {
        return select_items(r, v, a, true, true);
    };
    f["rejectattr"] = [](rendering& r, const value& v, const arguments& a) {
        return select_items(r, v, a, true, false);
    };
    f["truncate"] = [=](rendering& r, const value& v, const arguments& a) {
        const double length_max = argument_number(r, a, 0, "length", 255);
        const value tail = a.get(r, 2, "end");
        return truncate(text_of_value(v), static_cast<size_t>(std::max(0.0, length_max)),
                        tail.defined ? text_of_value(tail) : "...");
    };
    f["wordcount"] = [](rendering&, const value& v, const arguments&) {
        return value(blk::json(length(split(text_of_value(v), {}))));
    };
    f["indent"] = [=](rendering& r, const value& v, const arguments& a) {
        return indent(text_of_value(v),
                      static_cast<size_t>(std::max(0.0, argument_number(r, a, 0, "width", 4))));
    };
    f["urlencode"] = [](rendering&, const value& v, const arguments&) {
        return text_value(url_encoded(text_of_value(v)));
    };
    return f;
}

}  // namespace

value apply_filter(rendering& r, const std::string& name, const value& v, const arguments& args) {
    static const auto filters = make_filters();
    const auto found = filters.find(name);
    if (found == filters.end()) blk::fail("template: there is no filter '" + name + "'");
    r.step(1 + bytes_of(v.view()) / 1024);
    return found->second(r, v, args);
}

bool apply_test(rendering& r, const std::string& name, const value& v, const arguments& args) {
    const view tested = v.view();
    auto operand = [&] { return args.get(r, 0, ""); };
    if (name == "defined") return v.defined;
    if (name == "undefined") return !v.defined;
    if (name == "none") return v.defined && tested.is_null();
    if (name == "string") return tested.is_string();
    if (name == "number") return tested.is_number();
    if (name == "integer") return tested.is_int();
    if (name == "boolean") return tested.is_bool();
    if (name == "true") return tested.is_bool() && tested.as_bool();
    if (name == "false") return tested.is_bool() && !tested.as_bool();
    if (name == "mapping") return tested.is_object();
    if (name == "iterable" || name == "sequence")
        return tested.is_array() || tested.is_object() || tested.is_string();
    if (name == "even") return std::fmod(number(v, 1), 2) == 0;
    if (name == "odd") return std::fmod(std::abs(number(v, 0)), 2) == 1;
    if (name == "divisibleby") {
        const double divisor = number(operand(), 0);
        if (divisor == 0) blk::fail("template: division by zero");
        return std::fmod(number(v, 1), divisor) == 0;
    }
    if (name == "eq" || name == "equalto") return blk::equal(tested, operand().view());
    if (name == "ne") return !blk::equal(tested, operand().view());
    if (name == "in") {
        const value where = operand();
        if (where.view().is_string())
            return where.view().as_string().find(text_of_value(v)) != std::string_view::npos;
        const std::vector<view> items = items_of(as_list(where).view());
        return std::any_of(items.begin(), items.end(),
                           [&](view item) { return blk::equal(item, tested); });
    }
    blk::fail("template: there is no test '" + name + "'");
}

value call_method(rendering& r, const value& object, const std::string& name,
                  const arguments& args) {
    const view v = object.view();
    auto text_argument = [&](size_t n) {
        const value given = args.get(r, n, "");
        return given.defined ? text_of_value(given) : std::string();
    };
    if (v.is_object()) {
        if (name == "items") return pairs_of(v);
        if (name == "keys") return keys_of(v);
        if (name == "values") {
            std::vector<view> values;
            for (const auto& [key, item] : v.members()) values.push_back(item);
            return list_value(values);
        }
        if (name == "get") {
            const view found = v[text_argument(0)];
            if (found.present()) return blk::json::copy(found);
            const value otherwise = args.get(r, 1, "default");
            return otherwise.defined ? otherwise : value(blk::json(nullptr));
        }
    }
    if (v.is_string()) {
        const std::string text = text_of_value(object);
        if (name == "upper") return text_value(upper(text));
        if (name == "lower") return text_value(lower(text));
        if (name == "title") return text_value(title(text));
        if (name == "capitalize") return text_value(capitalize(text));
        if (name == "strip") return text_value(strip(text, text_argument(0)));
        if (name == "split") return split(text, args.get(r, 0, "sep"));
        if (name == "replace") return text_value(replace(text, text_argument(0), text_argument(1)));
        if (name == "join") return join(args.get(r, 0, ""), text);
        if (name == "startswith") return blk::json(text.starts_with(text_argument(0)));
        if (name == "endswith") return blk::json(text.ends_with(text_argument(0)));
    }
    blk::fail("template: there is no method '" + name + "' of '" +
              text_of_value(object).substr(0, 40) + "'");
}

}  // namespace shared
