// The blocks through which values enter a graph. They differ in the type of `value` and in how the
// form shows it.
#include "plugins/graph_io/blocks.h"

#include <blk/blk.hpp>

#include <string_view>
#include <type_traits>

namespace {

// A toggle is off and a value of no type is null until somebody says otherwise; the others start
// absent.
template <class V>
V initial() {
    if constexpr (std::is_same_v<V, blk::defaulted<bool>>)
        return false;
    else if constexpr (std::is_same_v<V, blk::defaulted<blk::json>>)
        return blk::json(nullptr);
    else
        return {};
}

// What every input block takes. `advanced` and `secret` describe the form, not this run.
template <class V>
struct input_fields {
    std::string_view name;
    V value = initial<V>();
    std::optional<std::string_view> title;
    std::optional<std::string_view> description;
    blk::defaulted<blk::list> placeholder_values = blk::unset;
    blk::defaulted<bool> advanced = false;
    blk::defaulted<bool> secret = false;
    BLK_IN(name, value, title, description, placeholder_values, advanced, secret)
};

enum class choices { hidden, shown };

void describe_fields(blk::declaration& d, choices placeholder_values) {
    d.category("BASIC").category("INPUT").ui_type("Input").static_output().no_error_output();
    d.input("name").description("The name of the input.");
    d.input("title").description("The title of the input.");
    d.input("description").description("The description of the input.");
    blk::field& values = d.input("placeholder_values");
    values.description("The placeholder values to be passed as input.");
    if (placeholder_values == choices::hidden) values.hidden();
    d.input("advanced")
        .description(
            "Whether to show the input in the advanced section, if the field is not required.");
    d.input("secret").description("Whether the input should be treated as a secret.");
}

struct texts_of {
    const char *block, *value, *result;
};

void describe_typed(blk::declaration& d, const texts_of& texts,
                    choices placeholder_values = choices::hidden) {
    describe_fields(d, placeholder_values);
    d.description(texts.block);
    d.input("value").title("Default Value").description(texts.value).advanced(false);
    d.output("result").description(texts.result);
}

// Any value, as it is.
struct AgentInput {
    static constexpr const char *id = "c0a8e994-ebf1-4a9c-a4d8-89d09c86741b",
                                *name = "AgentInputBlock";
    static constexpr bool pure = true;
    using in = input_fields<blk::defaulted<blk::json>>;
    static constexpr blk::port<blk::json> result{"result", "The value passed as input."};
    BLK_OUT(result)

    static void describe(blk::declaration& d) {
        describe_fields(d, choices::hidden);
        d.description(
            "A block that accepts and processes user input values within a workflow, supporting "
            "various input "
            "types and validation.");
        d.input("value").description("The value to be passed as input.");
    }

    void run(blk::call& c, in i) {
        if (!(*i.value)->is_null()) c.emit(result(*i.value));
    }
};

// A value of one type, or nothing if the graph was started without it.
template <class T>
struct typed_input {
    static constexpr bool pure = true;
    using in = input_fields<std::optional<T>>;
    static constexpr blk::port<T> result{"result"};
    BLK_OUT(result)

    void run(blk::call& c, in i) {
        if (i.value) c.emit(result(*i.value));
    }
};

struct AgentShortTextInput : typed_input<blk::formatted<"short-text">> {
    static constexpr const char *id = "7fcd3bcb-8e1b-4e69-903d-32d3d4a92158",
                                *name = "AgentShortTextInputBlock";
    static void describe(blk::declaration& d) {
        describe_typed(d, {"Block for short text input (single-line).", "Short text input.",
                           "Short text result."});
        d.output("result").type(R"({"type":"string"})");
    }
};

struct AgentLongTextInput : typed_input<blk::formatted<"long-text">> {
    static constexpr const char *id = "90a56ffb-7024-4b2b-ab50-e26c5e5ab8ba",
                                *name = "AgentLongTextInputBlock";
    static void describe(blk::declaration& d) {
        describe_typed(d, {"Block for long text input (multi-line).",
                           "Long text input (potentially multi-line).", "Long text result."});
        d.output("result").type(R"({"type":"string"})");
    }
};

struct AgentNumberInput : typed_input<int64_t> {
    static constexpr const char *id = "96dae2bb-97a2-41c2-bd2f-13a3b5a8ea98",
                                *name = "AgentNumberInputBlock";
    static void describe(blk::declaration& d) {
        describe_typed(d, {"Block for number input.", "Number input.", "Number result."});
    }
};

struct AgentDateInput : typed_input<blk::formatted<"date">> {
    static constexpr const char *id = "7e198b09-4994-47db-8b4d-952d98241817",
                                *name = "AgentDateInputBlock";
    static void describe(blk::declaration& d) {
        describe_typed(d, {"Block for date input.", "Date input (YYYY-MM-DD).", "Date result."});
    }
};

struct AgentTimeInput : typed_input<blk::formatted<"time">> {
    static constexpr const char *id = "2a1c757e-86cf-4c7e-aacf-060dc382e434",
                                *name = "AgentTimeInputBlock";
    static void describe(blk::declaration& d) {
        describe_typed(d, {"Block for time input.", "Time input (HH:MM:SS).", "Time result."});
    }
};

struct AgentDropdownInput : typed_input<std::string_view> {
    static constexpr const char *id = "655d6fdf-a334-421c-b733-520549c07cd1",
                                *name = "AgentDropdownInputBlock";
    static void describe(blk::declaration& d) {
        describe_typed(d,
                       {"Block for dropdown text selection.", "Text selected from a dropdown.",
                        "Selected dropdown value."},
                       choices::shown);
        d.input("placeholder_values")
            .title("Dropdown Options")
            .description("Possible values for the dropdown.")
            .advanced(false);
    }
};

struct AgentToggleInput {
    static constexpr const char *id = "cbf36ab5-df4a-43b6-8a7f-f7ed8652116e",
                                *name = "AgentToggleInputBlock";
    static constexpr bool pure = true;
    using in = input_fields<blk::defaulted<bool>>;
    static constexpr blk::port<bool> result{"result"};
    BLK_OUT(result)

    static void describe(blk::declaration& d) {
        describe_typed(d, {"Block for boolean toggle input.", "Boolean toggle input.",
                           "Boolean toggle result."});
    }

    void run(blk::call& c, in i) { c.emit(result(*i.value)); }
};

using rows = std::vector<blk::dict>;

struct AgentTableInput {
    static constexpr const char *id = "5603b273-f41e-4020-af7d-fbc9c6a8d928",
                                *name = "AgentTableInputBlock";
    static constexpr bool pure = true;
    struct in : input_fields<std::optional<rows>> {
        blk::defaulted<std::vector<std::string_view>> column_headers = blk::unset;
        BLK_IN(name, value, title, description, placeholder_values, advanced, secret,
               column_headers)
    };
    static constexpr blk::port<rows> result{"result"};
    BLK_OUT(result)

    static void describe(blk::declaration& d) {
        describe_typed(d, {"Block for table data input with customizable headers.",
                           "The table data as a list of dictionaries.",
                           "The table data as a list of dictionaries with headers as keys."});
        d.input("column_headers").description("Column headers for the table.").advanced(false);
    }

    // A table always arrives: without rows it is empty.
    void run(blk::call& c, in i) { c.emit(result(i.value.value_or(rows{}))); }
};

}  // namespace

blk::block_list graph_inputs() {
    return blk::blocks<AgentInput, AgentShortTextInput, AgentLongTextInput, AgentNumberInput,
                       AgentDateInput, AgentTimeInput, AgentDropdownInput, AgentToggleInput,
                       AgentTableInput>();
}
