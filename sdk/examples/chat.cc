// Streams an answer: a coroutine that sends every piece as it arrives.
#include <blk/blk.hpp>

struct Chat {
    static constexpr const char *id = "com.acme.chat", *name = "AcmeChatBlock";
    struct in {
        std::string prompt;
        blk::defaulted<double> temperature = 0.7;
        blk::cred<"acme"> credentials;
        BLK_IN(prompt, temperature, credentials)
    };
    static constexpr blk::port<std::string> token{"token"}, response{"response"};
    BLK_OUT(token, response)

    blk::task run(blk::call& c, in i) {
        auto body = blk::json::object({{"prompt", i.prompt}, {"temperature", *i.temperature}});
        auto request = blk::request::post("https://api.acme.ai/v1/chat").auth(i.credentials).json(c, body);
        blk::sse stream(c, request);
        std::string all;
        while (auto piece = co_await stream.next()) {
            all += *piece;
            co_yield token(*piece);
        }
        co_yield response(all);
    }
};

BLK_PLUGIN("com.acme.ai", "1.0.0", Chat)
