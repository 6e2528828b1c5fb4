#include "host/storage/sql/library_store.h"

#include <gtest/gtest.h>

#include "tests/unit/host/storage/sql/temporary_database.h"

namespace yard::storage::sql {
namespace {

LibraryAgent Entry() {
    LibraryAgent agent;
    agent.id = "entry";
    agent.user_id = kUser;
    agent.graph_id = kGraph;
    agent.settings.human_in_the_loop_safe_mode = false;
    agent.settings.sensitive_action_safe_mode = true;
    return agent;
}

class LibraryStoreTest : public ::testing::Test {
protected:
    Result<Ok> Do(const std::function<Result<Ok>(LibraryStore&)>& work) {
        return database_->Write([&](Stores& stores) { return work(stores.library); });
    }
    TemporaryDatabase database_;
};

TEST_F(LibraryStoreTest, AnEntryIsFoundChangedAndDeletedByItsGraph) {
    EXPECT_TRUE(Do([](LibraryStore& library) -> Result<Ok> {
                    TRY(library.Insert(Entry()));
                    LibraryAgent agent = *TRY(library.FindByGraph(kUser, kGraph, false));
                    EXPECT_EQ(agent.id, "entry");
                    EXPECT_TRUE(agent.use_active_version);
                    EXPECT_TRUE(agent.is_created_by_user);
                    EXPECT_FALSE(agent.settings.human_in_the_loop_safe_mode);
                    EXPECT_TRUE(agent.settings.sensitive_action_safe_mode);
                    agent.settings = {};
                    TRY(library.Update(agent));
                    EXPECT_TRUE(TRY(library.FindByGraph(kUser, kGraph, false))
                                    ->settings.human_in_the_loop_safe_mode);
                    EXPECT_EQ(TRY(library.DeleteByGraph(UserId("user-2"), kGraph)), 0);
                    EXPECT_EQ(TRY(library.DeleteByGraph(kUser, kGraph)), 1);
                    EXPECT_FALSE(TRY(library.FindByGraph(kUser, kGraph, true)).has_value());
                    return Ok{};
                }).ok());
}

TEST_F(LibraryStoreTest, HiddenEntriesAreFoundOnRequestOnly) {
    for (const bool archived : {true, false}) {
        EXPECT_TRUE(Do([&](LibraryStore& library) -> Result<Ok> {
                        LibraryAgent agent = Entry();
                        agent.is_archived = archived;
                        agent.is_deleted = !archived;
                        TRY(library.Insert(agent));
                        EXPECT_FALSE(TRY(library.FindByGraph(kUser, kGraph, false)).has_value());
                        EXPECT_TRUE(TRY(library.FindByGraph(kUser, kGraph, true)).has_value());
                        TRY(library.DeleteByGraph(kUser, kGraph));
                        return Ok{};
                    }).ok());
    }
}

TEST_F(LibraryStoreTest, ASecondEntryForAVersionIsAConflict) {
    const Result<Ok> done = Do([](LibraryStore& library) -> Result<Ok> {
        TRY(library.Insert(Entry()));
        LibraryAgent second = Entry();
        second.id = "second";
        return library.Insert(second);
    });
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().kind, ErrorKind::kConflict);
}

TEST_F(LibraryStoreTest, AnEntryForAVersionThatIsNotThereIsRefused) {
    const Result<Ok> done = Do([](LibraryStore& library) -> Result<Ok> {
        LibraryAgent agent = Entry();
        TRY(library.Insert(agent));
        agent.graph_version = 99;
        return library.Update(agent);
    });
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().kind, ErrorKind::kConflict);
}

TEST_F(LibraryStoreTest, AnUnknownEntryCannotBeUpdated) {
    EXPECT_EQ(Do([](LibraryStore& library) { return library.Update(Entry()); }).error().kind,
              ErrorKind::kNotFound);
}

}  // namespace
}  // namespace yard::storage::sql
