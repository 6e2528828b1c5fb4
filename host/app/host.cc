#include "host/app/host.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "api/http/server.h"
#include "api/rest/api.h"
#include "base/clock.h"
#include "base/log.h"
#include "host/app/data_dir_lock.h"
#include "host/app/first_account.h"
#include "host/auth/account_service.h"
#include "host/auth/authenticator.h"
#include "host/credentials/system_credentials.h"
#include "host/engine/credit_ledger.h"
#include "host/engine/engine.h"
#include "host/engine/worker_pool.h"
#include "host/net/http_client.h"
#include "host/plugin/block_runtime.h"
#include "host/plugin/catalog.h"
#include "host/plugin/loader.h"
#include "host/service/blocks/block_service.h"
#include "host/service/executions/execution_service.h"
#include "host/service/executions/sub_run_starter.h"
#include "host/service/graphs/graph_service.h"
#include "host/service/users/user_service.h"
#include "host/storage/execution_journal.h"
#include "host/storage/sql/open_database.h"
#include "registry/describe.h"
#include "registry/known_blocks.h"
#include "registry/registry.h"

namespace yard::app {
namespace {

using std::chrono::milliseconds;

size_t Cores() { return std::max(1U, std::thread::hardware_concurrency()); }

size_t CountOrCores(int64_t configured) {
    return configured > 0 ? static_cast<size_t>(configured) : Cores();
}

storage::sql::DatabaseOptions DatabaseOptionsOf(const config::Settings& settings) {
    storage::sql::DatabaseOptions options;
    options.url = settings.database.url;
    options.busy_timeout_ms = static_cast<int>(settings.database.busy_timeout_ms);
    options.pool_size = static_cast<size_t>(settings.database.pool_size);
    options.commit_wait_us = settings.database.commit_wait_us;
    options.commit_group_max = static_cast<size_t>(settings.database.commit_group_max);
    return options;
}

engine::EngineOptions EngineOptionsOf(const config::Settings& settings) {
    engine::EngineOptions options;
    options.runs_max = static_cast<size_t>(settings.engine.runs_max);
    options.runs_per_user_and_graph_max =
        static_cast<size_t>(settings.engine.runs_per_user_and_graph_max);
    options.node_executions_per_run_max =
        static_cast<size_t>(settings.engine.node_executions_per_run_max);
    options.cost_count_threshold = settings.credits.cost_count_threshold;
    options.cost_per_threshold = settings.credits.cost_per_threshold;
    options.cancel_grace = milliseconds(settings.engine.cancel_grace_ms);
    return options;
}

auth::AccountOptions AccountOptionsOf(const config::AuthSettings& settings) {
    auth::AccountOptions options;
    options.jwt_secret = settings.jwt_verify_key;
    options.audience = settings.jwt_audience;
    options.access_token_ttl_s = settings.access_token_ttl_s;
    options.refresh_token_ttl_s = settings.refresh_token_ttl_s;
    options.sign_up_enabled = settings.sign_up_enabled;
    options.sign_up_per_minute = static_cast<size_t>(settings.sign_up_per_minute);
    options.sign_in_per_minute = static_cast<size_t>(settings.sign_in_per_minute);
    options.password_length_min = static_cast<size_t>(settings.password_length_min);
    return options;
}

rest::ApiOptions ApiOptionsOf(const config::Settings& settings) {
    rest::ApiOptions options;
    options.cors_allow_origins = settings.server.cors_allow_origins;
    options.production = settings.server.app_env == "prod";
    options.platform_base_url = settings.server.platform_base_url;
    if (!settings.server.frontend_base_url.empty()) {
        options.frontend_base_url = settings.server.frontend_base_url;
    }
    options.docs = settings.server.docs;
    options.sign_up_enabled = settings.auth.sign_up_enabled;
    options.handler_threads = static_cast<int>(settings.server.handler_threads);
    options.handler_queue_max = static_cast<size_t>(settings.server.handler_queue_max);
    return options;
}

http::ServerOptions ServerOptionsOf(const config::ServerSettings& settings) {
    http::ServerOptions options;
    options.address = settings.host;
    options.port = static_cast<uint16_t>(settings.port);
    options.workers = static_cast<int>(CountOrCores(settings.workers));
    options.connections_max = static_cast<size_t>(settings.connections_max);
    options.url_bytes_max = static_cast<size_t>(settings.url_bytes_max);
    options.header_bytes_max = static_cast<size_t>(settings.header_bytes_max);
    options.body_bytes_max = static_cast<size_t>(settings.body_bytes_max);
    options.header_timeout = milliseconds(settings.header_timeout_ms);
    options.body_timeout = milliseconds(settings.body_timeout_ms);
    options.idle_timeout = milliseconds(settings.idle_timeout_ms);
    options.write_timeout = milliseconds(settings.write_timeout_ms);
    return options;
}

plugin::LoaderOptions LoaderOptionsOf(const config::Settings& settings) {
    plugin::LoaderOptions options{settings.plugins.settings, {}};
    for (const auto& [name, provider] : settings.providers) {
        options.provider_urls[name] = provider.base_url;
    }
    return options;
}

std::unique_ptr<credentials::CredentialStore> MakeCredentials(const config::Settings& settings) {
    std::vector<credentials::ProviderAccess> access;
    for (const auto& [name, provider] : settings.providers) {
        access.push_back({name, provider.api_key, provider.base_url});
    }
    return credentials::MakeSystemCredentials(access);
}

// The names of blocks that are not installed here; agents made elsewhere mention them. A server
// without the file works, such agents just cannot be imported.
std::vector<registry::KnownBlock> LoadDirectory(const std::string& executable) {
    const std::filesystem::path path =
        std::filesystem::path(executable).parent_path() / "../share/blockyard/known_blocks.json";
    auto known = registry::LoadKnownBlocks(path.lexically_normal().string());
    if (known) return std::move(known).value();
    LogWarning("registry", "the block directory cannot be used",
               {{"reason", known.error().message}});
    return {};
}

// The default folders serve the build tree and an installation; only one of them exists.
config::PluginsSettings PluginsOf(const config::Settings& settings) {
    config::PluginsSettings plugins = settings.plugins;
    const auto origin = settings.origins.find("plugins.dirs");
    if (origin != settings.origins.end() && origin->second == "default") {
        std::erase_if(plugins.dirs,
                      [](const std::string& folder) { return !std::filesystem::exists(folder); });
    }
    return plugins;
}

class RunningHost final : public Host {
public:
    explicit RunningHost(const config::Settings& settings) : settings_(settings) {}
    ~RunningHost() override { Stop(); }

