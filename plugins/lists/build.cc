// Blocks that make lists: create, append, concatenate, reverse.
#include "plugins/lists/blocks.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace {

using blk::view;

// Four characters a token is the rule of thumb the reference counts with where no tokenizer fits.
constexpr size_t characters_per_token = 4;

size_t tokens_of(blk::call& c, view value) {
    const std::string text =
        value.is_string() ? std::string(value.as_string()) : std::string(c.write_json(value));
    return text.size() / characters_per_token + 1;
}

blk::tape list_of(const std::vector<view>& items) {
    blk::tape t;
    t.array();
    for (const view item : items) t.copy(item);
    t.end();
    return t;
}

struct CreateList {
    static constexpr const char *id = "a912d5c7-6e00-4542-b2a9-8034136930e4",
                                *name = "CreateListBlock";
    static constexpr bool pure = true;
    struct in {
        blk::list values;
        std::optional<int64_t> max_size;
        std::optional<int64_t> max_tokens;
        BLK_IN(values, max_size, max_tokens)
    };
    static constexpr blk::port<blk::list> list{"list",
                                               "The created list containing the specified values."};
    BLK_OUT(list)

    static void describe(blk::declaration& d) {
        d.category("DATA").description(
            "Creates a list with the specified values. Use this when you know all the values you "
            "want to add "
            "upfront. This block can also yield the list in batches based on a maximum size or "
            "token limit.");
        d.input("values")
            .description("A list of values to be combined into a new list.")
            .placeholder("e.g., ['Alice', 25, True]");
        d.input("max_size")
            .description(
                "Maximum size of the list. If provided, the list will be yielded in chunks of this "
                "size.");
        d.input("max_tokens")
            .description(
                "Maximum tokens for the list. If provided, the list will be yielded in chunks that "
                "fit within this "
                "token limit.");
    }

    void run(blk::call& c, in i) {
        const size_t size_max =
            i.max_size && *i.max_size > 0 ? static_cast<size_t>(*i.max_size) : SIZE_MAX;
        const size_t tokens_max =
            i.max_tokens && *i.max_tokens > 0 ? static_cast<size_t>(*i.max_tokens) : SIZE_MAX;
        std::vector<view> chunk;
        size_t tokens = 0;
        for (const view value : i.values.items()) {
            const size_t cost = tokens_max == SIZE_MAX ? 0 : tokens_of(c, value);
            if (!chunk.empty() && (chunk.size() >= size_max || tokens + cost > tokens_max)) {
                c.emit(list(list_of(chunk)));
                chunk.clear();
                tokens = 0;
            }
            chunk.push_back(value);
            tokens += cost;
        }
        if (!chunk.empty() || i.values->empty()) c.emit(list(list_of(chunk)));
    }
};

struct AddToList {
    static constexpr const char *id = "aeb08fc1-2fc1-4141-bc8e-f758f183a822",
                                *name = "AddToListBlock";
    static constexpr bool pure = true;
    struct in {
        blk::defaulted<blk::list> list = blk::unset;
        blk::defaulted<blk::json> entry = blk::json(nullptr);
        blk::defaulted<blk::list> entries = blk::unset;
        std::optional<int64_t> position;
        BLK_IN(list, entry, entries, position)
    };
    static constexpr blk::port<blk::list> updated_list{"updated_list",
                                                       "The list with the new entry added."};
    BLK_OUT(updated_list)

    static void describe(blk::declaration& d) {
        d.category("BASIC").description(
            "Adds a new entry to a list. The entry can be of any type. If no list is provided, a "
            "new one is "
            "created.");
        d.input("list")
            .description(
                "The list to add the entry to. If not provided, a new list will be created.")
            .advanced(false);
        d.input("entry")
            .description(
                "The entry to add to the list. Can be of any type (string, int, dict, etc.).")
            .advanced(false);
        d.input("entries").description(
            "The entries to add to the list. This is the batch version of the `entry` field.");
        d.input("position")
            .description(
                "The position to insert the new entry. If not provided, the entry will be appended "
                "to the end of "
                "the list.");
    }

    void run(blk::call& c, in i) {
        std::vector<view> items;
        for (const view item : (*i.list).items()) items.push_back(item);
        std::vector<view> added;
        for (const view entry : (*i.entries).items()) added.push_back(entry);
        if (!view(*i.entry).is_null()) added.push_back(*i.entry);
        const auto size = static_cast<int64_t>(items.size());
        int64_t at = i.position.value_or(size);
        if (at < 0) at = std::max<int64_t>(0, size + at);
        items.insert(items.begin() + std::min(at, size), added.begin(), added.end());
        c.emit(updated_list(list_of(items)));
    }
};

struct ConcatenateLists {
    static constexpr const char *id = "3cf9298b-5817-4141-9d80-7c2cc5199c8e",
                                *name = "ConcatenateListsBlock";
    static constexpr bool pure = true;
    struct in {
        std::vector<blk::list> lists;
        BLK_IN(lists)
    };
    static constexpr blk::port<std::string> error{
        "error", "Error message if concatenation failed due to invalid input types."};
    static constexpr blk::port<blk::list> concatenated_list{
        "concatenated_list",
        "The concatenated list containing all elements from all input lists in order."};
    BLK_OUT(error, concatenated_list)

    static void describe(blk::declaration& d) {
        d.category("BASIC").description(
            "Concatenates multiple lists into a single list. All elements from all input lists are "
            "combined in "
            "order.");
        d.input("lists")
            .description(
                "A list of lists to concatenate together. All lists will be combined in order into "
                "a single list.")
            .placeholder("e.g., [[1, 2], [3, 4], [5, 6]]");
    }

    void run(blk::call& c, in i) {
        std::vector<view> all;
        for (const blk::list& list : i.lists) {
            for (const view item : list.items()) all.push_back(item);
        }
        c.emit(concatenated_list(list_of(all)));
    }
};

struct ReverseListOrder {
    static constexpr const char *id = "422cb708-3109-4277-bfe3-bc2ae5812777",
                                *name = "ReverseListOrderBlock";
    static constexpr bool pure = true;
    struct in {
        blk::list input_list;
        BLK_IN(input_list)
    };
    static constexpr blk::port<blk::list> reversed_list{"reversed_list",
                                                        "The list in reversed order"};
    BLK_OUT(reversed_list)

    static void describe(blk::declaration& d) {
        d.category("BASIC").description("Reverses the order of elements in a list");
        d.input("input_list").description("The list to reverse");
    }

    void run(blk::call& c, in i) {
        std::vector<view> items;
        for (const view item : i.input_list.items()) items.push_back(item);
        std::reverse(items.begin(), items.end());
        c.emit(reversed_list(list_of(items)));
    }
};

}  // namespace

blk::block_list list_builders() {
    return blk::blocks<CreateList, AddToList, ConcatenateLists, ReverseListOrder>();
}
