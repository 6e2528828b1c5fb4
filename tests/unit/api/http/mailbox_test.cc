#include "api/http/mailbox.h"

#include <gtest/gtest.h>
#include <poll.h>

#include "api/http/exchange.h"

namespace yard::http {
namespace {

bool IsRinging(const Mailbox& mailbox) {
    pollfd entry{mailbox.event_fd(), POLLIN, 0};
    return ::poll(&entry, 1, 0) == 1;
}

Mail Drain() { return {Mail::Action::kDrain, nullptr, {}}; }

TEST(MailboxTest, RingsUntilItIsEmptied) {
    auto mailbox = Mailbox::Create().value();
    EXPECT_FALSE(IsRinging(*mailbox));
    mailbox->Post(Drain());
    mailbox->Post(Drain());
    EXPECT_TRUE(IsRinging(*mailbox));
    EXPECT_EQ(mailbox->TakeAll().size(), 2u);
    EXPECT_FALSE(IsRinging(*mailbox));
    mailbox->Post(Drain());
    EXPECT_TRUE(IsRinging(*mailbox));
}

TEST(MailboxTest, DropsMailOnceClosed) {
    auto mailbox = Mailbox::Create().value();
    mailbox->Post(Drain());
    mailbox->Close();
    mailbox->Post(Drain());
    EXPECT_TRUE(mailbox->TakeAll().empty());
}

TEST(MailboxTest, NoMailIsLostOrSleptThroughBetweenTwoThreads) {
    constexpr size_t kMails = 200000;
    auto mailbox = Mailbox::Create().value();
    std::thread sender([&] {
        for (size_t i = 0; i < kMails; ++i) mailbox->Post(Drain());
    });
    size_t received = 0;
    while (received < kMails) {
        pollfd entry{mailbox->event_fd(), POLLIN, 0};
        ASSERT_EQ(::poll(&entry, 1, 5000), 1) << "slept with mail in the box after " << received;
        received += mailbox->TakeAll().size();
    }
    sender.join();
    EXPECT_EQ(received, kMails);
}

}  // namespace
}  // namespace yard::http
