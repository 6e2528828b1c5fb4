#include <memory>

#include "api/http/gzip.h"
#include "api/rest/middleware.h"
#include "api/rest/reply.h"
#include "api/rest/routes.h"
#include "base/crypto.h"

namespace yard::rest {
namespace {

using engine::BlockResult;

// The catalog's answer, made once: it is the largest and most frequent one.
struct CatalogBody {
    std::shared_ptr<const std::string> plain;
    std::shared_ptr<const std::string> gzip;  // Null when too small to be worth it.
    std::string etag;
};

std::shared_ptr<const CatalogBody> MakeCatalogBody(std::string json) {
    constexpr int kBestLevel = 9;
    auto body = std::make_shared<CatalogBody>();
    body->etag = "\"" + Sha256Hex(json).substr(0, 32) + "\"";
    if (json.size() >= kGzipBytesMin) {
        body->gzip = std::make_shared<const std::string>(http::GzipCompress(json, kBestLevel));
    }
    body->plain = std::make_shared<const std::string>(std::move(json));
    return body;
}

Result<http::Response> ListBlocks(const CatalogBody& body, const Call& call) {
    http::Response response;
    response.headers.Set("ETag", body.etag);
    if (body.gzip) response.headers.Set("vary", "Accept-Encoding");
    if (call.request->headers.Get("if-none-match") == body.etag) {
        response.status = 304;
        return response;
    }
    response.headers.Set("content-type", "application/json");
    bool compressed = body.gzip && http::AcceptsGzip(*call.request);
    if (compressed) response.headers.Set("content-encoding", "gzip");
    response.shared_body = compressed ? body.gzip : body.plain;
    return response;
}

Value EncodeOutputs(const engine::BlockOutputs& outputs) {
    ValueBuilder out;
    out.BeginObject();
    for (const auto& [pin, values] : outputs) out.Member(pin, Value::Array(values));
    return out.EndObject().Take();
}

// A block's own error text is for its caller, also when the block broke.
http::Response FailedBlockReply(const engine::BlockOutcome& outcome, const Call& call) {
    int status = outcome.result == BlockResult::kFailed ? 400 : 500;
    return FailureReply(status, call.method, call.path, outcome.error);
}

void ExecuteBlock(const Services& services, const CallPtr& call, const Done& done) {
    BlockId id(call->PathText("block_id"));
    services.blocks.Execute(
        call->user_id, id, call->body, [call, done](Result<service::BlockService::Outcome> run) {
            if (!run && (run.error().kind == ErrorKind::kNotFound ||
                         run.error().kind == ErrorKind::kNotAllowed)) {
                int status = run.error().kind == ErrorKind::kNotFound ? 404 : 403;
                return done(DetailReply(status, run.error().message));
            }
            if (!run) return done(std::move(run).error());
            if (run.value().outcome.result != BlockResult::kCompleted) {
                return done(FailedBlockReply(run.value().outcome, *call));
            }
            done(JsonReply(EncodeOutputs(run.value().outputs)));
        });
}

}  // namespace

void AddBlockRoutes(const Services& services, RouteTable& routes) {
    Operation list;
    list.method = "GET";
    list.path = "/api/blocks";
    list.operation_id = "getV1List available blocks";
    list.tags = {"v1", "blocks"};
    list.summary = "List available blocks";
    list.runs_on = RunsOn::kWorker;
    list.response = ListOf(AnyObject());
    list.response_title = "Response Getv1List Available Blocks";
    list.handler = Sync([body = MakeCatalogBody(services.blocks.ListJson())](const Call& call) {
        return ListBlocks(*body, call);
    });
    routes.Add(std::move(list));

    Operation execute;
    execute.method = "POST";
    execute.path = "/api/blocks/{block_id}/execute";
    execute.operation_id = "postV1Execute graph block";
    execute.tags = {"v1", "blocks"};
    execute.summary = "Execute graph block";
    execute.path_parameters = {Required("block_id", Text())};
    execute.body = WholeBody(AnyObject(), "Data");
    execute.response = MapOf(ListOf(Any()));
    execute.response_title = "Response Postv1Execute Graph Block";
    execute.handler = [&services](const CallPtr& call, const Done& done) {
        ExecuteBlock(services, call, done);
    };
    routes.Add(std::move(execute));
}

}  // namespace yard::rest
