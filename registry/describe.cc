#include "registry/describe.h"

#include <algorithm>
#include <array>

namespace yard::registry {
namespace {

constexpr size_t kColumns = 4;
using Row = std::array<std::string, kColumns>;

Row RowOf(const PluginRecord& record) {
    const Manifest& manifest = record.manifest;
    return {record.DisplayName(), manifest.version.empty() ? "-" : manifest.version,
            std::string(ToString(record.state)),
            std::to_string(manifest.blocks.size()) +
                (manifest.blocks.size() == 1 ? " block" : " blocks")};
}

void AppendDetail(const PluginRecord& record, std::string& text) {
    if (record.reason != Reason::kNone) {
        text += "    " + std::string(ToString(record.reason)) + ": " + record.sentence + "\n";
    }
    if (!record.evidence.empty()) text += "    " + record.evidence + "\n";
    for (const std::string& warning : record.warnings) text += "    warning: " + warning + "\n";
}

}  // namespace

std::string DescribePlugins(const RegistryState& state) {
    if (state.plugins.empty()) return "no plugins found\n";
    std::vector<Row> rows;
    std::array<size_t, kColumns> widths{};
    for (const PluginRecord& record : state.plugins) {
        rows.push_back(RowOf(record));
        for (size_t i = 0; i < kColumns; ++i)
            widths[i] = std::max(widths[i], rows.back()[i].size());
    }
    std::string text;
    for (size_t row = 0; row < rows.size(); ++row) {
        for (size_t i = 0; i + 1 < kColumns; ++i) {
            text += rows[row][i] + std::string(widths[i] - rows[row][i].size() + 2, ' ');
        }
        text += rows[row].back() + "\n";
        AppendDetail(state.plugins[row], text);
    }
    return text;
}

}  // namespace yard::registry
