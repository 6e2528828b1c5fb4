// The REST API: from a request to its answer, without a socket.

#pragma once

#include <memory>

#include "api/http/handler_pool.h"
#include "api/http/responder.h"
#include "api/rest/cors.h"
#include "api/rest/route_table.h"
#include "api/rest/services.h"
#include "base/result.h"

namespace yard::rest {

// Thread-safe. Must outlive every request it was given.
class Api {
public:
    // kInvalid for CORS origins that cannot be used.
    static Result<std::unique_ptr<Api>> Create(const Services& services, const ApiOptions& options);

    // Answers at once what needs no waiting, the rest on its own pool of threads. Never blocks.
    void Handle(http::Request&& request, http::Responder responder);

    const RouteTable& routes() const { return routes_; }

private:
    Api(const Services& services, const ApiOptions& options, std::unique_ptr<Cors> cors);

    http::Response NoRouteReply(const http::Request& request,
                                const std::vector<std::string>& segments,
                                const RouteTable::Match& match) const;
    std::string RedirectLocation(const http::Request& request) const;
    void Serve(const RouteTable::Match& match, const std::string& request_id,
               http::Request&& request, http::Responder responder);

    Services services_;
    ApiOptions options_;
    std::unique_ptr<Cors> cors_;
    RouteTable routes_;
    // Last: its threads end before what they use.
    http::HandlerPool pool_;
};

}  // namespace yard::rest
