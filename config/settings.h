// Settings: every knob of the host as a typed struct, filled once at start from the table in
// settings_table.cc. Plain values; pass the part a component needs by const reference.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/value.h"

namespace yard::config {

struct ServerSettings {
    std::string host;
    int64_t port = 0;
    int64_t workers = 0;  // Reactor threads; 0 = one per core.
    int64_t header_bytes_max = 0;
    int64_t url_bytes_max = 0;
    int64_t body_bytes_max = 0;
    int64_t header_timeout_ms = 0;
    int64_t body_timeout_ms = 0;
    int64_t idle_timeout_ms = 0;
    int64_t write_timeout_ms = 0;
    int64_t connections_max = 0;
    int64_t handler_threads = 0;
    int64_t handler_queue_max = 0;
    int64_t shutdown_grace_ms = 0;
    // Origins "scheme://host[:port]" or "regex:<pattern>"; the localhost/127.0.0.1 twins included.
    std::vector<std::string> cors_allow_origins;
    std::string platform_base_url;  // Empty, or http(s)://... without a trailing slash.
    std::string frontend_base_url;  // The same.
    std::string app_env;            // local, dev or prod.
    bool docs = false;              // Serve the OpenAPI document and its pages.
};

struct WebsocketSettings {
    std::string host;
    int64_t port = 0;
};

struct LogSettings {
    std::string level;  // debug, info, warning or error.
};

struct DatabaseSettings {
    std::string url;  // sqlite:<file> or postgresql://...
    int64_t busy_timeout_ms = 0;
    int64_t pool_size = 0;
    int64_t commit_wait_us = 0;
    int64_t commit_group_max = 0;
};

struct PluginsSettings {
    std::vector<std::string> dirs;
    std::vector<std::string> disabled;         // Plugin ids.
    std::vector<std::string> disabled_blocks;  // Block ids or names.
    std::map<std::string, Value> settings;     // Plugin id -> an object for its blocks.
};

struct FirstAccountSettings {
    std::string email;  // Empty = no account is created at start.
    std::string password;
};

struct AuthSettings {
    std::string mode;  // embedded or external.
    std::string jwt_verify_key;
    std::string jwt_sign_algorithm;
    std::string jwt_audience;
    int64_t access_token_ttl_s = 0;
    int64_t refresh_token_ttl_s = 0;
    bool sign_up_enabled = false;
    int64_t sign_up_per_minute = 0;  // Per address.
    int64_t sign_in_per_minute = 0;  // Per address and per account.
    int64_t password_length_min = 0;
    FirstAccountSettings first_account;
};

struct EngineSettings {
    int64_t step_workers = 0;  // 0 = one per core.
    int64_t blocking_threads_max = 0;
    int64_t runs_max = 0;  // Graph executions at a time.
    int64_t runs_per_user_and_graph_max = 0;
    int64_t node_executions_per_run_max = 0;
    int64_t queue_max = 0;
    int64_t step_timeout_ms = 0;
    int64_t cancel_grace_ms = 0;
    int64_t value_bytes_max = 0;
    int64_t value_depth_max = 0;
};

// All amounts in credits (cents).
struct CreditsSettings {
    bool enabled = false;
    int64_t cost_count_threshold = 0;  // Every so many node executions ...
    int64_t cost_per_threshold = 0;    // ... cost this much.
    int64_t monthly_refill = 0;
    int64_t low_balance_threshold = 0;
};

struct ProviderSettings {
    std::string api_key;   // Empty = not configured.
    std::string base_url;  // What the provider's paths are appended to, without a trailing slash.
};

struct OutboundSettings {
    std::vector<std::string> allow;  // host:port, IP[:port] or CIDR[:port].
    int64_t timeout_ms = 0;
    int64_t response_bytes_max = 0;
    int64_t connections_per_host_max = 0;
};

struct Settings {
    std::string data_dir;        // Absolute.
    std::string encryption_key;  // Fernet key: 32 bytes as URL-safe base64 with padding.
    ServerSettings server;
    WebsocketSettings websocket;
    LogSettings log;
    DatabaseSettings database;
    PluginsSettings plugins;
    AuthSettings auth;
    EngineSettings engine;
    CreditsSettings credits;
    // openai, anthropic, groq, open_router, llama_api, aiml_api, v0 and ollama: always all of them.
    std::map<std::string, ProviderSettings, std::less<>> providers;
    OutboundSettings outbound;

    // Key -> where its value came from: "default", "<file>:<line>", "env <NAME>", "--set".
    std::map<std::string, std::string> origins;
};

}  // namespace yard::config
