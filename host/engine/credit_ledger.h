#pragma once

#include <cstdint>

#include "base/id.h"
#include "base/result.h"
#include "base/value.h"

namespace yard::engine {

// Where runs are charged. 100 credits are one US dollar. Thread-safe; may block briefly.
class CreditLedger {
public:
    virtual ~CreditLedger() = default;
    // True if nothing ever costs anything: the engine then asks for nothing.
    virtual bool is_free() const { return false; }
    virtual Result<int64_t> Balance(const UserId& user) = 0;
    // Takes `cost` (> 0) and returns the new balance; kInsufficientBalance if there is not enough.
    // `metadata` says what for.
    virtual Result<int64_t> Spend(const UserId& user, int64_t cost, const Value& metadata) = 0;
};

// For servers without credits: a balance of 100 that never shrinks.
class NoCredits final : public CreditLedger {
public:
    bool is_free() const override { return true; }
    Result<int64_t> Balance(const UserId&) override { return int64_t{100}; }
    Result<int64_t> Spend(const UserId&, int64_t, const Value&) override { return int64_t{0}; }
};

}  // namespace yard::engine
