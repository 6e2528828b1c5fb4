// The documents of the user operations.

#pragma once

#include <string>
#include <vector>

#include "api/rest/json_type.h"

namespace yard::rest {

const Dto& NotificationPreferenceDto();        // As answered.
const Dto& NotificationPreferenceChangeDto();  // As submitted.
const Dto& TimezoneResponseDto();
const Dto& UpdateTimezoneRequestDto();

// The kinds of notification a user can choose, in the order of the answers.
const std::vector<std::string>& ChoosableNotifications();

}  // namespace yard::rest
