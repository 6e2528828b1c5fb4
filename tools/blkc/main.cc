// blkc: the plugin author's tool.

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "base/json.h"
#include "tools/blkc/manifest.h"

namespace {

constexpr const char* kUsage =
    "Usage: blkc manifest <plugin.so> [-o <file>] [--about <file.json>]\n"
    "Describes a plugin: loads it, checks every block and writes the manifest.\n";

struct Options {
    std::string plugin, output, about;
};

// False if the arguments make no command.
bool ParseArguments(const std::vector<std::string>& arguments, Options& options) {
    if (arguments.size() < 2 || arguments[0] != "manifest") return false;
    for (size_t k = 1; k < arguments.size(); ++k) {
        bool option = arguments[k] == "-o" || arguments[k] == "--about";
        std::string& target = !option                ? options.plugin
                              : arguments[k] == "-o" ? options.output
                                                     : options.about;
        if (option && ++k == arguments.size()) return false;
        if (!target.empty()) return false;
        target = arguments[k];
    }
    return !options.plugin.empty();
}

yard::Result<std::string> ReadAbout(const std::string& path) {
    if (path.empty()) return std::string();
    std::ifstream in(path);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in) return yard::NotFound("The file \"" + path + "\" cannot be read.");
    return text;
}

yard::Result<> WriteManifest(const Options& options) {
    std::string about = TRY(ReadAbout(options.about));
    std::string text = yard::WriteJson(TRY(yard::blkc::MakeManifest(options.plugin, about))) + '\n';
    if (options.output.empty()) {
        std::fputs(text.c_str(), stdout);
        return yard::Ok{};
    }
    std::ofstream out(options.output, std::ios::binary);
    out << text << std::flush;
    if (!out) return yard::Unavailable("The file \"" + options.output + "\" cannot be written.");
    return yard::Ok{};
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    if (!ParseArguments({argv + 1, argv + argc}, options)) {
        std::fputs(kUsage, stderr);
        return 2;
    }
    auto written = WriteManifest(options);
    if (written) return 0;
    std::fprintf(stderr, "blkc: %s: %s\n", options.plugin.c_str(), written.error().message.c_str());
    return 1;
}
