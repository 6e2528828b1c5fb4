/* A block in plain C on blk/abi.h: reverses the bytes of a text. */
#include <blk/abi.h>
#include <stdlib.h>
#include <string.h>

#define STR(literal) {literal, sizeof(literal) - 1}

static const char kSpec[] =
    "{\"id\":\"com.acme.reverse\",\"name\":\"ReverseBlock\",\"categories\":[\"TEXT\"],"
    "\"inputSchema\":{\"properties\":{\"text\":{\"type\":\"string\",\"title\":\"Text\","
    "\"secret\":false,\"advanced\":false}},\"required\":[\"text\"],\"title\":\"Input\","
    "\"type\":\"object\"},"
    "\"outputSchema\":{\"properties\":{\"text\":{\"type\":\"string\",\"title\":\"Text\","
    "\"secret\":false,\"advanced\":false}},\"required\":[\"text\"],\"title\":\"Output\","
    "\"type\":\"object\"}}";

static void *create(const blk_host *host, blk_tape config) {
    (void)host;
    (void)config;
    return (void *)kSpec; /* no state of its own, but null would mean failure */
}
static void destroy(void *instance) { (void)instance; }
static void *open_task(void *instance, blk_call *call) {
    (void)call;
    return instance;
}
static void close_task(void *task) { (void)task; }

/* The member of an object, or a null pointer. */
static const blk_tok *member(blk_tape object, const char *key) {
    const blk_tok *at = object.tok + 1;
    for (uint32_t k = 0; object.count && k < object.tok->n; ++k) {
        const blk_tok *value = at + 1;
        if (at->n == strlen(key) && memcmp(at->u.p, key, at->n) == 0) return value;
        at = value + (value->type >= 0x80u ? value->u.i : 1);
    }
    return 0;
}

static blk_status step(void *task, blk_call *call, const blk_event *event) {
    static const blk_str kPort = STR("text"), kNoText = STR("text: is not a string");
    const blk_tok *text = member(call->input, "text");
    blk_tok reversed = {BLK_T_STR, 0, 0, 0, {0}};
    blk_tape value = {&reversed, 1};
    char *copy;
    blk_status taken;
    (void)task;
    (void)event; /* START, or DRAIN after a full output: either way, (re)try */
    if (!text || text->type != BLK_T_STR) {
        call->set_error(call, BLK_E_TYPE, kNoText);
        return BLK_E_TYPE;
    }
    copy = call->alloc(call, text->n ? text->n : 1, 1);
    if (!copy) return BLK_E_NOMEM;
    for (uint32_t k = 0; k < text->n; ++k) copy[k] = ((const char *)text->u.p)[text->n - 1 - k];
    reversed.n = text->n;
    reversed.u.p = copy;
    taken = call->emit(call, kPort, value);
    return taken == BLK_OK ? BLK_DONE : taken;
}

static const blk_block kBlock = {
    sizeof(blk_block), 0, STR("com.acme.reverse"), {kSpec, sizeof kSpec - 1},
    create,            destroy, open_task,         step,
    close_task};
static const blk_block *const kBlocks[] = {&kBlock};
static const blk_plugin kPlugin = {
    sizeof(blk_plugin), BLK_ABI_MAJOR, BLK_ABI_MINOR,      0,       1, STR("com.acme.c"),
    STR("1.0.0"),       STR("abi.h"),  kBlocks,            0,       0};

const blk_plugin *blk_plugin_entry_v1(void) { return &kPlugin; }
BLK_NOTE(0)
