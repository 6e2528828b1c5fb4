#include "host/net/gzip_decoder.h"

#include <zlib.h>

#include "base/assert.h"

namespace yard::net {

struct GzipDecoder::Stream {
    z_stream z{};
};

GzipDecoder::GzipDecoder(OnOutput on_output)
    : on_output_(std::move(on_output)), stream_(std::make_unique<Stream>()) {
    ASSERT(inflateInit2(&stream_->z, MAX_WBITS + 16) == Z_OK);  // + 16: gzip, not zlib.
}

GzipDecoder::~GzipDecoder() { inflateEnd(&stream_->z); }

Result<Ok> GzipDecoder::Feed(std::string_view bytes) {
    char buffer[16 << 10];
    z_stream& z = stream_->z;
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z.avail_in = static_cast<uInt>(bytes.size());
    do {
        if (z.avail_in > 0 && is_complete_) {
            inflateReset(&z);  // A gzip file may consist of several streams.
            is_complete_ = false;
        }
        is_started_ = is_started_ || z.avail_in > 0;
        z.next_out = reinterpret_cast<Bytef*>(buffer);
        z.avail_out = sizeof buffer;
        const int code = inflate(&z, Z_NO_FLUSH);
        if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
            return Unavailable("the answer is not valid gzip");
        }
        is_complete_ = code == Z_STREAM_END;
        const size_t size = sizeof buffer - z.avail_out;
        if (size > 0) TRY(on_output_({buffer, size}));
    } while (z.avail_in > 0 || z.avail_out == 0);
    return Ok{};
}

Result<Ok> GzipDecoder::FeedEnd() const {
    if (is_complete_ || !is_started_) return Ok{};
    return Unavailable("the answer's gzip data is incomplete");
}

}  // namespace yard::net
