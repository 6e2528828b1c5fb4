/* blk/abi.h - the whole stable C ABI of block plugins, major 1.
 *
 * Layout rules (checked by the static asserts at the end and by abidiff):
 *  1. A table starts with uint32_t struct_size: the bytes its PRODUCER filled in.
 *  2. Members are only ever appended. A reader tests BLK_HAS() before it touches
 *     a member newer than the minor it was built against.
 *  3. Fixed-width integers, double, pointers and blk_str only: no bool, enum,
 *     long, size_t, bit-field, time_t; no implicit padding.
 *  4. blk_str, blk_tok, blk_tape travel by value or in arrays: frozen for the major.
 *  5. Every function pointer is noexcept, so a C++ callback that may throw does
 *     not compile.
 *  6. Ownership: whatever crosses is BORROWED. Host to plugin: valid until the
 *     step returns (event data) or the task closes (input). Plugin to host: the
 *     host has copied it when the call returns. Nobody frees the other's memory.
 *  7. Threads: [step] = inside create/open/step/close of this task, never
 *     concurrent for one task, may be another OS thread each time.
 *     [any] = any thread, any time between init and fini.
 */
#ifndef BLK_ABI_H
#define BLK_ABI_H
#include <stddef.h>
#include <stdint.h>

#define BLK_ABI_MAJOR 1u
#define BLK_ABI_MINOR 0u

