#include "host/model/graph_json.h"

#include <unordered_map>

#include "host/model/credentials_aggregation.h"
#include "host/model/graph_schema.h"

namespace yard::model {
namespace {

void AppendOptional(std::string_view key, const std::optional<std::string>& text,
                    ValueBuilder& out) {
    out.Key(key);
    if (text) {
        out.String(*text);
    } else {
        out.Null();
    }
}

void AppendLink(const Link& link, ValueBuilder& out) {
    out.BeginObject()
        .Member("id", link.id)
        .Member("source_id", link.source_id.text())
        .Member("sink_id", link.sink_id.text())
        .Member("source_name", link.source_name)
        .Member("sink_name", link.sink_name)
        .Member("is_static", link.is_static)
        .EndObject();
}

using LinksByNode = std::unordered_map<NodeId, std::vector<const Link*>>;

void AppendLinks(std::string_view key, const LinksByNode& links, const NodeId& node,
                 ValueBuilder& out) {
    out.Key(key).BeginArray();
    if (auto found = links.find(node); found != links.end()) {
        for (const Link* link : found->second) AppendLink(*link, out);
    }
    out.EndArray();
}

enum class NodeForm { kPlain, kStored };  // Stored ones name their graph and webhook.

class GraphWriter {
public:
    GraphWriter(const Graph& graph, const BlockCatalog& catalog, ValueBuilder& out)
        : graph_(graph), catalog_(catalog), out_(out) {}

    void Head() {
        out_.Member("id", graph_.id.text()).Member("version", graph_.version);
        out_.Member("is_active", graph_.is_active).Member("name", graph_.name);
        out_.Member("description", graph_.description);
        AppendOptional("instructions", graph_.instructions, out_);
        AppendOptional("recommended_schedule_cron", graph_.recommended_schedule_cron, out_);
    }

    void NodesAndLinks(NodeForm form, const WebhookJson& webhook) {
        LinksByNode inputs, outputs;
        for (const Link& link : graph_.links) {
            inputs[link.sink_id].push_back(&link);
            outputs[link.source_id].push_back(&link);
        }
        out_.Key("nodes").BeginArray();
        for (const Node& node : graph_.nodes) {
            out_.BeginObject()
                .Member("id", node.id.text())
                .Member("block_id", node.block_id.text());
            out_.Member("input_default", node.input_default).Member("metadata", node.metadata);
            AppendLinks("input_links", inputs, node.id, out_);
            AppendLinks("output_links", outputs, node.id, out_);
            if (form == NodeForm::kStored) StoredMembers(node, webhook);
            out_.EndObject();
        }
        out_.EndArray().Key("links").BeginArray();
        for (const Link& link : graph_.links) AppendLink(link, out_);
        out_.EndArray();
    }

    void Origin() {
        out_.Key("forked_from_id");
        if (graph_.forked_from_id) {
            out_.String(graph_.forked_from_id->text());
        } else {
            out_.Null();
        }
        out_.Key("forked_from_version");
        if (graph_.forked_from_version) {
            out_.Int(*graph_.forked_from_version);
        } else {
            out_.Null();
        }
    }

    void SubGraphs() {
        out_.Key("sub_graphs").BeginArray();
        for (const Graph& sub_graph : graph_.sub_graphs) {
            GraphWriter writer(sub_graph, catalog_, out_);
            out_.BeginObject();
            writer.Head();
            writer.NodesAndLinks(NodeForm::kPlain, {});
            writer.Origin();
            writer.Computed();
            out_.EndObject();
        }
        out_.EndArray();
    }

    void Computed() {
        out_.Member("input_schema", GraphInputSchema(graph_, catalog_));
        out_.Member("output_schema", GraphOutputSchema(graph_, catalog_));
        out_.Member("has_external_trigger", FindTriggerNode(graph_, catalog_) != nullptr);
        out_.Member("has_human_in_the_loop", HasHumanInTheLoop(graph_, catalog_));
        out_.Member("has_sensitive_action", HasSensitiveAction(graph_, catalog_));
        out_.Member("trigger_setup_info", TriggerSetupInfo(graph_, catalog_));
    }

    void Credentials() {
        out_.Member("credentials_input_schema", CredentialsInputSchema(graph_, catalog_));
    }

private:
    void StoredMembers(const Node& node, const WebhookJson& webhook) {
        out_.Member("graph_id", graph_.id.text()).Member("graph_version", graph_.version);
        AppendOptional("webhook_id", node.webhook_id, out_);
        out_.Member("webhook", node.webhook_id && webhook ? webhook(*node.webhook_id) : Value());
    }

    const Graph& graph_;
    const BlockCatalog& catalog_;
    ValueBuilder& out_;
};

}  // namespace

Value EncodeGraph(const Graph& graph, const BlockCatalog& catalog, const WebhookJson& webhook) {
    ValueBuilder out;
    GraphWriter writer(graph, catalog, out);
    out.BeginObject();
    writer.Head();
    writer.NodesAndLinks(NodeForm::kStored, webhook);
    writer.Origin();
    writer.SubGraphs();
    out.Member("user_id", graph.user_id.text()).Member("created_at", FormatIso(graph.created_at));
    writer.Computed();
    writer.Credentials();
    return out.EndObject().Take();
}

Value EncodeGraphMeta(const Graph& graph, const BlockCatalog& catalog) {
    ValueBuilder out;
    GraphWriter writer(graph, catalog, out);
    out.BeginObject();
    writer.Head();
    writer.Origin();
    writer.SubGraphs();
    out.Member("user_id", graph.user_id.text());
    writer.Computed();
    writer.Credentials();
    return out.EndObject().Take();
}

}  // namespace yard::model
