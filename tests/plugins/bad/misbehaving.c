/* Blocks that break a rule each, and a few good ones to compare them with. */
#include "plugin.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_MS 3600000u

static const blk_http_api *http;
static const blk_timer_api *timer;
static const blk_json_api *json;
static const blk_stats_api *stats;
static const blk_run_api *run;
static atomic_int released, closed, open_serial, most_serial, late_status;

static blk_str text(const char *chars) {
    blk_str s = {chars, strlen(chars)};
    return s;
}

static blk_status init(const blk_host *host) {
    http = host->get_service(host, text(BLK_SVC_HTTP));
    timer = host->get_service(host, text(BLK_SVC_TIMER));
    json = host->get_service(host, text(BLK_SVC_JSON));
    stats = host->get_service(host, text(BLK_SVC_STATS));
    run = host->get_service(host, text(BLK_SVC_RUN));
    if (host->get_service(host, text("blk.unheard_of/1"))) return BLK_E_INTERNAL;
    return http && timer && json && stats && run ? BLK_OK : BLK_E_UNSUPPORTED;
}

typedef struct task {
    blk_call *call;
    blk_op op;
    int sent;
} task;

static void *open_state(void *instance, blk_call *call) {
    task *t = calloc(1, sizeof *t);
    (void)instance;
    if (t) t->call = call;
    return t;
}
static void close_state(void *state) {
    atomic_fetch_add(&closed, 1);
    free(state);
}

static blk_status emit_token(blk_call *call, const char *port, const blk_tok *token) {
    blk_tape value = {token, 1};
    return call->emit(call, text(port), value);
}
static blk_status emit_number(blk_call *call, int64_t number) {
    blk_tok token = {BLK_T_I64, 0, 0, 0, {0}};
    token.u.i = number;
    return emit_token(call, "out", &token);
}
static blk_status emit_text(blk_call *call, blk_str s) {
    blk_tok token = {BLK_T_STR, 0, 0, 0, {0}};
    token.n = (uint32_t)s.len;
    token.u.p = s.ptr;
    return emit_token(call, "out", &token);
}
static const blk_tok *member(blk_tape object, const char *key) {
    const blk_tok *at = object.tok + 1;
    for (uint32_t k = 0; object.count && k < object.tok->n; ++k) {
        const blk_tok *value = at + 1;
        if (at->n == strlen(key) && memcmp(at->u.p, key, at->n) == 0) return value;
        at = value + (value->type >= 0x80u ? value->u.i : 1);
    }
    return 0;
}
static blk_str text_member(blk_tape object, const char *key) {
    const blk_tok *found = member(object, key);
    blk_str s = {0, 0};
    if (found && found->type == BLK_T_STR) s.ptr = found->u.p, s.len = found->n;
    return s;
}

#define STEP(name) \
    static blk_status name(void *state, blk_call *call, const blk_event *event)
#define UNUSED (void)state, (void)call, (void)event

