-- Statements end with a semicolon at the end of a line. Timestamps are INTEGER milliseconds since
-- 1970-01-01 UTC, JSON is TEXT, booleans are 0 and 1.

CREATE TABLE "User" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "email" TEXT NOT NULL UNIQUE,
    "emailVerified" INTEGER NOT NULL DEFAULT 1,
    "name" TEXT,
    "createdAt" INTEGER NOT NULL,
    "updatedAt" INTEGER NOT NULL,
    "metadata" TEXT NOT NULL DEFAULT '{}',
    "integrations" TEXT NOT NULL DEFAULT '',
    "stripeCustomerId" TEXT,
    "topUpConfig" TEXT,
    "maxEmailsPerDay" INTEGER NOT NULL DEFAULT 3,
    "notify" TEXT NOT NULL DEFAULT '{}',
    "timezone" TEXT NOT NULL DEFAULT 'not-set'
);

CREATE TABLE "Account" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "email" TEXT NOT NULL UNIQUE,
    "passwordHash" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "userMetadata" TEXT NOT NULL DEFAULT '{}',
    "createdAt" INTEGER NOT NULL,
    "updatedAt" INTEGER NOT NULL,
    "lastSignInAt" INTEGER
);

CREATE TABLE "RefreshToken" (
    "tokenHash" TEXT NOT NULL PRIMARY KEY,
    "familyId" TEXT NOT NULL,
    "accountId" TEXT NOT NULL REFERENCES "Account"("id") ON DELETE CASCADE,
    "createdAt" INTEGER NOT NULL,
    "expiresAt" INTEGER NOT NULL,
    "usedAt" INTEGER
);
CREATE INDEX "RefreshToken_familyId_idx" ON "RefreshToken"("familyId");
CREATE INDEX "RefreshToken_accountId_idx" ON "RefreshToken"("accountId");
CREATE INDEX "RefreshToken_expiresAt_idx" ON "RefreshToken"("expiresAt");

CREATE TABLE "AgentGraph" (
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" INTEGER NOT NULL,
    "updatedAt" INTEGER,
    "name" TEXT,
    "description" TEXT,
    "instructions" TEXT,
    "recommendedScheduleCron" TEXT,
    "isActive" INTEGER NOT NULL DEFAULT 1,
    "userId" TEXT NOT NULL REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "forkedFromId" TEXT,
    "forkedFromVersion" INTEGER,
    PRIMARY KEY ("id", "version"),
    FOREIGN KEY ("forkedFromId", "forkedFromVersion") REFERENCES "AgentGraph"("id", "version")
        ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE INDEX "AgentGraph_userId_idx" ON "AgentGraph"("userId", "isActive", "id", "version");
CREATE INDEX "AgentGraph_forkedFrom_idx" ON "AgentGraph"("forkedFromId", "forkedFromVersion");

CREATE TABLE "AgentNode" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "agentBlockId" TEXT NOT NULL,
    "agentGraphId" TEXT NOT NULL,
    "agentGraphVersion" INTEGER NOT NULL DEFAULT 1,
    "constantInput" TEXT NOT NULL DEFAULT '{}',
    "webhookId" TEXT,
    "metadata" TEXT NOT NULL DEFAULT '{}',
    "position" INTEGER NOT NULL,
    FOREIGN KEY ("agentGraphId", "agentGraphVersion") REFERENCES "AgentGraph"("id", "version")
        ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "AgentNode_graph_idx" ON "AgentNode"("agentGraphId", "agentGraphVersion", "position");

CREATE TABLE "AgentNodeLink" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "agentNodeSourceId" TEXT NOT NULL REFERENCES "AgentNode"("id") ON DELETE CASCADE
        ON UPDATE CASCADE,
    "sourceName" TEXT NOT NULL,
    "agentNodeSinkId" TEXT NOT NULL REFERENCES "AgentNode"("id") ON DELETE CASCADE
        ON UPDATE CASCADE,
    "sinkName" TEXT NOT NULL,
    "isStatic" INTEGER NOT NULL DEFAULT 0,
    "position" INTEGER NOT NULL
);
CREATE INDEX "AgentNodeLink_source_idx" ON "AgentNodeLink"("agentNodeSourceId");
CREATE INDEX "AgentNodeLink_sink_idx" ON "AgentNodeLink"("agentNodeSinkId");