#ifdef __cplusplus
#define BLK_NX noexcept
extern "C" {
#else
#define BLK_NX
#endif
#define BLK_EXPORT __attribute__((visibility("default")))
#define BLK_HAS(p, m) \
  ((p) && (p)->struct_size >= offsetof(__typeof__(*(p)), m) + sizeof((p)->m))

/* ---- status: >= 0 progress, < 0 failure; unknown negatives read as INTERNAL
 * A block that fails with any code but INTERNAL failed in an expected way: the text of
 * set_error is for the user (bad input, remote said no). INTERNAL is a bug in the block. */
typedef int32_t blk_status;
#define BLK_OK 0
#define BLK_DONE 1            /* step: the task is finished                    */
#define BLK_WAIT 2            /* step: suspended until an event; emit: full    */
#define BLK_E_INTERNAL (-1)
#define BLK_E_INVALID (-2)
#define BLK_E_TYPE (-3)
#define BLK_E_NOT_FOUND (-4)
#define BLK_E_CANCELLED (-5)
#define BLK_E_TIMEOUT (-6)
#define BLK_E_DENIED (-7)     /* not in the manifest's permissions             */
#define BLK_E_UNSUPPORTED (-8)
#define BLK_E_NOMEM (-9)
#define BLK_E_IO (-10)

/* ---- values: a pre-order tape of 16-byte tokens ------------------------- */
typedef struct blk_str { const char *ptr; uint64_t len; } blk_str; /* UTF-8   */

#define BLK_T_NULL 0u
#define BLK_T_BOOL 1u
#define BLK_T_I64 2u
#define BLK_T_F64 3u
#define BLK_T_STR 4u          /* n = bytes, u.p = UTF-8                        */
#define BLK_T_BYTES 5u
/* Packed doubles: n = count, u.p = const double*. Plugin to host only: the host makes an
 * ARRAY of it.                                                                */
#define BLK_T_F64S 6u
#define BLK_T_CRED 7u         /* u.i = credential handle, never the secret     */
#define BLK_T_FILE 8u         /* u.i = file handle; reserved, no service makes one */
#define BLK_T_U64 9u          /* u.i holds the bits of a uint64 above INT64_MAX */
#define BLK_T_ARRAY 0x80u     /* n = children, u.i = tokens in subtree incl. it */
#define BLK_T_OBJECT 0x81u    /* n = members; then n * (STR key, value)        */
/* Unknown type < 0x80 is one token; >= 0x80 is skipped with u.i.              */
typedef struct blk_tok {
  uint8_t type, flags;
  uint16_t reserved;
  uint32_t n;
  union { int64_t i; double f; const void *p; } u;
} blk_tok;
typedef struct blk_tape { const blk_tok *tok; uint64_t count; } blk_tape;

/* ---- host -> plugin ----------------------------------------------------- */
typedef struct blk_host blk_host;
typedef struct blk_call blk_call;
typedef uint64_t blk_op; /* id with a generation in it, never a pointer; 0 none */

struct blk_host {
  uint32_t struct_size, abi_minor;
  blk_str name, version;
  /* [any] Table for "blk.http/1"; a null pointer = host has none or policy says no. */
  const void *(*get_service)(const blk_host *, blk_str id) BLK_NX;
};

#define BLK_EV_START 1u
#define BLK_EV_DRAIN 2u       /* the output queue has room again               */
#define BLK_EV_TIMER 3u       /* the time is up; nothing follows, the op is dead */
/* status = HTTP code, data = OBJECT {"url": STR after redirects, "headers": OBJECT of
 * lower-case name -> STR, a repeated header joined with ", "}                 */
#define BLK_EV_HTTP_HEAD 16u
#define BLK_EV_HTTP_DATA 17u  /* bytes = body chunk, or one SSE data: payload  */
#define BLK_EV_RUN_OUTPUT 24u /* bytes = name of the graph's output, data = value */
/* The op finished, status = BLK_OK or why not; after a failure bytes = a sentence. Of a
 * run: data = its statistics. Nothing follows it and the op is dead.          */
#define BLK_EV_END 32u
typedef struct blk_event {
  uint32_t struct_size, kind;
  blk_op op;
  int32_t status;
  uint32_t reserved;
  blk_str bytes;
  blk_tape data;
} blk_event;

struct blk_call {
  uint32_t struct_size, reserved;
  const blk_host *host;
  void *host_data;
  blk_str run_id, node_id;
  uint64_t deadline_ns; /* CLOCK_MONOTONIC, 0 = none */
  blk_tape input;       /* one OBJECT, already validated against the schema */
  /* [step] Copies the value. BLK_WAIT: not taken, return BLK_WAIT, retry on DRAIN. */
  blk_status (*emit)(blk_call *, blk_str port, blk_tape value) BLK_NX;
  /* [step] Say why; then return the code from step. */
  void (*set_error)(blk_call *, blk_status code, blk_str message) BLK_NX;
  /* [any] BLK_E_CANCELLED once the run is cancelled or past its deadline. */
  blk_status (*poll_cancel)(const blk_call *) BLK_NX;
  /* [step] Scratch from the call's arena, gone when the task closes. */
  void *(*alloc)(blk_call *, uint64_t size, uint64_t align) BLK_NX;
  /* [step] BLK_F_BLOCKING blocks only: sleep until the next event or a cancel. The
   * event's data lives until the next wait.                                      */
  blk_status (*wait)(blk_call *, blk_event *out) BLK_NX;
  /* One OBJECT of STR facts, absent keys unknown: user_id, graph_id, graph_version (I64),
   * graph_exec_id, node_id, node_exec_id, user_timezone (IANA name).             */
  blk_tape context;
};

/* ---- plugin -> host ----------------------------------------------------- */
#define BLK_F_BLOCKING 1u     /* step may block: run it on the elastic pool    */
#define BLK_F_SERIAL 2u       /* one task of an instance at a time             */
/* Neither flag: step returns soon and never sleeps; it runs on a shared worker. */
typedef struct blk_block {
  uint32_t struct_size, flags;
  blk_str id;
  blk_str spec_json; /* one entry of the manifest's "blocks", see docs/manifest.md */
  /* config: the operator's settings for the plugin, one OBJECT, possibly empty; copy
   * what is needed. A null pointer back = the block cannot be used.            */
  void *(*create)(const blk_host *, blk_tape config) BLK_NX;
  void (*destroy)(void *instance) BLK_NX;
  void *(*open)(void *instance, blk_call *) BLK_NX;
  blk_status (*step)(void *task, blk_call *, const blk_event *) BLK_NX;
  void (*close)(void *task) BLK_NX; /* between steps, at the end or on cancel  */
} blk_block;

typedef struct blk_plugin {
  uint32_t struct_size;
  uint16_t abi_major, abi_minor; /* header it was built with                   */
  uint32_t need_minor;           /* refuses hosts older than this              */
  uint32_t block_count;
  blk_str id, version, sdk;
  const blk_block *const *blocks;
  blk_status (*init)(const blk_host *) BLK_NX;
  void (*fini)(void) BLK_NX;
} blk_plugin;

/* The only exported symbol. No host calls, threads or I/O in here. */
BLK_EXPORT const blk_plugin *blk_plugin_entry_v1(void) BLK_NX;

/* The numbers above in an ELF note, so that a host can refuse a file without running it. Once
 * per plugin, in C or C++.                                                    */
typedef struct blk_note {
  uint32_t name_size, desc_size, type;
  char name[4];
  uint32_t abi_major, abi_minor, need_minor, call_size;
} blk_note;
#define BLK_NOTE(need_minor_)                                                              \
  static const blk_note blk_plugin_note                                                    \
      __attribute__((section(".note.blk"), used, aligned(4))) = {                          \
          4u, 16u, 1u, {'B', 'L', 'K', 0}, BLK_ABI_MAJOR, BLK_ABI_MINOR, (need_minor_),    \
          (uint32_t)sizeof(blk_call)};

/* ---- services ----------------------------------------------------------- */
#define BLK_SVC_LOG "blk.log/1"
typedef struct blk_log_api {
  uint32_t struct_size, reserved;
  int32_t (*enabled)(const blk_call *, int32_t level) BLK_NX;             /* [any] */
  void (*log)(const blk_call *, int32_t level, blk_str msg, blk_tape kv) BLK_NX; /* [any] */
} blk_log_api;

#define BLK_SVC_HTTP "blk.http/1"
#define BLK_HTTP_SSE 1u         /* events are SSE payloads, parsed by the host  */
#define BLK_HTTP_NO_REDIRECT 2u /* a 3xx answer is an answer                    */
typedef struct blk_header { blk_str name, value; } blk_header;
typedef struct blk_http_request {
  uint32_t struct_size, flags;
  blk_str method, url;
  const blk_header *headers;
  uint64_t header_count;
  blk_str body;
  uint64_t timeout_ms, max_response; /* 0 = the host's limit; max in bytes     */
  uint64_t credential;  /* handle; the host adds the header, 0 = none          */
  blk_str auth_scheme;  /* "bearer", "basic", "header:x-api-key", "query:key"  */
} blk_http_request;
typedef struct blk_http_api {
  uint32_t struct_size, reserved;
  blk_status (*start)(blk_call *, const blk_http_request *, blk_op *op) BLK_NX; /* [step] */
  void (*cancel)(blk_call *, blk_op) BLK_NX;                                    /* [step] */
} blk_http_api;

#define BLK_SVC_TIMER "blk.timer/1"
typedef struct blk_timer_api {
  uint32_t struct_size, reserved;
  blk_status (*after_ms)(blk_call *, uint64_t ms, blk_op *op) BLK_NX;           /* [step] */
} blk_timer_api;

#define BLK_SVC_RUN "blk.run/1"       /* another graph as a child of this run  */
typedef struct blk_run_request {
  uint32_t struct_size, flags;
  blk_str graph_id;
  int64_t graph_version;
  blk_tape inputs;            /* OBJECT: name of an input of the graph -> value */
  blk_tape nodes_input_masks; /* OBJECT: node id -> OBJECT, or {0, 0}           */
} blk_run_request;
typedef struct blk_run_api {
  uint32_t struct_size, reserved;
  blk_status (*start)(blk_call *, const blk_run_request *, blk_op *op) BLK_NX;  /* [step] */
  void (*cancel)(blk_call *, blk_op) BLK_NX;                                    /* [step] */
} blk_run_api;

/* Numbers that are added to the node's statistics: input_token_count, output_token_count,
 * llm_call_count, llm_retry_count, cost, ...                                   */
#define BLK_SVC_STATS "blk.stats/1"
typedef struct blk_stats_api {
  uint32_t struct_size, reserved;
  blk_status (*add)(blk_call *, blk_tape object) BLK_NX;                        /* [step] */
} blk_stats_api;

/* Text <-> values. Results live until the task closes. [step]                 */
#define BLK_SVC_JSON "blk.json/1"
typedef struct blk_json_api {
  uint32_t struct_size, reserved;
  blk_status (*parse)(blk_call *, blk_str text, blk_tape *out) BLK_NX;
  blk_status (*write)(blk_call *, blk_tape value, blk_str *out) BLK_NX;
} blk_json_api;

#ifdef __cplusplus
}
#endif

