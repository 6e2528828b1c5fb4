#include "api/http/headers.h"

#include <algorithm>

namespace yard::http {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool IsTokenChar(char c) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
    return c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

}  // namespace

bool EqualsIgnoreCase(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](char a, char b) { return Lower(a) == Lower(b); });
}

bool IsValidFieldName(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), IsTokenChar);
}

bool IsValidFieldValue(std::string_view value) {
    return std::none_of(value.begin(), value.end(), [](char c) {
        auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7f;
    });
}

void Headers::Add(std::string_view name, std::string_view value) {
    slots_.push_back({static_cast<uint32_t>(text_.size()), static_cast<uint32_t>(name.size()),
                      static_cast<uint32_t>(value.size())});
    text_.append(name).append(value);
}

void Headers::Set(std::string_view name, std::string_view value) {
    Remove(name);
    Add(name, value);
}

void Headers::Remove(std::string_view name) {
    std::erase_if(slots_, [&](const Slot& slot) {
        return EqualsIgnoreCase(std::string_view(text_).substr(slot.begin, slot.name_bytes), name);
    });
}

void Headers::Reserve(size_t fields, size_t text_bytes) {
    slots_.reserve(fields);
    text_.reserve(text_bytes);
}

Headers::Field Headers::at(size_t index) const {
    const Slot& slot = slots_.at(index);
    std::string_view text = text_;
    return {text.substr(slot.begin, slot.name_bytes),
            text.substr(slot.begin + slot.name_bytes, slot.value_bytes)};
}

bool Headers::Has(std::string_view name) const {
    for (size_t i = 0; i < size(); ++i) {
        if (EqualsIgnoreCase(at(i).name, name)) return true;
    }
    return false;
}

std::string_view Headers::Get(std::string_view name) const {
    for (size_t i = 0; i < size(); ++i) {
        Field field = at(i);
        if (EqualsIgnoreCase(field.name, name)) return field.value;
    }
    return {};
}

std::vector<std::string_view> Headers::GetAll(std::string_view name) const {
    std::vector<std::string_view> values;
    for (size_t i = 0; i < size(); ++i) {
        Field field = at(i);
        if (EqualsIgnoreCase(field.name, name)) values.push_back(field.value);
    }
    return values;
}

}  // namespace yard::http
