#include "api/http/responder.h"

#include <utility>

#include "base/log.h"

namespace yard::http {

ResponseStream& ResponseStream::operator=(ResponseStream&& other) noexcept {
    if (this != &other) {
        Abort();
        sink_ = std::move(other.sink_);
    }
    return *this;
}

ResponseStream::~ResponseStream() { Abort(); }

bool ResponseStream::Write(std::string chunk) { return sink_ && sink_->Write(std::move(chunk)); }

void ResponseStream::Finish() {
    if (auto sink = std::exchange(sink_, nullptr)) sink->Finish();
}

void ResponseStream::Abort() {
    if (auto sink = std::exchange(sink_, nullptr)) sink->Abort();
}

bool ResponseStream::closed() const { return !sink_ || sink_->closed(); }

size_t ResponseStream::buffered_bytes() const { return sink_ ? sink_->buffered_bytes() : 0; }

Responder::~Responder() {
    if (!sink_) return;
    LogError("http", "A handler dropped a request without an answer; the client gets a 500.");
    Send(MakeResponse(500, "application/json", R"({"detail":"Internal Server Error"})"));
}

void Responder::Send(Response response) {
    if (auto sink = std::exchange(sink_, nullptr)) {
        sink->Send(std::move(response));
    } else {
        LogError("http", "A handler answered a request twice; the second answer is dropped.");
    }
}

ResponseStream Responder::StartStream(Response head) {
    auto sink = std::exchange(sink_, nullptr);
    if (sink) {
        sink->StartStream(std::move(head));
    } else {
        LogError("http", "A handler answered a request twice; the second answer is dropped.");
    }
    return ResponseStream(std::move(sink));
}

bool Responder::closed() const { return !sink_ || sink_->closed(); }

}  // namespace yard::http
