#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "base/result.h"

namespace yard::net {

// Decodes a gzip stream piece by piece, in bounded memory. Not thread-safe.
class GzipDecoder {
public:
    using OnOutput = std::function<Result<Ok>(std::string_view)>;

    explicit GzipDecoder(OnOutput on_output);
    ~GzipDecoder();

    // The first error of on_output, or one about malformed input.
    Result<Ok> Feed(std::string_view bytes);
    // An error if the stream is incomplete.
    Result<Ok> FeedEnd() const;

private:
    struct Stream;

    OnOutput on_output_;
    std::unique_ptr<Stream> stream_;
    bool is_started_ = false;
    bool is_complete_ = false;
};

}  // namespace yard::net
