// Checks and normal forms of single settings; the table names one per setting. Precondition of
// each: the target has the type of its settings.

#pragma once

#include "config/settings_table.h"

namespace yard::config {

Result<Ok> CheckNotEmpty(Target target);
Result<Ok> MakeAbsolute(Target target);
Result<Ok> CheckFernetKey(Target target);
Result<Ok> CheckDatabaseUrl(Target target);
Result<Ok> CheckMapOfObjects(Target target);
Result<Ok> CheckOutboundRules(Target target);
// http:// or https://, trailing slashes removed; empty stays empty.
Result<Ok> NormaliseUrl(Target target);
// Trims each origin and adds the twin of a localhost or 127.0.0.1 entry.
Result<Ok> NormaliseCorsOrigins(Target target);

}  // namespace yard::config
