#include "config/settings_table.h"

#include <algorithm>
#include <cctype>

#include "config/normalise.h"

namespace yard::config {
namespace {

constexpr int64_t kMiB = int64_t{1} << 20;
constexpr int64_t kGiB = int64_t{1} << 30;
constexpr int64_t kHourMs = 3'600'000;

using TargetOf = std::function<Target(Settings&)>;

template <typename Field>
TargetOf In(Field Settings::*field) {
    return [=](Settings& settings) -> Target { return &(settings.*field); };
}

template <typename Part, typename Field>
TargetOf In(Part Settings::*part, Field Part::*field) {
    return [=](Settings& settings) -> Target { return &(settings.*part.*field); };
}

TargetOf InFirstAccount(std::string FirstAccountSettings::*field) {
    return [=](Settings& settings) -> Target { return &(settings.auth.first_account.*field); };
}

void AddGeneral(std::vector<Setting>& table) {
    table.push_back({.key = "data_dir",
                     .target = In(&Settings::data_dir),
                     .computed_default = "$XDG_DATA_HOME/blockyard or ~/.local/share/blockyard",
                     .normalise = MakeAbsolute,
                     .help = "Directory of the database, of generated secrets and of files."});
    table.push_back({.key = "encryption_key",
                     .target = In(&Settings::encryption_key),
                     .computed_default = "generated once in <data_dir>/secrets",
                     .reference_environment = {"ENCRYPTION_KEY"},
                     .normalise = CheckFernetKey,
                     .secret = true,
                     .help = "Key that encrypts stored credentials: 32 bytes as URL-safe base64."});
}

void AddServer(std::vector<Setting>& table) {
    const auto integer = [&](const char* name, int64_t ServerSettings::*field, const char* value,
                             int64_t min, int64_t max, const char* help) -> Setting& {
        table.push_back({.key = std::string("server.") + name,
                         .target = In(&Settings::server, field),
                         .default_text = value,
                         .min = min,
                         .max = max,
                         .help = help});
        return table.back();
    };
    using S = ServerSettings;
    table.push_back({.key = "server.host",
                     .target = In(&Settings::server, &S::host),
                     .default_text = "127.0.0.1",
                     .reference_environment = {"AGENT_API_HOST"},
                     .normalise = CheckNotEmpty,
                     .help = "Address the API listens on."});
    integer("port", &S::port, "8006", 0, 65535, "Port of the API; 0 lets the system choose.")
        .reference_environment = {"AGENT_API_PORT"};
    integer("workers", &S::workers, "0", 0, 64, "Network threads; 0 is one per core.");
    integer("header_bytes_max", &S::header_bytes_max, "32768", 1024, kMiB,
            "Bytes of all headers of one request.");
    integer("url_bytes_max", &S::url_bytes_max, "8192", 256, kMiB, "Bytes of a request's URL.");
    integer("body_bytes_max", &S::body_bytes_max, "16777216", 1024, kGiB,
            "Bytes of a request's body.");
    integer("header_timeout_ms", &S::header_timeout_ms, "10000", 100, kHourMs,
            "Time for a request's headers to arrive.");
    integer("body_timeout_ms", &S::body_timeout_ms, "60000", 100, kHourMs,
            "Time for a request's body to arrive.");
    integer("idle_timeout_ms", &S::idle_timeout_ms, "60000", 100, kHourMs,
            "Time a connection may stay open between two requests.");
    integer("write_timeout_ms", &S::write_timeout_ms, "30000", 100, kHourMs,
            "Time a client may take to accept more of an answer.");
    integer("connections_max", &S::connections_max, "10000", 1, 1'000'000,
            "Open connections; more are refused.");
    integer("handler_threads", &S::handler_threads, "16", 1, 1024, "Threads that answer requests.");
    integer("handler_queue_max", &S::handler_queue_max, "1024", 1, 1'000'000,
            "Requests that wait for a thread; more are answered with 503.");
    integer("shutdown_grace_ms", &S::shutdown_grace_ms, "10000", 0, kHourMs,
            "Time for running requests to finish at shutdown.");
}

void AddServerAddresses(std::vector<Setting>& table) {
    using S = ServerSettings;
    table.push_back({.key = "server.cors_allow_origins",
                     .target = In(&Settings::server, &S::cors_allow_origins),
                     .default_text = R"(["http://localhost:3000"])",
                     .reference_environment = {"BACKEND_CORS_ALLOW_ORIGINS"},
                     .normalise = NormaliseCorsOrigins,
                     .help = "Origins browsers may call from: scheme://host[:port] or "
                             "regex:<pattern>."});
    table.push_back({.key = "server.platform_base_url",
                     .target = In(&Settings::server, &S::platform_base_url),
                     .reference_environment = {"PLATFORM_BASE_URL"},
                     .normalise = NormaliseUrl,
                     .help = "URL under which others reach this server, for webhooks."});
    table.push_back({.key = "server.frontend_base_url",
                     .target = In(&Settings::server, &S::frontend_base_url),
                     .reference_environment = {"FRONTEND_BASE_URL"},
                     .normalise = NormaliseUrl,
                     .help = "URL of the web interface, for links."});
    table.push_back({.key = "server.app_env",
                     .target = In(&Settings::server, &S::app_env),
                     .default_text = "local",
                     .allowed = {"local", "dev", "prod"},
                     .reference_environment = {"APP_ENV"},
                     .help = "Kind of installation."});
    table.push_back({.key = "server.docs",
                     .target = In(&Settings::server, &S::docs),
                     .default_text = "true",
                     .help = "Serve the OpenAPI document and its pages."});
    table.push_back({.key = "websocket.host",
                     .target = In(&Settings::websocket, &WebsocketSettings::host),
                     .default_text = "127.0.0.1",
                     .reference_environment = {"WEBSOCKET_SERVER_HOST"},
                     .normalise = CheckNotEmpty,
                     .help = "Address the WebSocket server listens on."});
    table.push_back({.key = "websocket.port",
                     .target = In(&Settings::websocket, &WebsocketSettings::port),
                     .default_text = "8001",
                     .max = 65535,
                     .reference_environment = {"WEBSOCKET_SERVER_PORT"},
                     .help = "Port of the WebSocket server; 0 lets the system choose."});
    table.push_back({.key = "log.level",
                     .target = In(&Settings::log, &LogSettings::level),
                     .default_text = "info",
                     .allowed = {"debug", "info", "warning", "error"},
                     .reference_environment = {"LOG_LEVEL"},
                     .help = "Lowest level that is logged."});
}

void AddDatabase(std::vector<Setting>& table) {
    using S = DatabaseSettings;
    const auto integer = [&](const char* name, int64_t S::*field, const char* value, int64_t min,
                             int64_t max, const char* help) {
        table.push_back({.key = std::string("database.") + name,
                         .target = In(&Settings::database, field),
                         .default_text = value,
                         .min = min,
                         .max = max,
                         .help = help});
    };
    table.push_back({.key = "database.url",
                     .target = In(&Settings::database, &S::url),
                     .computed_default = "sqlite://<data_dir>/blockyard.db",
                     .reference_environment = {"DATABASE_URL"},
                     .normalise = CheckDatabaseUrl,
                     .help = "sqlite://<file> or postgresql://..."});
    integer("busy_timeout_ms", &S::busy_timeout_ms, "5000", 0, kHourMs,
            "Time a statement waits for a locked database.");
    integer("pool_size", &S::pool_size, "8", 1, 256, "Open database sessions.");
    integer("commit_wait_us", &S::commit_wait_us, "200", 0, 1'000'000,
            "Time the engine gathers changes for one commit.");
    integer("commit_group_max", &S::commit_group_max, "256", 1, 100'000,
            "Changes in one commit of the engine.");
}

void AddPlugins(std::vector<Setting>& table) {
    using S = PluginsSettings;
    table.push_back({.key = "plugins.dirs",
                     .target = In(&Settings::plugins, &S::dirs),
                     .computed_default = "../plugins and ../lib/blockyard/plugins, seen from the "
                                         "program's directory",
                     .help = "Directories that are searched for plugins."});
    table.push_back({.key = "plugins.disabled",
                     .target = In(&Settings::plugins, &S::disabled),
                     .help = "Ids of plugins that are not loaded."});
    table.push_back({.key = "plugins.disabled_blocks",
                     .target = In(&Settings::plugins, &S::disabled_blocks),
                     .help = "Ids or names of blocks that are not offered."});
    table.push_back({.key = "plugins.settings",
                     .target = In(&Settings::plugins, &S::settings),
                     .normalise = CheckMapOfObjects,
                     .secret = true,  // They may hold keys of services.
                     .help = "Settings handed to plugins: plugin id, then any map."});
}

void AddAuth(std::vector<Setting>& table) {
    using S = AuthSettings;
    table.push_back({.key = "auth.mode",
                     .target = In(&Settings::auth, &S::mode),
                     .default_text = "embedded",
                     .allowed = {"embedded", "external"},
                     .help = "embedded: accounts live here. external: another service signs the "
                             "tokens."});
    table.push_back({.key = "auth.jwt_verify_key",
                     .target = In(&Settings::auth, &S::jwt_verify_key),
                     .computed_default = "embedded: generated once in <data_dir>/secrets",
                     .reference_environment = {"JWT_VERIFY_KEY", "SUPABASE_JWT_SECRET"},
                     .secret = true,
                     .help = "Key that tokens are checked with; embedded signs with it too."});
    table.push_back({.key = "auth.jwt_sign_algorithm",
                     .target = In(&Settings::auth, &S::jwt_sign_algorithm),
                     .default_text = "HS256",
                     .allowed = {"HS256", "HS384", "HS512", "RS256", "ES256"},
                     .reference_environment = {"JWT_SIGN_ALGORITHM"},
                     .help = "Signature of tokens; embedded knows HS256 only."});
    table.push_back({.key = "auth.jwt_audience",
                     .target = In(&Settings::auth, &S::jwt_audience),
                     .default_text = "authenticated",
                     .normalise = CheckNotEmpty,
                     .help = "Audience a token must name."});
    table.push_back({.key = "auth.sign_up_enabled",
                     .target = In(&Settings::auth, &S::sign_up_enabled),
                     .default_text = "true",
                     .help = "Anybody may create an account."});
    const auto integer = [&](const char* name, int64_t S::*field, const char* value, int64_t min,
                             int64_t max, const char* help) {
        table.push_back({.key = std::string("auth.") + name,
                         .target = In(&Settings::auth, field),
                         .default_text = value,
                         .min = min,
                         .max = max,
                         .help = help});
    };
    integer("access_token_ttl_s", &S::access_token_ttl_s, "3600", 1, 31'536'000,
            "Life of an access token.");
    integer("refresh_token_ttl_s", &S::refresh_token_ttl_s, "2592000", 1, 315'360'000,
            "Life of a refresh token.");
    integer("sign_up_per_minute", &S::sign_up_per_minute, "10", 1, 1'000'000,
            "New accounts a minute from one address.");
    integer("sign_in_per_minute", &S::sign_in_per_minute, "30", 1, 1'000'000,
            "Attempts a minute from one address.");
    integer("password_length_min", &S::password_length_min, "8", 1, 128,
            "Shortest password of a new account.");
    table.push_back({.key = "auth.first_account.email",
                     .target = InFirstAccount(&FirstAccountSettings::email),
                     .help = "Account that is created at the first start, if given."});
    table.push_back({.key = "auth.first_account.password",
                     .target = InFirstAccount(&FirstAccountSettings::password),
                     .secret = true,
                     .help = "Its password."});
}

void AddEngine(std::vector<Setting>& table) {
    using S = EngineSettings;
    const auto integer = [&](const char* name, int64_t S::*field, const char* value, int64_t min,
                             int64_t max, const char* help) -> Setting& {
        table.push_back({.key = std::string("engine.") + name,
                         .target = In(&Settings::engine, field),
                         .default_text = value,
                         .min = min,
                         .max = max,
                         .help = help});
        return table.back();
    };
    integer("step_workers", &S::step_workers, "0", 0, 256,
            "Threads that run blocks; 0 is one per core.");
    integer("blocking_threads_max", &S::blocking_threads_max, "64", 1, 4096,
            "Threads for blocks that block.");
    integer("runs_max", &S::runs_max, "1000", 1, 100'000, "Graph executions at a time.")
        .reference_environment = {"NUM_GRAPH_WORKERS"};
    integer("runs_per_user_and_graph_max", &S::runs_per_user_and_graph_max, "25", 1, 100'000,
            "Executions of one graph at a time for one user.")
        .reference_environment = {"MAX_CONCURRENT_GRAPH_EXECUTIONS_PER_USER"};
    integer("node_executions_per_run_max", &S::node_executions_per_run_max, "100000", 1,
            1'000'000'000, "Node executions of one graph execution; more end it.");
    integer("queue_max", &S::queue_max, "100000", 1, 100'000'000,
            "Graph executions that wait; more are refused.");
    integer("step_timeout_ms", &S::step_timeout_ms, "300000", 10, 24 * kHourMs,
            "Time one node execution may take.");
    integer("cancel_grace_ms", &S::cancel_grace_ms, "5000", 0, kHourMs,
            "Time a block has to notice that it was cancelled.");
    integer("value_bytes_max", &S::value_bytes_max, "67108864", 1024, 4 * kGiB - 1,
            "Bytes of one value between two nodes.");
    integer("value_depth_max", &S::value_depth_max, "100", 1, 500,
            "Nested arrays and objects of one value.");
}

void AddCredits(std::vector<Setting>& table) {
    using S = CreditsSettings;
    const auto integer = [&](const char* name, int64_t S::*field, const char* value, int64_t min,
                             const char* environment, const char* help) {
        table.push_back({.key = std::string("credits.") + name,
                         .target = In(&Settings::credits, field),
                         .default_text = value,
                         .min = min,
                         .max = 1'000'000'000,
                         .reference_environment = {environment},
                         .help = help});
    };
    table.push_back({.key = "credits.enabled",
                     .target = In(&Settings::credits, &S::enabled),
                     .default_text = "false",
                     .reference_environment = {"ENABLE_CREDIT"},
                     .help = "Executions cost credits."});
    integer("cost_count_threshold", &S::cost_count_threshold, "100", 1,
            "EXECUTION_COST_COUNT_THRESHOLD", "Node executions that cost cost_per_threshold.");
    integer("cost_per_threshold", &S::cost_per_threshold, "1", 0, "EXECUTION_COST_PER_THRESHOLD",
            "Credits for each cost_count_threshold node executions.");
    integer("monthly_refill", &S::monthly_refill, "1500", 0, "NUM_USER_CREDITS_REFILL",
            "Credits a balance is filled up to each month.");
    integer("low_balance_threshold", &S::low_balance_threshold, "500", 0, "LOW_BALANCE_THRESHOLD",
            "Balance below which its owner is told.");
}

void AddProvider(std::vector<Setting>& table, const std::string& name, const char* base_url,
                 const char* key_environment) {
    const auto in = [&](std::string ProviderSettings::*field) -> TargetOf {
        return [=](Settings& settings) -> Target { return &(settings.providers[name].*field); };
    };
    table.push_back({.key = "providers." + name + ".base_url",
                     .target = in(&ProviderSettings::base_url),
                     .default_text = base_url,
                     .normalise = NormaliseUrl,
                     .help = "URL of the API of " + name + "."});
    Setting key{.key = "providers." + name + ".api_key",
                .target = in(&ProviderSettings::api_key),
                .secret = true,
                .help = "Key for the API of " + name + "."};
    if (*key_environment != '\0') key.reference_environment = {key_environment};
    table.push_back(std::move(key));
}

void AddOutbound(std::vector<Setting>& table) {
    using S = OutboundSettings;
    const auto integer = [&](const char* name, int64_t S::*field, const char* value, int64_t min,
                             int64_t max, const char* help) {
        table.push_back({.key = std::string("outbound.") + name,
                         .target = In(&Settings::outbound, field),
                         .default_text = value,
                         .min = min,
                         .max = max,
                         .help = help});
    };
    table.push_back({.key = "outbound.allow",
                     .target = In(&Settings::outbound, &S::allow),
                     .normalise = CheckOutboundRules,
                     .help = "Private addresses blocks may call: host:port, IP[:port] or "
                             "CIDR[:port]. Public addresses are always allowed."});
    integer("timeout_ms", &S::timeout_ms, "300000", 100, 24 * kHourMs,
            "Longest time of one request.");
    integer("response_bytes_max", &S::response_bytes_max, "67108864", 1024, 4 * kGiB - 1,
            "Bytes of one answer.");
    integer("connections_per_host_max", &S::connections_per_host_max, "32", 1, 10'000,
            "Open connections to one server.");
}

std::vector<Setting> MakeTable() {
    std::vector<Setting> table;
    AddGeneral(table);
    AddServer(table);
    AddServerAddresses(table);
    AddDatabase(table);
    AddPlugins(table);
    AddAuth(table);
    AddEngine(table);
    AddCredits(table);
    AddProvider(table, "openai", "https://api.openai.com/v1", "OPENAI_API_KEY");
    AddProvider(table, "anthropic", "https://api.anthropic.com", "ANTHROPIC_API_KEY");
    AddProvider(table, "groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY");
    AddProvider(table, "open_router", "https://openrouter.ai/api/v1", "OPEN_ROUTER_API_KEY");
    AddProvider(table, "llama_api", "https://api.llama.com/compat/v1", "LLAMA_API_KEY");
    AddProvider(table, "aiml_api", "https://api.aimlapi.com/v2", "AIML_API_KEY");
    AddProvider(table, "v0", "https://api.v0.dev/v1", "V0_API_KEY");
    AddProvider(table, "ollama", "http://localhost:11434", "");
    AddOutbound(table);
    return table;
}

}  // namespace

std::vector<std::string> Setting::EnvironmentNames() const {
    std::string own = "BLOCKYARD_";
    for (const char c : key) {
        if (c == '.')
            own += "__";
        else
            own += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    std::vector<std::string> names{std::move(own)};
    names.insert(names.end(), reference_environment.begin(), reference_environment.end());
    return names;
}

const std::vector<Setting>& SettingsTable() {
    static const std::vector<Setting> table = MakeTable();
    return table;
}

const Setting* FindSetting(std::string_view key) {
    const auto& table = SettingsTable();
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const Setting& setting) { return setting.key == key; });
    return found == table.end() ? nullptr : &*found;
}

}  // namespace yard::config
