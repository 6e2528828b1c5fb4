#include "api/rest/operation.h"

namespace yard::rest {

OperationHandler Sync(std::function<Result<http::Response>(const Call&)> handler) {
    return [handler = std::move(handler)](const CallPtr& call, const Done& done) {
        done(handler(*call));
    };
}

BodySpec WholeBody(Type type, std::string title) {
    BodySpec body;
    body.form = BodySpec::Form::kWhole;
    body.type = std::move(type);
    body.title = std::move(title);
    return body;
}

BodySpec OptionalBody(Type type, Value default_value) {
    BodySpec body = WholeBody(std::move(type));
    body.required = false;
    body.default_value = std::move(default_value);
    return body;
}

BodySpec BodyFields(const Dto& dto) {
    BodySpec body = WholeBody(ObjectOf(dto));
    body.form = BodySpec::Form::kFields;
    body.required = false;
    return body;
}

}  // namespace yard::rest
