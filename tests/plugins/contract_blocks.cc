// Blocks of the reference platform, declared but doing nothing: their entries must equal the
// contract's.
#include <blk/blk.hpp>

namespace {

using operator_t = blk::choice<"ComparisonOperator", "==", "!=", ">", "<", ">=", "<=">;

struct Condition {
    static constexpr const char *id = "715696a0-e1da-45c8-b209-c2fa9c3b0be6",
                                *name = "ConditionBlock";
    static constexpr bool pure = true;
    struct in {
        blk::json value1;
        operator_t op;
        blk::json value2;
        blk::defaulted<blk::json> yes_value = nullptr, no_value = nullptr;
        template <class Self, class F>
        static void blk_visit(Self& s, F&& f) {  // "operator" is a keyword, so no BLK_IN
            f("value1", s.value1);
            f("operator", s.op);
            f("value2", s.value2);
            f("yes_value", s.yes_value);
            f("no_value", s.no_value);
        }
        static constexpr const char* blk_title = "Input";
    };
    static constexpr blk::port<bool> result{
        "result", "The result of the condition evaluation (True or False)"};
    static constexpr blk::port<blk::json> yes_output{"yes_output",
                                                     "The output value if the condition is true"};
    static constexpr blk::port<blk::json> no_output{"no_output",
                                                    "The output value if the condition is false"};
    BLK_OUT(result, yes_output, no_output)

    static void describe(blk::declaration& d) {
        d.description("Handles conditional logic based on comparison operators").category("LOGIC");
        d.input("value1").description("Enter the first value for comparison");
        d.input("value1").placeholder("For example: 10 or 'hello' or True");
        d.input("operator")
            .description("Choose the comparison operator")
            .placeholder("Select an operator");
        d.input("value2").description("Enter the second value for comparison");
        d.input("value2").placeholder("For example: 20 or 'world' or False");
        for (const char* branch : {"yes", "no"}) {
            bool yes = branch[0] == 'y';
            d.input(std::string(branch) + "_value")
                .description(std::string("(Optional) Value to output if the condition is ") +
                             (yes ? "true" : "false") + ". If not provided, value1 will be used.")
                .placeholder("Leave empty to use value1, or enter a specific value");
        }
    }
    void run(blk::call& c, in i) { c.emit(result(i.op.is<"==">())); }
};

using timezone_t = blk::choice<
    "", "UTC", "Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver",
    "America/Chicago", "America/New_York", "America/Caracas", "America/Sao_Paulo",
    "America/St_Johns", "Atlantic/South_Georgia", "Atlantic/Azores", "Europe/London",
    "Europe/Paris", "Europe/Athens", "Europe/Moscow", "Asia/Tehran", "Asia/Dubai", "Asia/Kabul",
    "Asia/Karachi", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dhaka", "Asia/Yangon", "Asia/Bangkok",
    "Asia/Shanghai", "Australia/Eucla", "Asia/Tokyo", "Australia/Adelaide", "Australia/Sydney",
    "Australia/Lord_Howe", "Pacific/Noumea", "Pacific/Auckland", "Pacific/Chatham",
    "Pacific/Tongatapu", "Pacific/Kiritimati", "Etc/GMT-12", "Etc/GMT+12">;

struct Strftime {
    blk::constant<"strftime"> discriminator;
    blk::defaulted<std::string> format = "%Y-%m-%d";
    blk::defaulted<timezone_t> timezone = "UTC";
    blk::defaulted<bool> use_user_timezone = false;
    BLK_MODEL("DateStrftimeFormat", discriminator, format, timezone, use_user_timezone)
};
struct Iso8601 {
    blk::constant<"iso8601"> discriminator;
    blk::defaulted<timezone_t> timezone = "UTC";
    blk::defaulted<bool> use_user_timezone = false;
    BLK_MODEL("DateISO8601Format", discriminator, timezone, use_user_timezone)
};

struct GetCurrentDate {
    static constexpr const char *id = "b29c1b50-5d0e-4d9f-8f9d-1b0e6fcbf0b1",
                                *name = "GetCurrentDateBlock";
    static constexpr bool pure = true;
    struct in {
        std::string trigger;
        blk::defaulted<std::variant<int64_t, std::string>> offset = int64_t{0};
        blk::defaulted<blk::one_of<"discriminator", Strftime, Iso8601>> format_type = Strftime{};
        BLK_IN(trigger, offset, format_type)
    };
    static constexpr blk::port<std::string> date{
        "date", "Current date in the specified format (default: YYYY-MM-DD)"};
    BLK_OUT(date)

