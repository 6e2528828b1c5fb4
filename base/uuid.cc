#include "base/uuid.h"

#include <sys/random.h>

#include <cstddef>

#include "base/assert.h"

namespace yard {
namespace {

// A UUID takes 16 bytes and the kernel call costs more than the rest of it, so a thread fetches
// many at once.
class RandomPool {
public:
    const unsigned char* Take16() {
        if (used_ == sizeof bytes_) {
            ASSERT(getrandom(bytes_, sizeof bytes_, 0) == static_cast<ssize_t>(sizeof bytes_));
            used_ = 0;
        }
        used_ += 16;
        return bytes_ + used_ - 16;
    }

private:
    unsigned char bytes_[256];  // getrandom() never returns less for up to 256 bytes.
    size_t used_ = sizeof bytes_;
};

bool IsDash(size_t position) {
    return position == 8 || position == 13 || position == 18 || position == 23;
}

}  // namespace

std::string NewUuid() {
    constexpr char kHex[] = "0123456789abcdef";
    thread_local RandomPool pool;
    const unsigned char* random = pool.Take16();
    std::string text(36, '-');
    size_t position = 0;
    for (size_t i = 0; i < 16; ++i) {
        unsigned byte = random[i];
        if (i == 6) byte = (byte & 0x0f) | 0x40;
        if (i == 8) byte = (byte & 0x3f) | 0x80;
        if (IsDash(position)) ++position;
        text[position++] = kHex[byte >> 4];
        text[position++] = kHex[byte & 15];
    }
    return text;
}

bool IsUuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (IsDash(i) ? c != '-' : !hex) return false;
    }
    return true;
}

}  // namespace yard
