DROP TABLE IF EXISTS "ds"."old";

DELETE FROM "ds"."_dlt_version" WHERE "schema_name" = $1; -- ["src"]

ALTER TABLE "ds"."users"
ADD COLUMN "select" varchar,
ADD COLUMN "paid" numeric(10,2);

INSERT INTO "ds"."_dlt_version" ("version", "engine_version", "inserted_at", "schema_name", "version_hash", "schema") VALUES ($1, $2, now(), $3, $4, $5); -- [2,11,"src","hash","{\"name\":\"src\"}"]

TRUNCATE TABLE "ds"."facts";

DROP TABLE IF EXISTS "ds_staging"."old";

DELETE FROM "ds_staging"."_dlt_version" WHERE "schema_name" = $1; -- ["src"]

CREATE TABLE "ds_staging"."facts" (
"id" bigint
);

INSERT INTO "ds_staging"."_dlt_version" ("version", "engine_version", "inserted_at", "schema_name", "version_hash", "schema") VALUES ($1, $2, now(), $3, $4, $5); -- [2,11,"src","hash","{\"name\":\"src\"}"]

TRUNCATE TABLE "ds_staging"."users";

UPDATE "ds"."_dlt_jobs" SET "row_count" = NULL WHERE "load_id" <> $1 AND "table_name" IN ($2, $3); -- ["1700000001.5","users","facts"]

INSERT INTO "ds"."_dlt_jobs" ("load_id", "job_id", "table_name", "row_count", "inserted_at") VALUES ($1, $2, $3, $4, now()); -- ["1700000001.5","prepare",null,null]