STEP(echo) {
    const blk_tok *at = call->input.tok + 1;
    UNUSED;
    for (uint32_t k = 0; k < call->input.tok->n; ++k) {
        uint64_t count = at[1].type >= 0x80u ? (uint64_t)at[1].u.i : 1;
        blk_tape value = {at + 1, count};
        if (call->emit(call, text("out"), value) < 0) return BLK_E_INTERNAL;
        at += 1 + count;
    }
    return BLK_DONE;
}
STEP(undeclared) {
    blk_tok token = {BLK_T_NULL, 0, 0, 0, {0}};
    UNUSED;
    emit_token(call, "nope", &token);
    return BLK_DONE; /* as if the host had not complained */
}
STEP(malformed) {
    blk_tok array[2] = {{BLK_T_ARRAY, 0, 0, 5, {100}}, {BLK_T_NULL, 0, 0, 0, {0}}};
    blk_tape value = {array, 2};
    UNUSED;
    return call->emit(call, text("out"), value) < 0 ? BLK_DONE : BLK_E_INTERNAL;
}
STEP(deep) {
    enum { kDepth = 10000 };
    blk_tok *array = calloc(kDepth, sizeof *array);
    blk_tape value = {array, kDepth};
    UNUSED;
    if (!array) return BLK_E_NOMEM;
    for (int k = 0; k < kDepth; ++k) {
        array[k].type = BLK_T_ARRAY;
        array[k].n = k + 1 < kDepth;
        array[k].u.i = kDepth - k;
    }
    call->emit(call, text("out"), value);
    free(array);
    return BLK_DONE;
}
STEP(suspended) {
    task *t = state;
    UNUSED;
    return timer->after_ms(call, HOUR_MS, &t->op) < 0 ? BLK_E_INTERNAL : BLK_WAIT;
}
static void close_emitting(void *state) {
    task *t = state;
    atomic_store(&late_status, emit_number(t->call, 1));
    close_state(state);
}
STEP(late_status_of) { return UNUSED, emit_number(call, atomic_load(&late_status)), BLK_DONE; }
STEP(hangs) { return UNUSED, BLK_WAIT; }
STEP(spins) {
    UNUSED;
    if (emit_number(call, 0) < 0) return BLK_E_INTERNAL;
    while (!atomic_load(&released)) {
    }
    return BLK_DONE;
}
STEP(releases) { return UNUSED, atomic_store(&released, 1), BLK_DONE; }
STEP(leaks) {
    blk_http_request request = {sizeof request, 0};
    task *t = state;
    UNUSED;
    request.url = text("http://127.0.0.1/");
    return http->start(call, &request, &t->op) < 0 ? BLK_E_INTERNAL : BLK_DONE;
}
STEP(garbage) { return UNUSED, 77; }
static void *open_null(void *instance, blk_call *call) {
    return (void)instance, (void)call, (void *)0;
}
STEP(refuses) {
    UNUSED;
    call->set_error(call, BLK_E_INVALID, text("the text is too blue"));
    return BLK_E_INVALID;
}
STEP(breaks) { return UNUSED, BLK_E_INTERNAL; }
STEP(unknown_failure) { return UNUSED, -4711; }
STEP(sleeps) {
    task *t = state;
    if (event->kind == BLK_EV_START) {
        return timer->after_ms(call, 1, &t->op) < 0 ? BLK_E_INTERNAL : BLK_WAIT;
    }
    if (event->kind != BLK_EV_TIMER || event->op != t->op) return BLK_E_INTERNAL;
    return emit_number(call, 7) < 0 ? BLK_E_INTERNAL : BLK_DONE;
}
STEP(counts_to_three) {
    task *t = state;
    (void)event;
    while (t->sent < 3) {
        blk_status s = emit_number(call, t->sent);
        if (s != BLK_OK) return s;
        ++t->sent;
    }
    return BLK_DONE;
}
STEP(waits) {
    blk_event next = {0};
    task *t = state;
    UNUSED;
    if (timer->after_ms(call, 1, &t->op) < 0) return BLK_E_INTERNAL;
    if (call->wait(call, &next) < 0) return BLK_E_CANCELLED;
    return emit_number(call, next.kind) < 0 ? BLK_E_INTERNAL : BLK_DONE;
}
STEP(waits_for_nothing) {
    blk_event next = {0};
    UNUSED;
    return call->wait(call, &next) < 0 ? BLK_E_INTERNAL : BLK_DONE;
}
STEP(waits_an_hour) {
    blk_event next = {0};
    task *t = state;
    UNUSED;
    if (timer->after_ms(call, HOUR_MS, &t->op) < 0) return BLK_E_INTERNAL;
    return call->wait(call, &next) < 0 ? BLK_E_CANCELLED : BLK_DONE;
}
STEP(fetches) {
    task *t = state;
    if (event->kind == BLK_EV_START) {
        blk_http_request request = {sizeof request, BLK_HTTP_SSE};
        const blk_tok *credential = member(call->input, "credentials");
        blk_status s;
        request.method = text("POST");
        request.url = text_member(call->input, "url");
        request.auth_scheme = text_member(call->input, "scheme");
        if (credential && credential->type == BLK_T_CRED) {
            request.credential = (uint64_t)credential->u.i;
        }
        if (member(call->input, "foreign")) request.credential = 4711;
        s = http->start(call, &request, &t->op);
        return s < 0 ? s : BLK_WAIT;
    }
    if (event->op != t->op) return BLK_E_INTERNAL;
    if (event->kind == BLK_EV_HTTP_HEAD) {
        return emit_number(call, event->status) < 0 ? BLK_E_INTERNAL : BLK_WAIT;
    }
    if (event->kind == BLK_EV_HTTP_DATA) {
        return emit_text(call, event->bytes) < 0 ? BLK_E_INTERNAL : BLK_WAIT;
    }
    if (event->status < 0) call->set_error(call, event->status, event->bytes);
    return event->status < 0 ? event->status : BLK_DONE;
}
STEP(serial) {
    task *t = state;
    if (event->kind == BLK_EV_START) {
        int now = atomic_fetch_add(&open_serial, 1) + 1;
        if (now > atomic_load(&most_serial)) atomic_store(&most_serial, now);
        return timer->after_ms(call, 1, &t->op) < 0 ? BLK_E_INTERNAL : BLK_WAIT;
    }
    atomic_fetch_sub(&open_serial, 1);
    return emit_number(call, atomic_load(&most_serial)) < 0 ? BLK_E_INTERNAL : BLK_DONE;
}
STEP(counts_tokens) {
    blk_tape object = {0, 0};
    UNUSED;
    for (int k = 0; k < 2; ++k) {
        if (json->parse(call, text("{\"input_token_count\": 20, \"cost\": 0.25}"), &object) < 0 ||
            stats->add(call, object) < 0) {
            return BLK_E_INTERNAL;
        }
    }
    return BLK_DONE;
}
STEP(rewrites_json) {
    blk_tape value = {0, 0};
    blk_str out = {0, 0};
    blk_status s = json->parse(call, text_member(call->input, "text"), &value);
    UNUSED;
    if (s < 0) return s;
    if (json->write(call, value, &out) < 0) return BLK_E_INTERNAL;
    return emit_text(call, out) < 0 ? BLK_E_INTERNAL : BLK_DONE;
}
STEP(cancels_stale) {
    task *t = state;
    blk_op old;
    UNUSED;
    if (timer->after_ms(call, HOUR_MS, &t->op) < 0) return BLK_E_INTERNAL;
    old = t->op;
    http->cancel(call, old);
    http->cancel(call, old);
    http->cancel(call, 0xdeadbeef00000001u);
    if (timer->after_ms(call, HOUR_MS, &t->op) < 0 || t->op == old) return BLK_E_INTERNAL;
    http->cancel(call, old); /* must not end the new one, which has the same slot */
    return BLK_WAIT;
}
STEP(counts_closed) { return UNUSED, emit_number(call, atomic_load(&closed)), BLK_DONE; }
STEP(runs_graph) {
    task *t = state;
    if (event->kind == BLK_EV_START) {
        blk_run_request request = {sizeof request, 0};
        blk_status s;
        request.graph_id = text("child");
        request.graph_version = 3;
        request.inputs = call->input;
        s = run->start(call, &request, &t->op);
        return s < 0 ? s : BLK_WAIT;
    }
    if (event->kind == BLK_EV_RUN_OUTPUT) {
        return emit_text(call, event->bytes) < 0 ? BLK_E_INTERNAL : BLK_WAIT;
    }
    return emit_text(call, text_member(event->data, "status")) < 0 ? BLK_E_INTERNAL : BLK_DONE;
}
STEP(tells_context) {
    UNUSED;
    return call->emit(call, text("out"), call->context) < 0 ? BLK_E_INTERNAL : BLK_DONE;
}

