// Plugins that break their promises, and plugins that are no plugins.

#include <gtest/gtest.h>

#include "base/json.h"
#include "tests/e2e/api_client.h"
#include "tests/e2e/graphs.h"

namespace yard::e2e {
namespace {

// The node execution of the block, null if there is none.
View NodeOf(View execution, std::string_view block_id) {
    for (View node : execution["node_executions"].items()) {
        if (node["block_id"].StringOr("") == block_id) return node;
    }
    return View();
}

class MisbehavingBlockTest : public testing::Test {
protected:
    static ServerOptions Options() {
        ServerOptions options;
        options.settings = {"engine.cancel_grace_ms=200", "server.shutdown_grace_ms=500"};
        return options;
    }

    MisbehavingBlockTest() : server_(Options()), client_(ApiClient::SignUp(server_)) {}

    // Runs the block in a graph, expects that only its node failed; the node's error.
    std::string ErrorOf(const std::string& block_id, const std::string& pin) {
        const Value done = client_.Run(client_.Import(OneBlockGraph(block_id, "{}", "text", pin)),
                                       R"({"in":"hi"})");
        EXPECT_EQ(done["status"].StringOr(""), "COMPLETED") << WriteJson(done);
        EXPECT_EQ(done["stats"]["node_error_count"].IntOr(-1), 1);
        const View node = NodeOf(done, block_id);
        EXPECT_EQ(node["status"].StringOr(""), "FAILED");
        return std::string(node["output_data"]["error"].At(0).StringOr(""));
    }
    void ExpectStillServing() {
        const Value done = client_.Run(client_.Import(Example("greeting")), R"({"name":"you"})");
        EXPECT_EQ(WriteJson(done["outputs"]), R"({"greeting":["Hello, you!"]})");
    }

