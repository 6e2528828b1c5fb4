#include "api/http/gzip.h"

#include <zlib.h>

#include <algorithm>

#include "base/assert.h"

namespace yard::http {
namespace {

std::string_view Trim(std::string_view text) {
    size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// "q=0", "q=0.0", "q=0.000": not acceptable. Everything else, malformed weights included, is.
bool IsZeroWeight(std::string_view parameter) {
    size_t equals = parameter.find('=');
    if (equals == std::string_view::npos) return false;
    if (!EqualsIgnoreCase(Trim(parameter.substr(0, equals)), "q")) return false;
    std::string_view weight = Trim(parameter.substr(equals + 1));
    return !weight.empty() && weight.find_first_not_of("0.") == std::string_view::npos;
}

}  // namespace

std::string GzipCompress(std::string_view bytes, int level) {
    constexpr int kGzipFormat = 16;
    z_stream stream{};
    int status = deflateInit2(&stream, level, Z_DEFLATED, MAX_WBITS + kGzipFormat, MAX_MEM_LEVEL,
                              Z_DEFAULT_STRATEGY);
    ASSERT(status == Z_OK);
    // zlib counts in 32 bits; answers are far below.
    ASSERT(bytes.size() < (1u << 31));
    std::string compressed(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(compressed.data());
    stream.avail_out = static_cast<uInt>(compressed.size());
    status = deflate(&stream, Z_FINISH);
    ASSERT(status == Z_STREAM_END);  // deflateBound promises that one call is enough.
    compressed.resize(stream.total_out);
    deflateEnd(&stream);
    return compressed;
}

bool AcceptsGzip(const Request& request) {
    bool any_accepted = false;
    for (std::string_view value : request.headers.GetAll("Accept-Encoding")) {
        while (!value.empty()) {
            std::string_view item = value.substr(0, value.find(','));
            value.remove_prefix(std::min(item.size() + 1, value.size()));
            size_t semicolon = std::min(item.find(';'), item.size());
            std::string_view coding = Trim(item.substr(0, semicolon));
            bool accepted = semicolon == item.size() || !IsZeroWeight(item.substr(semicolon + 1));
            if (EqualsIgnoreCase(coding, "gzip") || EqualsIgnoreCase(coding, "x-gzip")) {
                return accepted;  // A named coding outweighs "*".
            }
            if (coding == "*") any_accepted = accepted;
        }
    }
    return any_accepted;
}

}  // namespace yard::http
