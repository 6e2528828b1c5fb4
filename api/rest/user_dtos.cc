#include "api/rest/user_dtos.h"

#include "api/rest/timezones.h"

namespace yard::rest {
namespace {

Type NotificationChoices() {
    Type type = MapOf(Boolean());
    type.key_name = "NotificationType";
    type.key_choices = {"AGENT_RUN",
                        "ZERO_BALANCE",
                        "LOW_BALANCE",
                        "BLOCK_EXECUTION_FAILED",
                        "CONTINUOUS_AGENT_ERROR",
                        "DAILY_SUMMARY",
                        "WEEKLY_SUMMARY",
                        "MONTHLY_SUMMARY",
                        "REFUND_REQUEST",
                        "REFUND_PROCESSED",
                        "AGENT_APPROVED",
                        "AGENT_REJECTED"};
    return type;
}

constexpr char kChoicesDescription[] = "Which notifications the user wants";

Type TimezoneName() {
    Type type = Simple(Type::Kind::kTimezone);
    type.choices = Timezones();
    return type;
}

}  // namespace

const std::vector<std::string>& ChoosableNotifications() {
    static const std::vector<std::string> kNames = {"AGENT_RUN",
                                                    "ZERO_BALANCE",
                                                    "LOW_BALANCE",
                                                    "BLOCK_EXECUTION_FAILED",
                                                    "CONTINUOUS_AGENT_ERROR",
                                                    "DAILY_SUMMARY",
                                                    "WEEKLY_SUMMARY",
                                                    "MONTHLY_SUMMARY",
                                                    "AGENT_APPROVED",
                                                    "AGENT_REJECTED"};
    return kNames;
}

const Dto& NotificationPreferenceDto() {
    static const Dto kDto{"NotificationPreference",
                          {Required("user_id", Text()), Required("email", Email()),
                           Optional("preferences", NotificationChoices(), {}, kChoicesDescription),
                           Optional("daily_limit", Integer(), Value::Int(10)),
                           Optional("emails_sent_today", Integer(), Value::Int(0)),
                           Optional("last_reset_date", DateTime())}};
    return kDto;
}

const Dto& NotificationPreferenceChangeDto() {
    static const Dto kDto{"NotificationPreferenceDTO",
                          {Required("email", Email(), "User's email address"),
                           Required("preferences", NotificationChoices(), kChoicesDescription),
                           Required("daily_limit", Integer(), "Max emails per day")}};
    return kDto;
}

const Dto& TimezoneResponseDto() {
    static const Dto kDto{"TimezoneResponse",
                          {Required("timezone", AnyOf({TimezoneName(), Text()}))}};
    return kDto;
}

const Dto& UpdateTimezoneRequestDto() {
    static const Dto kDto{"UpdateTimezoneRequest", {Required("timezone", TimezoneName())}};
    return kDto;
}

}  // namespace yard::rest
