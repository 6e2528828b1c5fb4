#include "api/http/exchange.h"

#include <utility>

#include "api/http/connection.h"

namespace yard::http {

Exchange::Exchange(std::shared_ptr<Connection> connection, std::shared_ptr<Mailbox> mailbox,
                   size_t buffered_bytes_max)
    : connection_(std::move(connection)),
      mailbox_(std::move(mailbox)),
      buffered_bytes_max_(buffered_bytes_max),
      handler_thread_(std::this_thread::get_id()) {}

void Exchange::Send(Response response) { Deliver(Mail::Action::kSend, std::move(response)); }

void Exchange::StartStream(Response head) { Deliver(Mail::Action::kStartStream, std::move(head)); }

bool Exchange::Write(std::string chunk) {
    if (closed()) return false;
    if (chunk.empty()) return true;  // An empty chunk would end a chunked body.
    size_t waiting = buffered_bytes_.fetch_add(chunk.size(), std::memory_order_relaxed);
    // A chunk over the limit of its own passes when nothing waits; it could never be sent
    // otherwise.
    if (waiting > 0 && waiting + chunk.size() > buffered_bytes_max_) {
        CreditBuffered(chunk.size());
        return false;
    }
    Response carrier;
    carrier.body = std::move(chunk);
    Deliver(Mail::Action::kWrite, std::move(carrier));
    return true;
}

void Exchange::Finish() { Deliver(Mail::Action::kFinish, {}); }

void Exchange::Abort() { Deliver(Mail::Action::kAbort, {}); }

void Exchange::Deliver(Mail::Action action, Response response) {
    if (closed()) return;
    if (handler_thread_.load() == std::this_thread::get_id() && !posted_.load()) {
        Perform(action, std::move(response));
        return;
    }
    posted_.store(true);
    mailbox_->Post({action, shared_from_this(), std::move(response)});
}

void Exchange::CloseConnection() { connection_->Close(); }

void Exchange::Perform(Mail::Action action, Response&& response) {
    switch (action) {
        case Mail::Action::kSend: return connection_->Answer(*this, std::move(response));
        case Mail::Action::kStartStream:
            return connection_->StartStream(*this, std::move(response));
        case Mail::Action::kWrite: return connection_->WriteChunk(*this, std::move(response.body));
        case Mail::Action::kFinish: return connection_->FinishStream(*this);
        case Mail::Action::kAbort: return connection_->AbortStream(*this);
        case Mail::Action::kDrain: return;  // The worker's own mail has no exchange.
    }
}

}  // namespace yard::http
