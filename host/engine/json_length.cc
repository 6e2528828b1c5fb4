#include "host/engine/json_length.h"

#include <charconv>
#include <string_view>

#include "base/json.h"

namespace yard::engine {
namespace {

int64_t TextLength(std::string_view text) {
    int64_t length = 2;  // The quotes.
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xc0) == 0x80) continue;  // Counted with the first byte of its character.
        length += 1;
        if (byte == '"' || byte == '\\') length += 1;
        if (byte >= 0x20) continue;
        const bool short_escape =
            byte == '\b' || byte == '\f' || byte == '\n' || byte == '\r' || byte == '\t';
        length += short_escape ? 1 : 5;
    }
    return length;
}

template <typename Integer>
int64_t IntegerLength(Integer value) {
    char digits[24];
    return std::to_chars(digits, digits + sizeof digits, value).ptr - digits;
}

}  // namespace

int64_t JsonLength(View value) {
    switch (value.type()) {
        case Type::kNull: return 4;
        case Type::kBool: return value.AsBool() ? 4 : 5;
        case Type::kString: return TextLength(value.AsString());
        case Type::kNumber:
            if (value.IsInt()) return IntegerLength(value.AsInt());
            if (value.IsInteger()) return IntegerLength(value.AsUint());
            break;
        case Type::kArray: {
            int64_t length = 2 + (value.empty() ? 0 : static_cast<int64_t>(value.size()) - 1);
            for (View item : value.items()) length += JsonLength(item);
            return length;
        }
        case Type::kObject: {
            int64_t length = 2 + (value.empty() ? 0 : static_cast<int64_t>(value.size()) - 1);
            for (auto [key, member] : value.members()) {
                length += TextLength(key) + 1 + JsonLength(member);
            }
            return length;
        }
        case Type::kBytes:
        case Type::kCredential:
        case Type::kFile: break;
    }
    return static_cast<int64_t>(WriteJson(value).size());  // ASCII in all of these.
}

}  // namespace yard::engine