    static void describe(blk::declaration& d) {
        d.description("This block outputs the current date with an optional offset.")
            .category("TEXT");
        d.input("trigger").description("Trigger any data to output the current date");
        d.input("offset").title("Days Offset").description("Offset in days from the current date");
        d.input("format_type")
            .description("Format type for date output (strftime with custom format or ISO 8601)");
    }
    void run(blk::call& c, in) { c.emit(date("2026-01-01")); }
};

// The inputs that all Agent...Input blocks share.
struct agent_input {
    std::string name;
    std::optional<std::string> title, description;
    blk::defaulted<blk::list> placeholder_values = blk::unset;
    blk::defaulted<bool> advanced = false, secret = false;

    static void describe(blk::model& m) {
        m.at("name").description("The name of the input.");
        m.at("title").description("The title of the input.");
        m.at("description").description("The description of the input.");
        m.at("placeholder_values")
            .description("The placeholder values to be passed as input.")
            .hidden();
        m.at("advanced")
            .description(
                "Whether to show the input in the advanced section, if the field is not required.");
        m.at("secret").description("Whether the input should be treated as a secret.");
    }
};

struct AgentTableInput {
    static constexpr const char *id = "5603b273-f41e-4020-af7d-fbc9c6a8d928",
                                *name = "AgentTableInputBlock";
    static constexpr bool pure = true;
    struct in : agent_input {
        std::optional<std::vector<blk::dict>> value;
        blk::defaulted<std::vector<std::string>> column_headers = blk::unset;
        BLK_IN(name, value, title, description, placeholder_values, advanced, secret,
               column_headers)
    };
    static constexpr blk::port<std::vector<blk::dict>> result{
        "result", "The table data as a list of dictionaries with headers as keys."};
    BLK_OUT(result)

    static void describe(blk::declaration& d) {
        d.description("Block for table data input with customizable headers.");
        d.category("BASIC").category("INPUT").ui_type("Input").static_output().no_error_output();
        d.input("value").title("Default Value").advanced(false);
        d.input("value").description("The table data as a list of dictionaries.");
        d.input("column_headers").description("Column headers for the table.").advanced(false);
    }
    void run(blk::call& c, in i) { c.emit(result(i.value.value_or(std::vector<blk::dict>{}))); }
};

struct AgentFileInput {
    static constexpr const char *id = "95ead23f-8283-4654-aef3-10c053b74a31",
                                *name = "AgentFileInputBlock";
    static constexpr bool pure = true;
    struct in : agent_input {
        std::optional<blk::formatted<"file">> value;
        blk::defaulted<bool> base_64 = false;
        BLK_IN(name, value, title, description, placeholder_values, advanced, secret, base_64)
    };
    static constexpr blk::port<std::string> result{"result", "File reference/path result."};
    BLK_OUT(result)

    static void describe(blk::declaration& d) {
        d.description("Block for file upload input (string path for example).");
        d.category("BASIC").category("INPUT").ui_type("Input").static_output().no_error_output();
        d.input("value").title("Default Value").advanced(false);
        d.input("value").description("Path or reference to an uploaded file.");
        d.input("base_64").title("Produce Base64 Output");
        d.input("base_64").description(
            "Whether produce an output in base64 format (not recommended, you "
            "can pass the string path just fine accross blocks).");
    }
    void run(blk::call& c, in i) { c.emit(result(i.value.value_or(""))); }
};

struct CountdownTimer {
    static constexpr const char *id = "d67a9c52-5e4e-11e2-bcfd-0800200c9a71",
                                *name = "CountdownTimerBlock";
    using amount = std::variant<int64_t, std::string>;
    struct in {
        blk::defaulted<blk::json> input_message = "timer finished";
        blk::defaulted<amount> seconds = int64_t{0}, minutes = int64_t{0}, hours = int64_t{0},
                               days = int64_t{0};
        blk::defaulted<int64_t> repeat = 1;
        BLK_IN(input_message, seconds, minutes, hours, days, repeat)
    };
    static constexpr blk::port<blk::json> output_message{"output_message",
                                                         "Message after the timer finishes"};
    BLK_OUT(output_message)

