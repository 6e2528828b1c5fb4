// The documents of the graph operations.

#pragma once

#include "api/rest/json_type.h"

namespace yard::rest {

const Dto& CredentialsMetaInputDto();
const Dto& CreateGraphDto();
const Dto& GraphDto();       // As submitted.
const Dto& GraphModelDto();  // As answered.
const Dto& GraphMetaDto();   // In lists.
const Dto& GraphSettingsDto();
const Dto& SetGraphActiveVersionDto();
const Dto& DeleteGraphResponseDto();

}  // namespace yard::rest
