#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace yard::plugin {

// Memory for one object of a size that is made and freed all the time and that malloc is slow at.
// What a thread frees it keeps for what it makes next, up to a bound.
template <typename T>
class RecyclingAllocator {
public:
    using value_type = T;

    RecyclingAllocator() = default;
    template <typename U>
    explicit RecyclingAllocator(const RecyclingAllocator<U>&) {}

    T* allocate(size_t count) {
        std::vector<T*>& kept = OfThread().kept;
        if (count != 1 || kept.empty()) return std::allocator<T>().allocate(count);
        T* memory = kept.back();
        kept.pop_back();
        return memory;
    }

    void deallocate(T* memory, size_t count) {
        std::vector<T*>& kept = OfThread().kept;
        if (count != 1 || kept.size() == kKeptMax) {
            std::allocator<T>().deallocate(memory, count);
        } else {
            kept.push_back(memory);
        }
    }

    friend bool operator==(const RecyclingAllocator&, const RecyclingAllocator&) { return true; }

private:
    static constexpr size_t kKeptMax = 64;

    struct Kept {
        Kept() { kept.reserve(kKeptMax); }
        ~Kept() {
            for (T* memory : kept) std::allocator<T>().deallocate(memory, 1);
        }
        std::vector<T*> kept;
    };

    static Kept& OfThread() {
        thread_local Kept kept;
        return kept;
    }
};

}  // namespace yard::plugin
