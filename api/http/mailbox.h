// How other threads reach a worker: a queue and an eventfd that wakes its reactor.

#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "api/http/response.h"
#include "base/result.h"

namespace yard::http {

class Exchange;

struct Mail {
    enum class Action { kSend, kStartStream, kWrite, kFinish, kAbort, kDrain };

    Action action;
    std::shared_ptr<Exchange>
        exchange;       // Null for kDrain. Owners: the responder and the connection.
    Response response;  // For kSend and kStartStream; a chunk is the body of kWrite.
};

// Thread-safe. Owned by the worker and by every exchange of its connections, so that a late answer
// finds a mailbox (closed) and not freed memory.
class Mailbox {
public:
    static Result<std::shared_ptr<Mailbox>> Create();
    explicit Mailbox(int event_fd) : event_fd_(event_fd) {}
    ~Mailbox();
    Mailbox(const Mailbox&) = delete;
    Mailbox& operator=(const Mailbox&) = delete;

    int event_fd() const { return event_fd_; }

    // After Close() mail is dropped.
    void Post(Mail mail);
    // The worker's: resets the eventfd first and takes the queue then, so that no wake-up is lost.
    std::vector<Mail> TakeAll();
    void Close();

private:
    const int event_fd_;
    std::mutex mutex_;
    std::vector<Mail> queue_;  // Guarded by mutex_.
    bool closed_ = false;      // Guarded by mutex_.
};

}  // namespace yard::http
