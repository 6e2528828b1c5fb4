#include "plugins/web/body.h"

#include <array>
#include <cstdio>
#include <random>

namespace web {
namespace {

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._*").find(c) != std::string_view::npos;
}

void append_encoded(std::string& out, std::string_view text) {
    for (const char c : text) {
        if (is_unreserved(c)) {
            out += c;
        } else if (c == ' ') {
            out += '+';
        } else {
            std::array<char, 4> escape{};
            std::snprintf(escape.data(), escape.size(), "%%%02X", static_cast<unsigned char>(c));
            out += escape.data();
        }
    }
}

// A name between quotes in a part's header; what would end it is encoded as browsers do.
std::string quoted(std::string_view name) {
    std::string out = "\"";
    for (const char c : name) {
        if (c == '"')
            out += "%22";
        else if (c == '\r')
            out += "%0D";
        else if (c == '\n')
            out += "%0A";
        else
            out += c;
    }
    return out += '"';
}

// The type of a file comes from outside and must not start a header of its own.
std::string one_line(std::string_view text) {
    std::string out(text);
    std::erase_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    return out;
}

// Random, so that no part can contain it by design.
std::string new_boundary() {
    std::random_device random;
    std::array<char, 40> digits{};
    std::snprintf(digits.data(), digits.size(), "%08x%08x%08x%08x", random(), random(), random(),
                  random());
    return std::string("blockyard-") + digits.data();
}

// The length of the UTF-8 character at the front, 0 if there is none (RFC 3629).
size_t character_length(std::string_view text) {
    const auto byte = [&](size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned lead = byte(0);
    const size_t length = lead < 0x80                    ? 1
                          : lead >= 0xc2 && lead <= 0xdf ? 2
                          : lead >= 0xe0 && lead <= 0xef ? 3
                          : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                         : 0;
    if (length == 0 || length > text.size()) return 0;
    for (size_t at = 1; at < length; ++at) {
        if ((byte(at) & 0xc0) != 0x80) return 0;
    }
    if (length == 1) return 1;
    const bool is_overlong = (lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xf0 && byte(1) < 0x90);
    const bool is_surrogate = lead == 0xed && byte(1) >= 0xa0;
    const bool is_beyond = lead == 0xf4 && byte(1) >= 0x90;
    return is_overlong || is_surrogate || is_beyond ? 0 : length;
}

}  // namespace

form_fields fields_of(const blk::call& c, blk::view object) {
    form_fields fields;
    for (const auto& [name, value] : object.members()) {
        if (value.is_null()) continue;
        fields.emplace_back(name, value.is_string() ? value.as_string() : c.write_json(value));
    }
    return fields;
}

std::string url_encoded(const form_fields& fields) {
    std::string out;
    for (const auto& [name, text] : fields) {
        if (!out.empty()) out += '&';
        append_encoded(out, name);
        out += '=';
        append_encoded(out, text);
    }
    return out;
}

multipart make_multipart(const form_fields& fields, std::string_view file_field,
                         const std::vector<file>& files) {
    const std::string boundary = new_boundary();
    const std::string disposition = "Content-Disposition: form-data; name=";
    multipart m;
    m.content_type = "multipart/form-data; boundary=" + boundary;
    for (const auto& [name, text] : fields) {
        m.body += "--" + boundary + "\r\n" + disposition + quoted(name) + "\r\n\r\n";
        m.body += text + "\r\n";
    }
    for (const file& f : files) {
        m.body += "--" + boundary + "\r\n" + disposition + quoted(file_field);
        m.body += "; filename=" + quoted(f.name) + "\r\n";
        m.body += "Content-Type: " + one_line(f.content_type) + "\r\n\r\n";
        m.body += f.content + "\r\n";
    }
    m.body += "--" + boundary + "--\r\n";
    return m;
}

std::string as_utf8(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        const size_t length = character_length(bytes);
        out += length == 0 ? std::string_view("\xef\xbf\xbd") : bytes.substr(0, length);
        bytes.remove_prefix(length == 0 ? 1 : length);
    }
    return out;
}

}  // namespace web
