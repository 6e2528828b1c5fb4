#include "api/http/mailbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "api/http/exchange.h"

namespace yard::http {

Result<std::shared_ptr<Mailbox>> Mailbox::Create() {
    int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (fd < 0)
        return Unavailable(std::string("The HTTP server cannot create an eventfd: ") +
                           strerror(errno));
    return std::make_shared<Mailbox>(fd);
}

Mailbox::~Mailbox() { ::close(event_fd_); }

void Mailbox::Post(Mail mail) {
    {
        std::lock_guard lock(mutex_);
        if (closed_) return;
        queue_.push_back(std::move(mail));
        if (queue_.size() > 1) return;  // The first one has rung already.
    }
    uint64_t one = 1;
    // Can only fail when the counter is at its maximum, and then the worker is awake anyway.
    [[maybe_unused]] ssize_t written = ::write(event_fd_, &one, sizeof one);
}

std::vector<Mail> Mailbox::TakeAll() {
    uint64_t count = 0;
    [[maybe_unused]] ssize_t got = ::read(event_fd_, &count, sizeof count);
    std::vector<Mail> mails;
    std::lock_guard lock(mutex_);
    mails.swap(queue_);
    return mails;
}

void Mailbox::Close() {
    std::vector<Mail> dropped;  // Declared before the lock, so destroyed after it.
    std::lock_guard lock(mutex_);
    closed_ = true;
    dropped.swap(queue_);
}

}  // namespace yard::http
