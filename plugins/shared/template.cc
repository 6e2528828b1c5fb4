#include "plugins/shared/template.h"

#include "plugins/shared/template_expressions.h"
#include "plugins/shared/template_tree.h"

namespace shared {
namespace {

constexpr size_t steps_max = 1'000'000;
constexpr int depth_max = 100;

struct literal final : statement {
    std::string text;
    void run(rendering& r) const override { r.write(text); }
};

struct print final : statement {
    expression_ptr what;
    void run(rendering& r) const override { r.write(what->evaluate(r)); }
};

struct assignment final : statement {
    std::vector<std::string> names;
    expression_ptr what;
    void run(rendering& r) const override {
        const value v = what->evaluate(r);
        if (names.size() == 1) return r.set(names[0], v);
        for (size_t k = 0; k < names.size(); ++k) {
            const blk::view item = v.view().at(k);
            r.set(names[k], item.present() ? value(blk::json::copy(item)) : value());
        }
    }
};

struct branch {
    expression_ptr condition;  // Null: else.
    statements body;
};

void run_all(const statements& body, rendering& r) {
    for (const statement_ptr& s : body) s->run(r);
}

struct choice_of final : statement {
    std::vector<branch> branches;
    void run(rendering& r) const override {
        for (const branch& b : branches) {
            if (!b.condition || is_true(b.condition->evaluate(r))) return run_all(b.body, r);
        }
    }
};

struct loop final : statement {
    std::vector<std::string> names;
    expression_ptr over;
    expression_ptr condition;  // May be null.
    statements body, otherwise;

    void bind(rendering& r, const value& item) const {
        if (names.size() == 1) return r.set(names[0], item);
        for (size_t k = 0; k < names.size(); ++k) {
            const blk::view part = item.view().at(k);
            r.set(names[k], part.present() ? value(blk::json::copy(part)) : value());
        }
    }

    // Items of a list, keys of a dictionary, characters of a text.
    static std::vector<value> items_of(const value& collection) {
        std::vector<value> items;
        const blk::view v = collection.view();
        for (const blk::view item : v.items()) items.emplace_back(blk::json::copy(item));
        for (const auto& [key, ignored] : v.members()) items.emplace_back(blk::json(key));
        if (v.is_string()) {
            for (const char c : v.as_string()) {
                if ((c & 0xc0) == 0x80 && !items.empty()) {
                    items.back() = blk::json(text_of_value(items.back()) + c);
                } else {
                    items.emplace_back(blk::json(std::string(1, c)));
                }
            }
        }
        return items;
    }

    static value loop_variable(size_t index, size_t size) {
        const auto n = static_cast<int64_t>(index), count = static_cast<int64_t>(size);
        return blk::json::object({{"index", n + 1},
                                  {"index0", n},
                                  {"first", n == 0},
                                  {"last", n + 1 == count},
                                  {"length", count},
                                  {"revindex", count - n},
                                  {"revindex0", count - n - 1}});
    }

    void run(rendering& r) const override {
        const value collection = over->evaluate(r);
        r.step(bytes_of(collection.view()) / sizeof(blk_tok));  // What the items are copied for.
        std::vector<value> items = items_of(collection);
        r.open_scope();
        if (condition) {
            std::erase_if(items, [&](const value& item) {
                bind(r, item);
                return !is_true(condition->evaluate(r));
            });
        }
        for (size_t k = 0; k < items.size(); ++k) {
            r.step();
            bind(r, items[k]);
            r.set("loop", loop_variable(k, items.size()));
            run_all(body, r);
        }
        r.close_scope();
        if (items.empty()) run_all(otherwise, r);
    }
};

class tree_builder {
public:
    explicit tree_builder(std::vector<piece> pieces) : pieces_(std::move(pieces)) {}

    statements build() {
        statements all = body({});
        if (at_ < pieces_.size())
            fail("'" + pieces_[at_].tokens.front().text + "' has no beginning");
        return all;
    }

private:
    [[noreturn]] void fail(const std::string& what) const {
        const int line = at_ < pieces_.size() ? pieces_[at_].line
                         : pieces_.empty()    ? 1
                                              : pieces_.back().line;
        blk::fail("template line " + std::to_string(line) + ": " + what);
    }

    std::string keyword() const {
        return at_ < pieces_.size() && pieces_[at_].kind == piece_kind::statement
                   ? pieces_[at_].tokens.front().text
                   : "";
    }

    // Up to a statement that closes or divides what is open; `opened` names it for the error.
    statements body(const std::string& opened) {
        if (++depth_ > depth_max) fail("too many nested blocks");
        statements all;
        while (at_ < pieces_.size()) {
            const std::string word = keyword();
            if (word == "elif" || word == "else" || word.starts_with("end")) {
                --depth_;
                return all;
            }
            all.push_back(one());
        }
        if (!opened.empty()) fail("'" + opened + "' is not closed with 'end" + opened + "'");
        --depth_;
        return all;
    }

