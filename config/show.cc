// Settings and their table as text: `config show`, the default file, the reference page.

#include <algorithm>

#include "base/json.h"
#include "config/load.h"
#include "config/settings_table.h"

namespace yard::config {
namespace {

constexpr std::string_view kMask = "********";

// postgresql://user:password@host -> postgresql://user:********@host
std::string MaskPassword(const std::string& url) {
    const size_t start = url.find("://");
    const size_t at = url.rfind('@');
    if (start == std::string::npos || at == std::string::npos || at < start) return url;
    const size_t colon = url.find(':', start + 3);
    if (colon == std::string::npos || colon > at) return url;
    return url.substr(0, colon + 1) + std::string(kMask) + url.substr(at);
}

struct ToText {
    std::string operator()(const bool* value) const { return *value ? "true" : "false"; }
    std::string operator()(const int64_t* value) const { return std::to_string(*value); }
    std::string operator()(const std::string* value) const {
        return JsonQuote(MaskPassword(*value));
    }
    std::string operator()(const std::vector<std::string>* value) const {
        return WriteJsonSpaced(Value::Strings(*value));
    }
    std::string operator()(const std::map<std::string, Value>* value) const {
        ValueBuilder builder;
        builder.BeginObject();
        for (const auto& [key, member] : *value) builder.Member(key, member);
        return WriteJsonSpaced(builder.EndObject().Take());
    }
};

// As it would stand in the file.
std::string TextOf(const Setting& setting, Settings& settings) {
    return std::visit(ToText{}, setting.target(settings));
}

std::string DefaultOf(const Setting& setting) {
    Settings defaults;
    const auto value = ParseSettingText(setting, setting.default_text);
    if (value && setting.default_text != "") {
        const auto stored = StoreSetting(setting, value.value(), defaults);
        if (!stored) return stored.error().message;
    }
    return TextOf(setting, defaults);
}

std::string AllowedOf(const Setting& setting) {
    std::string text;
    for (const std::string& choice : setting.allowed) text += (text.empty() ? "" : ", ") + choice;
    if (setting.TypeName() == "integer") {
        text = std::to_string(setting.min) + " to " + std::to_string(setting.max);
    }
    return text;
}

std::string SectionOf(const Setting& setting) {
    const size_t dot = setting.key.find('.');
    return dot == std::string::npos ? "" : setting.key.substr(0, dot);
}

std::string MarkdownRow(const Setting& setting) {
    std::string names;
    for (const std::string& name : setting.EnvironmentNames()) {
        names += (names.empty() ? "`" : "<br>`") + name + "`";
    }
    const std::string value = setting.computed_default.empty() ? "`" + DefaultOf(setting) + "`"
                                                               : setting.computed_default;
    const std::string allowed = AllowedOf(setting);
    return "| `" + setting.key + "` | " + setting.TypeName() +
           (allowed.empty() ? "" : ": " + allowed) + (setting.secret ? ", secret" : "") + " | " +
           value + " | " + names + " | " + setting.help + " |\n";
}

// Opens the maps of `key` that `previous` has not opened; returns the indentation of the key.
std::string OpenSections(const std::string& key, const std::string& previous, std::string& out) {
    std::string indent;
    size_t start = 0;
    for (size_t dot = key.find('.'); dot != std::string::npos; dot = key.find('.', start)) {
        if (!previous.starts_with(key.substr(0, dot + 1))) {
            out += (indent.empty() ? "\n" : "") + indent + key.substr(start, dot - start) + ":\n";
        }
        indent += "  ";
        start = dot + 1;
    }
    return indent;
}

}  // namespace

std::string ShowSettings(const Settings& settings) {
    Settings copy = settings;
    std::string out;
    for (const Setting& setting : SettingsTable()) {
        const std::string text = TextOf(setting, copy);
        const bool hide = setting.secret && text != "\"\"" && text != "{}";
        const auto origin = settings.origins.find(setting.key);
        out += setting.key + ": " + (hide ? std::string(kMask) : text) + "  # " +
               (origin != settings.origins.end() ? origin->second : "default") + "\n";
    }
    return out;
}

std::string DefaultSettingsFile() {
    std::string out =
        "# Settings of Blockyard. Lines that begin with '#' and a name show a default: remove the\n"
        "# '#' to change it. docs/configuration.md explains types, ranges and environment names.\n"
        "\n";
    std::string previous;
    for (const Setting& setting : SettingsTable()) {
        const std::string indent = OpenSections(setting.key, previous, out);
        previous = setting.key;
        const std::string name = setting.key.substr(setting.key.rfind('.') + 1);
        out += indent + "# " + setting.help + "\n" + indent;
        out += setting.computed_default.empty()
                   ? "#" + name + ": " + DefaultOf(setting) + "\n"
                   : "# " + name + " is by default: " + setting.computed_default + "\n";
    }
    return out;
}

std::string SettingsReference() {
    std::string out =
        "# Configuration\n"
        "\n"
        "Blockyard reads its settings from four places. Each one overrides those before it:\n"
        "\n"
        "1. the defaults below,\n"
        "2. a YAML file (`config/blockyard.yaml` is a commented example),\n"
        "3. environment variables,\n"
        "4. `--set key=value` on the command line.\n"
        "\n"
        "An unknown name, a wrong type or a value out of its range stops the program with a\n"
        "message that names the place. `blockyard config check` only checks; `blockyard config\n"
        "show` prints every value and where it came from. In variables and `--set`, a list is\n"
        "`a,b,c` or JSON (`[\"a\", \"b\"]`) and a map is JSON; a variable that is set to nothing\n"
        "counts as not set. Where a row names several variables, the first one that is set\n"
        "counts. Secrets are never printed; missing ones are generated once in\n"
        "`<data_dir>/secrets`.\n";
    std::string section = "none";
    for (const Setting& setting : SettingsTable()) {
        if (SectionOf(setting) != section) {
            section = SectionOf(setting);
            out +=
                "\n## " + (section.empty() ? "General" : section) +
                "\n\n| Setting | Type | Default | Environment | Meaning |\n|---|---|---|---|---|\n";
        }
        out += MarkdownRow(setting);
    }
    return out;
}

}  // namespace yard::config
