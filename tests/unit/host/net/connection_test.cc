#include "host/net/connection.h"

#include <gmock/gmock.h>

#include "tests/unit/host/net/scripted_server.h"

namespace yard::net {
namespace {

using ::testing::HasSubstr;

class ConnectionTest : public ::testing::Test {
protected:
    Result<std::unique_ptr<Connection>> Connect(const std::string& url) {
        const Url parsed = ParseUrl(url).value();
        return connector_->Connect(parsed, {*config::ParseAddress(parsed.host)}, interruption_);
    }

    Interruption interruption_;
    std::unique_ptr<Connector> connector_ = std::move(MakeConnector("")).value();
};

TEST_F(ConnectionTest, CarriesBytesBothWays) {
    const ScriptedServer server([](ServerSide& side) { side.Write(side.ReadRequest()); });
    const auto connection = Connect(server.Url());
    ASSERT_TRUE(connection.ok()) << connection.error().message;
    EXPECT_TRUE(connection.value()->IsIdle());
    EXPECT_TRUE(connection.value()->Send("ping\r\n\r\n").ok());
    std::string received;
    char buffer[64];
    for (size_t count = 1; count > 0;) {
        count = connection.value()->Receive(buffer, sizeof buffer).value();
        received.append(buffer, count);
    }
    EXPECT_EQ(received, "ping\r\n\r\n");
    EXPECT_FALSE(connection.value()->IsIdle());
}

TEST_F(ConnectionTest, RefusedConnectionNamesPlaceAndReason) {
    uint16_t port = 0;
    {
        port = ScriptedServer([](ServerSide&) {}).port();
    }
    const auto connection = Connect("http://127.0.0.1:" + std::to_string(port));
    ASSERT_FALSE(connection.ok());
    EXPECT_EQ(connection.error().message, "cannot connect to 127.0.0.1:" + std::to_string(port) +
                                              " (127.0.0.1): Connection refused");
}

TEST_F(ConnectionTest, InterruptedConnectEnds) {
    interruption_.Trigger();
    EXPECT_FALSE(Connect("http://127.0.0.1:9").ok());
}

TEST_F(ConnectionTest, ServerThatSpeaksNoTlsIsAnError) {
    const ScriptedServer server([](ServerSide& side) { side.Write("HTTP/1.1 400 Bad\r\n\r\n"); });
    const auto connection = Connect("https://127.0.0.1:" + std::to_string(server.port()));
    ASSERT_FALSE(connection.ok());
    EXPECT_THAT(connection.error().message, HasSubstr("cannot connect to 127.0.0.1"));
}

TEST_F(ConnectionTest, MissingAuthoritiesFileIsAnError) {
    EXPECT_FALSE(MakeConnector("/nonexistent/ca.pem").ok());
}

}  // namespace
}  // namespace yard::net