    statement_ptr one() {
        piece& p = pieces_[at_];
        if (p.kind == piece_kind::literal) {
            auto s = std::make_unique<literal>();
            s->text = std::move(p.literal);
            ++at_;
            return s;
        }
        token_reader t(p.tokens);
        if (p.kind == piece_kind::expression) {
            auto s = std::make_unique<print>();
            s->what = parse_expression(t);
            t.need_end();
            ++at_;
            return s;
        }
        const std::string word = keyword();
        if (word == "if") return conditional();
        if (word == "for") return repetition();
        if (word == "set") return set(t);
        fail("there is no statement '" + word + "'");
    }

    static std::vector<std::string> names(token_reader& t) {
        std::vector<std::string> all{t.need_name()};
        while (t.take_symbol(",")) all.push_back(t.need_name());
        return all;
    }

    statement_ptr set(token_reader& t) {
        auto s = std::make_unique<assignment>();
        t.take_name("set");
        s->names = names(t);
        t.need_symbol("=");
        s->what = parse_expression(t);
        t.need_end();
        ++at_;
        return s;
    }

    // Reads `word`, the condition if there is one, and moves behind the statement.
    expression_ptr head(const std::string& word, bool has_condition) {
        token_reader t(pieces_[at_].tokens);
        t.take_name(word);
        expression_ptr e = has_condition ? parse_expression(t) : nullptr;
        t.need_end();
        ++at_;
        return e;
    }

    statement_ptr conditional() {
        auto s = std::make_unique<choice_of>();
        for (;;) {
            const std::string word = keyword();
            branch b;
            b.condition = head(word, word != "else");
            b.body = body("if");
            s->branches.push_back(std::move(b));
            if (keyword() == "endif") break;
            if (word == "else" || (keyword() != "elif" && keyword() != "else"))
                fail("'endif' is missing");
        }
        head("endif", false);
        return s;
    }

    statement_ptr repetition() {
        auto s = std::make_unique<loop>();
        token_reader t(pieces_[at_].tokens);
        t.take_name("for");
        s->names = names(t);
        if (!t.take_name("in")) t.fail("'in' is missing");
        s->over = parse_loop_source(t, *s);
        t.need_end();
        ++at_;
        s->body = body("for");
        if (keyword() == "else") {
            head("else", false);
            s->otherwise = body("for");
        }
        if (keyword() != "endfor") fail("'endfor' is missing");
        head("endfor", false);
        return s;
    }

    // "for x in xs if condition": the condition belongs to the loop, so it is cut off before the
    // source is parsed.
    expression_ptr parse_loop_source(token_reader& t, loop& l) {
        std::vector<token> source;
        int depth = 0;
        while (!t.at_end() && !(depth == 0 && t.is_name("if"))) {
            if (t.is_symbol("(") || t.is_symbol("[") || t.is_symbol("{")) ++depth;
            if (t.is_symbol(")") || t.is_symbol("]") || t.is_symbol("}")) --depth;
            source.push_back(t.take());
        }
        source.push_back({token_kind::end, {}, t.peek().line});
        token_reader source_reader(source);
        expression_ptr over = parse_expression(source_reader);
        source_reader.need_end();
        if (t.take_name("if")) l.condition = parse_expression(t);
        return over;
    }

    std::vector<piece> pieces_;
    size_t at_ = 0;
    int depth_ = 0;
};

}  // namespace

statements parse_template(std::string_view text) {
    return tree_builder(cut_template(text)).build();
}

value rendering::find(std::string_view name) const {
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
        if (const auto found = scope->find(name); found != scope->end()) return found->second;
    }
    const blk::view found = values_[name];
    return found.present() ? value(blk::json::borrow(found)) : value();
}

void rendering::write(std::string_view text) {
    check_size(out.size() + text.size());
    out += text;
}

void rendering::write(const value& v) {
    const std::string text = text_of_value(v);
    write(escape_html_ && !v.safe ? escape_html(text) : text);
}

void rendering::step(size_t units) {
    steps_ += units;
    if (steps_ > steps_max) blk::fail("the template takes too many steps");
}

std::string escape_html(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&#34;";
        else if (c == '\'')
            out += "&#39;";
        else
            out += c;
    }
    return out;
}

std::string render_template(std::string_view text, blk::view values, escape how) {
    const statements all = parse_template(text);
    rendering r(values, how == escape::html);
    run_all(all, r);
    return std::move(r.out);
}

}  // namespace shared
