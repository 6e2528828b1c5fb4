// Blocks that ask something about a list or another collection.
#include "plugins/lists/blocks.h"

namespace {

using blk::view;

// Characters, not bytes: what follows the first byte of a UTF-8 sequence is 10xxxxxx.
int64_t character_count(std::string_view text) {
    int64_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    return count;
}

struct CountItems {
    static constexpr const char *id = "3c9c2f42-b0c3-435f-ba35-05f7a25c772a",
                                *name = "CountItemsBlock";
    static constexpr bool pure = true;
    struct in {
        blk::json collection;
        BLK_IN(collection)
    };
    static constexpr blk::port<int64_t> count{"count", "The number of items in the collection"};
    BLK_OUT(count)

    static void describe(blk::declaration& d) {
        d.category("LOGIC").description("Counts the number of items in a collection.");
        d.input("collection")
            .description(
                "Enter the collection you want to count. This can be a list, dictionary, string, "
                "or any other "
                "iterable.")
            .placeholder("For example: [1, 2, 3] or {'a': 1, 'b': 2} or 'hello'");
    }

    void run(blk::call& c, in i) {
        const view collection = i.collection;
        if (collection.is_string())
            c.emit(count(character_count(collection.as_string())));
        else if (collection.is_array() || collection.is_object())
            c.emit(count(static_cast<int64_t>(collection.size())));
        else
            blk::fail("only a list, a dictionary or a text has items to count");
    }
};

struct ListIsEmpty {
    static constexpr const char *id = "896ed73b-27d0-41be-813c-c1c1dc856c03",
                                *name = "ListIsEmptyBlock";
    static constexpr bool pure = true;
    struct in {
        blk::list list;
        BLK_IN(list)
    };
    static constexpr blk::port<bool> is_empty{"is_empty", "True if the list is empty."};
    BLK_OUT(is_empty)

    static void describe(blk::declaration& d) {
        d.category("BASIC").description("Checks if a list is empty.");
        d.input("list").description("The list to check.");
    }

    void run(blk::call& c, in i) { c.emit(is_empty(i.list->empty())); }
};

struct FindInList {
    static constexpr const char *id = "5e2c6d0a-1e37-489f-b1d0-8e1812b23333",
                                *name = "FindInListBlock";
    static constexpr bool pure = true;
    struct in {
        blk::list list;
        blk::json value;
        BLK_IN(list, value)
    };
    static constexpr blk::port<int64_t> index{"index", "The index of the value in the list."};
    static constexpr blk::port<bool> found{"found", "Whether the value was found in the list."};
    static constexpr blk::port<blk::json> not_found_value{
        "not_found_value", "The value that was not found in the list."};
    BLK_OUT(index, found, not_found_value)

    static void describe(blk::declaration& d) {
        d.category("BASIC").description("Finds the index of the value in the list.");
        d.input("list").description("The list to search in.");
        d.input("value").description("The value to search for.");
    }

    void run(blk::call& c, in i) {
        int64_t at = 0;
        for (const view item : i.list.items()) {
            if (blk::equal(item, i.value)) {
                c.emit(index(at));
                c.emit(found(true));
                return;
            }
            ++at;
        }
        c.emit(found(false));
        c.emit(not_found_value(i.value));
    }
};

}  // namespace

blk::block_list list_queries() { return blk::blocks<CountItems, ListIsEmpty, FindInList>(); }
