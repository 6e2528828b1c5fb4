#include "plugins/shared/template.h"

#include <gtest/gtest.h>

#include <string>

#include "base/json.h"

namespace yard {
namespace {

std::string Render(const std::string& text, const std::string& values = "{}",
                   shared::escape how = shared::escape::none) {
    const Value parsed = ParseJson(values).value();
    return shared::render_template(text, blk::view(parsed->tape()), how);
}

std::string FaultOf(const std::string& text, const std::string& values = "{}") {
    try {
        return "rendered: " + Render(text, values).substr(0, 100);
    } catch (const blk::error& fault) {
        return fault.what();
    }
}

void ExpectFault(const std::string& text, const std::string& part,
                 const std::string& values = "{}") {
    EXPECT_NE(FaultOf(text, values).find(part), std::string::npos) << FaultOf(text, values);
}

TEST(TemplateTest, ExpressionsFollowTheUsualPrecedence) {
    EXPECT_EQ(Render("{{ 1 + 2 * 3 }} {{ (1 + 2) * 3 }} {{ 7 // 2 }} {{ -7 % 3 }} {{ 2 ** 3 }}"),
              "7 9 3 2 8");
    EXPECT_EQ(Render("{{ 7 / 2 }} {{ 'a' ~ 1 }} {{ 1 < 2 and not 2 < 1 }}"), "3.5 a1 True");
    EXPECT_EQ(Render("{{ 'yes' if 1 in [1, 2] else 'no' }} {{ 'x' not in 'abc' }}"), "yes True");
}

TEST(TemplateTest, UnknownNamesAreEmptyAndTestable) {
    EXPECT_EQ(Render("[{{ a }}][{{ a.b.c }}][{{ a|default('d') }}][{{ a is defined }}]"),
              "[][][d][False]");
    EXPECT_EQ(Render("{{ x|default('d') }}{{ x|default('d', true) }}", R"({"x":""})"), "d");
}

TEST(TemplateTest, ValuesPrintAsThePlatformPrintsThem) {
    EXPECT_EQ(Render("{{ v }}", R"({"v":[1,2.0,"a",null,true,{"k":"it's"}]})"),
              R"([1, 2.0, 'a', None, True, {'k': "it's"}])");
    EXPECT_EQ(Render("{{ v|tojson }}", R"({"v":{"a":[1,"x"]}})"), R"({"a":[1,"x"]})");
}

TEST(TemplateTest, LoopsKnowTheirPlace) {
    EXPECT_EQ(Render("{% for x in xs %}{{ loop.index }}{{ x }}{% if not loop.last %},{% endif %}"
                     "{% else %}none{% endfor %}",
                     R"({"xs":["a","b"]})"),
              "1a,2b");
    EXPECT_EQ(Render("{% for x in [] %}x{% else %}none{% endfor %}"), "none");
    EXPECT_EQ(Render("{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}", R"({"d":{"a":1}})"),
              "a=1;");
    EXPECT_EQ(Render("{% for n in range(6) if n is even %}{{ n }}{% endfor %}"), "024");
    EXPECT_EQ(Render("{% for c in 'né' %}[{{ c }}]{% endfor %}"), "[n][é]");
}

TEST(TemplateTest, BranchesAndAssignmentsWork) {
    const std::string text = "{% if n > 1 %}many{% elif n == 1 %}one{% else %}none{% endif %}";
    EXPECT_EQ(Render(text, R"({"n":2})"), "many");
    EXPECT_EQ(Render(text, R"({"n":1})"), "one");
    EXPECT_EQ(Render(text, R"({"n":0})"), "none");
    EXPECT_EQ(Render("{% set a, b = [1, 2] %}{{ a + b }}"), "3");
}

TEST(TemplateTest, FiltersChain) {
    EXPECT_EQ(Render("{{ ' a b '|trim|upper|replace('A', 'x') }}"), "x B");
    EXPECT_EQ(Render("{{ [3, 1, 2]|sort|join('-') }} {{ [1, 2]|sum }} {{ [1, 1]|unique|length }}"),
              "1-2-3 3 1");
    EXPECT_EQ(
        Render("{{ xs|map(attribute='n')|join(',') }} {{ xs|selectattr('n', 'eq', 2)|length }}",
               R"({"xs":[{"n":1},{"n":2}]})"),
        "1,2 1");
    EXPECT_EQ(Render("{{ '3.7'|int }} {{ 'x'|float }} {{ 2.567|round(1) }}"), "3 0.0 2.6");
}

TEST(TemplateTest, TextFiltersKeepCharactersWhole) {
    EXPECT_EQ(Render("{{ 'éà'|first }}{{ 'éà'|last }}{{ 'éà'|reverse }}{{ 'éàü'[1:2] }}"), "éààéà");
    EXPECT_EQ(Render("{{ 'àb'|trim('é') }} {{ 'éàü'|length }}"), "àb 3");
}

TEST(TemplateTest, MinusRemovesTheBlanksBesideAMark) {
    EXPECT_EQ(Render("a  {{- 1 -}}  b\n{%- if true -%}\n c {% endif %}"), "a1bc ");
    EXPECT_EQ(Render("x {# note #} y {%- raw %}{{ no }}{% endraw %}"), "x  y{{ no }}");
}

TEST(TemplateTest, EscapingSparesWhatIsSafe) {
    EXPECT_EQ(Render("{{ v }}{{ v|e }}{{ v|safe }}<i>", R"({"v":"<b>&\""})", shared::escape::html),
              "&lt;b&gt;&amp;&#34;&lt;b&gt;&amp;&#34;<b>&\"<i>");
}

TEST(TemplateTest, FaultsNameTheLine) {
    ExpectFault("a\n{{ b", "line 2");
    ExpectFault("{% if x %}", "is not closed");
    ExpectFault("{% endif %}", "has no beginning");
    ExpectFault("{% include 'x' %}", "no statement 'include'");
    ExpectFault("{{ f() }}", "no function 'f'");
    ExpectFault("{{ 1 | nope }}", "no filter 'nope'");
    ExpectFault("{{ 1 is nope }}", "no test 'nope'");
    ExpectFault("{{ 'x'.__class__() }}", "no method");
    ExpectFault("{{ 1 + 'a' }}", "needs numbers");
    ExpectFault("{{ 1 % 0 }}", "division by zero");
    ExpectFault("{{ range(1, 2, 0) }}", "must not be 0");
    ExpectFault("{{ 99999999999999999999 }}", "too large");
    ExpectFault("{{ 'open }}", "without '}}'");
}

TEST(TemplateTest, BombsEndWithASentence) {
    ExpectFault("{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
                "too many steps");
    ExpectFault("{{ range(99999999999) }}", "too many steps");
    std::string doubling = "{% set x = 'aaaaaaaaaa' %}";
    for (int i = 0; i < 60; ++i) doubling += "{% set x = x ~ x %}";
    ExpectFault(doubling, "16 MiB");
    std::string lists = "{% set x = ['aaaaaaaaaa'] %}";
    for (int i = 0; i < 60; ++i) lists += "{% set x = x + x %}";
    ExpectFault(lists, "16 MiB");
    ExpectFault("{% set x = range(9000)|join('aaaaaaaaaa') %}{{ range(9000)|join(x) }}", "16 MiB");
    ExpectFault("{% set x = range(9000)|join('a') %}{{ x|replace('a', x) }}", "16 MiB");
    ExpectFault("{{ range(100000)|unique|length }}", "too many steps");
    ExpectFault("{{ 'a'|indent(999999999) }}", "at most 100");
}

TEST(TemplateTest, NestingIsBounded) {
    std::string chain = "a", blocks;
    for (int i = 0; i < 100'000; ++i) chain += "|upper";
    ExpectFault("{{ " + chain + " }}", "too long");
    std::string sum = "1";
    for (int i = 0; i < 100'000; ++i) sum += "+1";
    ExpectFault("{{ " + sum + " }}", "too long");
    ExpectFault("{{ " + std::string(100'000, '(') + " }}", "nested too deeply");
    ExpectFault("{{ " + std::string(100'000, '-') + "1 }}", "nested too deeply");
    for (int i = 0; i < 10'000; ++i) blocks += "{% if 1 %}";
    ExpectFault(blocks, "too many nested blocks");
}

}  // namespace
}  // namespace yard
