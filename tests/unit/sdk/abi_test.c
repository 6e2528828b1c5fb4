/* abi.h is C11 without padding: this file is compiled with -std=c11 -pedantic -Wpadded -Werror. What the header
 * cannot assert itself is checked here. */
#include <blk/abi.h>

/* A table is only read as far as its producer filled it. */
/* Which of wait (1) and context (2) a reader may touch. */
int MembersThatMayBeRead(const blk_call *call);
int MembersThatMayBeRead(const blk_call *call) {
    return (BLK_HAS(call, wait) ? 1 : 0) + (BLK_HAS(call, context) ? 2 : 0);
}
