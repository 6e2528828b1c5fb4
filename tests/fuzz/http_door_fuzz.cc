// Feeds bytes to the framing without sockets, twice: in one piece, and split as the input's first
// byte says. Both ways must give the same requests, else a client could be understood in two ways.
// (When the refusal comes may differ: some faults show only once more bytes are there.)

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/request_parser.h"
#include "api/http/url.h"

namespace {

using yard::http::RequestParser;

// Everything a handler can see of it.
std::string Describe(const yard::http::Request& request) {
    std::string text =
        request.method + '\n' + request.target + '\n' + (request.keep_alive ? "keep\n" : "close\n");
    for (size_t i = 0; i < request.headers.size(); ++i) {
        auto field = request.headers.at(i);
        if (!yard::http::IsValidFieldName(field.name) ||
            !yard::http::IsValidFieldValue(field.value))
            abort();
        text.append(field.name).append("=").append(field.value).append("\n");
    }
    if (request.target.empty() || request.target[0] != '/') abort();
    if (request.target.find_first_of(std::string_view("\0\r\n ", 4)) != std::string::npos) abort();
    (void)yard::http::SplitPath(request.path()).ok();
    (void)yard::http::ParseQuery(request.query()).ok();
    return text + request.body;
}

std::vector<std::string> Parse(std::string_view bytes, size_t step) {
    RequestParser parser({200, 600, 10, 1000});
    std::vector<std::string> requests;
    while (!bytes.empty()) {
        std::string_view piece = bytes.substr(0, step);
        bytes.remove_prefix(piece.size());
        while (!piece.empty()) {
            size_t consumed = parser.Consume(piece);
            piece.remove_prefix(consumed);
            if (parser.state() == RequestParser::State::kFailed) return requests;
            if (parser.state() == RequestParser::State::kDone) {
                requests.push_back(Describe(parser.Take().request));
            } else if (consumed == 0) {
                abort();  // No progress: the connection would spin.
            }
        }
    }
    return requests;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size == 0) return 0;
    std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (Parse(bytes, bytes.size() + 1) != Parse(bytes, data[0] % 16 + 1u)) abort();
    return 0;
}
