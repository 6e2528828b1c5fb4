// The block that sends one request and sorts the answer by its status.
#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plugins/web/blocks.h"
#include "plugins/web/body.h"
#include "plugins/web/data_uri.h"

namespace {

constexpr size_t files_max = 20;
constexpr size_t files_bytes_max = size_t{64} << 20;

bool is_url(std::string_view text) {
    return text.starts_with("http://") || text.starts_with("https://");
}

bool same_header(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
        return std::tolower(x) == std::tolower(y);
    });
}

// The last part of the URL's path.
std::string name_in_url(std::string_view url) {
    url = url.substr(0, url.find_first_of("?#"));
    url.remove_prefix(url.find("://") + 3);
    const size_t slash = url.rfind('/');
    const std::string name =
        slash == url.npos ? "" : web::as_utf8(web::percent_decoded(url.substr(slash + 1)));
    return name.empty() ? "file" : name;
}

web::file file_of(const std::string& url, blk::response&& answer) {
    if (!answer.ok()) {
        blk::fail("the file " + url + " could not be fetched: HTTP " +
                  std::to_string(answer.status));
    }
    const std::string_view type = answer.header("content-type");
    return {name_in_url(url), std::string(type.empty() ? "application/octet-stream" : type),
            std::move(answer.body)};
}

struct SendWebRequest {
    static constexpr const char *id = "6595ae1f-b924-42cb-9a41-551a0611c4b4",
                                *name = "SendWebRequestBlock";
    struct in {
        std::string url;
        blk::defaulted<
            blk::choice<"HttpMethod", "GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD">>
            method = "POST";
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
        d.category("OUTPUT").description("Make an HTTP request (JSON / form / multipart).");
        d.input("url")
            .description("The URL to send the request to")
            .placeholder("https://api.example.com");
        d.input("method").description("The HTTP method to use for the request");
        d.input("headers").description("The headers to include in the request");
        d.input("json_format")
            .title("JSON format")
            .description("If true, send the body as JSON (unless files are also present).");
        d.input("body").description(
            "Form/JSON body payload. If files are supplied, this must be a mapping of "
            "form‑fields.");
        d.input("files_name").description("The name of the file field in the form data.");
        d.input("files").description(
            "Mapping of *form field name* → Image url / path / base64 url.");
    }

    static blk::async<std::vector<web::file>> load_files(blk::call& c, const in& i) {
        if (i.files->size() > files_max) {
            blk::fail("a request may carry " + std::to_string(files_max) + " files at most");
        }
        std::vector<web::file> files;
        size_t bytes = 0;
        for (const std::string& source : *i.files) {
            if (web::is_data_uri(source)) {
                files.push_back(web::read_data_uri(source));
            } else if (is_url(source)) {
                blk::request get = blk::request::get(source);
                get.max_response = files_bytes_max;
                files.push_back(file_of(source, co_await blk::fetch(c, get)));
            } else {
                blk::fail("the file '" + source.substr(0, 100) +
                          "' is neither a data URI nor an http or https URL");
            }
            bytes += files.back().content.size();
            if (bytes > files_bytes_max) blk::fail("the files of a request exceed 64 MiB");
        }
        co_return files;
    }

    // The user's headers win, except over the boundary of parts.
    static void add_headers(blk::request& request, const in& i, bool is_multipart) {
        for (const auto& [name, value] : *i.headers) {
            const bool is_type = same_header(name, "content-type");
            if (is_type && is_multipart) continue;
            if (is_type) request.headers.clear();
            request.header(name, value);
        }
    }

    static blk::request make_request(const blk::call& c, const in& i,
                                     const std::vector<web::file>& files) {
        blk::request request = blk::request::make(std::string(i.method->text()), i.url);
        const blk::view body = i.body ? blk::view(*i.body) : blk::view();
        if (!files.empty()) {
            web::multipart parts =
                web::make_multipart(web::fields_of(c, body), *i.files_name, files);
            request.text(std::move(parts.content_type), std::move(parts.body));
        } else if (i.body && i.json_format) {
            request.json(c, body);
        } else if (i.body) {
            request.text("application/x-www-form-urlencoded",
                         web::url_encoded(web::fields_of(c, body)));
        }
        add_headers(request, i, !files.empty());
        return request;
    }

    // JSON as a value, everything else as text.
    static blk::json content_of(const blk::call& c, const blk::response& answer) {
        const std::string text = web::as_utf8(answer.body);
        try {
            return blk::json::borrow(c.parse_json(text));
        } catch (const blk::error&) {
            return blk::json(text);
        }
    }

    blk::task run(blk::call& c, in i) {
        if (!is_url(i.url)) blk::fail("the URL must begin with http:// or https://");
        const std::vector<web::file> files = co_await load_files(c, i);
        const blk::request request = make_request(c, i, files);
        const blk::response answer = co_await blk::fetch(c, request);
        const blk::json content = content_of(c, answer);
        if (answer.ok()) {
            co_yield response(content);
        } else if (answer.status >= 400 && answer.status < 500) {
            co_yield client_error(content);
        } else {
            co_yield server_error(content);
        }
    }
};

}  // namespace

blk::block_list request_blocks() { return blk::blocks<SendWebRequest>(); }
