-- without a key
INSERT INTO "ds"."order ""lines""" ("value", "_dlt_id") SELECT "value", "_dlt_id" FROM "ds_staging"."order ""lines""" WHERE 1 = 1;

-- by a primary key
DELETE FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."select" = s."select");
INSERT INTO "ds"."order ""lines""" ("select", "value", "_dlt_id") SELECT "select", "value", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "select" ORDER BY ctid) AS _dlt_dedup_rn, "select", "value", "_dlt_id" FROM "ds_staging"."order ""lines""") AS s WHERE _dlt_dedup_rn = 1 AND (1 = 1);

-- by a primary key of two columns, the newest row wins
DELETE FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."select" = s."select" AND d."mixed case" = s."mixed case");
INSERT INTO "ds"."order ""lines""" ("select", "mixed case", "order", "value", "_dlt_id") SELECT "select", "mixed case", "order", "value", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "select", "mixed case" ORDER BY "order" DESC NULLS LAST, ctid) AS _dlt_dedup_rn, "select", "mixed case", "order", "value", "_dlt_id" FROM "ds_staging"."order ""lines""") AS s WHERE _dlt_dedup_rn = 1 AND (1 = 1);

-- by a merge key
DELETE FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
INSERT INTO "ds"."order ""lines""" ("day ""of"" month", "value", "_dlt_id") SELECT "day ""of"" month", "value", "_dlt_id" FROM "ds_staging"."order ""lines""" WHERE 1 = 1;

-- by both
DELETE FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."select" = s."select");
DELETE FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
INSERT INTO "ds"."order ""lines""" ("select", "day ""of"" month", "value", "_dlt_id") SELECT "select", "day ""of"" month", "value", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "select" ORDER BY ctid) AS _dlt_dedup_rn, "select", "day ""of"" month", "value", "_dlt_id" FROM "ds_staging"."order ""lines""") AS s WHERE _dlt_dedup_rn = 1 AND (1 = 1);

-- with a flag for deleted rows
DELETE FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."select" = s."select");
INSERT INTO "ds"."order ""lines""" ("select", "group", "value", "_dlt_id") SELECT "select", "group", "value", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "select" ORDER BY ctid) AS _dlt_dedup_rn, "select", "group", "value", "_dlt_id" FROM "ds_staging"."order ""lines""") AS s WHERE _dlt_dedup_rn = 1 AND (("group" IS NULL OR "group" = FALSE));

-- with a time of deletion, by a merge key
DELETE FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
INSERT INTO "ds"."order ""lines""" ("day ""of"" month", "group", "value", "_dlt_id") SELECT "day ""of"" month", "group", "value", "_dlt_id" FROM "ds_staging"."order ""lines""" WHERE "group" IS NULL;

-- rows without duplicates
DELETE FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."select" = s."select");
INSERT INTO "ds"."order ""lines""" ("select", "value", "_dlt_id") SELECT "select", "value", "_dlt_id" FROM "ds_staging"."order ""lines""" AS s WHERE 1 = 1;

-- nested, without a key
INSERT INTO "ds"."order ""lines""" ("value", "_dlt_id") SELECT "value", "_dlt_id" FROM "ds_staging"."order ""lines""" WHERE 1 = 1;
INSERT INTO "ds"."order ""lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY ctid) AS _dlt_dedup_rn, "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM "ds_staging"."order ""lines""__tags") AS s WHERE _dlt_dedup_rn = 1 AND (1 = 1);
INSERT INTO "ds"."order ""lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY ctid) AS _dlt_dedup_rn, "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM "ds_staging"."order ""lines""__tags__parts") AS s WHERE _dlt_dedup_rn = 1 AND (1 = 1);

