#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "host/auth/account_service.h"
#include "host/auth/authenticator.h"
#include "host/model/block_type.h"
#include "host/service/blocks/block_service.h"
#include "host/service/executions/execution_service.h"
#include "host/service/graphs/graph_service.h"
#include "host/service/users/user_service.h"

namespace yard::rest {

// What the API calls. All must outlive it.
struct Services {
    auth::Authenticator& authenticator;
    auth::AccountService* accounts = nullptr;  // Null when somebody else keeps the accounts.
    service::GraphService& graphs;
    service::ExecutionService& executions;
    service::UserService& users;
    service::BlockService& blocks;
    const model::BlockCatalog& catalog;
    engine::CreditLedger& credits;
    const Clock& clock;
    std::function<Result<Ok>()> health;  // Whether the database answers. Thread-safe.
};

struct ApiOptions {
    std::vector<std::string> cors_allow_origins;  // Exact, or "regex:<pattern>".
    bool production = false;
    std::string platform_base_url;  // Of redirects; empty: the request's Host.
    std::string frontend_base_url = "http://localhost:3000";
    bool docs = true;  // Serve /docs and /redoc.
    bool sign_up_enabled = true;
    int handler_threads = 4;
    size_t handler_queue_max = 1000;
};

}  // namespace yard::rest
