// Names of pins. A dynamic pin addresses a part of a value: `list_$_0`, `dict_#_key`,
// `object_@_attribute`, and chains of those. Tool pins route the calls of a model to sinks.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/result.h"
#include "base/value.h"

namespace yard::model {

// Lists grow by at most this many items in all when pins address indexes beyond their ends.
inline constexpr size_t kListGrowthMax = 10'000;
// Levels a dynamic pin may address: `a_$_0_#_key` has two.
inline constexpr size_t kPinDepthMax = 32;

bool IsDynamicPin(std::string_view name);
std::string_view BasePinName(std::string_view name);  // The text before the first delimiter.
bool IsToolPin(std::string_view name);                // `tools` or `tools_^_...`
// The name of the declared pin that `name` belongs to.
std::string_view SanitizedPinName(std::string_view name);
// A sentence fragment about the pin for a language model that fills it.
std::string DescribePin(std::string_view name);

struct PinTarget {
    const NodeId& sink_id;
    std::string_view sink_pin;
};

// What travels along a link with source pin `selector` when its source emits (`output_name`,
// `data`): the data, a part of it (which shares the tape, no copy), or nothing. A null travels only
// if the names are equal. kInvalid for a negative index beyond the start of a list and for tool
// routing without a target.
Result<std::optional<Value>> SelectOutput(std::string_view output_name, const Value& data,
                                          std::string_view selector, const PinTarget& target);

// Assembles the values of dynamic pins into their base pins, in order of members. The dynamic
// members themselves stay. kInvalid for an index that is no number or out of bounds.
Result<Value> MergeDynamicInputs(View data);

}  // namespace yard::model
