SELECT "row_count" FROM "ds"."_dlt_jobs" WHERE "load_id" = ? AND "job_id" = ?; -- ["1.5","users.a.parquet"]

INSERT INTO "ds"."_dlt_jobs" ("load_id", "job_id", "table_name", "row_count", "inserted_at") VALUES (?, ?, ?, ?, now()); -- ["1.5","users.a.parquet","users",3]

INSERT INTO "ds"."_dlt_jobs" ("load_id", "job_id", "table_name", "inserted_at") SELECT CAST(? AS varchar), CAST(? AS varchar), CAST(? AS varchar), now() WHERE NOT EXISTS (SELECT 1 FROM "ds"."_dlt_loads" WHERE "load_id" = CAST(? AS varchar)) ON CONFLICT ("load_id", "job_id") DO NOTHING; -- ["1.5","users.a.parquet","users","1.5"]

UPDATE "ds"."_dlt_jobs" SET "row_count" = ? WHERE "load_id" = ? AND "job_id" = ?; -- [3,"1.5","users.a.parquet"]

SELECT 1 FROM "ds"."_dlt_loads" WHERE "load_id" = ?; -- ["1.5"]

INSERT INTO "ds"."_dlt_loads" ("load_id", "schema_name", "status", "inserted_at", "schema_version_hash") VALUES (?, ?, ?, now(), ?); -- ["1.5","src",0,"hash"]

DELETE FROM "ds"."_dlt_jobs" WHERE "load_id" <> ? AND "load_id" IN (SELECT "load_id" FROM "ds"."_dlt_loads"); -- ["1.5"]

INSERT INTO "ds"."_dlt_version" ("version", "engine_version", "inserted_at", "schema_name", "version_hash", "schema") VALUES (?, ?, now(), ?, ?, ?); -- [2,11,"src","hash","{\"name\":\"src\"}"]

DELETE FROM "ds"."_dlt_version" WHERE "schema_name" = ?; -- ["src"]

SELECT s."version", s."engine_version", s."pipeline_name", s."state", epoch_us(s."created_at"), s."_dlt_load_id" FROM "ds"."_dlt_pipeline_state" AS s JOIN "ds"."_dlt_loads" AS l ON l."load_id" = s."_dlt_load_id" WHERE s."pipeline_name" = ? AND l."status" = 0 ORDER BY l."load_id" DESC LIMIT 1; -- ["pipe"]

SELECT "version", "engine_version", epoch_us("inserted_at"), "schema_name", "version_hash", "schema" FROM "ds"."_dlt_version" WHERE "schema_name" = ? ORDER BY "inserted_at" DESC LIMIT 1; -- ["src"]

SELECT "version", "engine_version", epoch_us("inserted_at"), "schema_name", "version_hash", "schema" FROM "ds"."_dlt_version" WHERE "version_hash" = ? LIMIT 1; -- ["hash"]

SELECT max("load_id") FROM "ds"."_dlt_loads"; -- []
