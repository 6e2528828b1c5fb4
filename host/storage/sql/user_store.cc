#include "host/storage/sql/user_store.h"

namespace yard::storage::sql {
namespace {

const Statement kFind{"user.find", R"(
    SELECT "email", "emailVerified", "name", "createdAt", "updatedAt", "metadata", "integrations",
        "stripeCustomerId", "topUpConfig", "maxEmailsPerDay", "notify", "timezone"
    FROM "User" WHERE "id" = $1)",
                      "titiittttitt"};
const Statement kInsert{"user.insert", R"(
    INSERT INTO "User" ("id", "email", "name", "createdAt", "updatedAt")
    VALUES ($1, $2, $3, $4, $5))"};
const Statement kUpdate{"user.update", R"(
    UPDATE "User" SET "email" = $1, "emailVerified" = $2, "name" = $3, "updatedAt" = $4,
        "metadata" = $5, "integrations" = $6, "stripeCustomerId" = $7, "topUpConfig" = $8,
        "maxEmailsPerDay" = $9, "notify" = $10, "timezone" = $11
    WHERE "id" = $12)"};

Value EncodeNotify(const std::map<std::string, bool>& notify) {
    ValueBuilder builder;
    builder.BeginObject();
    for (const auto& [kind, wanted] : notify) builder.Member(kind, wanted);
    return builder.EndObject().Take();
}

std::map<std::string, bool> DecodeNotify(View json) {
    std::map<std::string, bool> notify;
    for (auto [kind, wanted] : json.members()) notify.emplace(kind, wanted.BoolOr(true));
    return notify;
}

}  // namespace

std::vector<const Statement*> SqlUserStore::Statements() { return {&kFind, &kInsert, &kUpdate}; }

Result<std::optional<User>> SqlUserStore::Find(const UserId& id) {
    Rows rows = TRY(session_.Query(kFind, {ToCell(id)}));
    if (rows.empty()) return std::optional<User>();
    User user;
    user.id = id;
    user.email = rows.Text(0, 0);
    user.email_verified = rows.Bool(0, 1);
    user.name = rows.OptionalText(0, 2);
    user.created_at = rows.Time(0, 3);
    user.updated_at = rows.Time(0, 4);
    user.metadata = rows.Json(0, 5);
    user.integrations = rows.Text(0, 6);
    user.stripe_customer_id = rows.OptionalText(0, 7);
    user.top_up_config = rows.Json(0, 8);
    user.max_emails_per_day = static_cast<int>(rows.Int(0, 9));
    user.notify = DecodeNotify(rows.Json(0, 10));
    user.timezone = rows.Text(0, 11);
    return std::optional(std::move(user));
}

Result<User> SqlUserStore::GetOrCreate(const UserId& id, const std::string& email,
                                       const std::optional<std::string>& name, Timestamp now) {
    std::optional<User> user = TRY(Find(id));
    if (user) return std::move(*user);
    TRY(session_.Execute(kInsert,
                         {ToCell(id), ToCell(email), ToCell(name), ToCell(now), ToCell(now)}));
    user = TRY(Find(id));
    if (!user) return Internal("A user that was just stored cannot be read back.");
    return std::move(*user);
}

Result<bool> SqlUserStore::Update(const User& user) {
    const int64_t changed = TRY(session_.Execute(
        kUpdate, {ToCell(user.email), ToCell(user.email_verified), ToCell(user.name),
                  ToCell(user.updated_at), ObjectCell(user.metadata), ToCell(user.integrations),
                  ToCell(user.stripe_customer_id), JsonCell(user.top_up_config),
                  ToCell(user.max_emails_per_day), ObjectCell(EncodeNotify(user.notify)),
                  ToCell(user.timezone), ToCell(user.id)}));
    return changed != 0;
}

}  // namespace yard::storage::sql