#define ID(n) "00000000-0000-4000-8000-0000000000" n
#define NORMAL(n, step) BLOCK(block_##step, ID(n), 0, open_state, step, close_state)
#define BLOCKING(n, step) BLOCK(block_##step, ID(n), BLK_F_BLOCKING, open_state, step, close_state)
NORMAL("01", echo)
NORMAL("02", undeclared)
NORMAL("03", malformed)
NORMAL("04", deep)
BLOCK(block_suspended, ID("05"), 0, open_state, suspended, close_emitting)
NORMAL("06", hangs)
BLOCKING("07", spins)
NORMAL("08", releases)
NORMAL("09", leaks)
NORMAL("10", garbage)
BLOCK(block_open_null, ID("11"), 0, open_null, echo, close_state)
NORMAL("12", refuses)
NORMAL("13", breaks)
NORMAL("14", sleeps)
NORMAL("15", counts_to_three)
BLOCKING("16", waits)
NORMAL("17", fetches)
BLOCK(block_serial, ID("18"), BLK_F_SERIAL, open_state, serial, close_state)
NORMAL("19", counts_tokens)
NORMAL("20", cancels_stale)
NORMAL("21", rewrites_json)
NORMAL("22", runs_graph)
NORMAL("23", counts_closed)
BLOCKING("24", waits_for_nothing)
BLOCKING("25", waits_an_hour)
NORMAL("26", unknown_failure)
NORMAL("27", late_status_of)
NORMAL("28", tells_context)

static const blk_block *const blocks[] = {
    &block_echo,           &block_undeclared,      &block_malformed,         &block_deep,
    &block_suspended,      &block_hangs,           &block_spins,             &block_releases,
    &block_leaks,          &block_garbage,         &block_open_null,         &block_refuses,
    &block_breaks,         &block_sleeps,          &block_counts_to_three,   &block_waits,
    &block_fetches,        &block_serial,          &block_counts_tokens,     &block_cancels_stale,
    &block_rewrites_json,  &block_runs_graph,      &block_counts_closed,     &block_waits_for_nothing,
    &block_waits_an_hour,  &block_unknown_failure, &block_late_status_of,    &block_tells_context};
static const blk_plugin plugin = {
    sizeof(blk_plugin), 1, 0, 0, sizeof blocks / sizeof *blocks, STR("test.misbehaving"),
    STR("1.0.0"), STR("abi.h"), blocks, init, 0};
ENTRY(plugin)
BLK_NOTE(0)
