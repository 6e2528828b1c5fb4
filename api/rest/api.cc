#include "api/rest/api.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "api/http/url.h"
#include "api/rest/account_reply.h"
#include "api/rest/error_map.h"
#include "api/rest/middleware.h"
#include "api/rest/reply.h"
#include "api/rest/request_parts.h"
#include "api/rest/routes.h"
#include "base/utf8.h"

namespace yard::rest {
namespace {

RouteTable AllRoutes(const Services& services, const ApiOptions& options) {
    RouteTable routes;
    AddAuthUserRoutes(services, routes);
    AddBlockRoutes(services, routes);
    AddCreditRoutes(services, routes);
    AddGraphRoutes(services, routes);
    AddExecutionRoutes(services, routes);
    AddShareRoutes(services, options, routes);
    if (services.accounts != nullptr) AddAccountRoutes(services, options, routes);
    // Last: it describes the others.
    AddMetaRoutes(services, options, routes);
    return routes;
}

std::string Join(const std::vector<std::string>& segments) {
    std::string path;
    for (const std::string& segment : segments) path += "/" + segment;
    return path;
}

bool IsHostText(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) ||
               std::string_view(".-_:[]").find(static_cast<char>(c)) != std::string_view::npos;
    });
}

}  // namespace

Result<std::unique_ptr<Api>> Api::Create(const Services& services, const ApiOptions& options) {
    auto cors = TRY(Cors::Create(options.cors_allow_origins, options.production));
    return std::unique_ptr<Api>(new Api(services, options, std::move(cors)));
}

Api::Api(const Services& services, const ApiOptions& options, std::unique_ptr<Cors> cors)
    : services_(services),
      options_(options),
      cors_(std::move(cors)),
      routes_(AllRoutes(services_, options_)),
      pool_(options.handler_threads, options.handler_queue_max) {}

void Api::Handle(http::Request&& request, http::Responder responder) {
    std::string request_id = RequestIdOf(request);
    http::Responder finishing(
        MakeFinishingSink(request, request_id, *cors_, services_.clock, std::move(responder)));
    if (Cors::IsPreflight(request)) return finishing.Send(cors_->AnswerPreflight(request));
    Result<std::vector<std::string>> segments = http::SplitPath(request.path());
    if (!segments || !IsUtf8(Join(segments.value()))) {
        return finishing.Send(DetailReply(400, "The path is not valid percent-encoded UTF-8."));
    }
    RouteTable::Match match = routes_.Find(request.method, segments.value());
    if (match.operation == nullptr) {
        return finishing.Send(NoRouteReply(request, segments.value(), match));
    }
    http::Handler handler = [this, match, request_id](http::Request&& taken,
                                                      http::Responder answer) {
        Serve(match, request_id, std::move(taken), std::move(answer));
    };
    if (match.operation->runs_on == RunsOn::kWorker) {
        http::CallHandler(handler, std::move(request), std::move(finishing));
    } else {
        pool_.Run(std::move(request), std::move(finishing), std::move(handler));
    }
}

http::Response Api::NoRouteReply(const http::Request& request,
                                 const std::vector<std::string>& segments,
                                 const RouteTable::Match& match) const {
    if (!match.allowed.empty()) {
        http::Response response = DetailReply(405, "Method Not Allowed");
        std::string allow;
        for (const std::string& method : match.allowed) {
            if (!allow.empty()) allow += ", ";
            allow += method;
        }
        response.headers.Set("Allow", allow);
        return response;
    }
    std::vector<std::string> toggled = segments;
    if (toggled.size() > 1 && toggled.back().empty()) {
        toggled.pop_back();
    } else {
        toggled.emplace_back();
    }
    RouteTable::Match other = routes_.Find(request.method, toggled);
    if (other.operation == nullptr && other.allowed.empty()) return DetailReply(404, "Not Found");
    http::Response response;
    response.status = 307;
    response.headers.Set("Location", RedirectLocation(request));
    return response;
}

// The same target with the trailing slash added or taken away.
std::string Api::RedirectLocation(const http::Request& request) const {
    std::string path(request.path());
    if (path.back() == '/') {
        path.pop_back();
    } else {
        path.push_back('/');
    }
    std::string_view query = request.query();
    if (!query.empty()) path.append("?").append(query);
    if (!options_.platform_base_url.empty()) return options_.platform_base_url + path;
    std::string_view host = request.headers.Get("host");
    return IsHostText(host) ? "http://" + std::string(host) + path : path;
}

void Api::Serve(const RouteTable::Match& match, const std::string& request_id,
                http::Request&& request, http::Responder responder) {
    auto call = std::make_shared<Call>();
    call->method = request.method;
    Result<std::vector<std::string>> segments = http::SplitPath(request.path());
    call->path = segments ? Join(segments.value()) : std::string(request.path());
    call->request_id = request_id;
    call->request = std::make_shared<const http::Request>(std::move(request));
    const Operation& operation = *match.operation;
    auto refusal = Refuse(operation, match.parameters, services_.authenticator, *call);
    if (refusal) return responder.Send(std::move(*refusal));
    // Owners: the callback's copies. The last one to go answers 500 if none was called.
    auto answer = std::make_shared<http::Responder>(std::move(responder));
    operation.handler(
        call, [answer, call, style = operation.errors](Result<http::Response> result) {
            if (result) return answer->Send(std::move(result).value());
            const Error& error = result.error();
            answer->Send(style == ErrorStyle::kAccounts
                             ? AccountErrorReply(error, call->request_id)
                             : ErrorReply(error, call->method, call->path, call->request_id));
        });
}

}  // namespace yard::rest
