// Blocks that make, change and ask dictionaries.
#include <blk/blk.hpp>

#include <charconv>
#include <optional>
#include <string>
#include <variant>

namespace {

using blk::view;
using any_key = std::variant<std::string_view, int64_t>;

// Keys of a JSON object are texts; a number names the same member.
std::string text_of(const any_key& key) {
    if (const auto* text = std::get_if<std::string_view>(&key)) return std::string(*text);
    return std::to_string(std::get<int64_t>(key));
}

// The key as an index, if it is one: a number, or its digits.
std::optional<size_t> index_of(const any_key& key) {
    const std::string text = text_of(key);
    size_t index = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return index;
}

struct CreateDictionary {
    static constexpr const char *id = "b924ddf4-de4f-4b56-9a85-358930dcbc91",
                                *name = "CreateDictionaryBlock";
    static constexpr bool pure = true;
    struct in {
        blk::dict values;
        BLK_IN(values)
    };
    static constexpr blk::port<std::string> error{"error",
                                                  "Error message if dictionary creation failed"};
    static constexpr blk::port<blk::dict> dictionary{
        "dictionary", "The created dictionary containing the specified key-value pairs"};
    BLK_OUT(error, dictionary)

    static void describe(blk::declaration& d) {
        d.category("DATA").description(
            "Creates a dictionary with the specified key-value pairs. Use this when you know all "
            "the values you "
            "want to add upfront.");
        d.input("values")
            .description("Key-value pairs to create the dictionary with")
            .placeholder("e.g., {'name': 'Alice', 'age': 25}");
    }

    void run(blk::call& c, in i) { c.emit(dictionary(i.values)); }
};

struct AddToDictionary {
    static constexpr const char *id = "31d1064e-7446-4693-a7d4-65e5ca1180d1",
                                *name = "AddToDictionaryBlock";
    static constexpr bool pure = true;
    struct in {
        blk::defaulted<blk::dict> dictionary = blk::unset;
        blk::defaulted<std::string_view> key = "";
        blk::defaulted<blk::json> value = blk::json(nullptr);
        blk::defaulted<blk::dict> entries = blk::unset;
        BLK_IN(dictionary, key, value, entries)
    };
    static constexpr blk::port<blk::dict> updated_dictionary{
        "updated_dictionary", "The dictionary with the new entry added."};
    BLK_OUT(updated_dictionary)

    static void describe(blk::declaration& d) {
        d.category("BASIC").description(
            "Adds a new key-value pair to a dictionary. If no dictionary is provided, a new one is "
            "created.");
        d.input("dictionary")
            .description(
                "The dictionary to add the entry to. If not provided, a new dictionary will be "
                "created.")
            .advanced(false);
        d.input("key")
            .description("The key for the new entry.")
            .placeholder("new_key")
            .advanced(false);
        d.input("value")
            .description("The value for the new entry.")
            .placeholder("new_value")
            .advanced(false);
        d.input("entries").description(
            "The entries to add to the dictionary. This is the batch version of the `key` and "
            "`value` fields.");
    }

    void run(blk::call& c, in i) {
        const view entries = *i.entries;
        const bool has_pair =
            !(*i.key).empty() && !view(*i.value).is_null() && !entries[*i.key].present();
        auto newer = [&](std::string_view member) -> view {
            if (const view entry = entries[member]; entry.present()) return entry;
            return has_pair && member == *i.key ? view(*i.value) : view();
        };
        blk::tape merged;
        merged.object();
        const view old = *i.dictionary;
        for (const auto& [name_of, value] : old.members()) {
            const view changed = newer(name_of);
            merged.key(name_of).copy(changed.present() ? changed : value);
        }
        if (has_pair && !old[*i.key].present()) merged.key(*i.key).copy(*i.value);
        for (const auto& [name_of, value] : entries.members()) {
            if (!old[name_of].present()) merged.key(name_of).copy(value);
        }
        c.emit(updated_dictionary(merged.end()));
    }
};

struct FindInDictionary {
    static constexpr const char *id = "0e50422c-6dee-4145-83d6-3a5a392f65de",
                                *name = "FindInDictionaryBlock";
    static constexpr bool pure = true;
    struct in {
        blk::json input;
        any_key key;
        BLK_IN(input, key)
    };
    static constexpr blk::port<blk::json> output{"output", "Value found for the given key"};
    static constexpr blk::port<blk::json> missing{"missing",
                                                  "Value of the input that missing the key"};
    BLK_OUT(output, missing)

    static void describe(blk::declaration& d) {
        d.category("BASIC").description(
            "A block that looks up a value in a dictionary, list, or object by key or index and "
            "returns the "
            "corresponding value.");
        d.input("input").description("Dictionary to lookup from");
        d.input("key").description("Key to lookup in the dictionary");
    }