    ServerProcess server_;
    ApiClient client_;
};

TEST_F(MisbehavingBlockTest, AnExceptionFailsItsNodeOnly) {
    EXPECT_EQ(ErrorOf("test.e2e.throw", "text"),
              "raised by ThrowBlock with message: thrown: hi. block_id: test.e2e.throw");
    ExpectStillServing();
    EXPECT_EQ(server_.Terminate(), 0);
}

TEST_F(MisbehavingBlockTest, AnUndeclaredPinFailsItsNodeOnly) {
    EXPECT_EQ(ErrorOf("test.e2e.undeclared", "text"),
              "raised by UndeclaredBlock with message: Invalid property name surprise. block_id: "
              "test.e2e.undeclared");
    ExpectStillServing();
}

TEST_F(MisbehavingBlockTest, AValueThatBreaksItsSchemaFailsItsNodeOnly) {
    EXPECT_EQ(ErrorOf("test.e2e.wrong_type", "number"),
              "raised by WrongTypeBlock with message: Block produced an invalid output data: 'hi' "
              "is not of type 'integer'. block_id: test.e2e.wrong_type");
    ExpectStillServing();
}

TEST_F(MisbehavingBlockTest, WhatWasEmittedBeforeAFailureHasTravelled) {
    const Value done = client_.Run(
        client_.Import(OneBlockGraph("test.e2e.half_way", "{}", "text", "text")), R"({"in":"hi"})");
    EXPECT_EQ(WriteJson(done["outputs"]), R"({"out":["hi"]})");
    EXPECT_EQ(NodeOf(done, "test.e2e.half_way")["status"].StringOr(""), "FAILED");
}

TEST_F(MisbehavingBlockTest, ABusyBlockIsStoppedWhileOthersAreServed) {
    const GraphVersion graph = client_.Import(OneBlockGraph("test.e2e.busy", "{}", "text", "text"));
    const std::string execution = client_.Execute(graph, R"({"in":"x"})");
    ASSERT_TRUE(client_.WaitForStatus(graph, execution, "RUNNING"));
    ExpectStillServing();
    EXPECT_EQ(client_.Post("/api/graphs/" + graph.id + "/executions/" + execution + "/stop").status,
              200);
    EXPECT_EQ(client_.WaitForEnd(graph, execution)["status"].StringOr(""), "TERMINATED");
    EXPECT_EQ(server_.Terminate(), 0);
}

TEST_F(MisbehavingBlockTest, ABlockThatNeverReturnsIsAbandonedAndTheRunStopped) {
    const GraphVersion graph =
        client_.Import(OneBlockGraph("test.e2e.endless", "{}", "text", "text"));
    const std::string execution = client_.Execute(graph, R"({"in":"x"})");
    ASSERT_TRUE(client_.WaitForStatus(graph, execution, "RUNNING"));
    ExpectStillServing();
    EXPECT_EQ(client_.Post("/api/graphs/" + graph.id + "/executions/" + execution + "/stop").status,
              200);
    EXPECT_EQ(client_.WaitForEnd(graph, execution)["status"].StringOr(""), "TERMINATED");
    ExpectStillServing();
    EXPECT_TRUE(Eventually([&] {
        return server_.Log().find("a block goes on although it was cancelled") != std::string::npos;
    })) << server_.Log();
    EXPECT_NE(server_.Log().find("block=EndlessBlock"), std::string::npos) << server_.Log();
}

TEST_F(MisbehavingBlockTest, ABlockThatNeverReturnsDoesNotKeepTheServerFromEnding) {
    const GraphVersion graph =
        client_.Import(OneBlockGraph("test.e2e.endless", "{}", "text", "text"));
    const std::string execution = client_.Execute(graph, R"({"in":"x"})");
    ASSERT_TRUE(client_.WaitForStatus(graph, execution, "RUNNING"));
    EXPECT_EQ(server_.Terminate(std::chrono::seconds(60)), 1);
    EXPECT_NE(server_.Log().find("a block did not return"), std::string::npos) << server_.Log();
}

TEST(DisabledPluginsTest, ADisabledBlockIsNotListedAndNotRun) {
    ServerOptions options;
    options.settings = {"plugins.disabled_blocks=test.e2e.throw,DelayBlock"};
    ServerProcess server(options);
    const ApiClient client = ApiClient::SignUp(server);
    const std::string blocks = client.Get("/api/blocks").body;
    EXPECT_EQ(blocks.find("test.e2e.throw"), std::string::npos);
    EXPECT_EQ(blocks.find("test.e2e.delay"), std::string::npos);
    EXPECT_NE(blocks.find("test.e2e.busy"), std::string::npos);
    const HttpAnswer alone =
        client.Post("/api/blocks/test.e2e.delay/execute", R"({"text":"x","delay_ms":1})");
    EXPECT_EQ(alone.status, 403) << alone.body;
    EXPECT_EQ(alone.Detail(), "Block #test.e2e.delay is disabled.");
    const HttpAnswer import =
        client.TryImport(OneBlockGraph("test.e2e.delay", R"({"delay_ms":1})", "text", "text"));
    ASSERT_EQ(import.status, 200) << import.body;
    const GraphVersion graph{std::string(import.Json()["id"].StringOr("")), 1};
    const HttpAnswer run = client.TryExecute(graph, R"({"in":"x"})");
    EXPECT_EQ(run.status, 400) << run.body;
    EXPECT_NE(run.body.find("DelayBlock"), std::string::npos) << run.body;
}

TEST(DisabledPluginsTest, ADisabledPluginTakesItsBlocksWithIt) {
    ServerOptions options;
    options.settings = {"plugins.disabled=test.e2e_blocks"};
    ServerProcess server(options);
    const ApiClient client = ApiClient::SignUp(server);
    EXPECT_EQ(client.Get("/api/blocks").body.find("test.e2e."), std::string::npos);
    EXPECT_EQ(client.Post("/api/blocks/test.e2e.throw/execute", R"({"text":"x"})").status, 403);
    const Finished list =
        RunToEnd({BlockyardProgram(), "plugin", "list", "--set", "plugins.dirs=" + PluginFolders(),
                  "--set", "plugins.disabled=test.e2e_blocks"});
    EXPECT_EQ(list.exit_code, 0);
    EXPECT_NE(list.out.find("disabled_by_configuration"), std::string::npos) << list.out;
}

// A folder with every faulty library of tests/plugins/bad: without manifests, and with false ones.
class BadPluginsTest : public testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::is_directory(E2E_BAD_PLUGINS)) GTEST_SKIP() << "no bad plugins here";
        for (const auto& file : std::filesystem::directory_iterator(E2E_BAD_PLUGINS)) {
            if (file.path().extension() != ".so") continue;
            std::filesystem::copy(file.path(), folder_.path());
            names_.push_back(file.path().stem().string());
        }
        if (names_.empty()) GTEST_SKIP() << "the bad plugins are not built";
        folder_.Write("not_elf.so", "this is text");
        folder_.Write("not_json.blk.json", "{");
        folder_.Write("alone.blk.json", R"({"manifest":1,"id":"test.alone"})");
        names_.insert(names_.end(), {"not_elf", "not_json", "alone"});
    }

    TemporaryFolder folder_;
    std::vector<std::string> names_;
};

TEST_F(BadPluginsTest, TheListNamesEachWithItsReasonAndRunsNone) {
    const Finished list = RunToEnd(
        {BlockyardProgram(), "plugin", "list", "--set", "plugins.dirs=" + folder_.path().string()});
    EXPECT_EQ(list.exit_code, 0) << list.err;
    for (const std::string& name : names_) {
        EXPECT_NE(list.out.find(name), std::string::npos) << name << " is not in\n" << list.out;
    }
    EXPECT_NE(list.out.find("no_manifest: "), std::string::npos) << list.out;
    EXPECT_NE(list.out.find("bad_manifest: "), std::string::npos) << list.out;
    EXPECT_EQ(list.out.find("  ready  "), std::string::npos) << list.out;
}

TEST_F(BadPluginsTest, TheServerStartsWithoutThem) {
    ServerOptions options;
    options.plugin_dirs += "," + folder_.path().string();
    ServerProcess server(options);
    const ApiClient client = ApiClient::SignUp(server);
    const Value done = client.Run(client.Import(Example("greeting")), R"({"name":"you"})");
    EXPECT_EQ(WriteJson(done["outputs"]), R"({"greeting":["Hello, you!"]})");
    EXPECT_EQ(client.Get("/api/blocks").body.find("\"test.bad"), std::string::npos);
    EXPECT_EQ(server.Terminate(), 0);
}

}  // namespace
}  // namespace yard::e2e
