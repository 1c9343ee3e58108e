DROP TABLE IF EXISTS "ds"."old";

DELETE FROM "ds"."_dlt_version" WHERE "schema_name" = ?; -- ["src"]

ALTER TABLE "ds"."users"
ADD COLUMN "select" varchar;

ALTER TABLE "ds"."users"
ADD COLUMN "paid" numeric(10,2);

INSERT INTO "ds"."_dlt_version" ("version", "engine_version", "inserted_at", "schema_name", "version_hash", "schema") VALUES (?, ?, now(), ?, ?, ?); -- [2,11,"src","hash","{\"name\":\"src\"}"]

DELETE FROM "ds"."facts";

DROP TABLE IF EXISTS "ds_staging"."old";

DELETE FROM "ds_staging"."_dlt_version" WHERE "schema_name" = ?; -- ["src"]

CREATE TABLE "ds_staging"."facts" (
"id" bigint
);

INSERT INTO "ds_staging"."_dlt_version" ("version", "engine_version", "inserted_at", "schema_name", "version_hash", "schema") VALUES (?, ?, now(), ?, ?, ?); -- [2,11,"src","hash","{\"name\":\"src\"}"]

DELETE FROM "ds_staging"."users";

UPDATE "ds"."_dlt_jobs" SET "row_count" = NULL WHERE "load_id" <> ? AND "table_name" IN (?, ?); -- ["1700000001.5","users","facts"]

INSERT INTO "ds"."_dlt_jobs" ("load_id", "job_id", "table_name", "row_count", "inserted_at") VALUES (?, ?, ?, ?, now()); -- ["1700000001.5","prepare",null,null]
