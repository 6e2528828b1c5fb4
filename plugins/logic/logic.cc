// Blocks that compare and compute.
#include <blk/blk.hpp>

#include <cmath>
#include <compare>
#include <cstdlib>
#include <string>

namespace {

using blk::view;

const char* kind_of(view v) {
    return v.is_string()   ? "a text"
           : v.is_number() ? "a number"
           : v.is_bool()   ? "a truth value"
           : v.is_array()  ? "a list"
           : v.is_object() ? "a dictionary"
                           : "nothing";
}

// A text that spells a number counts as that number.
blk::json as_number_if_possible(const blk::json& value) {
    if (!value->is_string()) return value;
    std::string text(value->as_string());
    const size_t first = text.find_first_not_of(" \t\r\n");
    const size_t last = text.find_last_not_of(" \t\r\n");
    if (first == std::string::npos) return value;
    text = text.substr(first, last - first + 1);
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    const bool is_number =
        *end == '\0' && std::isfinite(number) && text.find_first_of("xX") == std::string::npos;
    return is_number ? blk::json(number) : value;
}

std::partial_ordering compare(view a, view b) {
    auto number = [](view v) { return v.is_bool() ? (v.as_bool() ? 1.0 : 0.0) : v.as_double(); };
    auto numeric = [](view v) { return v.is_number() || v.is_bool(); };
    if (numeric(a) && numeric(b)) return number(a) <=> number(b);
    if (a.is_string() && b.is_string()) return a.as_string() <=> b.as_string();
    blk::fail(std::string("cannot order ") + kind_of(a) + " and " + kind_of(b) +
              "; only two numbers or two texts have an order");
}

using comparison = blk::choice<"ComparisonOperator", "==", "!=", ">", "<", ">=", "<=">;

bool holds(const comparison& op, view a, view b) {
    if (op.is<"==">()) return blk::equal(a, b);
    if (op.is<"!=">()) return !blk::equal(a, b);
    const std::partial_ordering order = compare(a, b);
    if (op.is<">">()) return order > 0;
    if (op.is<"<">()) return order < 0;
    return op.is<">=">() ? order >= 0 : order <= 0;
}

// Shared by both conditions: `result`, then the value of the branch that was taken.
struct branches {
    static constexpr blk::port<bool> result{
        "result", "The result of the condition evaluation (True or False)"};
    static constexpr blk::port<blk::json> yes_output{"yes_output",
                                                     "The output value if the condition is true"};
    static constexpr blk::port<blk::json> no_output{"no_output",
                                                    "The output value if the condition is false"};
    BLK_OUT(result, yes_output, no_output)

    static void take(blk::call& c, bool condition, const blk::json& yes, const blk::json& no) {
        c.emit(result(condition));
        c.emit(condition ? yes_output(yes) : no_output(no));
    }
};

struct Condition : branches {
    static constexpr const char *id = "715696a0-e1da-45c8-b209-c2fa9c3b0be6",
                                *name = "ConditionBlock";
    static constexpr bool pure = true;
    struct in {
        blk::json value1;
        comparison op;
        blk::json value2;
        blk::defaulted<blk::json> yes_value = blk::json(nullptr);
        blk::defaulted<blk::json> no_value = blk::json(nullptr);

        // `operator` is a keyword, so this list is written out.
        static constexpr const char* blk_title = "Input";
        template <class Self, class F>
        static void blk_visit(Self& self, F&& f) {
            f("value1", self.value1);
            f("operator", self.op);
            f("value2", self.value2);
            f("yes_value", self.yes_value);
            f("no_value", self.no_value);
        }
    };