-- nested, by a primary key
CREATE TEMPORARY TABLE "pg_temp"."_dlt_deleted" AS SELECT d."_dlt_id" FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."select" = s."select");
DELETE FROM "ds"."order ""lines""__tags" WHERE "_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_deleted");
DELETE FROM "ds"."order ""lines""__tags__parts" WHERE "_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_deleted");
DELETE FROM "ds"."order ""lines""" WHERE "_dlt_id" IN (SELECT * FROM "pg_temp"."_dlt_deleted");
DROP TABLE "pg_temp"."_dlt_deleted";
CREATE TEMPORARY TABLE "pg_temp"."_dlt_inserted" AS SELECT "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "select" ORDER BY ctid) AS _dlt_dedup_rn, "_dlt_id" FROM "ds_staging"."order ""lines""") AS s WHERE _dlt_dedup_rn = 1 AND (1 = 1);
INSERT INTO "ds"."order ""lines""" ("select", "value", "_dlt_id") SELECT "select", "value", "_dlt_id" FROM "ds_staging"."order ""lines""" WHERE "_dlt_id" IN (SELECT * FROM "pg_temp"."_dlt_inserted");
INSERT INTO "ds"."order ""lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY ctid) AS _dlt_dedup_rn, "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM "ds_staging"."order ""lines""__tags") AS s WHERE _dlt_dedup_rn = 1 AND ("_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_inserted"));
INSERT INTO "ds"."order ""lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY ctid) AS _dlt_dedup_rn, "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM "ds_staging"."order ""lines""__tags__parts") AS s WHERE _dlt_dedup_rn = 1 AND ("_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_inserted"));
DROP TABLE "pg_temp"."_dlt_inserted";

-- nested, by both keys, with a flag for deleted rows
CREATE TEMPORARY TABLE "pg_temp"."_dlt_deleted" AS SELECT d."_dlt_id" FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."select" = s."select") UNION SELECT d."_dlt_id" FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
DELETE FROM "ds"."order ""lines""__tags" WHERE "_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_deleted");
DELETE FROM "ds"."order ""lines""__tags__parts" WHERE "_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_deleted");
DELETE FROM "ds"."order ""lines""" WHERE "_dlt_id" IN (SELECT * FROM "pg_temp"."_dlt_deleted");
DROP TABLE "pg_temp"."_dlt_deleted";
CREATE TEMPORARY TABLE "pg_temp"."_dlt_inserted" AS SELECT "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "select" ORDER BY ctid) AS _dlt_dedup_rn, "_dlt_id", "group" FROM "ds_staging"."order ""lines""") AS s WHERE _dlt_dedup_rn = 1 AND (("group" IS NULL OR "group" = FALSE));
INSERT INTO "ds"."order ""lines""" ("select", "day ""of"" month", "group", "value", "_dlt_id") SELECT "select", "day ""of"" month", "group", "value", "_dlt_id" FROM "ds_staging"."order ""lines""" WHERE "_dlt_id" IN (SELECT * FROM "pg_temp"."_dlt_inserted");
INSERT INTO "ds"."order ""lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY ctid) AS _dlt_dedup_rn, "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM "ds_staging"."order ""lines""__tags") AS s WHERE _dlt_dedup_rn = 1 AND ("_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_inserted"));
INSERT INTO "ds"."order ""lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY ctid) AS _dlt_dedup_rn, "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM "ds_staging"."order ""lines""__tags__parts") AS s WHERE _dlt_dedup_rn = 1 AND ("_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_inserted"));
DROP TABLE "pg_temp"."_dlt_inserted";

-- nested, by a merge key, with a flag for deleted rows
CREATE TEMPORARY TABLE "pg_temp"."_dlt_deleted" AS SELECT d."_dlt_id" FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
DELETE FROM "ds"."order ""lines""__tags" WHERE "_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_deleted");
DELETE FROM "ds"."order ""lines""__tags__parts" WHERE "_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_deleted");
DELETE FROM "ds"."order ""lines""" WHERE "_dlt_id" IN (SELECT * FROM "pg_temp"."_dlt_deleted");
DROP TABLE "pg_temp"."_dlt_deleted";
CREATE TEMPORARY TABLE "pg_temp"."_dlt_inserted" AS SELECT "_dlt_id" FROM "ds_staging"."order ""lines""" WHERE ("group" IS NULL OR "group" = FALSE);
INSERT INTO "ds"."order ""lines""" ("day ""of"" month", "group", "value", "_dlt_id") SELECT "day ""of"" month", "group", "value", "_dlt_id" FROM "ds_staging"."order ""lines""" WHERE "_dlt_id" IN (SELECT * FROM "pg_temp"."_dlt_inserted");
INSERT INTO "ds"."order ""lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY ctid) AS _dlt_dedup_rn, "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM "ds_staging"."order ""lines""__tags") AS s WHERE _dlt_dedup_rn = 1 AND ("_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_inserted"));
INSERT INTO "ds"."order ""lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY ctid) AS _dlt_dedup_rn, "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM "ds_staging"."order ""lines""__tags__parts") AS s WHERE _dlt_dedup_rn = 1 AND ("_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_inserted"));
DROP TABLE "pg_temp"."_dlt_inserted";
