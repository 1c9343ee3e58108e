-- without a key
INSERT INTO "ds"."Order ""Lines""" ("value", "_dlt_id") SELECT "value", "_dlt_id" FROM "ds_staging"."Order ""Lines""" WHERE 1 = 1;

-- by a primary key
DELETE FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."select" = s."select");
INSERT INTO "ds"."Order ""Lines""" ("select", "value", "_dlt_id") SELECT "select", "value", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "select" ORDER BY rowid) AS _dlt_dedup_rn, "select", "value", "_dlt_id" FROM "ds_staging"."Order ""Lines""") AS s WHERE _dlt_dedup_rn = 1 AND (1 = 1);

-- by a primary key of two columns, the newest row wins
DELETE FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."select" = s."select" AND d."Mixed Case" = s."Mixed Case");
INSERT INTO "ds"."Order ""Lines""" ("select", "Mixed Case", "order", "value", "_dlt_id") SELECT "select", "Mixed Case", "order", "value", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "select", "Mixed Case" ORDER BY "order" DESC NULLS LAST, rowid) AS _dlt_dedup_rn, "select", "Mixed Case", "order", "value", "_dlt_id" FROM "ds_staging"."Order ""Lines""") AS s WHERE _dlt_dedup_rn = 1 AND (1 = 1);

-- by a merge key
DELETE FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
INSERT INTO "ds"."Order ""Lines""" ("day ""of"" month", "value", "_dlt_id") SELECT "day ""of"" month", "value", "_dlt_id" FROM "ds_staging"."Order ""Lines""" WHERE 1 = 1;

-- by both
DELETE FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."select" = s."select");
DELETE FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
INSERT INTO "ds"."Order ""Lines""" ("select", "day ""of"" month", "value", "_dlt_id") SELECT "select", "day ""of"" month", "value", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "select" ORDER BY rowid) AS _dlt_dedup_rn, "select", "day ""of"" month", "value", "_dlt_id" FROM "ds_staging"."Order ""Lines""") AS s WHERE _dlt_dedup_rn = 1 AND (1 = 1);

-- with a flag for deleted rows
DELETE FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."select" = s."select");
INSERT INTO "ds"."Order ""Lines""" ("select", "Group", "value", "_dlt_id") SELECT "select", "Group", "value", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "select" ORDER BY rowid) AS _dlt_dedup_rn, "select", "Group", "value", "_dlt_id" FROM "ds_staging"."Order ""Lines""") AS s WHERE _dlt_dedup_rn = 1 AND (("Group" IS NULL OR "Group" = FALSE));

-- with a time of deletion, by a merge key
DELETE FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
INSERT INTO "ds"."Order ""Lines""" ("day ""of"" month", "Group", "value", "_dlt_id") SELECT "day ""of"" month", "Group", "value", "_dlt_id" FROM "ds_staging"."Order ""Lines""" WHERE "Group" IS NULL;

-- rows without duplicates
DELETE FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."select" = s."select");
INSERT INTO "ds"."Order ""Lines""" ("select", "value", "_dlt_id") SELECT "select", "value", "_dlt_id" FROM "ds_staging"."Order ""Lines""" AS s WHERE 1 = 1;

-- nested, without a key
INSERT INTO "ds"."Order ""Lines""" ("value", "_dlt_id") SELECT "value", "_dlt_id" FROM "ds_staging"."Order ""Lines""" WHERE 1 = 1;
INSERT INTO "ds"."Order ""Lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY rowid) AS _dlt_dedup_rn, "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM "ds_staging"."Order ""Lines""__tags") AS s WHERE _dlt_dedup_rn = 1 AND (1 = 1);
INSERT INTO "ds"."Order ""Lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY rowid) AS _dlt_dedup_rn, "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM "ds_staging"."Order ""Lines""__tags__parts") AS s WHERE _dlt_dedup_rn = 1 AND (1 = 1);

