// The first-party plugins as a server has them: scanned, loaded and run by the host.

#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "tests/unit/host/plugin/runtime_fixture.h"

namespace yard::testing {

// Numbers by value, so that 5 equals 5.0; objects without regard to order.
inline bool SameJson(View a, View b) {
    if (a.IsNumber() && b.IsNumber()) return a.AsDouble() == b.AsDouble();
    if (a.type() != b.type() || a.size() != b.size()) return false;
    if (a.IsString()) return a.AsString() == b.AsString();
    if (a.IsBool()) return a.AsBool() == b.AsBool();
    for (size_t at = 0; a.IsArray() && at < a.size(); ++at) {
        if (!SameJson(a.At(at), b.At(at))) return false;
    }
    for (const auto& [key, value] : a.members()) {
        if (!b.Has(key) || !SameJson(value, b[key])) return false;
    }
    return true;
}

inline std::vector<std::string> SplitNames(const std::string& names) {
    std::vector<std::string> all;
    std::istringstream in(names);
    for (std::string name; std::getline(in, name, ',');) all.push_back(name);
    return all;
}

// A directory that holds nothing but the first-party plugins. The build's own folder has the
// plugins of other tests too, which declare some of the same blocks.
class FirstPartyDirectory {
public:
    FirstPartyDirectory() : path_(std::string(YARD_PLUGIN_DIR) + "-of-test-" + NewUuid()) {
        std::filesystem::create_directories(path_);
        for (const std::string& name : SplitNames(YARD_PLUGIN_NAMES)) {
            for (const char* suffix : {".so", ".blk.json"}) {
                // Copies: a hard link changes the file under another test that is loading it.
                std::filesystem::copy_file(std::filesystem::path(YARD_PLUGIN_DIR) / (name + suffix),
                                           path_ / (name + suffix));
            }
        }
    }
    ~FirstPartyDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    FirstPartyDirectory(const FirstPartyDirectory&) = delete;
    FirstPartyDirectory& operator=(const FirstPartyDirectory&) = delete;

    config::PluginsSettings Settings() const {
        config::PluginsSettings settings;
        settings.dirs = {path_.string()};
        return settings;
    }

private:
    const std::filesystem::path path_;
};

class PluginTest : public ::testing::Test {
protected:
    PluginTest() {
        registry_ = std::make_unique<registry::Registry>(directory_.Settings());
        plugins_ = plugin::LoadPlugins(*registry_, {});
        catalog_ = std::make_unique<plugin::PluginCatalog>(*registry_->state(),
                                                           std::vector<registry::KnownBlock>{});
        runtime_ = std::make_unique<plugin::PluginRuntime>(
            plugin::RuntimeParts{*plugins_, *steps_, *blocking_, http_, *credentials_, clock_},
            plugin::RuntimeOptions{});
    }
    ~PluginTest() override {
        steps_->Stop();
        blocking_->Stop();
    }

    // By id or by name; null if there is none.
    const model::BlockType* FindBlock(std::string_view name) const {
        for (const model::BlockType* type : catalog_->All()) {
            if (type->name == name || type->id.text() == name) return type;
        }
        return nullptr;
    }

    // The call is under way when this returns; its end is in sink_->Wait().
    std::shared_ptr<engine::BlockTask> Start(const std::string& block, const Value& input) {
        engine::BlockCall call;
        call.block = FindBlock(block);
        EXPECT_NE(call.block, nullptr) << block << " is not in the catalog";
        call.input = input;
        call.user_id = UserId("user");
        call.node_id = NodeId("node");
        call.graph_id = GraphId("graph");
        call.graph_version = 1;
        call.context.user_timezone = user_timezone_;
        sink_ = std::make_shared<RecordingSink>();
        return runtime_->Start(std::move(call), sink_);
    }
    std::shared_ptr<engine::BlockTask> Start(const std::string& block, const std::string& input) {
        return Start(block, ParseJson(input).value());
    }
    engine::BlockOutcome Run(const std::string& block, const Value& input) {
        Start(block, input);
        return sink_->Wait();
    }
    engine::BlockOutcome Run(const std::string& block, const std::string& input) {
        return Run(block, ParseJson(input).value());
    }

    FirstPartyDirectory directory_;
    SystemClock clock_;
    FakeHttpClient http_;
    std::string user_timezone_ = "UTC";
    std::unique_ptr<credentials::CredentialStore> credentials_ =
        credentials::MakeSystemCredentials({});
    std::unique_ptr<engine::WorkerPool> steps_ = engine::MakeStepPool("steps", 2);
    std::unique_ptr<engine::WorkerPool> blocking_ = engine::MakeElasticPool("blocking", 4, 16);
    std::unique_ptr<registry::Registry> registry_;
    std::unique_ptr<plugin::LoadedPlugins> plugins_;
    std::unique_ptr<plugin::PluginCatalog> catalog_;
    std::unique_ptr<plugin::PluginRuntime> runtime_;
    std::shared_ptr<RecordingSink> sink_;  // Of the last call.
};

// The outputs of `sink` as `[["name", value], ...]` says them, in order.
inline void ExpectOutputs(RecordingSink& sink, View expected) {
    const std::vector<std::string> emitted = sink.emitted();
    ASSERT_EQ(emitted.size(), expected.size()) << ::testing::PrintToString(emitted);
    for (size_t at = 0; at < emitted.size(); ++at) {
        const View pair = expected.At(at);
        const size_t equals = emitted[at].find('=');
        EXPECT_EQ(emitted[at].substr(0, equals), pair.At(0).AsString());
        const Value value = ParseJson(emitted[at].substr(equals + 1)).value();
        EXPECT_TRUE(SameJson(value, pair.At(1)))
            << emitted[at] << " instead of " << WriteJson(pair.At(1));
    }
}

}  // namespace yard::testing