    static void describe(blk::declaration& d) {
        d.category("LOGIC").description("Handles conditional logic based on comparison operators");
        d.input("value1")
            .description("Enter the first value for comparison")
            .placeholder("For example: 10 or 'hello' or True");
        d.input("operator")
            .description("Choose the comparison operator")
            .placeholder("Select an operator");
        d.input("value2")
            .description("Enter the second value for comparison")
            .placeholder("For example: 20 or 'world' or False");
        d.input("yes_value")
            .description(
                "(Optional) Value to output if the condition is true. If not provided, value1 will "
                "be used.")
            .placeholder("Leave empty to use value1, or enter a specific value");
        d.input("no_value")
            .description(
                "(Optional) Value to output if the condition is false. If not provided, value1 "
                "will be used.")
            .placeholder("Leave empty to use value1, or enter a specific value");
    }

    void run(blk::call& c, in i) {
        const blk::json a = as_number_if_possible(i.value1);
        const blk::json b = as_number_if_possible(i.value2);
        auto or_value1 = [&](const blk::json& value) { return value->is_null() ? a : value; };
        take(c, holds(i.op, a, b), or_value1(*i.yes_value), or_value1(*i.no_value));
    }
};

struct IfInputMatches : branches {
    static constexpr const char *id = "6dbbc4b3-ca6c-42b6-b508-da52d23e13f2",
                                *name = "IfInputMatchesBlock";
    static constexpr bool pure = true;
    struct in {
        blk::json input;
        blk::json value;
        blk::defaulted<blk::json> yes_value = blk::json(nullptr);
        blk::defaulted<blk::json> no_value = blk::json(nullptr);
        BLK_IN(input, value, yes_value, no_value)
    };

    static void describe(blk::declaration& d) {
        constexpr const char* example = "For example: 'Greater' or 20 or False";
        d.category("LOGIC").description("Handles conditional logic based on comparison operators");
        d.input("input")
            .description("The input to match against")
            .placeholder("For example: 10 or 'hello' or True");
        d.input("value")
            .description("The value to output if the input matches")
            .placeholder(example);
        d.input("yes_value")
            .description("The value to output if the input matches")
            .placeholder(example);
        d.input("no_value")
            .description("The value to output if the input does not match")
            .placeholder(example);
    }

    void run(blk::call& c, in i) {
        take(c, blk::equal(i.input, i.value), *i.yes_value, *i.no_value);
    }
};

struct Calculator {
    static constexpr const char *id = "b1ab9b19-67a6-406d-abf5-2dba76d00c79",
                                *name = "CalculatorBlock";
    static constexpr bool pure = true;
    struct in {
        blk::choice<"Operation", "Add", "Subtract", "Multiply", "Divide", "Power"> operation;
        double a;
        double b;
        blk::defaulted<bool> round_result = false;
        BLK_IN(operation, a, b, round_result)
    };
    static constexpr blk::port<double> result{"result", "The result of your calculation"};
    BLK_OUT(result)

    static void describe(blk::declaration& d) {
        d.category("LOGIC").description("Performs a mathematical operation on two numbers.");
        d.input("operation")
            .description("Choose the math operation you want to perform")
            .placeholder("Select an operation");
        d.input("a").description("Enter the first number (A)").placeholder("For example: 10");
        d.input("b").description("Enter the second number (B)").placeholder("For example: 5");
        d.input("round_result").description("Do you want to round the result to a whole number?");
    }

    static double compute(const in& i) {
        if (i.operation.is<"Add">()) return i.a + i.b;
        if (i.operation.is<"Subtract">()) return i.a - i.b;
        if (i.operation.is<"Multiply">()) return i.a * i.b;
        if (i.operation.is<"Power">()) return std::pow(i.a, i.b);
        if (i.b == 0) blk::fail("Cannot divide by zero");
        return i.a / i.b;
    }

    void run(blk::call& c, in i) {
        const double value = compute(i);
        // JSON has no infinity: such a result would reach nobody.
        if (!std::isfinite(value)) blk::fail("The result is too large or not a number");
        c.emit(result(i.round_result ? std::nearbyint(value) : value));
    }
};

}  // namespace

BLK_PLUGIN("blockyard.logic", "1.0.0", Condition, IfInputMatches, Calculator)
