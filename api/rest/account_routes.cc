// /auth/v1: the part of a GoTrue server that the frontend's client library calls.

#include "api/rest/account_reply.h"
#include "api/rest/reply.h"
#include "api/rest/routes.h"
#include "base/clock.h"

namespace yard::rest {
namespace {

using auth::LogoutScope;
using auth::Session;
using Account = decltype(Session::account);

Value EncodeAccount(const Account& account) {
    std::string created_at = FormatIso(account.created_at);
    ValueBuilder out;
    out.BeginObject().Member("id", account.id.text()).Member("aud", "authenticated");
    out.Member("role", account.role).Member("email", account.email);
    out.Member("email_confirmed_at", created_at).Member("phone", "");
    out.Member("confirmed_at", created_at).Key("last_sign_in_at");
    if (account.last_sign_in_at) {
        out.String(FormatIso(*account.last_sign_in_at));
    } else {
        out.Null();
    }
    out.Key("app_metadata").BeginObject().Member("provider", "email");
    out.Member("providers", Value::Array({Value::String("email")})).EndObject();
    out.Member("user_metadata", account.user_metadata);
    out.Member("identities", Value::EmptyArray()).Member("created_at", created_at);
    out.Member("updated_at", FormatIso(account.updated_at)).Member("is_anonymous", false);
    return out.EndObject().Take();
}

Result<http::Response> SessionReply(Result<Session> opened) {
    if (!opened) return std::move(opened).error();
    const Session& session = opened.value();
    ValueBuilder out;
    out.BeginObject().Member("access_token", session.access_token);
    out.Member("token_type", "bearer").Member("expires_in", session.expires_in_s);
    out.Member("expires_at", session.expires_at_s);
    out.Member("refresh_token", session.refresh_token);
    out.Member("user", EncodeAccount(session.account));
    return JsonReply(out.EndObject().Take());
}

http::Response ValidationReply(std::string_view message) {
    return AccountErrorReply(400, "validation_failed", message);
}

Result<http::Response> SignUp(const Services& services, const Call& call) {
    View email = call.sent["email"];
    View password = call.sent["password"];
    if (!password.IsString() || password.AsString().empty()) {
        return ValidationReply("Signup requires a valid password");
    }
    if (!email.IsString() || email.AsString().empty()) {
        return ValidationReply("Signup requires a valid email address");
    }
    Value metadata =
        call.sent["data"].IsObject() ? Value::Copy(call.sent["data"]) : Value::EmptyObject();
    return SessionReply(services.accounts->SignUp(std::string(email.AsString()),
                                                  std::string(password.AsString()), metadata,
                                                  call.request->remote_address));
}

Result<http::Response> GrantByPassword(const Services& services, const Call& call) {
    View email = call.sent["email"];
    View password = call.sent["password"];
    if (!email.IsString() || !password.IsString()) {
        return ValidationReply("missing email or password");
    }
    return SessionReply(services.accounts->SignIn(std::string(email.AsString()),
                                                  std::string(password.AsString()),
                                                  call.request->remote_address));
}

Result<http::Response> GrantByRefreshToken(const Services& services, const Call& call) {
    View token = call.sent["refresh_token"];
    if (!token.IsString() || token.AsString().empty()) {
        return ValidationReply("refresh_token required");
    }
    return SessionReply(
        services.accounts->Refresh(std::string(token.AsString()), call.request->remote_address));
}

Result<http::Response> Grant(const Services& services, const Call& call) {
    std::string_view type = call.query["grant_type"].StringOr("");
    if (type == "password") return GrantByPassword(services, call);
    if (type == "refresh_token") return GrantByRefreshToken(services, call);
    return AccountErrorReply(400, "unsupported_grant_type", "unsupported_grant_type");
}

Result<http::Response> GetAccount(const Services& services, const Call& call) {
    return JsonReply(EncodeAccount(TRY(services.accounts->Get(call.principal.user_id))));
}

Result<http::Response> UpdateAccount(const Services& services, const Call& call) {
    auth::AccountService::Changes changes;
    for (auto [member, target] :
         {std::pair{"email", &changes.email}, std::pair{"password", &changes.password}}) {
        View value = call.sent[member];
        if (value.IsNull()) continue;
        if (!value.IsString()) return ValidationReply(std::string(member) + " must be a string");
        *target = std::string(value.AsString());
    }
    View metadata = call.sent["data"];
    if (!metadata.IsNull() && !metadata.IsObject()) {
        return ValidationReply("data must be an object");
    }
    if (metadata.IsObject()) changes.user_metadata = Value::Copy(metadata);
    auto account =
        TRY(services.accounts->Update(call.principal.user_id, call.principal.session_id, changes));
    return JsonReply(EncodeAccount(account));
}

Result<http::Response> Logout(const Services& services, const Call& call) {
    std::string_view scope = call.query["scope"].StringOr("global");
    LogoutScope which = LogoutScope::kAllSessions;
    if (scope == "local") {
        which = LogoutScope::kThisSession;
    } else if (scope == "others") {
        which = LogoutScope::kOtherSessions;
    } else if (scope != "global") {
        return ValidationReply("scope must be global, local or others");
    }
    TRY(services.accounts->Logout(call.principal.user_id, call.principal.session_id, which));
    return NoContentReply();
}

Result<http::Response> GetSettings(bool sign_up_enabled) {
    ValueBuilder out;
    out.BeginObject().Key("external").BeginObject().Member("email", true);
    out.Member("phone", false).EndObject();
    out.Member("disable_signup", !sign_up_enabled).Member("mailer_autoconfirm", true);
    out.Member("phone_autoconfirm", false).Member("sms_provider", "");
    out.Member("saml_enabled", false);
    return JsonReply(out.EndObject().Take());
}

Result<http::Response> GetHealth() {
    ValueBuilder out;
    out.BeginObject().Member("version", "v2").Member("name", "GoTrue");
    out.Member("description", "Accounts of this server, in the dialect of a GoTrue server");
    return JsonReply(out.EndObject().Take());
}

Operation AccountOperation(const char* method, const char* path, const char* operation_id,
                           const char* summary, Access access) {
    Operation operation;
    operation.method = method;
    operation.path = path;
    operation.operation_id = operation_id;
    operation.tags = {"auth"};
    operation.summary = summary;
    operation.access = access;
    operation.errors = ErrorStyle::kAccounts;
    operation.api_version = 0;
    operation.response = AnyObject();
    return operation;
}

// Public operations that only say what this server is like.
void AddDescriptions(bool sign_up_enabled, RouteTable& routes) {
    Operation settings = AccountOperation("GET", "/auth/v1/settings", "getAuthSettings",
                                          "Settings of the accounts", Access::kPublic);
    settings.runs_on = RunsOn::kWorker;
    settings.handler =
        Sync([sign_up_enabled](const Call&) { return GetSettings(sign_up_enabled); });
    routes.Add(std::move(settings));

    Operation health = AccountOperation("GET", "/auth/v1/health", "getAuthHealth",
                                        "Health of the accounts", Access::kPublic);
    health.runs_on = RunsOn::kWorker;
    health.handler = Sync([](const Call&) { return GetHealth(); });
    routes.Add(std::move(health));

    // Tokens are signed with a shared secret, so there is no public key to show.
    Operation keys = AccountOperation("GET", "/auth/v1/.well-known/jwks.json", "getAuthKeys",
                                      "Public keys of access tokens", Access::kPublic);
    keys.runs_on = RunsOn::kWorker;
    keys.handler = Sync([](const Call&) -> Result<http::Response> {
        return JsonReply(Value::Object({{"keys", Value::EmptyArray()}}));
    });
    routes.Add(std::move(keys));
}

}  // namespace

void AddAccountRoutes(const Services& services, const ApiOptions& options, RouteTable& routes) {
    Operation sign_up = AccountOperation("POST", "/auth/v1/signup", "postAuthSignup",
                                         "Create an account", Access::kPublic);
    sign_up.body = WholeBody(Any());
    sign_up.handler = Sync([&services](const Call& call) { return SignUp(services, call); });
    routes.Add(std::move(sign_up));

    Operation token = AccountOperation("POST", "/auth/v1/token", "postAuthToken",
                                       "Open or renew a session", Access::kPublic);
    token.query = {Optional("grant_type", Text(), Value::String(""))};
    token.body = WholeBody(Any());
    token.handler = Sync([&services](const Call& call) { return Grant(services, call); });
    routes.Add(std::move(token));

    Operation get =
        AccountOperation("GET", "/auth/v1/user", "getAuthUser", "Get the account", Access::kUserId);
    get.handler = Sync([&services](const Call& call) { return GetAccount(services, call); });
    routes.Add(std::move(get));

    Operation update = AccountOperation("PUT", "/auth/v1/user", "putAuthUser", "Change the account",
                                        Access::kUserId);
    update.body = WholeBody(Any());
    update.handler = Sync([&services](const Call& call) { return UpdateAccount(services, call); });
    routes.Add(std::move(update));

    Operation logout = AccountOperation("POST", "/auth/v1/logout", "postAuthLogout", "End sessions",
                                        Access::kUserId);
    logout.query = {Optional("scope", Text(), Value::String("global"))};
    logout.status = 204;
    logout.handler = Sync([&services](const Call& call) { return Logout(services, call); });
    routes.Add(std::move(logout));

    AddDescriptions(options.sign_up_enabled, routes);
}

}  // namespace yard::rest
