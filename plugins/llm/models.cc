#include "plugins/llm/models.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "plugins/llm/text.h"

namespace llm {
namespace {

using enum provider_id;

// In the order of provider_id.
constexpr std::array kProviders = std::to_array<provider>({
    {"openai", "OpenAI", "53c25cb8-e3ee-465c-a4d1-e75a4c899c2a", "https://api.openai.com/v1"},
    {"anthropic", "Anthropic", "24e5d942-d9e3-4798-8151-90143ee55629", "https://api.anthropic.com"},
    {"groq", "Groq", "4ec22295-8f97-4dd1-b42b-2c6957a02545", "https://api.groq.com/openai/v1"},
    {"open_router", "OpenRouter", "b5a0e27d-0c98-4df3-a4b9-10193e1f3c40",
     "https://openrouter.ai/api/v1"},
    {"llama_api", "Llama API", "d44045af-1c33-4833-9e19-752313214de2",
     "https://api.llama.com/compat/v1"},
    {"v0", "V0", "c4e6d1a0-3b5f-4789-a8e2-9b123456789f", "https://api.v0.dev/v1"},
    {"aiml_api", "AI/ML", "aad82a89-9794-4ebb-977f-d736aa5260a3", "https://api.aimlapi.com/v2"},
    {"ollama", "Ollama", "", "http://localhost:11434"},
});

// Name, title, provider, creator, price tier, context window, largest output (0: not known; both in
// tokens), credits per execution with the server's own key. The order is the one users choose from.
// clang-format off
constexpr model kModels[] = {
    {"o3-mini", "O3 Mini", openai, "OpenAI", 1, 200000, 100000, 2},
    {"o3-2025-04-16", "O3", openai, "OpenAI", 2, 200000, 100000, 4},
    {"o1", "O1", openai, "OpenAI", 3, 200000, 100000, 16},
    {"o1-mini", "O1 Mini", openai, "OpenAI", 2, 128000, 65536, 4},
    {"gpt-5.2-2025-12-11", "GPT-5.2", openai, "OpenAI", 3, 400000, 128000, 6},
    {"gpt-5.1-2025-11-13", "GPT-5.1", openai, "OpenAI", 2, 400000, 128000, 5},
    {"gpt-5-2025-08-07", "GPT-5", openai, "OpenAI", 1, 400000, 128000, 2},
    {"gpt-5-mini-2025-08-07", "GPT-5 Mini", openai, "OpenAI", 1, 400000, 128000, 1},
    {"gpt-5-nano-2025-08-07", "GPT-5 Nano", openai, "OpenAI", 1, 400000, 128000, 1},
    {"gpt-5-chat-latest", "GPT-5 Chat Latest", openai, "OpenAI", 2, 400000, 16384, 5},
    {"gpt-4.1-2025-04-14", "GPT-4.1", openai, "OpenAI", 1, 1047576, 32768, 2},
    {"gpt-4.1-mini-2025-04-14", "GPT-4.1 Mini", openai, "OpenAI", 1, 1047576, 32768, 1},
    {"gpt-4o-mini", "GPT-4o Mini", openai, "OpenAI", 1, 128000, 16384, 1},
    {"gpt-4o", "GPT-4o", openai, "OpenAI", 2, 128000, 16384, 3},
    {"gpt-4-turbo", "GPT-4 Turbo", openai, "OpenAI", 3, 128000, 4096, 10},
    {"gpt-3.5-turbo", "GPT-3.5 Turbo", openai, "OpenAI", 1, 16385, 4096, 1},
    {"claude-opus-4-1-20250805", "Claude Opus 4.1", anthropic, "Anthropic", 3, 200000, 32000, 21},
    {"claude-opus-4-20250514", "Claude Opus 4", anthropic, "Anthropic", 3, 200000, 32000, 21},
    {"claude-sonnet-4-20250514", "Claude Sonnet 4", anthropic, "Anthropic", 2, 200000, 64000, 5},
    {"claude-opus-4-5-20251101", "Claude Opus 4.5", anthropic, "Anthropic", 3, 200000, 64000, 14},
    {"claude-sonnet-4-5-20250929", "Claude Sonnet 4.5", anthropic, "Anthropic", 3, 200000, 64000, 9},
    {"claude-haiku-4-5-20251001", "Claude Haiku 4.5", anthropic, "Anthropic", 2, 200000, 64000, 4},
    {"claude-3-7-sonnet-20250219", "Claude 3.7 Sonnet", anthropic, "Anthropic", 2, 200000, 64000, 5},
    {"claude-3-haiku-20240307", "Claude 3 Haiku", anthropic, "Anthropic", 1, 200000, 4096, 1},
    {"Qwen/Qwen2.5-72B-Instruct-Turbo", "Qwen 2.5 72B Instruct Turbo", aiml_api, "Qwen", 1, 32000, 8000, 1},
    {"nvidia/llama-3.1-nemotron-70b-instruct", "Llama 3.1 Nemotron 70B Instruct", aiml_api, "Nvidia", 1, 128000, 40000, 1},
    {"meta-llama/Llama-3.3-70B-Instruct-Turbo", "Llama 3.3 70B Instruct Turbo", aiml_api, "Meta", 1, 128000, 0, 1},
    {"meta-llama/Meta-Llama-3.1-70B-Instruct-Turbo", "Llama 3.1 70B Instruct Turbo", aiml_api, "Meta", 1, 131000, 2000, 1},
    {"meta-llama/Llama-3.2-3B-Instruct-Turbo", "Llama 3.2 3B Instruct Turbo", aiml_api, "Meta", 1, 128000, 0, 1},
    {"llama-3.3-70b-versatile", "Llama 3.3 70B Versatile", groq, "Meta", 1, 128000, 32768, 1},
    {"llama-3.1-8b-instant", "Llama 3.1 8B Instant", groq, "Meta", 1, 128000, 8192, 1},
    {"llama3.3", "Llama 3.3", ollama, "Meta", 1, 8192, 0, 0},
    {"llama3.2", "Llama 3.2", ollama, "Meta", 1, 8192, 0, 0},
    {"llama3", "Llama 3", ollama, "Meta", 1, 8192, 0, 0},
    {"llama3.1:405b", "Llama 3.1 405B", ollama, "Meta", 1, 8192, 0, 0},
    {"dolphin-mistral:latest", "Dolphin Mistral Latest", ollama, "Mistral AI", 1, 32768, 0, 0},
    {"openai/gpt-oss-120b", "GPT-OSS 120B", open_router, "OpenAI", 1, 131072, 131072, 1},
    {"openai/gpt-oss-20b", "GPT-OSS 20B", open_router, "OpenAI", 1, 131072, 32768, 1},
    {"google/gemini-2.5-pro-preview-03-25", "Gemini 2.5 Pro Preview 03.25", open_router, "Google", 2, 1050000, 8192, 4},
    {"google/gemini-3-pro-preview", "Gemini 3 Pro Preview", open_router, "Google", 2, 1048576, 65535, 5},
    {"google/gemini-2.5-flash", "Gemini 2.5 Flash", open_router, "Google", 1, 1048576, 65535, 1},
    {"google/gemini-2.0-flash-001", "Gemini 2.0 Flash 001", open_router, "Google", 1, 1048576, 8192, 1},
    {"google/gemini-2.5-flash-lite-preview-06-17", "Gemini 2.5 Flash Lite Preview 06.17", open_router, "Google", 1, 1048576, 65535, 1},
    {"google/gemini-2.0-flash-lite-001", "Gemini 2.0 Flash Lite 001", open_router, "Google", 1, 1048576, 8192, 1},
    {"mistralai/mistral-nemo", "Mistral Nemo", open_router, "Mistral AI", 1, 128000, 4096, 1},
    {"cohere/command-r-08-2024", "Command R 08.2024", open_router, "Cohere", 1, 128000, 4096, 1},
    {"cohere/command-r-plus-08-2024", "Command R Plus 08.2024", open_router, "Cohere", 2, 128000, 4096, 3},
    {"deepseek/deepseek-chat", "DeepSeek Chat", open_router, "DeepSeek", 1, 64000, 2048, 2},
    {"deepseek/deepseek-r1-0528", "DeepSeek R1 0528", open_router, "DeepSeek", 1, 163840, 163840, 1},
    {"perplexity/sonar", "Sonar", open_router, "Perplexity", 1, 127000, 8000, 1},
    {"perplexity/sonar-pro", "Sonar Pro", open_router, "Perplexity", 2, 200000, 8000, 5},
    {"perplexity/sonar-deep-research", "Sonar Deep Research", open_router, "Perplexity", 3, 128000, 16000, 10},
    {"nousresearch/hermes-3-llama-3.1-405b", "Hermes 3 Llama 3.1 405B", open_router, "Nous Research", 1, 131000, 4096, 1},
    {"nousresearch/hermes-3-llama-3.1-70b", "Hermes 3 Llama 3.1 70B", open_router, "Nous Research", 1, 12288, 12288, 1},
    {"amazon/nova-lite-v1", "Nova Lite V1", open_router, "Amazon", 1, 300000, 5120, 1},
    {"amazon/nova-micro-v1", "Nova Micro V1", open_router, "Amazon", 1, 128000, 5120, 1},
    {"amazon/nova-pro-v1", "Nova Pro V1", open_router, "Amazon", 1, 300000, 5120, 1},
    {"microsoft/wizardlm-2-8x22b", "WizardLM 2 8x22B", open_router, "Microsoft", 1, 65536, 4096, 1},
    {"gryphe/mythomax-l2-13b", "MythoMax L2 13B", open_router, "Gryphe", 1, 4096, 4096, 1},
    {"meta-llama/llama-4-scout", "Llama 4 Scout", open_router, "Meta", 1, 131072, 131072, 1},
    {"meta-llama/llama-4-maverick", "Llama 4 Maverick", open_router, "Meta", 1, 1048576, 1000000, 1},
    {"x-ai/grok-4", "Grok 4", open_router, "xAI", 3, 256000, 256000, 9},
    {"x-ai/grok-4-fast", "Grok 4 Fast", open_router, "xAI", 1, 2000000, 30000, 1},
    {"x-ai/grok-4.1-fast", "Grok 4.1 Fast", open_router, "xAI", 1, 2000000, 30000, 1},
    {"x-ai/grok-code-fast-1", "Grok Code Fast 1", open_router, "xAI", 1, 256000, 10000, 1},
    {"moonshotai/kimi-k2", "Kimi K2", open_router, "Moonshot AI", 1, 131000, 131000, 1},
    {"qwen/qwen3-235b-a22b-thinking-2507", "Qwen 3 235B A22B Thinking 2507", open_router, "Qwen", 1, 262144, 262144, 1},
    {"qwen/qwen3-coder", "Qwen 3 Coder", open_router, "Qwen", 3, 262144, 262144, 9},
    {"Llama-4-Scout-17B-16E-Instruct-FP8", "Llama 4 Scout 17B 16E Instruct FP8", llama_api, "Meta", 1, 128000, 4028, 1},
    {"Llama-4-Maverick-17B-128E-Instruct-FP8", "Llama 4 Maverick 17B 128E Instruct FP8", llama_api, "Meta", 1, 128000, 4028, 1},
    {"Llama-3.3-8B-Instruct", "Llama 3.3 8B Instruct", llama_api, "Meta", 1, 128000, 4028, 1},
    {"Llama-3.3-70B-Instruct", "Llama 3.3 70B Instruct", llama_api, "Meta", 1, 128000, 4028, 1},
    {"v0-1.5-md", "v0 1.5 MD", v0, "V0", 1, 128000, 64000, 1},
    {"v0-1.5-lg", "v0 1.5 LG", v0, "V0", 1, 512000, 64000, 2},
    {"v0-1.0-md", "v0 1.0 MD", v0, "V0", 1, 128000, 64000, 1},
};
// clang-format on

// Costs are listed provider by provider, in model order but for these: the first goes before the
// second. Filters exclude each other, so the order is only what users of the block list are used
// to.
constexpr provider_id kCostOrder[] = {anthropic, openai, groq,    open_router,
                                      llama_api, v0,     aiml_api};
constexpr std::pair<std::string_view, std::string_view> kPricedBefore[] = {
    {"o3-2025-04-16", "o3-mini"},
    {"claude-haiku-4-5-20251001", "claude-opus-4-5-20251101"},
};

std::vector<std::string> credential_providers() {
    return {"aiml_api", "anthropic", "groq", "ollama", "openai", "open_router", "llama_api", "v0"};
}

std::string metadata_text() {
    blk::schema all;
    for (const model& m : kModels) {
        blk::schema one;
        one.set("creator", blk::quote(m.creator)).set("creator_name", blk::quote(m.creator));
        one.set("title", blk::quote(m.title)).set("provider", blk::quote(m.host().name));
        one.set("provider_name", blk::quote(m.host().title)).set("name", blk::quote(m.name));
        one.set("price_tier", std::to_string(m.price_tier));
        all.set(m.name, one.text());
    }
    return all.text();
}

std::string cost_filter(const model& m) {
    blk::schema credential;
    credential.set("id", blk::quote(m.host().system_credential));
    if (m.provider != groq) {
        credential.set("provider", blk::quote(m.host().name)).set("type", "\"api_key\"");
    }
    blk::schema filter;
    return filter.set("model", blk::quote(m.name)).set("credentials", credential.text()).text();
}

void describe_costs(blk::declaration& d) {
    std::vector<const model*> order;
    for (const model& m : kModels) order.push_back(&m);
    for (const auto& [first, second] : kPricedBefore) {
        const auto moved = std::find(order.begin(), order.end(), &find_model(first));
        const auto target = std::find(order.begin(), order.end(), &find_model(second));
        std::rotate(target, moved, std::next(moved));
    }
    for (const provider_id provider : kCostOrder) {
        for (const model* m : order) {
            if (m->provider == provider && m->credits > 0) d.cost(m->credits, cost_filter(*m));
        }
    }
}

}  // namespace

const provider& model::host() const { return kProviders[static_cast<size_t>(provider)]; }

const model& find_model(std::string_view name) {
    const auto* found = std::find_if(std::begin(kModels), std::end(kModels),
                                     [&](const model& m) { return m.name == name; });
    if (found == std::end(kModels)) {
        blk::fail("the model " + blk::quote(beginning(name, 100)) +
                  " is unknown; choose one of the models that the block lists");
    }
    return *found;
}

void describe_model(blk::declaration& d, std::string_view description) {
    std::vector<std::string> names;
    std::vector<std::pair<std::string, std::string>> providers;
    for (const model& m : kModels) {
        names.emplace_back(m.name);
        providers.emplace_back(m.name, m.host().name);
    }
    d.input("model").title("LLM Model").description(description).choices(names);
    d.input("model").key("llm_model", "true").key("llm_model_metadata", metadata_text());
    d.input("credentials")
        .description("API key for the LLM provider.")
        .providers(credential_providers())
        .discriminator("model")
        .discriminator_mapping(providers);
    describe_costs(d);
}

}  // namespace llm
