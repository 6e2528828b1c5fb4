#pragma once

#include <optional>
#include <string>

#include "base/id.h"
#include "base/result.h"
#include "host/model/graph.h"

namespace yard::storage {

// A user's entry for a graph. The library's own operations come with the library service.
struct LibraryAgent {
    std::string id;
    UserId user_id;
    GraphId graph_id;
    int graph_version = 1;
    bool use_active_version = true;
    bool is_created_by_user = true;
    bool is_archived = false;
    bool is_deleted = false;
    model::GraphSettings settings;
};

class LibraryStore {
public:
    virtual ~LibraryStore() = default;
    virtual Result<Ok> Insert(const LibraryAgent& agent) = 0;
    // The user's first entry for any version of the graph; deleted and archived ones only on
    // request.
    virtual Result<std::optional<LibraryAgent>> FindByGraph(const UserId& user,
                                                            const GraphId& graph,
                                                            bool include_hidden) = 0;
    // Points the entry at another version and replaces its settings.
    virtual Result<Ok> Update(const LibraryAgent& agent) = 0;
    // Removes the user's entries for a graph; the number removed.
    virtual Result<int> DeleteByGraph(const UserId& user, const GraphId& graph) = 0;
};

}  // namespace yard::storage
