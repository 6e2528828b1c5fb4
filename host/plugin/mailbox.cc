#include "host/plugin/mailbox.h"

#include <algorithm>
#include <utility>

namespace yard::plugin {
namespace {

bool IsLastEvent(uint32_t kind) { return kind == BLK_EV_END || kind == BLK_EV_TIMER; }

}  // namespace

blk_op Mailbox::Open(CallOperation::Kind kind) {
    auto slot =
        std::find_if(slots_.begin(), slots_.end(), [](const Slot& s) { return !s.is_open; });
    if (slot == slots_.end()) {
        if (slots_.size() == kOperationsMax) return 0;
        slot = slots_.emplace(slots_.end());
    }
    ++slot->generation;
    slot->is_open = true;
    slot->operation = CallOperation{.kind = kind};
    ++open_;
    const auto number = static_cast<uint64_t>(slot - slots_.begin()) + 1;
    return number | static_cast<uint64_t>(slot->generation) << 32;
}

Mailbox::Slot* Mailbox::FindSlot(blk_op op) {
    const uint64_t number = op & 0xffffffff;
    if (number == 0 || number > slots_.size()) return nullptr;
    Slot& slot = slots_[number - 1];
    return slot.is_open && slot.generation == op >> 32 ? &slot : nullptr;
}

CallOperation* Mailbox::Find(blk_op op) {
    Slot* slot = FindSlot(op);
    return slot == nullptr ? nullptr : &slot->operation;
}

std::optional<CallOperation> Mailbox::Close(blk_op op) {
    Slot* slot = FindSlot(op);
    if (slot == nullptr) return std::nullopt;
    slot->is_open = false;
    --open_;
    const auto unread = events_.begin() + static_cast<std::ptrdiff_t>(first_);
    const auto kept = std::remove_if(unread, events_.end(), [&](const CallEvent& event) {
        if (event.op == op) unread_bytes_ -= event.bytes.size();
        return event.op == op;
    });
    events_.erase(kept, events_.end());
    return std::move(slot->operation);
}

std::vector<CallOperation> Mailbox::CloseAll() {
    std::vector<CallOperation> ended;
    for (Slot& slot : slots_) {
        if (slot.is_open) ended.push_back(std::move(slot.operation));
        slot.is_open = false;
    }
    open_ = first_ = unread_bytes_ = 0;
    events_.clear();
    drain_expected_ = false;
    return ended;
}

bool Mailbox::Push(CallEvent event) {
    if (FindSlot(event.op) == nullptr) return false;
    unread_bytes_ += event.bytes.size();
    events_.push_back(std::move(event));
    return true;
}

bool Mailbox::Take(CallEvent& event) {
    if (empty()) return false;
    event = std::move(events_[first_++]);
    unread_bytes_ -= event.bytes.size();
    if (empty()) {
        events_.clear();
        first_ = 0;
    } else if (first_ >= 64 && first_ * 2 >= events_.size()) {
        events_.erase(events_.begin(), events_.begin() + static_cast<std::ptrdiff_t>(first_));
        first_ = 0;
    }
    if (!IsLastEvent(event.kind)) return true;
    if (Slot* slot = FindSlot(event.op)) {
        slot->is_open = false;
        --open_;
    }
    return true;
}

void Mailbox::PushDrain() { events_.push_back({.kind = BLK_EV_DRAIN, .op = 0, .status = 0}); }

void Mailbox::ExpectDrain() {
    if (std::exchange(drain_came_early_, false)) {
        PushDrain();
    } else {
        drain_expected_ = true;
    }
}

void Mailbox::Drain() {
    if (std::exchange(drain_expected_, false)) {
        PushDrain();
    } else {
        drain_came_early_ = true;
    }
}

}  // namespace yard::plugin
