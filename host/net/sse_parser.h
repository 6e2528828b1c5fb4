#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace yard::net {

// text/event-stream -> the data of its events. Not thread-safe.
class SseParser {
public:
    using OnEvent = std::function<void(std::string_view data)>;

    explicit SseParser(OnEvent on_event) : on_event_(std::move(on_event)) {}

    // An event that is still open when the stream ends is dropped, as the standard says.
    void Feed(std::string_view bytes);

private:
    void Line();

    OnEvent on_event_;
    std::string line_;
    std::string data_;
    bool has_data_ = false;
    bool is_first_line_ = true;
    bool after_cr_ = false;  // The next '\n' belongs to the '\r' before it.
};

}  // namespace yard::net
