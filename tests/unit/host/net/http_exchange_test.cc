#include "host/net/http_exchange.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include "tests/unit/host/net/recording_sink.h"
#include "tests/unit/host/net/scripted_server.h"

namespace yard::net {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Answer(const std::string& body, const std::string& headers = "",
                   const std::string& status = "200 OK") {
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           headers + "\r\n" + body;
}

std::string Gzip(const std::string& text) {
    z_stream z{};
    EXPECT_EQ(deflateInit2(&z, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string out(text.size() + 1000, '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    z.avail_in = static_cast<uInt>(text.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
}

class HttpExchangeTest : public ::testing::Test {
protected:
    HttpExchangeTest() { request_.response_bytes_max = 1 << 20; }

    // Runs request_ to its end in this thread.
    RecordingSink& Run() {
        if (!policy_) {
            auto made = OutboundPolicy::Create(allow_, resolver_);
            EXPECT_TRUE(made.ok());
            policy_.emplace(std::move(made).value());
        }
        sink_ = std::make_shared<RecordingSink>();
        HttpExchange exchange(request_, sink_);
        exchange.Run({*policy_, *connector_, pool_});
        EXPECT_EQ(sink_->ends(), 1);
        return *sink_;
    }
    RecordingSink& Get(const std::string& url) {
        request_.url = url;
        return Run();
    }
    // A server that gives one answer and closes, and what came of it.
    RecordingSink& GetFrom(const std::string& bytes) {
        const ScriptedServer server([bytes](ServerSide& side) {
            side.ReadRequest();
            side.Write(bytes);
        });
        return Get(server.Url());
    }

    std::vector<std::string> allow_{"127.0.0.1"};
    Resolver resolver_ = ResolveWithSystem;
    std::optional<OutboundPolicy> policy_;
    std::unique_ptr<Connector> connector_ = std::move(MakeConnector("")).value();
    ConnectionPool pool_{8};
    plugin::HttpRequest request_;
    std::shared_ptr<RecordingSink> sink_;
};

TEST_F(HttpExchangeTest, DeliversStatusHeadersAndBody) {
    RecordingSink& sink =
        GetFrom(Answer("hello", "X-A: 1\r\nx-a: 2\r\nX-Latin: \xe9\r\n", "404 Not Found"));
    EXPECT_EQ(sink.Outcome(), "ok");
    EXPECT_EQ(sink.status(), 404);
    EXPECT_EQ(sink.Header("x-a"), "1, 2");
    EXPECT_EQ(sink.Header("x-latin"), "\xc3\xa9");
    EXPECT_EQ(sink.Body(), "hello");
}

TEST_F(HttpExchangeTest, SendsTheRequestAsGiven) {
    std::string seen;
    const ScriptedServer server([&](ServerSide& side) {
        seen = side.ReadRequest();
        side.Write(Answer(""));
    });
    request_.method = "POST";
    request_.headers = {{"X-Key", "v"}, {"User-Agent", "me"}};
    request_.body = "{}";
    EXPECT_EQ(Get(server.Url("/a b?q=\xc3\xa9#f")).Outcome(), "ok");
    EXPECT_EQ(seen,
              "POST /a%20b?q=%c3%a9 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                  "\r\nAccept: */*\r\nAccept-Encoding: gzip\r\nX-Key: v\r\nUser-Agent: me\r\n"
                  "Content-Length: 2\r\n\r\n{}");
}

TEST_F(HttpExchangeTest, LargeBodiesTravelWhole) {
    const std::string large(3 << 20, 'x');
    size_t seen = 0;
    const ScriptedServer server([&](ServerSide& side) {
        seen = side.ReadRequest().size();
        side.Write(Answer(large));
    });
    request_.method = "PUT";
    request_.body = large;
    request_.response_bytes_max = large.size();
    EXPECT_EQ(Get(server.Url()).Outcome(), "ok");
    EXPECT_GT(seen, large.size());
    EXPECT_EQ(sink_->Body(), large);
}

TEST_F(HttpExchangeTest, ReusesTheConnection) {
    const ScriptedServer server([](ServerSide& side) {
        while (!side.ReadRequest().empty()) side.Write(Answer(std::to_string(side.number())));
    });
    EXPECT_EQ(Get(server.Url("/a")).Body(), "1");
    EXPECT_EQ(Get(server.Url("/b")).Body(), "1");
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpExchangeTest, DoesNotReuseWhatTheServerWantsClosed) {
    const ScriptedServer server(ScriptedServer::Answering(Answer("x", "Connection: close\r\n")));
    EXPECT_EQ(Get(server.Url()).Outcome(), "ok");
    EXPECT_EQ(Get(server.Url()).Outcome(), "ok");
    EXPECT_EQ(server.connections(), 2);
}

TEST_F(HttpExchangeTest, DoesNotReuseAConnectionWithBytesNobodyAskedFor) {
    const ScriptedServer server(
        ScriptedServer::Answering(Answer("x") + Answer("of somebody else")));
    EXPECT_EQ(Get(server.Url()).Body(), "x");
    EXPECT_EQ(Get(server.Url()).Body(), "x");
    EXPECT_EQ(server.connections(), 2);
}

TEST_F(HttpExchangeTest, RetriesOnceWhenAKeptConnectionDiedAndRepeatingIsSafe) {
    const ScriptedServer server([](ServerSide& side) {
        side.ReadRequest();
        side.Write(Answer(std::to_string(side.number())));
        side.ReadRequest();  // And closes without an answer.
    });
    EXPECT_EQ(Get(server.Url()).Body(), "1");
    EXPECT_EQ(Get(server.Url()).Body(), "2");
    request_.method = "POST";
    EXPECT_THAT(Get(server.Url()).Outcome(), HasSubstr("closed the connection before"));
}

TEST_F(HttpExchangeTest, ChunkedBodyIsDecoded) {
    RecordingSink& sink = GetFrom(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nX-Trailer: ignored\r\n\r\n");
    EXPECT_EQ(sink.Outcome(), "ok");
    EXPECT_EQ(sink.Body(), "abcde");
    EXPECT_EQ(sink.Header("x-trailer"), "(absent)");
}

TEST_F(HttpExchangeTest, TruncatedAnswersAreErrors) {
    for (const std::string bytes :
         {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc"}) {
        EXPECT_EQ(GetFrom(bytes).Outcome(),
                  "the server closed the connection before its answer ended")
            << bytes;
    }
}

TEST_F(HttpExchangeTest, ResetConnectionIsAnError) {
    const ScriptedServer server([](ServerSide& side) {
        side.ReadRequest();
        side.Write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc");
        side.Reset();
    });
    EXPECT_EQ(Get(server.Url()).Kind(), ErrorKind::kUnavailable);
}

TEST_F(HttpExchangeTest, MalformedAnswersAreErrors) {
    for (const std::string bytes :
         {"hello there\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"}) {
        EXPECT_THAT(GetFrom(bytes).Outcome(), HasSubstr("the answer is not valid HTTP")) << bytes;
    }
}

TEST_F(HttpExchangeTest, HugeHeadersAreRefused) {
    EXPECT_EQ(GetFrom("HTTP/1.1 200 OK\r\nX: " + std::string(200'000, 'x')).Outcome(),
              "the answer's headers are too large");
    std::string many = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 2000; ++i) many += "X-" + std::to_string(i) + ": 1\r\n";
    EXPECT_EQ(GetFrom(many + "\r\n").Outcome(), "the answer has more than 1000 headers");
}

TEST_F(HttpExchangeTest, InterimAnswersAreSkipped) {
    RecordingSink& sink = GetFrom("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + Answer("x"));
    EXPECT_EQ(sink.status(), 200);
    EXPECT_EQ(sink.Header("link"), "(absent)");
    EXPECT_THAT(GetFrom("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n").Outcome(),
                HasSubstr("switched to another protocol"));
}

TEST_F(HttpExchangeTest, HeadHasNoBodyAndKeepsTheConnection) {
    const ScriptedServer server(ScriptedServer::Answering(
        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nContent-Encoding: gzip\r\n\r\n"));
    request_.method = "HEAD";
    EXPECT_EQ(Get(server.Url()).Outcome(), "ok");
    EXPECT_EQ(Get(server.Url()).Body(), "");
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpExchangeTest, AnswerOverTheLimitIsRefused) {
    request_.response_bytes_max = 10;
    EXPECT_EQ(GetFrom(Answer("0123456789")).Outcome(), "ok");
    EXPECT_EQ(GetFrom(Answer("0123456789a")).Outcome(), "the answer is larger than 10 bytes");
    EXPECT_EQ(sink_->Kind(), ErrorKind::kTooLarge);
    EXPECT_EQ(GetFrom("HTTP/1.1 200 OK\r\n\r\n" + std::string(100, 'x')).Kind(),
              ErrorKind::kTooLarge);
}

TEST_F(HttpExchangeTest, GzipIsDecodedAndItsSizeCounts) {
    const std::string text(100'000, 'x');
    const std::string answer = Answer(Gzip(text), "Content-Encoding: gzip\r\n");
    EXPECT_EQ(GetFrom(answer).Outcome(), "ok");
    EXPECT_EQ(sink_->Body(), text);
    EXPECT_EQ(sink_->Header("content-encoding"), "(absent)");
    EXPECT_EQ(sink_->Header("content-length"), "(absent)");
    request_.response_bytes_max = 1000;
    EXPECT_EQ(GetFrom(answer).Kind(), ErrorKind::kTooLarge);
}

TEST_F(HttpExchangeTest, DamagedGzipIsAnError) {
    std::string gzip = Gzip("hello");
    EXPECT_EQ(
        GetFrom(Answer(gzip.substr(0, gzip.size() - 4), "Content-Encoding: gzip\r\n")).Outcome(),
        "the answer's gzip data is incomplete");
    gzip[gzip.size() - 5] ^= 1;
    EXPECT_EQ(GetFrom(Answer(gzip, "Content-Encoding: gzip\r\n")).Outcome(),
              "the answer is not valid gzip");
}

TEST_F(HttpExchangeTest, CallerWhoAskedForAnEncodingDecodesItself) {
    request_.headers = {{"accept-encoding", "gzip"}};
    const std::string gzip = Gzip("hello");
    EXPECT_EQ(GetFrom(Answer(gzip, "Content-Encoding: gzip\r\n")).Body(), gzip);
    EXPECT_EQ(sink_->Header("content-encoding"), "gzip");
}

TEST_F(HttpExchangeTest, EventsArriveOneByOne) {
    request_.sse = true;
    EXPECT_EQ(GetFrom("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n"
                      ": hi\n\ndata: 1\n\ndata: 2\ndata: 3\n\ndata: unfinished\n")
                  .Outcome(),
              "ok");
    EXPECT_THAT(sink_->chunks(), ElementsAre("1", "2\n3"));
}

TEST_F(HttpExchangeTest, FailureInsteadOfEventsIsPlain) {
    request_.sse = true;
    GetFrom(Answer("data: no\n\n", "Content-Type: text/event-stream\r\n", "500 Oops"));
    EXPECT_EQ(sink_->Body(), "data: no\n\n");
    GetFrom(Answer("{}", "Content-Type: application/json\r\n"));
    EXPECT_EQ(sink_->Body(), "{}");
}

TEST_F(HttpExchangeTest, EarlyRefusalOfALargeBodyIsDelivered) {
    const ScriptedServer server([](ServerSide& side) {
        side.Write(Answer("too much", "Connection: close\r\n", "413 Too Large"));
        side.AwaitClose();
    });
    request_.method = "POST";
    request_.body = std::string(100'000, 'x');
    EXPECT_EQ(Get(server.Url()).status(), 413);
    EXPECT_EQ(sink_->Body(), "too much");
}

TEST_F(HttpExchangeTest, FollowsRedirectsOfItsOwnServer) {
    std::vector<std::string> seen;
    const ScriptedServer server([&](ServerSide& side) {
        seen.push_back(side.ReadRequest());
        side.Write(Answer("ignored", "Location: ../b?x=1\r\n", "302 Found"));
        seen.push_back(side.ReadRequest());
        side.Write(Answer("done"));
    });
    request_.method = "POST";
    request_.body = "data";
    request_.headers = {{"Authorization", "secret"}, {"Content-Type", "text/plain"}};
    EXPECT_EQ(Get(server.Url("/dir/a")).Outcome(), "ok");
    EXPECT_EQ(sink_->Body(), "done");
    EXPECT_EQ(sink_->final_url(), server.Url("/b?x=1"));
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_THAT(seen[1], HasSubstr("GET /b?x=1 HTTP/1.1\r\n"));
    EXPECT_THAT(seen[1], HasSubstr("Authorization: secret"));
    EXPECT_THAT(seen[1], Not(HasSubstr("Content-")));
}

TEST_F(HttpExchangeTest, SecretsDoNotFollowToAnotherServer) {
    std::string seen;
    const ScriptedServer other([&](ServerSide& side) {
        seen = side.ReadRequest();
        side.Write(Answer("done"));
    });
    const ScriptedServer server(ScriptedServer::Answering(
        Answer("", "Location: " + other.Url("/x") + "\r\n", "307 Moved")));
    request_.method = "POST";
    request_.body = "data";
    request_.headers = {{"authorization", "secret1"},
                        {"X-Api-Key", "secret2"},
                        {"Cookie", "secret3"},
                        {"Accept", "text/plain"}};
    EXPECT_EQ(Get(server.Url()).Outcome(), "ok");
    EXPECT_THAT(seen, HasSubstr("POST /x HTTP/1.1\r\n"));
    EXPECT_THAT(seen, HasSubstr("Accept: text/plain"));
    EXPECT_THAT(seen, HasSubstr("\r\n\r\ndata"));
    EXPECT_THAT(seen, Not(HasSubstr("secret")));
}

TEST_F(HttpExchangeTest, RedirectToAPrivateAddressIsRefused) {
    for (const std::string target : {"http://169.254.169.254/latest/meta-data", "http://10.0.0.1",
                                     "http://[::1]:80/", "//[::ffff:10.0.0.1]/"}) {
        EXPECT_EQ(GetFrom(Answer("", "Location: " + target + "\r\n", "302 Found")).Kind(),
                  ErrorKind::kNotAllowed)
            << target;
        EXPECT_EQ(sink_->status(), 0);
    }
    EXPECT_EQ(GetFrom(Answer("", "Location: http://169.254.169.254/x\r\n", "302 Found")).Outcome(),
              "outbound request to 169.254.169.254:80 refused: link-local address; list it under "
              "outbound.allow to permit it");
}

TEST_F(HttpExchangeTest, RedirectToAnotherSchemeIsRefused) {
    for (const std::string target : {"file:///etc/passwd", "ftp://a/", "http://u:p@127.0.0.1/"}) {
        EXPECT_EQ(GetFrom(Answer("", "Location: " + target + "\r\n", "302 Found")).Kind(),
                  ErrorKind::kInvalid)
            << target;
    }
}

TEST_F(HttpExchangeTest, EndlessRedirectsEnd) {
    const ScriptedServer server(
        ScriptedServer::Answering(Answer("", "Location: /again\r\n", "301 Moved")));
    EXPECT_EQ(Get(server.Url()).Outcome(), "the server redirected more than 5 times");
}

TEST_F(HttpExchangeTest, RedirectIsAnAnswerIfTheCallerWantsItOrItLeadsNowhere) {
    EXPECT_EQ(GetFrom(Answer("x", "", "302 Found")).status(), 302);
    request_.follow_redirects = false;
    EXPECT_EQ(GetFrom(Answer("x", "Location: /y\r\n", "302 Found")).Body(), "x");
    EXPECT_EQ(sink_->Header("location"), "/y");
}

TEST_F(HttpExchangeTest, HugeBodyOfARedirectIsNotRead) {
    const ScriptedServer server([](ServerSide& side) {
        if (side.ReadRequest().starts_with("GET /b ")) {
            side.Write(Answer("done"));
            return;
        }
        side.Write("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 1000000000\r\n\r\n");
        const std::string block(10'000, 'x');
        while (side.Write(block)) {
        }
    });
    EXPECT_EQ(Get(server.Url()).Body(), "done");
}

TEST_F(HttpExchangeTest, AddressesAreRefusedBeforeAnyConnection) {
    allow_.clear();
    const ScriptedServer server(ScriptedServer::Answering(Answer("x")));
    EXPECT_EQ(Get(server.Url()).Outcome(),
              "outbound request to 127.0.0.1:" + std::to_string(server.port()) +
                  " refused: loopback address; list it under outbound.allow to permit it");
    EXPECT_EQ(server.connections(), 0);
}

TEST_F(HttpExchangeTest, NameIsResolvedOncePerConnectionAndThatAddressIsUsed) {
    int lookups = 0;
    resolver_ = [&](const std::string& host) -> Result<std::vector<AddressBytes>> {
        EXPECT_EQ(host, "service.example");
        // A second look-up would lead elsewhere, as in DNS rebinding.
        const char* address = ++lookups == 1 ? "127.0.0.1" : "10.0.0.1";
        return std::vector{*config::ParseAddress(address)};
    };
    std::string seen;
    const ScriptedServer server([&](ServerSide& side) {
        seen = side.ReadRequest();
        side.Write(Answer("x"));
    });
    const std::string place = "service.example:" + std::to_string(server.port());
    EXPECT_EQ(Get("http://" + place + "/").Outcome(), "ok");
    EXPECT_THAT(seen, HasSubstr("Host: " + place + "\r\n"));
    EXPECT_EQ(lookups, 1);
}

TEST_F(HttpExchangeTest, NextAddressIsTriedWhenOneDoesNotAnswer) {
    resolver_ = [](const std::string&) -> Result<std::vector<AddressBytes>> {
        return std::vector{*config::ParseAddress("::1"), *config::ParseAddress("127.0.0.1")};
    };
    allow_ = {"::1", "127.0.0.1"};
    const ScriptedServer server(ScriptedServer::Answering(Answer("x")));
    EXPECT_EQ(Get("http://two.example:" + std::to_string(server.port())).Body(), "x");
}

TEST_F(HttpExchangeTest, FaultsOfTheRequestEndItAtOnce) {
    EXPECT_EQ(Get("ftp://a/").Kind(), ErrorKind::kInvalid);
    request_.headers = {{"X", "a\r\nY: b"}};
    EXPECT_EQ(Get("http://127.0.0.1/").Outcome(), "the header X contains a control character");
}

TEST_F(HttpExchangeTest, AbandonedBeforeItsStartItSaysNothing) {
    auto sink = std::make_shared<RecordingSink>();
    request_.url = "http://127.0.0.1:1/";
    HttpExchange exchange(request_, sink);
    exchange.Abandon();
    const auto policy = OutboundPolicy::Create(allow_, resolver_);
    exchange.Run({policy.value(), *connector_, pool_});
    EXPECT_EQ(sink->ends(), 0);
}

TEST_F(HttpExchangeTest, FirstReasonOfFailureCounts) {
    auto sink = std::make_shared<RecordingSink>();
    request_.url = "http://127.0.0.1:1/";
    HttpExchange exchange(request_, sink);
    exchange.Fail({ErrorKind::kTimeout, "first", {}});
    exchange.Fail({ErrorKind::kCancelled, "second", {}});
    EXPECT_EQ(sink->Outcome(), "first");
    EXPECT_EQ(sink->ends(), 1);
}

}  // namespace
}  // namespace yard::net