    static void describe(blk::declaration& d) {
        d.description("This block triggers after a specified duration.").category("TEXT");
        d.input("input_message")
            .description("Message to output after the timer finishes")
            .advanced(false);
        for (const char* unit : {"seconds", "minutes", "hours", "days"}) {
            d.input(unit).description(std::string("Duration in ") + unit).advanced(false);
        }
        d.input("repeat").description("Number of times to repeat the timer");
    }
    blk::task run(blk::call&, in i) { co_yield output_message(*i.input_message); }
};

struct RssEntry {
    std::string title, link, description;
    blk::formatted<"date-time"> pub_date;
    std::string author;
    std::vector<std::string> categories;
    BLK_MODEL("RSSEntry", title, link, description, pub_date, author, categories)
};

struct ReadRssFeed {
    static constexpr const char *id = "5ebe6768-8e5d-41e3-9134-1c7bd89a8d52",
                                *name = "ReadRSSFeedBlock";
    struct in {
        std::string rss_url;
        blk::defaulted<int64_t> time_period = 1440;
        int64_t polling_rate;
        blk::defaulted<bool> run_continuously = true;
        BLK_IN(rss_url, time_period, polling_rate, run_continuously)
    };
    static constexpr blk::port<RssEntry> entry{"entry", "The RSS item"};
    static constexpr blk::port<std::vector<RssEntry>> entries{"entries", "List of all RSS entries"};
    BLK_OUT(entry, entries)

    static void describe(blk::declaration& d) {
        d.description("Reads RSS feed entries from a given URL.").category("INPUT");
        d.input("rss_url")
            .description("The URL of the RSS feed to read")
            .placeholder("https://example.com/rss");
        d.input("time_period")
            .placeholder("1440")
            .description(
                "The time period to check in minutes relative to the run block runtime, e.g. 60 "
                "would check for "
                "new entries in the last hour.");
        d.input("polling_rate")
            .placeholder("300")
            .description("The number of seconds to wait between polling attempts.");
        d.input("run_continuously")
            .description("Whether to run the block continuously or just once.");
    }
    blk::task run(blk::call&, in) { co_yield entries(std::vector<RssEntry>{}); }
};

struct SearchTheWeb {
    static constexpr const char *id = "87840993-2053-44b7-8da4-187ad4ee518c",
                                *name = "SearchTheWebBlock";
    struct in {
        blk::cred<"jina"> credentials;
        std::string query;
        BLK_IN(credentials, query)
    };
    static constexpr blk::port<std::string> results{
        "results", "The search results including content from top 5 URLs"};
    BLK_OUT(results)

    static void describe(blk::declaration& d) {
        d.description("This block searches the internet for the given search query.")
            .category("SEARCH");
        d.input("credentials").description("The Jina integration can be used with an API Key.");
        d.input("query").description("The search query to search the web for");
        d.cost(1,
               R"({"credentials": {"id": "7f26de70-ba0d-494e-ba76-238e65e7b45f", "provider": "jina",
                                      "type": "api_key"}})");
    }
    blk::task run(blk::call&, in i) { co_yield results(i.query); }
};

struct DiscordGetCurrentUser {
    static constexpr const char *id = "8c7e39b8-4e9d-4f3a-b4e1-2a8c9d5f6e3b",
                                *name = "DiscordGetCurrentUserBlock";
    struct in {
        blk::cred<"discord"> credentials;
        BLK_IN(credentials)
    };
    static constexpr blk::port<std::string> user_id{"user_id",
                                                    "The authenticated user's Discord ID"};
    static constexpr blk::port<std::string> username{"username", "The user's username"};
    static constexpr blk::port<std::string> avatar_url{"avatar_url",
                                                       "URL to the user's avatar image"};
    static constexpr blk::port<std::string> banner_url{"banner_url",
                                                       "URL to the user's banner image (if set)"};
    static constexpr blk::port<int64_t> accent_color{"accent_color",
                                                     "The user's accent color as an integer"};
    BLK_OUT(user_id, username, avatar_url, banner_url, accent_color)