CREATE TABLE "AgentGraphExecution" (
    "seq" INTEGER PRIMARY KEY,
    "id" TEXT NOT NULL UNIQUE,
    "createdAt" INTEGER NOT NULL,
    "updatedAt" INTEGER,
    "startedAt" INTEGER,
    "endedAt" INTEGER,
    "isDeleted" INTEGER NOT NULL DEFAULT 0,
    "executionStatus" TEXT NOT NULL DEFAULT 'COMPLETED',
    "agentGraphId" TEXT NOT NULL,
    "agentGraphVersion" INTEGER NOT NULL DEFAULT 1,
    "agentPresetId" TEXT,
    "inputs" TEXT,
    "credentialInputs" TEXT,
    "nodesInputMasks" TEXT,
    "userId" TEXT NOT NULL REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "stats" TEXT,
    "parentGraphExecutionId" TEXT REFERENCES "AgentGraphExecution"("id") ON DELETE SET NULL
        ON UPDATE CASCADE,
    "isShared" INTEGER NOT NULL DEFAULT 0,
    "shareToken" TEXT UNIQUE,
    "sharedAt" INTEGER,
    "executionContext" TEXT,
    "nodesToSkip" TEXT,
    "compiledMasks" TEXT,
    FOREIGN KEY ("agentGraphId", "agentGraphVersion") REFERENCES "AgentGraph"("id", "version")
        ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "AgentGraphExecution_graph_idx"
    ON "AgentGraphExecution"("agentGraphId", "agentGraphVersion");
CREATE INDEX "AgentGraphExecution_user_idx"
    ON "AgentGraphExecution"("userId", "isDeleted", "createdAt");
CREATE INDEX "AgentGraphExecution_parent_idx" ON "AgentGraphExecution"("parentGraphExecutionId")
    WHERE "parentGraphExecutionId" IS NOT NULL;
CREATE INDEX "AgentGraphExecution_unfinished_idx" ON "AgentGraphExecution"("createdAt")
    WHERE "executionStatus" IN ('INCOMPLETE', 'QUEUED', 'RUNNING');

CREATE TABLE "AgentNodeExecution" (
    "seq" INTEGER PRIMARY KEY,
    "id" TEXT NOT NULL UNIQUE,
    "agentGraphExecutionId" TEXT NOT NULL REFERENCES "AgentGraphExecution"("id")
        ON DELETE CASCADE ON UPDATE CASCADE,
    "agentNodeId" TEXT NOT NULL,
    "blockId" TEXT NOT NULL,
    "executionStatus" TEXT NOT NULL DEFAULT 'COMPLETED',
    "executionData" TEXT,
    "addedTime" INTEGER NOT NULL,
    "queuedTime" INTEGER,
    "startedTime" INTEGER,
    "endedTime" INTEGER,
    "stats" TEXT
);
CREATE INDEX "AgentNodeExecution_run_idx" ON "AgentNodeExecution"("agentGraphExecutionId");

CREATE TABLE "AgentNodeExecutionInputOutput" (
    "id" INTEGER PRIMARY KEY,
    "name" TEXT NOT NULL,
    "data" TEXT,
    "time" INTEGER NOT NULL,
    "referencedByInputExecId" TEXT REFERENCES "AgentNodeExecution"("id") ON DELETE CASCADE
        ON UPDATE CASCADE,
    "referencedByOutputExecId" TEXT REFERENCES "AgentNodeExecution"("id") ON DELETE CASCADE
        ON UPDATE CASCADE
);
CREATE INDEX "AgentNodeExecutionInputOutput_input_idx"
    ON "AgentNodeExecutionInputOutput"("referencedByInputExecId")
    WHERE "referencedByInputExecId" IS NOT NULL;
CREATE INDEX "AgentNodeExecutionInputOutput_output_idx"
    ON "AgentNodeExecutionInputOutput"("referencedByOutputExecId")
    WHERE "referencedByOutputExecId" IS NOT NULL;

CREATE TABLE "LibraryAgent" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "createdAt" INTEGER NOT NULL,
    "updatedAt" INTEGER NOT NULL,
    "userId" TEXT NOT NULL REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "agentGraphId" TEXT NOT NULL,
    "agentGraphVersion" INTEGER NOT NULL,
    "useGraphIsActiveVersion" INTEGER NOT NULL DEFAULT 0,
    "isFavorite" INTEGER NOT NULL DEFAULT 0,
    "isCreatedByUser" INTEGER NOT NULL DEFAULT 0,
    "isArchived" INTEGER NOT NULL DEFAULT 0,
    "isDeleted" INTEGER NOT NULL DEFAULT 0,
    "settings" TEXT NOT NULL DEFAULT '{}',
    FOREIGN KEY ("agentGraphId", "agentGraphVersion") REFERENCES "AgentGraph"("id", "version")
        ON DELETE RESTRICT ON UPDATE CASCADE,
    UNIQUE ("userId", "agentGraphId", "agentGraphVersion")
);
CREATE INDEX "LibraryAgent_graph_idx" ON "LibraryAgent"("agentGraphId", "agentGraphVersion");
