/* A plugin with one fault, picked by -DFAULT_..., for tests of what refuses plugins. */
#include <blk/abi.h>

#define STR(literal) \
    { literal, sizeof(literal) - 1 }
#define SCHEMA "{\"properties\":{},\"type\":\"object\"}"
#define SPEC(id)                                                        \
    "{\"id\":\"" id "\",\"name\":\"TestBlock\",\"inputSchema\":" SCHEMA \
    ",\"outputSchema\":" SCHEMA "}"

static void* create(const blk_host* host, blk_tape config) {
    (void)host;
    return (void*)config.tok;
}
static void destroy(void* instance) { (void)instance; }
static void* open_task(void* instance, blk_call* call) {
    (void)call;
    return instance;
}
#if defined(FAULT_STEP)
#define STEP 0
#else
#define STEP step
static blk_status step(void* task, blk_call* call, const blk_event* event) {
    (void)task;
    (void)call;
    (void)event;
    return BLK_DONE;
}
#endif
static void close_task(void* task) { (void)task; }

#if defined(FAULT_JSON)
#define TEXT "{\"id\":"
#else
#define TEXT SPEC("test.one")
#endif
static const blk_block kBlock = {
    sizeof(blk_block), 0, STR("test.one"), STR(TEXT), create, destroy, open_task, STEP, close_task};
static const blk_block* const kBlocks[] = {&kBlock, &kBlock};

#if defined(FAULT_MAJOR)
#define MAJOR 2u
#else
#define MAJOR BLK_ABI_MAJOR
#endif
#if defined(FAULT_NEED)
#define NEED 99u
#else
#define NEED 0u
#endif
#if defined(FAULT_SIZE)
#define SIZE 0u
#else
#define SIZE sizeof(blk_plugin)
#endif
#if defined(FAULT_TWICE)
#define COUNT 2u
#else
#define COUNT 1u
#endif
#if defined(FAULT_ID)
#define ID "No Id"
#else
#define ID "test.refused"
#endif
static const blk_plugin kPlugin = {SIZE,       MAJOR,        BLK_ABI_MINOR, NEED, COUNT, STR(ID),
                                   STR("1.0"), STR("abi.h"), kBlocks,       0,    0};

#if !defined(FAULT_ENTRY)
const blk_plugin* blk_plugin_entry_v1(void) {
#if defined(FAULT_EMPTY)
    return kPlugin.struct_size ? 0 : &kPlugin;
#else
    return &kPlugin;
#endif
}
#else
BLK_EXPORT const blk_plugin* some_other_function(void);
const blk_plugin* some_other_function(void) { return &kPlugin; }
#endif

#if defined(FAULT_NOTE_NEED)
BLK_NOTE(7u)
#elif !defined(FAULT_NOTE)
BLK_NOTE(NEED)
#endif
