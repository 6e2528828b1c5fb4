#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace yard::plugin {

// Memory that is given back all at once. Not thread-safe.
class Arena {
public:
    static constexpr size_t kBytesMax = 64u << 20;

    // nullptr when the arena is full or `align` is no power of two of at most 4096.
    void* Alloc(uint64_t size, uint64_t align);
    void Clear();

private:
    static constexpr size_t kChunkBytes = 1024;

    std::vector<std::unique_ptr<std::byte[]>> chunks_;
    std::byte* next_ = nullptr;
    size_t left_ = 0;
    size_t total_ = 0;
};

}  // namespace yard::plugin
