// The documents of the execution operations.

#pragma once

#include "api/rest/json_type.h"

namespace yard::rest {

const Dto& ExecuteGraphBodyDto();
const Dto& GraphExecutionMetaDto();
const Dto& GraphExecutionDto();
const Dto& GraphExecutionWithNodesDto();
const Dto& GraphExecutionsPaginatedDto();
const Dto& ShareRequestDto();
const Dto& ShareResponseDto();
const Dto& SharedExecutionResponseDto();

}  // namespace yard::rest