    // The members of that name of every object in the list.
    static blk::tape column(view list, std::string_view name_of) {
        blk::tape values;
        values.array();
        for (const view item : list.items()) {
            if (const view value = item[name_of]; value.present()) values.copy(value);
        }
        values.end();
        return values;
    }

    void run(blk::call& c, in i) {
        view where = i.input;
        if (where.is_string()) where = c.parse_json(where.as_string());
        const std::string name_of = text_of(i.key);
        if (where.is_object() && where[name_of].present()) {
            c.emit(output(blk::json::borrow(where[name_of])));
        } else if (const auto index = index_of(i.key);
                   where.is_array() && index && *index < where.size()) {
            c.emit(output(blk::json::borrow(where.at(*index))));
        } else if (where.is_array() && !index && (where.empty() || where.at(0).is_object())) {
            c.emit(output(blk::json(column(where, name_of))));
        } else {
            c.emit(missing(i.input));
        }
    }
};

struct RemoveFromDictionary {
    static constexpr const char *id = "46afe2ea-c613-43f8-95ff-6692c3ef6876",
                                *name = "RemoveFromDictionaryBlock";
    static constexpr bool pure = true;
    struct in {
        blk::dict dictionary;
        any_key key;
        blk::defaulted<bool> return_value = false;
        BLK_IN(dictionary, key, return_value)
    };
    static constexpr blk::port<blk::dict> updated_dictionary{"updated_dictionary",
                                                             "The dictionary after removal."};
    static constexpr blk::port<blk::json> removed_value{"removed_value",
                                                        "The removed value if requested."};
    BLK_OUT(updated_dictionary, removed_value)

    static void describe(blk::declaration& d) {
        d.category("BASIC").description("Removes a key-value pair from a dictionary.");
        d.input("dictionary").description("The dictionary to modify.");
        d.input("key").description("Key to remove from the dictionary.");
        d.input("return_value").description("Whether to return the removed value.");
    }

    void run(blk::call& c, in i) {
        const std::string name_of = text_of(i.key);
        const view removed = i.dictionary[name_of];
        if (!removed.present()) blk::fail("Key not found");
        c.emit(updated_dictionary(i.dictionary.without(name_of)));
        if (i.return_value) c.emit(removed_value(blk::json::borrow(removed)));
    }
};

struct ReplaceDictionaryValue {
    static constexpr const char *id = "27e31876-18b6-44f3-ab97-f6226d8b3889",
                                *name = "ReplaceDictionaryValueBlock";
    static constexpr bool pure = true;
    struct in {
        blk::dict dictionary;
        any_key key;
        blk::json value;
        BLK_IN(dictionary, key, value)
    };
    static constexpr blk::port<blk::dict> updated_dictionary{"updated_dictionary",
                                                             "The dictionary after replacement."};
    static constexpr blk::port<blk::json> old_value{"old_value", "The value that was replaced."};
    BLK_OUT(updated_dictionary, old_value)

    static void describe(blk::declaration& d) {
        d.category("BASIC").description("Replaces the value for a specified key in a dictionary.");
        d.input("dictionary").description("The dictionary to modify.");
        d.input("key").description("Key to replace the value for.");
        d.input("value").description("The new value for the given key.");
    }

    void run(blk::call& c, in i) {
        const std::string name_of = text_of(i.key);
        const view old = i.dictionary[name_of];
        if (!old.present()) blk::fail("Key not found");
        c.emit(updated_dictionary(i.dictionary.with(name_of, i.value)));
        c.emit(old_value(blk::json::borrow(old)));
    }
};

struct DictionaryIsEmpty {
    static constexpr const char *id = "a3cf3f64-6bb9-4cc6-9900-608a0b3359b0",
                                *name = "DictionaryIsEmptyBlock";
    static constexpr bool pure = true;
    struct in {
        blk::dict dictionary;
        BLK_IN(dictionary)
    };
    static constexpr blk::port<bool> is_empty{"is_empty", "True if the dictionary is empty."};
    BLK_OUT(is_empty)

    static void describe(blk::declaration& d) {
        d.category("BASIC").description("Checks if a dictionary is empty.");
        d.input("dictionary").description("The dictionary to check.");
    }

    void run(blk::call& c, in i) { c.emit(is_empty(i.dictionary->empty())); }
};

}  // namespace

BLK_PLUGIN("blockyard.dictionaries", "1.0.0", CreateDictionary, AddToDictionary, FindInDictionary,
           RemoveFromDictionary, ReplaceDictionaryValue, DictionaryIsEmpty)
