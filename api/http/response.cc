#include "api/http/response.h"

#include <array>
#include <utility>

namespace yard::http {

Response MakeResponse(int status, std::string_view content_type, std::string body) {
    Response response;
    response.status = status;
    response.headers.Add("Content-Type", content_type);
    response.body = std::move(body);
    return response;
}

std::string_view ReasonPhrase(int status) {
    struct Reason {
        int status;
        std::string_view phrase;
    };
    static constexpr std::array kReasons = {
        Reason{200, "OK"},
        Reason{201, "Created"},
        Reason{202, "Accepted"},
        Reason{204, "No Content"},
        Reason{206, "Partial Content"},
        Reason{301, "Moved Permanently"},
        Reason{302, "Found"},
        Reason{303, "See Other"},
        Reason{304, "Not Modified"},
        Reason{307, "Temporary Redirect"},
        Reason{308, "Permanent Redirect"},
        Reason{400, "Bad Request"},
        Reason{401, "Unauthorized"},
        Reason{402, "Payment Required"},
        Reason{403, "Forbidden"},
        Reason{404, "Not Found"},
        Reason{405, "Method Not Allowed"},
        Reason{406, "Not Acceptable"},
        Reason{408, "Request Timeout"},
        Reason{409, "Conflict"},
        Reason{410, "Gone"},
        Reason{411, "Length Required"},
        Reason{412, "Precondition Failed"},
        Reason{413, "Content Too Large"},
        Reason{414, "URI Too Long"},
        Reason{415, "Unsupported Media Type"},
        Reason{416, "Range Not Satisfiable"},
        Reason{417, "Expectation Failed"},
        Reason{422, "Unprocessable Content"},
        Reason{423, "Locked"},
        Reason{424, "Failed Dependency"},
        Reason{426, "Upgrade Required"},
        Reason{428, "Precondition Required"},
        Reason{429, "Too Many Requests"},
        Reason{431, "Request Header Fields Too Large"},
        Reason{500, "Internal Server Error"},
        Reason{501, "Not Implemented"},
        Reason{502, "Bad Gateway"},
        Reason{503, "Service Unavailable"},
        Reason{504, "Gateway Timeout"},
        Reason{505, "HTTP Version Not Supported"},
    };
    for (const Reason& reason : kReasons) {
        if (reason.status == status) return reason.phrase;
    }
    return "Unknown";
}

}  // namespace yard::http
