#include "base/uuid.h"

#include <sys/random.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>

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

std::string Format(const unsigned char* bytes) {
    constexpr char kHex[] = "0123456789abcdef";
    std::string text(36, '-');
    size_t position = 0;
    for (size_t i = 0; i < 16; ++i) {
        if (IsDash(position)) ++position;
        text[position++] = kHex[bytes[i] >> 4];
        text[position++] = kHex[bytes[i] & 15];
    }
    return text;
}

// 16 random bytes marked as a UUID of `version`.
std::array<unsigned char, 16> RandomUuid(unsigned char version) {
    thread_local RandomPool pool;
    std::array<unsigned char, 16> bytes;
    std::memcpy(bytes.data(), pool.Take16(), bytes.size());
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | version << 4);
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
    return bytes;
}

}  // namespace

std::string NewUuid() { return Format(RandomUuid(4).data()); }

std::string NewOrderedUuid() {
    std::array<unsigned char, 16> bytes = RandomUuid(7);
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    const auto ms =
        static_cast<uint64_t>(now.tv_sec) * 1000 + static_cast<uint64_t>(now.tv_nsec) / 1'000'000;
    for (size_t i = 0; i < 6; ++i) bytes[i] = static_cast<unsigned char>(ms >> (40 - 8 * i));
    return Format(bytes.data());
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
