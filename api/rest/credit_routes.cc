#include "api/rest/reply.h"
#include "api/rest/routes.h"

namespace yard::rest {

void AddCreditRoutes(const Services& services, RouteTable& routes) {
    Operation get;
    get.method = "GET";
    get.path = "/api/credits";
    get.operation_id = "getV1Get user credits";
    get.tags = {"v1", "credits"};
    get.summary = "Get user credits";
    get.response = MapOf(Integer());
    get.response_title = "Response Getv1Get User Credits";
    get.handler = Sync([&services](const Call& call) -> Result<http::Response> {
        int64_t balance = TRY(services.credits.Balance(call.user_id));
        return JsonReply(Value::Object({{"credits", Value::Int(balance)}}));
    });
    routes.Add(std::move(get));
}

}  // namespace yard::rest
