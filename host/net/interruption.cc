#include "host/net/interruption.h"

#include <sys/socket.h>

namespace yard::net {

void Interruption::Trigger() {
    const std::lock_guard lock(mutex_);
    is_triggered_ = true;
    if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

bool Interruption::is_triggered() const {
    const std::lock_guard lock(mutex_);
    return is_triggered_;
}

void Interruption::Watch(int socket) {
    const std::lock_guard lock(mutex_);
    socket_ = socket;
    if (is_triggered_) ::shutdown(socket_, SHUT_RDWR);
}

void Interruption::Unwatch() {
    const std::lock_guard lock(mutex_);
    socket_ = -1;
}

}  // namespace yard::net
