#include "api/rest/reply.h"
#include "api/rest/routes.h"
#include "api/rest/user_dtos.h"
#include "base/clock.h"

namespace yard::rest {
namespace {

using storage::User;

constexpr int kDailyLimitDefault = 3;

Value TextOrNull(const std::optional<std::string>& text) {
    return text ? Value::String(*text) : Value();
}

bool Wants(const User& user, const std::string& notification) {
    auto found = user.notify.find(notification);
    return found == user.notify.end() || found->second;
}

int DailyLimit(const User& user) {
    return user.max_emails_per_day == 0 ? kDailyLimitDefault : user.max_emails_per_day;
}

Value EncodeUser(const User& user) {
    ValueBuilder out;
    out.BeginObject().Member("id", user.id.text()).Member("email", user.email);
    out.Member("email_verified", user.email_verified);
    out.Member("name", TextOrNull(user.name));
    out.Member("created_at", FormatIsoOffset(user.created_at));
    out.Member("updated_at", FormatIsoOffset(user.updated_at));
    out.Member("metadata", user.metadata).Member("integrations", user.integrations);
    out.Member("stripe_customer_id", TextOrNull(user.stripe_customer_id));
    out.Member("top_up_config", user.top_up_config);
    out.Member("max_emails_per_day", DailyLimit(user));
    out.Member("notify_on_agent_run", Wants(user, "AGENT_RUN"));
    out.Member("notify_on_zero_balance", Wants(user, "ZERO_BALANCE"));
    out.Member("notify_on_low_balance", Wants(user, "LOW_BALANCE"));
    out.Member("notify_on_block_execution_failed", Wants(user, "BLOCK_EXECUTION_FAILED"));
    out.Member("notify_on_continuous_agent_error", Wants(user, "CONTINUOUS_AGENT_ERROR"));
    out.Member("notify_on_daily_summary", Wants(user, "DAILY_SUMMARY"));
    out.Member("notify_on_weekly_summary", Wants(user, "WEEKLY_SUMMARY"));
    out.Member("notify_on_monthly_summary", Wants(user, "MONTHLY_SUMMARY"));
    out.Member("timezone", user.timezone);
    return out.EndObject().Take();
}

Value EncodePreferences(const User& user, Timestamp now) {
    ValueBuilder out;
    out.BeginObject().Member("user_id", user.id.text()).Member("email", user.email);
    out.Key("preferences").BeginObject();
    for (const std::string& name : ChoosableNotifications()) {
        out.Member(name, Wants(user, name));
    }
    out.EndObject().Member("daily_limit", DailyLimit(user)).Member("emails_sent_today", 0);
    std::string reset = FormatIso(now);
    reset.pop_back();  // Clients expect a time without an offset here.
    return out.Member("last_reset_date", reset).EndObject().Take();
}

// Of the token itself: whom an administrator acts for does not matter here.
Result<User> UserOfToken(const Services& services, const Call& call) {
    std::string_view email = call.principal.claims["email"].StringOr("");
    if (email.empty()) {
        return Error{ErrorKind::kUnauthenticated, "Email not found in token", {}};
    }
    View name = call.principal.claims["user_metadata"]["name"];
    std::optional<std::string> given_name;
    if (name.IsString()) given_name = std::string(name.AsString());
    return services.users.GetOrCreate(call.principal.user_id, std::string(email), given_name);
}

Result<http::Response> GetOrCreateUser(const Services& services, const Call& call) {
    Result<User> user = UserOfToken(services, call);
    if (!user && user.error().kind == ErrorKind::kUnauthenticated) {
        return DetailReply(401, user.error().message);
    }
    if (!user) return std::move(user).error();
    return JsonReply(EncodeUser(user.value()));
}

Result<http::Response> UpdateEmail(const Services& services, const Call& call) {
    std::string email(call.body->AsString());
    TRY(services.users.SetEmail(call.user_id, email));
    return JsonReply(Value::Object({{"email", Value::String(email)}}));
}

Result<http::Response> GetTimezone(const Services& services, const Call& call) {
    User user = TRY(UserOfToken(services, call));
    return JsonReply(Value::Object({{"timezone", Value::String(user.timezone)}}));
}

Result<http::Response> UpdateTimezone(const Services& services, const Call& call) {
    std::string timezone(call.body["timezone"].AsString());
    TRY(services.users.SetTimezone(call.user_id, timezone));
    return JsonReply(Value::Object({{"timezone", Value::String(timezone)}}));
}

Result<http::Response> GetPreferences(const Services& services, const Call& call) {
    User user = TRY(services.users.Get(call.user_id));
    return JsonReply(EncodePreferences(user, services.clock.Now()));
}

Result<http::Response> UpdatePreferences(const Services& services, const Call& call) {
    constexpr int64_t kDailyLimitMax = 1'000'000;
    int64_t limit = call.body["daily_limit"].AsInt();
    if (limit < 0 || limit > kDailyLimitMax) {
        return Invalid("daily_limit must be between 0 and 1000000.");
    }
    service::UserService::Preferences preferences;
    preferences.email = std::string(call.body["email"].AsString());
    preferences.daily_limit = static_cast<int>(limit);
    for (const std::string& name : ChoosableNotifications()) {
        View wanted = call.body["preferences"][name];
        if (wanted.IsBool()) preferences.notify[name] = wanted.AsBool();
    }
    User user = TRY(services.users.SetPreferences(call.user_id, preferences));
    return JsonReply(EncodePreferences(user, services.clock.Now()));
}

Operation UserOperation(const char* method, const char* path, const char* operation_id,
                        const char* summary) {
    Operation operation;
    operation.method = method;
    operation.path = path;
    operation.operation_id = operation_id;
    operation.tags = {"v1", "auth"};
    operation.summary = summary;
    return operation;
}

void AddEmailAndTimezone(const Services& services, RouteTable& routes) {
    Operation email = UserOperation("POST", "/api/auth/user/email", "postV1Update user email",
                                    "Update user email");
    email.body = WholeBody(Text(), "Email");
    email.response = MapOf(Text());
    email.response_title = "Response Postv1Update User Email";
    email.handler = Sync([&services](const Call& call) { return UpdateEmail(services, call); });
    routes.Add(std::move(email));

    Operation get = UserOperation("GET", "/api/auth/user/timezone", "getV1Get user timezone",
                                  "Get user timezone");
    get.description = "Get user timezone setting.";
    get.response = ObjectOf(TimezoneResponseDto());
    get.handler = Sync([&services](const Call& call) { return GetTimezone(services, call); });
    routes.Add(std::move(get));

    Operation set = UserOperation("POST", "/api/auth/user/timezone", "postV1Update user timezone",
                                  "Update user timezone");
    set.description =
        "Update user timezone. The timezone should be a valid IANA timezone identifier.";
    set.body = WholeBody(ObjectOf(UpdateTimezoneRequestDto()));
    set.response = ObjectOf(TimezoneResponseDto());
    set.handler = Sync([&services](const Call& call) { return UpdateTimezone(services, call); });
    routes.Add(std::move(set));
}

}  // namespace

void AddAuthUserRoutes(const Services& services, RouteTable& routes) {
    Operation user =
        UserOperation("POST", "/api/auth/user", "postV1Get or create user", "Get or create user");
    user.handler = Sync([&services](const Call& call) { return GetOrCreateUser(services, call); });
    routes.Add(std::move(user));

    AddEmailAndTimezone(services, routes);

    Operation get =
        UserOperation("GET", "/api/auth/user/preferences", "getV1Get notification preferences",
                      "Get notification preferences");
    get.response = ObjectOf(NotificationPreferenceDto());
    get.handler = Sync([&services](const Call& call) { return GetPreferences(services, call); });
    routes.Add(std::move(get));

    Operation set =
        UserOperation("POST", "/api/auth/user/preferences", "postV1Update notification preferences",
                      "Update notification preferences");
    set.body = WholeBody(ObjectOf(NotificationPreferenceChangeDto()));
    set.response = ObjectOf(NotificationPreferenceDto());
    set.handler = Sync([&services](const Call& call) { return UpdatePreferences(services, call); });
    routes.Add(std::move(set));
}

}  // namespace yard::rest
