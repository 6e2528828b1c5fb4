#include "host/plugin/mailbox.h"

#include <gtest/gtest.h>

namespace yard::plugin {
namespace {

constexpr auto kTimer = CallOperation::Kind::kTimer;

CallEvent Event(blk_op op, uint32_t kind, std::string bytes = {}) {
    CallEvent event{.kind = kind, .op = op, .status = BLK_OK};
    event.bytes = std::move(bytes);
    return event;
}

TEST(MailboxTest, EventsComeOutInTheirOrder) {
    Mailbox mailbox;
    const blk_op op = mailbox.Open(kTimer);
    CallEvent event;
    EXPECT_FALSE(mailbox.Take(event));
    for (int i = 0; i < 300; ++i) {
        ASSERT_TRUE(mailbox.Push(Event(op, BLK_EV_HTTP_DATA, std::to_string(i))));
    }
    for (int i = 0; i < 300; ++i) {
        ASSERT_TRUE(mailbox.Take(event));
        EXPECT_EQ(event.bytes, std::to_string(i));
    }
    EXPECT_TRUE(mailbox.empty());
    EXPECT_EQ(mailbox.unread_bytes(), 0u);
}

TEST(MailboxTest, LastEventEndsItsOperation) {
    Mailbox mailbox;
    CallEvent event;
    const blk_op op = mailbox.Open(kTimer);
    EXPECT_TRUE(mailbox.IsExpecting());
    ASSERT_TRUE(mailbox.Push(Event(op, BLK_EV_END)));
    ASSERT_TRUE(mailbox.Take(event));
    EXPECT_FALSE(mailbox.IsExpecting());
    EXPECT_FALSE(mailbox.Push(Event(op, BLK_EV_HTTP_DATA)));
}

TEST(MailboxTest, StaleNumbersFindNothingInAReusedSlot) {
    Mailbox mailbox;
    const blk_op old = mailbox.Open(kTimer);
    ASSERT_TRUE(mailbox.Close(old).has_value());
    const blk_op fresh = mailbox.Open(kTimer);
    EXPECT_NE(old, fresh);
    EXPECT_EQ(mailbox.Find(old), nullptr);
    EXPECT_FALSE(mailbox.Close(old).has_value());
    EXPECT_NE(mailbox.Find(fresh), nullptr);
    EXPECT_EQ(mailbox.Find(0), nullptr);
    EXPECT_EQ(mailbox.Find(~blk_op{0}), nullptr);
}

TEST(MailboxTest, ClosingAnOperationDropsItsUnreadEventsOnly) {
    Mailbox mailbox;
    const blk_op first = mailbox.Open(kTimer), second = mailbox.Open(kTimer);
    mailbox.Push(Event(first, BLK_EV_HTTP_DATA, "one"));
    mailbox.Push(Event(second, BLK_EV_HTTP_DATA, "two"));
    mailbox.Close(first);
    EXPECT_EQ(mailbox.unread_bytes(), 3u);
    CallEvent event;
    ASSERT_TRUE(mailbox.Take(event));
    EXPECT_EQ(event.bytes, "two");
}

TEST(MailboxTest, OperationsAreBounded) {
    Mailbox mailbox;
    for (size_t i = 0; i < Mailbox::kOperationsMax; ++i) ASSERT_NE(mailbox.Open(kTimer), 0u);
    EXPECT_EQ(mailbox.Open(kTimer), 0u);
    EXPECT_EQ(mailbox.CloseAll().size(), Mailbox::kOperationsMax);
    EXPECT_NE(mailbox.Open(kTimer), 0u);
}

TEST(MailboxTest, DrainThatComesBeforeItIsExpectedIsNotLost) {
    Mailbox mailbox;
    CallEvent event;
    mailbox.Drain();
    EXPECT_TRUE(mailbox.empty());
    mailbox.ExpectDrain();
    ASSERT_TRUE(mailbox.Take(event));
    EXPECT_EQ(event.kind, BLK_EV_DRAIN);
    mailbox.ExpectDrain();
    EXPECT_TRUE(mailbox.IsExpecting());
    EXPECT_TRUE(mailbox.empty());
    mailbox.Drain();
    EXPECT_TRUE(mailbox.Take(event));
}

}  // namespace
}  // namespace yard::plugin
