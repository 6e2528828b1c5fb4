#include "host/storage/sql/account_store.h"

namespace yard::storage::sql {
namespace {

const std::string kSelectAccount =
    R"(SELECT "id", "email", "passwordHash", "role", "userMetadata", "createdAt", "updatedAt",
              "lastSignInAt"
       FROM "Account" )";

const Statement kInsert{"account.insert", R"(
    INSERT INTO "Account" ("id", "email", "passwordHash", "role", "userMetadata", "createdAt",
        "updatedAt", "lastSignInAt")
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8))"};
const Statement kFind{"account.find", kSelectAccount + R"(WHERE "id" = $1)", "tttttiii"};
const Statement kFindByEmail{"account.find_by_email", kSelectAccount + R"(WHERE "email" = $1)",
                             "tttttiii"};
const Statement kUpdate{"account.update", R"(
    UPDATE "Account" SET "email" = $1, "passwordHash" = $2, "role" = $3, "userMetadata" = $4,
        "updatedAt" = $5, "lastSignInAt" = $6
    WHERE "id" = $7)"};
const Statement kCount{"account.count", R"(SELECT count(*) FROM "Account")", "i"};

const Statement kInsertToken{"account.insert_token", R"(
    INSERT INTO "RefreshToken" ("tokenHash", "familyId", "accountId", "createdAt", "expiresAt",
        "usedAt")
    VALUES ($1, $2, $3, $4, $5, $6))"};
const Statement kFindToken{"account.find_token", R"(
    SELECT "familyId", "accountId", "createdAt", "expiresAt", "usedAt" FROM "RefreshToken"
    WHERE "tokenHash" = $1)",
                           "ttiii"};
const Statement kMarkTokenUsed{
    "account.mark_token_used",
    R"(UPDATE "RefreshToken" SET "usedAt" = $1 WHERE "tokenHash" = $2 AND "usedAt" IS NULL)"};
const Statement kDeleteFamily{"account.delete_family",
                              R"(DELETE FROM "RefreshToken" WHERE "familyId" = $1)"};
const Statement kDeleteTokensOf{
    "account.delete_tokens_of",
    R"(DELETE FROM "RefreshToken" WHERE "accountId" = $1 AND "familyId" <> $2)"};
const Statement kDeleteExpired{"account.delete_expired_tokens",
                               R"(DELETE FROM "RefreshToken" WHERE "expiresAt" <= $1)"};

std::optional<Account> FirstAccount(Rows rows) {
    if (rows.empty()) return std::nullopt;
    return Account{.id = UserId(rows.Text(0, 0)),
                   .email = rows.Text(0, 1),
                   .password_hash = rows.Text(0, 2),
                   .role = rows.Text(0, 3),
                   .user_metadata = rows.Json(0, 4),
                   .created_at = rows.Time(0, 5),
                   .updated_at = rows.Time(0, 6),
                   .last_sign_in_at = rows.OptionalTime(0, 7)};
}

}  // namespace

std::vector<const Statement*> SqlAccountStore::Statements() {
    return {&kInsert,       &kFind,           &kFindByEmail,  &kUpdate,
            &kCount,        &kInsertToken,    &kFindToken,    &kMarkTokenUsed,
            &kDeleteFamily, &kDeleteTokensOf, &kDeleteExpired};
}

Result<Ok> SqlAccountStore::Insert(const Account& account) {
    TRY(session_.Execute(kInsert, {ToCell(account.id), ToCell(account.email),
                                   ToCell(account.password_hash), ToCell(account.role),
                                   ObjectCell(account.user_metadata), ToCell(account.created_at),
                                   ToCell(account.updated_at), ToCell(account.last_sign_in_at)}));
    return Ok{};
}

Result<std::optional<Account>> SqlAccountStore::FindByEmail(const std::string& email) {
    return FirstAccount(TRY(session_.Query(kFindByEmail, {ToCell(email)})));
}

Result<std::optional<Account>> SqlAccountStore::Find(const UserId& id) {
    return FirstAccount(TRY(session_.Query(kFind, {ToCell(id)})));
}

Result<Ok> SqlAccountStore::Update(const Account& account) {
    const int64_t changed = TRY(session_.Execute(
        kUpdate, {ToCell(account.email), ToCell(account.password_hash), ToCell(account.role),
                  ObjectCell(account.user_metadata), ToCell(account.updated_at),
                  ToCell(account.last_sign_in_at), ToCell(account.id)}));
    if (changed == 0) return NotFound("Account #" + account.id.text() + " not found.");
    return Ok{};
}

Result<int64_t> SqlAccountStore::Count() { return TRY(session_.Query(kCount, {})).Int(0, 0); }

Result<Ok> SqlAccountStore::InsertToken(const RefreshToken& token) {
    TRY(session_.Execute(
        kInsertToken, {ToCell(token.token_hash), ToCell(token.family_id), ToCell(token.account_id),
                       ToCell(token.created_at), ToCell(token.expires_at), ToCell(token.used_at)}));
    return Ok{};
}

Result<std::optional<RefreshToken>> SqlAccountStore::FindToken(const std::string& token_hash) {
    Rows rows = TRY(session_.Query(kFindToken, {ToCell(token_hash)}));
    if (rows.empty()) return std::optional<RefreshToken>();
    return std::optional(RefreshToken{.token_hash = token_hash,
                                      .family_id = rows.Text(0, 0),
                                      .account_id = UserId(rows.Text(0, 1)),
                                      .created_at = rows.Time(0, 2),
                                      .expires_at = rows.Time(0, 3),
                                      .used_at = rows.OptionalTime(0, 4)});
}

Result<bool> SqlAccountStore::MarkTokenUsed(const std::string& token_hash, Timestamp at) {
    return TRY(session_.Execute(kMarkTokenUsed, {ToCell(at), ToCell(token_hash)})) != 0;
}

Result<Ok> SqlAccountStore::DeleteFamily(const std::string& family_id) {
    TRY(session_.Execute(kDeleteFamily, {ToCell(family_id)}));
    return Ok{};
}

Result<Ok> SqlAccountStore::DeleteTokensOf(const UserId& account,
                                           const std::string& except_family_id) {
    TRY(session_.Execute(kDeleteTokensOf, {ToCell(account), ToCell(except_family_id)}));
    return Ok{};
}

Result<int> SqlAccountStore::DeleteExpiredTokens(Timestamp now) {
    return static_cast<int>(TRY(session_.Execute(kDeleteExpired, {ToCell(now)})));
}

}  // namespace yard::storage::sql
