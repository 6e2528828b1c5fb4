#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "host/plugin/http_client.h"

namespace yard::net {

struct HttpHead {
    int status = 0;
    plugin::HttpHeaders headers;  // Lower-case names, repeated ones joined; valid UTF-8.

    std::string_view Get(std::string_view lower_case_name) const;  // Empty if absent.
};

// Bytes of a connection -> one HTTP/1.x answer. Interim answers (1xx) are skipped. The size of all
// headers is limited. Not thread-safe.
class HttpResponseParser {
public:
    using OnHead = std::function<Result<Ok>(const HttpHead&)>;
    using OnBody = std::function<Result<Ok>(std::string_view)>;  // Transfer coding removed.

    // has_body: false for the answer to HEAD.
    HttpResponseParser(bool has_body, OnHead on_head, OnBody on_body);
    HttpResponseParser(const HttpResponseParser&) = delete;
    HttpResponseParser& operator=(const HttpResponseParser&) = delete;
    ~HttpResponseParser();

    // The error of a callback, or one about malformed bytes.
    Result<Ok> Feed(std::string_view bytes);
    // The connection was closed: ends an answer without a length, else an error.
    Result<Ok> FeedEnd();

    bool is_complete() const { return is_complete_; }
    // After completion: the connection can take another request.
    bool is_reusable() const { return is_reusable_; }

private:
    struct Machine;  // The http-parser library's state and callbacks.

    Result<Ok> Execute(const char* data, size_t size);
    void FinishHeader();

    bool has_body_;
    OnHead on_head_;
    OnBody on_body_;
    std::unique_ptr<Machine> machine_;
    HttpHead head_;
    std::string name_;
    std::string value_;
    bool in_value_ = false;
    bool head_done_ = false;
    bool is_complete_ = false;
    bool is_reusable_ = false;
    Result<Ok> fault_ = Ok{};
};

}  // namespace yard::net
