#include "host/plugin/arena.h"

#include <algorithm>
#include <bit>

namespace yard::plugin {

void* Arena::Alloc(uint64_t size, uint64_t align) {
    constexpr uint64_t kAlignMax = 4096;
    if (align == 0) align = alignof(std::max_align_t);
    if (!std::has_single_bit(align) || align > kAlignMax || size > kBytesMax) return nullptr;
    const auto padding = [&] { return -reinterpret_cast<uintptr_t>(next_) & (align - 1); };
    if (next_ == nullptr || padding() + size > left_) {
        const size_t bytes = std::max<size_t>(kChunkBytes, size + align);
        if (total_ + bytes > kBytesMax) return nullptr;
        chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(bytes));
        next_ = chunks_.back().get();
        left_ = bytes;
        total_ += bytes;
    }
    const size_t skipped = padding();
    void* result = next_ + skipped;
    next_ += skipped + size;
    left_ -= skipped + size;
    return result;
}

void Arena::Clear() {
    chunks_.clear();
    next_ = nullptr;
    left_ = total_ = 0;
}

}  // namespace yard::plugin
