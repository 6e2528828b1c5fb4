#pragma once

#include <optional>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "host/model/graph.h"

namespace yard::storage {

// Graphs and their versions. No permission checks beyond the owner a caller names.
// Belongs to one unit of work of Database; use it only inside of that.
class GraphStore {
public:
    virtual ~GraphStore() = default;

    // Every graph with its nodes and links; sub_graphs inside an entry are ignored. kConflict if a
    // version exists.
    virtual Result<Ok> Insert(const std::vector<model::Graph>& graphs) = 0;

    // Without `version` the highest one. Without `owner` whoever owns it. No sub-graphs attached.
    virtual Result<std::optional<model::Graph>> Find(const GraphId& id, std::optional<int> version,
                                                     const std::optional<UserId>& owner) = 0;
    virtual Result<bool> Exists(const GraphId& id, int version, const UserId& owner) = 0;
    // Newest first.
    virtual Result<std::vector<model::Graph>> Versions(const GraphId& id, const UserId& owner,
                                                       size_t limit) = 0;
    // One per graph id, its highest active version, by version descending, then newest first.
    virtual Result<std::vector<model::Graph>> ListActive(const UserId& owner, size_t limit) = 0;
    // 0 if the owner has none.
    virtual Result<int> HighestVersion(const GraphId& id, const UserId& owner) = 0;
    // Makes `version` the only active one. False if the owner has no such version.
    virtual Result<bool> SetActive(const GraphId& id, int version, const UserId& owner) = 0;
    // All versions with everything that hangs on them; the number of versions deleted.
    virtual Result<int> Delete(const GraphId& id, const UserId& owner) = 0;
};

}  // namespace yard::storage