    static void describe(blk::declaration& d) {
        d.description(
            "Gets information about the currently authenticated Discord user using OAuth2 "
            "credentials.");
        d.category("SOCIAL");
        d.input("credentials")
            .types({"oauth2"})
            .scopes({"identify"})
            .description("Discord OAuth2 credentials");
        d.output("banner_url").default_json("\"\"");
        d.output("accent_color").default_json("0");
    }
    blk::task run(blk::call&, in) { co_yield username(""); }
};

struct AgentExecutor {
    static constexpr const char *id = "e189baac-8c20-45a1-94a7-55177ea42565",
                                *name = "AgentExecutorBlock";
    struct in {
        std::string user_id, graph_id;
        int64_t graph_version;
        std::optional<std::string> agent_name;
        blk::dict inputs, input_schema, output_schema;
        std::optional<std::map<std::string, std::map<std::string, blk::json>>> nodes_input_masks;
        BLK_IN(user_id, graph_id, graph_version, agent_name, inputs, input_schema, output_schema,
               nodes_input_masks)
    };

    static void describe(blk::declaration& d) {
        d.description("Executes an existing agent inside your agent");
        d.category("AGENT").ui_type("Agent").no_error_output();
        d.input("user_id").description("User ID");
        d.input("graph_id").description("Graph ID");
        d.input("graph_version").description("Graph Version");
        d.input("agent_name").description("Name to display in the Builder UI");
        d.input("inputs").description("Input data for the graph");
        d.input("input_schema").description("Input schema for the graph");
        d.input("output_schema").description("Output schema for the graph");
        d.input("nodes_input_masks").hidden();
    }
    blk::task run(blk::call& c, in i) {
        blk::run_graph child(c, i.graph_id, i.graph_version, i.inputs);
        while (auto o = co_await child.next()) co_yield blk::out(o->name, o->value);
        c.add_stats(child.stats());
    }
};

struct SendWebRequest {
    static constexpr const char *id = "6595ae1f-b924-42cb-9a41-551a0611c4b4",
                                *name = "SendWebRequestBlock";
    using method_t =
        blk::choice<"HttpMethod", "GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD">;
    struct in {
        std::string url;
        blk::defaulted<method_t> method = "POST";
        blk::defaulted<std::map<std::string, std::string>> headers = blk::unset;
        blk::defaulted<bool> json_format = true;
        std::optional<blk::dict> body;
        blk::defaulted<std::string> files_name = "file";
        blk::defaulted<std::vector<blk::formatted<"file">>> files = blk::unset;
        BLK_IN(url, method, headers, json_format, body, files_name, files)
    };
    static constexpr blk::port<std::string> error{"error", "Errors for all other exceptions"};
    static constexpr blk::port<blk::json> response{"response", "The response from the server"};
    static constexpr blk::port<blk::json> client_error{"client_error",
                                                       "Errors on 4xx status codes"};
    static constexpr blk::port<blk::json> server_error{"server_error",
                                                       "Errors on 5xx status codes"};
    BLK_OUT(error, response, client_error, server_error)

    static void describe(blk::declaration& d) {
        d.description("Make an HTTP request (JSON / form / multipart).").category("OUTPUT");
        d.input("url")
            .description("The URL to send the request to")
            .placeholder("https://api.example.com");
        d.input("method").description("The HTTP method to use for the request");
        d.input("headers").description("The headers to include in the request");
        d.input("json_format").title("JSON format");
        d.input("json_format")
            .description("If true, send the body as JSON (unless files are also present).");
        d.input("body").description(
            "Form/JSON body payload. If files are supplied, this must be a mapping of "
            "form‑fields.");
        d.input("files_name").description("The name of the file field in the form data.");
        d.input("files").description(
            "Mapping of *form field name* → Image url / path / base64 url.");
    }
    blk::task run(blk::call&, in i) { co_yield response(i.url); }
};

}  // namespace

BLK_PLUGIN("test.contract", "1.0.0", Condition, GetCurrentDate, AgentTableInput, AgentFileInput,
           CountdownTimer, ReadRssFeed, SearchTheWeb, DiscordGetCurrentUser, AgentExecutor,
           SendWebRequest)
