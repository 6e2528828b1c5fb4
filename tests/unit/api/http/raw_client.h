// A socket that says exactly what a test wants said. Every wait is bounded.

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace yard::http {

class RawClient {
public:
    explicit RawClient(uint16_t port);
    ~RawClient();
    RawClient(RawClient&& other) noexcept;
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    // False if the server did not take everything within 5 s, or closed.
    bool Send(std::string_view bytes);
    void HalfClose();
    void Close();
    void Reset();  // Closes with a RST.

    struct Answer {
        int status = 0;  // 0: the connection ended or 5 s passed first.
        std::string head;
        std::string body;

        // The first value of a header, or "".
        std::string Header(std::string_view name) const;
    };
    // The next answer, de-chunked. `has_body` is false for answers to HEAD.
    Answer Read(bool has_body = true);
    Answer Ask(std::string_view bytes) {
        Send(bytes);
        return Read();
    }

    // Everything until the server closes. False in `closed` after `wait`.
    std::string ReadToEnd(bool* closed = nullptr,
                          std::chrono::milliseconds wait = std::chrono::seconds(5));
    // At least `bytes` bytes, or what came until the end or 5 s.
    std::string ReadSome(size_t bytes = 1);
    bool IsClosedByServer(std::chrono::milliseconds wait = std::chrono::seconds(5));

    int fd() const { return fd_; }

private:
    bool Fill(std::chrono::milliseconds wait = std::chrono::seconds(5));
    bool FillUntil(std::string_view mark);
    bool FillTo(size_t bytes);
    std::string Take(size_t bytes);
    std::string ReadChunks();

    int fd_ = -1;
    std::string buffer_;
};

std::string Get(std::string_view target, std::string_view more_headers = "");
std::string Post(std::string_view target, std::string_view body,
                 std::string_view more_headers = "");

}  // namespace yard::http