    Result<Ok> Build(const std::string& executable);

    uint16_t port() const override { return server_->port(); }
    void Stop() override;

private:
    Result<Ok> BuildRuntime(const std::string& executable);
    Result<Ok> BuildAccounts();
    Result<Ok> BuildServices();
    Result<Ok> Listen();

    const config::Settings settings_;
    SystemClock clock_;
    engine::NoCredits credits_;
    std::optional<DataDirLock> lock_;
    std::unique_ptr<storage::Database> database_;
    std::unique_ptr<engine::WorkerPool> steps_;
    std::unique_ptr<engine::WorkerPool> blocking_;
    std::unique_ptr<plugin::HttpClient> http_;
    std::unique_ptr<credentials::CredentialStore> credentials_;
    std::unique_ptr<registry::Registry> registry_;
    std::unique_ptr<plugin::LoadedPlugins> plugins_;
    std::unique_ptr<plugin::PluginCatalog> catalog_;
    std::unique_ptr<plugin::PluginRuntime> runtime_;
    std::unique_ptr<engine::Engine> engine_;
    std::unique_ptr<auth::Authenticator> authenticator_;
    std::unique_ptr<auth::AccountService> accounts_;
    std::unique_ptr<service::GraphService> graphs_;
    std::unique_ptr<service::ExecutionService> executions_;
    std::unique_ptr<service::SubRunStarter> sub_runs_;
    std::unique_ptr<service::UserService> users_;
    std::unique_ptr<service::BlockService> blocks_;
    std::unique_ptr<rest::Api> api_;
    std::unique_ptr<http::Server> server_;
};

Result<Ok> RunningHost::Build(const std::string& executable) {
    if (settings_.credits.enabled) {
        return Invalid(
            "credits.enabled: this version keeps no credit accounts yet; set it to false");
    }
    lock_.emplace(TRY(DataDirLock::Take(settings_.data_dir)));
    database_ = TRY(storage::sql::OpenDatabase(DatabaseOptionsOf(settings_)));
    TRY(BuildRuntime(executable));
    TRY(BuildAccounts());
    TRY(BuildServices());
    const size_t resumed = TRY(executions_->Recover());
    if (resumed > 0)
        LogInfo("engine", "resumed unfinished runs", {{"count", std::to_string(resumed)}});
    return Listen();
}

Result<Ok> RunningHost::BuildRuntime(const std::string& executable) {
    steps_ = engine::MakeStepPool("step", CountOrCores(settings_.engine.step_workers));
    blocking_ = engine::MakeElasticPool("blocking",
                                        static_cast<size_t>(settings_.engine.blocking_threads_max),
                                        static_cast<size_t>(settings_.engine.queue_max));
    http_ = TRY(net::MakeHttpClient({.settings = settings_.outbound}));
    credentials_ = MakeCredentials(settings_);
    registry_ = std::make_unique<registry::Registry>(PluginsOf(settings_));
    plugins_ = plugin::LoadPlugins(*registry_, LoaderOptionsOf(settings_));
    const auto state = registry_->state();
    catalog_ = std::make_unique<plugin::PluginCatalog>(*state, LoadDirectory(executable));
    LogInfo("plugins", "loaded",
            {{"plugins", std::to_string(state->plugins.size())},
             {"blocks", std::to_string(catalog_->All().size())}});

    plugin::RuntimeOptions options;
    options.value_limits.bytes_max = static_cast<size_t>(settings_.engine.value_bytes_max);
    options.value_limits.depth_max = static_cast<size_t>(settings_.engine.value_depth_max);
    options.stuck_after_ns = settings_.engine.cancel_grace_ms * 1'000'000;
    runtime_ = std::make_unique<plugin::PluginRuntime>(
        plugin::RuntimeParts{*plugins_, *steps_, *blocking_, *http_, *credentials_, clock_},
        options);
    engine_ = engine::Engine::Make({.runtime = *runtime_,
                                    .catalog = *catalog_,
                                    .journal = database_->journal(),
                                    .credits = credits_,
                                    .clock = clock_,
                                    .workers = *steps_,
                                    .events = nullptr,
                                    .blocking = blocking_.get()},
                                   EngineOptionsOf(settings_));
    return Ok{};
}

Result<Ok> RunningHost::BuildAccounts() {
    const config::AuthSettings& settings = settings_.auth;
    const bool embedded = settings.mode == "embedded";
    if (embedded && settings.jwt_sign_algorithm != "HS256") {
        return Invalid(
            "auth.jwt_sign_algorithm: the embedded accounts sign with HS256; use auth.mode: "
            "external for " +
            settings.jwt_sign_algorithm);
    }
    authenticator_ = std::make_unique<auth::Authenticator>(
        TRY(auth::JwtVerifier::Create(settings.jwt_sign_algorithm, settings.jwt_verify_key,
                                      settings.jwt_audience)),
        clock_);
    if (!embedded) return Ok{};
    accounts_ =
        std::make_unique<auth::AccountService>(*database_, clock_, AccountOptionsOf(settings));
    return CreateFirstAccount(settings_, *accounts_);
}

Result<Ok> RunningHost::BuildServices() {
    graphs_ = std::make_unique<service::GraphService>(*database_, *catalog_, *credentials_, clock_);
    executions_ = std::make_unique<service::ExecutionService>(service::ExecutionService::Parts{
        *database_, *catalog_, *credentials_, *engine_, credits_, clock_});
    sub_runs_ = std::make_unique<service::SubRunStarter>(*executions_, *engine_);
    runtime_->SetSubRunStarter(sub_runs_.get());
    users_ = std::make_unique<service::UserService>(*database_, clock_);
    blocks_ = std::make_unique<service::BlockService>(*database_, *catalog_, *runtime_, clock_);
    return Ok{};
}

Result<Ok> RunningHost::Listen() {
    const rest::Services services{*authenticator_, accounts_.get(),
                                  *graphs_,        *executions_,
                                  *users_,         *blocks_,
                                  *catalog_,       credits_,
                                  clock_,          [this] { return database_->Check(); }};
    api_ = TRY(rest::Api::Create(services, ApiOptionsOf(settings_)));
    server_ = TRY(http::Server::Start(ServerOptionsOf(settings_.server),
                                      [this](http::Request&& request, http::Responder responder) {
                                          api_->Handle(std::move(request), std::move(responder));
                                      }));
    return Ok{};
}

void RunningHost::Stop() {
    const milliseconds grace(settings_.server.shutdown_grace_ms);
    if (server_) server_->Stop(grace);
    if (engine_) engine_->Shutdown(grace);
    if (blocking_) blocking_->Stop();
    if (steps_) steps_->Stop();
}

}  // namespace

Result<std::unique_ptr<Host>> Host::Start(const config::Settings& settings,
                                          const std::string& executable) {
    auto host = std::make_unique<RunningHost>(settings);
    TRY(host->Build(executable));
    return std::unique_ptr<Host>(std::move(host));
}

std::string ListPlugins(const config::Settings& settings) {
    const registry::Registry registry(PluginsOf(settings));
    return registry::DescribePlugins(*registry.state());
}

}  // namespace yard::app