-- nested, by a primary key
CREATE TEMPORARY TABLE "temp"."main"."_dlt_deleted" AS SELECT d."_dlt_id" FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."select" = s."select");
DELETE FROM "ds"."Order ""Lines""__tags" WHERE "_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_deleted");
DELETE FROM "ds"."Order ""Lines""__tags__parts" WHERE "_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_deleted");
DELETE FROM "ds"."Order ""Lines""" WHERE "_dlt_id" IN (SELECT * FROM "temp"."main"."_dlt_deleted");
DROP TABLE "temp"."main"."_dlt_deleted";
CREATE TEMPORARY TABLE "temp"."main"."_dlt_inserted" AS SELECT "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "select" ORDER BY rowid) AS _dlt_dedup_rn, "_dlt_id" FROM "ds_staging"."Order ""Lines""") AS s WHERE _dlt_dedup_rn = 1 AND (1 = 1);
INSERT INTO "ds"."Order ""Lines""" ("select", "value", "_dlt_id") SELECT "select", "value", "_dlt_id" FROM "ds_staging"."Order ""Lines""" WHERE "_dlt_id" IN (SELECT * FROM "temp"."main"."_dlt_inserted");
INSERT INTO "ds"."Order ""Lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY rowid) AS _dlt_dedup_rn, "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM "ds_staging"."Order ""Lines""__tags") AS s WHERE _dlt_dedup_rn = 1 AND ("_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_inserted"));
INSERT INTO "ds"."Order ""Lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY rowid) AS _dlt_dedup_rn, "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM "ds_staging"."Order ""Lines""__tags__parts") AS s WHERE _dlt_dedup_rn = 1 AND ("_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_inserted"));
DROP TABLE "temp"."main"."_dlt_inserted";

-- nested, by both keys, with a flag for deleted rows
CREATE TEMPORARY TABLE "temp"."main"."_dlt_deleted" AS SELECT d."_dlt_id" FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."select" = s."select") UNION SELECT d."_dlt_id" FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
DELETE FROM "ds"."Order ""Lines""__tags" WHERE "_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_deleted");
DELETE FROM "ds"."Order ""Lines""__tags__parts" WHERE "_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_deleted");
DELETE FROM "ds"."Order ""Lines""" WHERE "_dlt_id" IN (SELECT * FROM "temp"."main"."_dlt_deleted");
DROP TABLE "temp"."main"."_dlt_deleted";
CREATE TEMPORARY TABLE "temp"."main"."_dlt_inserted" AS SELECT "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "select" ORDER BY rowid) AS _dlt_dedup_rn, "_dlt_id", "Group" FROM "ds_staging"."Order ""Lines""") AS s WHERE _dlt_dedup_rn = 1 AND (("Group" IS NULL OR "Group" = FALSE));
INSERT INTO "ds"."Order ""Lines""" ("select", "day ""of"" month", "Group", "value", "_dlt_id") SELECT "select", "day ""of"" month", "Group", "value", "_dlt_id" FROM "ds_staging"."Order ""Lines""" WHERE "_dlt_id" IN (SELECT * FROM "temp"."main"."_dlt_inserted");
INSERT INTO "ds"."Order ""Lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY rowid) AS _dlt_dedup_rn, "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM "ds_staging"."Order ""Lines""__tags") AS s WHERE _dlt_dedup_rn = 1 AND ("_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_inserted"));
INSERT INTO "ds"."Order ""Lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY rowid) AS _dlt_dedup_rn, "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM "ds_staging"."Order ""Lines""__tags__parts") AS s WHERE _dlt_dedup_rn = 1 AND ("_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_inserted"));
DROP TABLE "temp"."main"."_dlt_inserted";

-- nested, by a merge key, with a flag for deleted rows
CREATE TEMPORARY TABLE "temp"."main"."_dlt_deleted" AS SELECT d."_dlt_id" FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
DELETE FROM "ds"."Order ""Lines""__tags" WHERE "_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_deleted");
DELETE FROM "ds"."Order ""Lines""__tags__parts" WHERE "_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_deleted");
DELETE FROM "ds"."Order ""Lines""" WHERE "_dlt_id" IN (SELECT * FROM "temp"."main"."_dlt_deleted");
DROP TABLE "temp"."main"."_dlt_deleted";
CREATE TEMPORARY TABLE "temp"."main"."_dlt_inserted" AS SELECT "_dlt_id" FROM "ds_staging"."Order ""Lines""" WHERE ("Group" IS NULL OR "Group" = FALSE);
INSERT INTO "ds"."Order ""Lines""" ("day ""of"" month", "Group", "value", "_dlt_id") SELECT "day ""of"" month", "Group", "value", "_dlt_id" FROM "ds_staging"."Order ""Lines""" WHERE "_dlt_id" IN (SELECT * FROM "temp"."main"."_dlt_inserted");
INSERT INTO "ds"."Order ""Lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY rowid) AS _dlt_dedup_rn, "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM "ds_staging"."Order ""Lines""__tags") AS s WHERE _dlt_dedup_rn = 1 AND ("_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_inserted"));
INSERT INTO "ds"."Order ""Lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM (SELECT ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY rowid) AS _dlt_dedup_rn, "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM "ds_staging"."Order ""Lines""__tags__parts") AS s WHERE _dlt_dedup_rn = 1 AND ("_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_inserted"));
DROP TABLE "temp"."main"."_dlt_inserted";
