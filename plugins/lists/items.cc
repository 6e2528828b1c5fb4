// Blocks that take, replace and remove single items.
#include "plugins/lists/blocks.h"

#include <optional>

namespace {

using blk::view;

// Where `index` points in a list of `size` items, counting negative ones from the end; nullopt if
// outside.
std::optional<size_t> place_of(int64_t index, size_t size) {
    const auto count = static_cast<int64_t>(size);
    if (index < -count || index >= count) return std::nullopt;
    return static_cast<size_t>(index < 0 ? index + count : index);
}

struct GetListItem {
    static constexpr const char *id = "262ca24c-1025-43cf-a578-534e23234e97",
                                *name = "GetListItemBlock";
    static constexpr bool pure = true;
    struct in {
        blk::list list;
        int64_t index;
        BLK_IN(list, index)
    };
    static constexpr blk::port<blk::json> item{"item", "The item at the specified index."};
    BLK_OUT(item)

    static void describe(blk::declaration& d) {
        d.category("BASIC").description("Returns the element at the given index.");
        d.input("list").description("The list to get the item from.");
        d.input("index").description("The 0-based index of the item (supports negative indices).");
    }

    void run(blk::call& c, in i) {
        const auto at = place_of(i.index, i.list->size());
        if (!at) blk::fail("Index out of range");
        c.emit(item(blk::json::borrow(i.list->at(*at))));
    }
};

struct RemoveFromList {
    static constexpr const char *id = "d93c5a93-ac7e-41c1-ae5c-ef67e6e9b826",
                                *name = "RemoveFromListBlock";
    static constexpr bool pure = true;
    struct in {
        blk::list list;
        blk::defaulted<blk::json> value = blk::json(nullptr);
        std::optional<int64_t> index;
        blk::defaulted<bool> return_item = false;
        BLK_IN(list, value, index, return_item)
    };
    static constexpr blk::port<blk::list> updated_list{"updated_list", "The list after removal."};
    static constexpr blk::port<blk::json> removed_item{"removed_item",
                                                       "The removed item if requested."};
    BLK_OUT(updated_list, removed_item)

    static void describe(blk::declaration& d) {
        d.category("BASIC").description("Removes an item from a list by value or index.");
        d.input("list").description("The list to modify.");
        d.input("value").description("Value to remove from the list.");
        d.input("index").description("Index of the item to pop (supports negative indices).");
        d.input("return_item").description("Whether to return the removed item.");
    }

    // The item to remove: by index if there is one, else the first that equals the value.
    static std::optional<size_t> find(const in& i) {
        if (i.index) return place_of(*i.index, i.list->size());
        if (view(*i.value).is_null()) return std::nullopt;
        size_t at = 0;
        for (const view item : i.list.items()) {
            if (blk::equal(item, *i.value)) return at;
            ++at;
        }
        return std::nullopt;
    }

    void run(blk::call& c, in i) {
        const auto at = find(i);
        if (!at) blk::fail("Index or value not found");
        blk::tape rest;
        rest.array();
        size_t place = 0;
        view removed;
        for (const view item : i.list.items()) {
            if (place++ == *at)
                removed = item;
            else
                rest.copy(item);
        }
        c.emit(updated_list(rest.end()));
        if (i.return_item) c.emit(removed_item(blk::json::borrow(removed)));
    }
};

struct ReplaceListItem {
    static constexpr const char *id = "fbf62922-bea1-4a3d-8bac-23587f810b38",
                                *name = "ReplaceListItemBlock";
    static constexpr bool pure = true;
    struct in {
        blk::list list;
        int64_t index;
        blk::json value;
        BLK_IN(list, index, value)
    };
    static constexpr blk::port<blk::list> updated_list{"updated_list",
                                                       "The list after replacement."};
    static constexpr blk::port<blk::json> old_item{"old_item", "The item that was replaced."};
    BLK_OUT(updated_list, old_item)

    static void describe(blk::declaration& d) {
        d.category("BASIC").description("Replaces an item at the specified index.");
        d.input("list").description("The list to modify.");
        d.input("index").description("Index of the item to replace (supports negative indices).");
        d.input("value").description("The new value for the given index.");
    }

    void run(blk::call& c, in i) {
        const auto at = place_of(i.index, i.list->size());
        if (!at) blk::fail("Index out of range");
        blk::tape replaced;
        replaced.array();
        size_t place = 0;
        view old;
        for (const view item : i.list.items()) {
            const bool is_it = place++ == *at;
            if (is_it) old = item;
            replaced.copy(is_it ? view(i.value) : item);
        }
        c.emit(updated_list(replaced.end()));
        c.emit(old_item(blk::json::borrow(old)));
    }
};

// One output of `item` and one of `key` for each.
struct StepThroughItems {
    static constexpr const char *id = "f66a3543-28d3-4ab5-8945-9b336371e2ce",
                                *name = "StepThroughItemsBlock";
    static constexpr bool pure = true;
    struct in {
        blk::defaulted<blk::list> items = blk::unset;
        blk::defaulted<blk::dict> items_object = blk::unset;
        blk::defaulted<std::string_view> items_str = "";
        BLK_IN(items, items_object, items_str)
    };
    static constexpr blk::port<blk::json> item{"item", "The current item in the iteration"};
    static constexpr blk::port<blk::json> key{
        "key", "The key or index of the current item in the iteration"};
    BLK_OUT(item, key)

    static void describe(blk::declaration& d) {
        d.category("LOGIC").description(
            "Iterates over a list or dictionary and outputs each item.");
        for (const char* input : {"items", "items_object", "items_str"}) {
            d.input(input)
                .description("The list or dictionary of items to iterate over")
                .placeholder("[1, 2, 3, 4, 5] or {'key1': 'value1', 'key2': 'value2'}")
                .advanced(false);
        }
    }

    void step_through(blk::call& c, view collection) {
        int64_t index = 0;
        for (const view value : collection.items()) {
            c.emit(item(blk::json::borrow(value)));
            c.emit(key(blk::json(index++)));
        }
        for (const auto& [name_of, value] : collection.members()) {
            c.emit(item(blk::json::borrow(value)));
            c.emit(key(blk::json(name_of)));
        }
    }

    void run(blk::call& c, in i) {
        step_through(c, *i.items);
        step_through(c, *i.items_object);
        if ((*i.items_str).empty()) return;
        const view parsed = c.parse_json(*i.items_str);
        if (!parsed.is_array() && !parsed.is_object())
            blk::fail("items_str is neither a JSON list nor an object");
        step_through(c, parsed);
    }
};

}  // namespace

blk::block_list list_items() {
    return blk::blocks<GetListItem, RemoveFromList, ReplaceListItem, StepThroughItems>();
}
