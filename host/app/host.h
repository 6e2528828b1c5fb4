#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "config/settings.h"

namespace yard::app {

// Every long-lived object of the server, built bottom to top and ended top to bottom. Start and
// Stop belong to one thread.
class Host {
public:
    // Listens, and goes on with what an earlier process left unfinished, when it returns. Errors
    // are for the operator.
    static Result<std::unique_ptr<Host>> Start(const config::Settings& settings,
                                               const std::string& executable);
    virtual ~Host() = default;

    virtual uint16_t port() const = 0;

    // Takes no more requests, finishes those in flight, lets runs finish for a grace period and
    // parks the rest: the next start resumes them.
    virtual void Stop() = 0;
};

// The registry's view of the plugins without loading any: the output of `blockyard plugin list`.
std::string ListPlugins(const config::Settings& settings);

}  // namespace yard::app
