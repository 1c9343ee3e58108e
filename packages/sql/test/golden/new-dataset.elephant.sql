CREATE SCHEMA "ds";

CREATE TABLE "ds"."users" (
"id" bigint UNIQUE NOT NULL,
"select" varchar,
"paid" numeric(10,2) NOT NULL
);

CREATE TABLE "ds"."_dlt_version" (
"version" bigint NOT NULL,
"engine_version" bigint NOT NULL,
"inserted_at" timestamp with time zone NOT NULL,
"schema_name" varchar NOT NULL,
"version_hash" varchar NOT NULL,
"schema" varchar NOT NULL
);

CREATE TABLE "ds"."_dlt_loads" (
"load_id" varchar(64) NOT NULL,
"schema_name" varchar,
"status" bigint NOT NULL,
"inserted_at" timestamp with time zone NOT NULL,
"schema_version_hash" varchar
);

CREATE TABLE "ds"."_dlt_jobs" (
"load_id" varchar NOT NULL,
"job_id" varchar NOT NULL,
"table_name" varchar,
"row_count" bigint,
"inserted_at" timestamp with time zone NOT NULL
);

CREATE UNIQUE INDEX ON "ds"."_dlt_jobs" ("load_id", "job_id");

INSERT INTO "ds"."_dlt_version" ("version", "engine_version", "inserted_at", "schema_name", "version_hash", "schema") VALUES ($1, $2, now(), $3, $4, $5); -- [2,11,"src","hash","{\"name\":\"src\"}"]

INSERT INTO "ds"."_dlt_jobs" ("load_id", "job_id", "table_name", "row_count", "inserted_at") VALUES ($1, $2, $3, $4, now()); -- ["1700000001.5","prepare",null,null]
