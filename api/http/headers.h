// An ordered list of header fields; a name may occur several times. Not thread-safe.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace yard::http {

// ASCII only, as header names are.
bool EqualsIgnoreCase(std::string_view left, std::string_view right);

// RFC 9110: a field name is a token; a value has no control characters but the tab.
bool IsValidFieldName(std::string_view name);
bool IsValidFieldValue(std::string_view value);

// All text lives in one buffer, so that a request costs two allocations whatever its number of
// fields. Views stay valid until the list changes or moves.
class Headers {
public:
    struct Field {
        std::string_view name;
        std::string_view value;
    };

    void Add(std::string_view name, std::string_view value);
    // Replaces every field of that name.
    void Set(std::string_view name, std::string_view value);
    void Remove(std::string_view name);
    void Reserve(size_t fields, size_t text_bytes);

    size_t size() const { return slots_.size(); }
    Field at(size_t index) const;

    bool Has(std::string_view name) const;
    // The first value of that name (any letter case), or the empty string.
    std::string_view Get(std::string_view name) const;
    std::vector<std::string_view> GetAll(std::string_view name) const;

private:
    struct Slot {
        uint32_t begin;  // The value follows the name directly.
        uint32_t name_bytes;
        uint32_t value_bytes;
    };

    std::string text_;
    std::vector<Slot> slots_;
};

}  // namespace yard::http
