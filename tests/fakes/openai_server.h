// A small model provider on 127.0.0.1: POST <url>/chat/completions as OpenAI defined it, and
// POST .../v1/messages of Anthropic. Without streaming and without tools.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace yard::fakes {

struct ProviderAnswer {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};
    bool is_cut = false;   // Only half of the body is sent, then the connection closes.
    bool is_held = false;  // Nothing is sent; the connection stays open until the client gives up.
};

struct ProviderRequest {
    std::string path;
    std::string head;  // Request line and headers as they were sent.
    std::string body;
};

// Answers every request on a thread per connection. Scripted answers come first, in order; after
// them every answer follows from its request:
//   asked for JSON by this project's format instructions: all the keys, each with a short value;
//   otherwise "You said: " and the last user message.
// Thread-safe. The destructor closes what is open.
class OpenAiServer {
public:
    // Port 0 = any free one. delay_ms: how long every answer takes, for benchmarks.
    // Null: the port is taken.
    static std::unique_ptr<OpenAiServer> Start(uint16_t port = 0, int delay_ms = 0);
    virtual ~OpenAiServer() = default;

    virtual std::string Url() const = 0;  // With /v1, as base URL of openai.
    virtual std::string Origin() const = 0;
    virtual uint16_t port() const = 0;

    virtual void Script(std::vector<ProviderAnswer> answers) = 0;
    // A successful answer in OpenAI's form.
    static ProviderAnswer Saying(const std::string& text);
    static ProviderAnswer Failing(int status, const std::string& message);

    virtual std::vector<ProviderRequest> requests() const = 0;
    // Waits until there were so many; false after ten seconds.
    virtual bool WaitForRequests(size_t count) const = 0;
};

}  // namespace yard::fakes