/* ---- frozen layout (LP64) ----------------------------------------------- */
#ifdef __cplusplus
#define BLK_SA(c) static_assert(c, #c)
#else
#define BLK_SA(c) _Static_assert(c, #c)
#endif
BLK_SA(sizeof(void *) == 8);
BLK_SA(sizeof(blk_str) == 16);
BLK_SA(sizeof(blk_tok) == 16);
BLK_SA(sizeof(blk_tape) == 16);
BLK_SA(sizeof(blk_event) == 56);
BLK_SA(offsetof(blk_call, emit) == 80);
BLK_SA(sizeof(blk_host) == 48);
BLK_SA(offsetof(blk_host, get_service) == 40);
BLK_SA(offsetof(blk_event, bytes) == 24);
BLK_SA(offsetof(blk_call, context) == 120);
BLK_SA(sizeof(blk_call) == 136);
BLK_SA(offsetof(blk_block, create) == 40);
BLK_SA(sizeof(blk_block) == 80);
BLK_SA(offsetof(blk_plugin, blocks) == 64);
BLK_SA(sizeof(blk_plugin) == 88);
BLK_SA(sizeof(blk_note) == 32);
BLK_SA(sizeof(blk_header) == 32);
BLK_SA(offsetof(blk_http_request, credential) == 88);
BLK_SA(sizeof(blk_http_request) == 112);
BLK_SA(sizeof(blk_run_request) == 64);
BLK_SA(sizeof(blk_log_api) == 24);
BLK_SA(sizeof(blk_http_api) == 24);
BLK_SA(sizeof(blk_timer_api) == 16);
BLK_SA(sizeof(blk_run_api) == 24);
BLK_SA(sizeof(blk_stats_api) == 16);
BLK_SA(sizeof(blk_json_api) == 24);
#endif
