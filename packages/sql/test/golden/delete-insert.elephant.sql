-- without a key
INSERT INTO "ds"."order ""lines""" ("value", "_dlt_id") SELECT s."value", s."_dlt_id" FROM "ds_staging"."order ""lines""" AS s;

-- by a primary key
DELETE FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."select" = s."select");
INSERT INTO "ds"."order ""lines""" ("select", "value", "_dlt_id") SELECT s."select", s."value", s."_dlt_id" FROM "ds_staging"."order ""lines""" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT ctid AS row_id, ROW_NUMBER() OVER (PARTITION BY "select" ORDER BY ctid) AS _dlt_place FROM "ds_staging"."order ""lines""") AS n WHERE n._dlt_place > 1 AND n.row_id = s.ctid);

-- by a primary key of two columns, the newest row wins
DELETE FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."select" = s."select" AND d."mixed case" = s."mixed case");
INSERT INTO "ds"."order ""lines""" ("select", "mixed case", "order", "value", "_dlt_id") SELECT s."select", s."mixed case", s."order", s."value", s."_dlt_id" FROM "ds_staging"."order ""lines""" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT ctid AS row_id, ROW_NUMBER() OVER (PARTITION BY "select", "mixed case" ORDER BY "order" DESC NULLS LAST, ctid) AS _dlt_place FROM "ds_staging"."order ""lines""") AS n WHERE n._dlt_place > 1 AND n.row_id = s.ctid);

-- by a merge key
DELETE FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
INSERT INTO "ds"."order ""lines""" ("day ""of"" month", "value", "_dlt_id") SELECT s."day ""of"" month", s."value", s."_dlt_id" FROM "ds_staging"."order ""lines""" AS s;

-- by both
DELETE FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."select" = s."select");
DELETE FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
INSERT INTO "ds"."order ""lines""" ("select", "day ""of"" month", "value", "_dlt_id") SELECT s."select", s."day ""of"" month", s."value", s."_dlt_id" FROM "ds_staging"."order ""lines""" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT ctid AS row_id, ROW_NUMBER() OVER (PARTITION BY "select" ORDER BY ctid) AS _dlt_place FROM "ds_staging"."order ""lines""") AS n WHERE n._dlt_place > 1 AND n.row_id = s.ctid);

-- with a flag for deleted rows
DELETE FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."select" = s."select");
INSERT INTO "ds"."order ""lines""" ("select", "group", "value", "_dlt_id") SELECT s."select", s."group", s."value", s."_dlt_id" FROM "ds_staging"."order ""lines""" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT ctid AS row_id, ROW_NUMBER() OVER (PARTITION BY "select" ORDER BY ctid) AS _dlt_place FROM "ds_staging"."order ""lines""") AS n WHERE n._dlt_place > 1 AND n.row_id = s.ctid) AND (s."group" IS NULL OR s."group" = FALSE);

-- with a time of deletion, by a merge key
DELETE FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
INSERT INTO "ds"."order ""lines""" ("day ""of"" month", "group", "value", "_dlt_id") SELECT s."day ""of"" month", s."group", s."value", s."_dlt_id" FROM "ds_staging"."order ""lines""" AS s WHERE s."group" IS NULL;

-- rows without duplicates
DELETE FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."select" = s."select");
INSERT INTO "ds"."order ""lines""" ("select", "value", "_dlt_id") SELECT s."select", s."value", s."_dlt_id" FROM "ds_staging"."order ""lines""" AS s;

-- nested, without a key
INSERT INTO "ds"."order ""lines""" ("value", "_dlt_id") SELECT s."value", s."_dlt_id" FROM "ds_staging"."order ""lines""" AS s;
INSERT INTO "ds"."order ""lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."order ""lines""__tags" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT ctid AS row_id, ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY ctid) AS _dlt_place FROM "ds_staging"."order ""lines""__tags") AS n WHERE n._dlt_place > 1 AND n.row_id = s.ctid);
INSERT INTO "ds"."order ""lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."order ""lines""__tags__parts" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT ctid AS row_id, ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY ctid) AS _dlt_place FROM "ds_staging"."order ""lines""__tags__parts") AS n WHERE n._dlt_place > 1 AND n.row_id = s.ctid);

-- nested, by a primary key
CREATE TEMPORARY TABLE "pg_temp"."_dlt_deleted" AS SELECT d."_dlt_id" FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."select" = s."select");
DELETE FROM "ds"."order ""lines""__tags__parts" WHERE "_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_deleted");
DELETE FROM "ds"."order ""lines""__tags" WHERE "_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_deleted");
DROP TABLE "pg_temp"."_dlt_deleted";
DELETE FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."select" = s."select");
CREATE TEMPORARY TABLE "pg_temp"."_dlt_inserted" AS SELECT s."_dlt_id" FROM "ds_staging"."order ""lines""" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT ctid AS row_id, ROW_NUMBER() OVER (PARTITION BY "select" ORDER BY ctid) AS _dlt_place FROM "ds_staging"."order ""lines""") AS n WHERE n._dlt_place > 1 AND n.row_id = s.ctid);
INSERT INTO "ds"."order ""lines""" ("select", "value", "_dlt_id") SELECT "select", "value", "_dlt_id" FROM "ds_staging"."order ""lines""" WHERE "_dlt_id" IN (SELECT * FROM "pg_temp"."_dlt_inserted");
INSERT INTO "ds"."order ""lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."order ""lines""__tags" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT ctid AS row_id, ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY ctid) AS _dlt_place FROM "ds_staging"."order ""lines""__tags") AS n WHERE n._dlt_place > 1 AND n.row_id = s.ctid) AND s."_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_inserted");
INSERT INTO "ds"."order ""lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."order ""lines""__tags__parts" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT ctid AS row_id, ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY ctid) AS _dlt_place FROM "ds_staging"."order ""lines""__tags__parts") AS n WHERE n._dlt_place > 1 AND n.row_id = s.ctid) AND s."_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_inserted");
DROP TABLE "pg_temp"."_dlt_inserted";

-- nested, rows without duplicates
CREATE TEMPORARY TABLE "pg_temp"."_dlt_deleted" AS SELECT d."_dlt_id" FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."select" = s."select");
DELETE FROM "ds"."order ""lines""__tags__parts" WHERE "_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_deleted");
DELETE FROM "ds"."order ""lines""__tags" WHERE "_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_deleted");
DROP TABLE "pg_temp"."_dlt_deleted";
DELETE FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."select" = s."select");
INSERT INTO "ds"."order ""lines""" ("select", "value", "_dlt_id") SELECT s."select", s."value", s."_dlt_id" FROM "ds_staging"."order ""lines""" AS s;
INSERT INTO "ds"."order ""lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."order ""lines""__tags" AS s;
INSERT INTO "ds"."order ""lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."order ""lines""__tags__parts" AS s;

-- nested, by both keys, with a flag for deleted rows
CREATE TEMPORARY TABLE "pg_temp"."_dlt_deleted" AS SELECT d."_dlt_id" FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."select" = s."select") UNION SELECT d."_dlt_id" FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
DELETE FROM "ds"."order ""lines""__tags__parts" WHERE "_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_deleted");
DELETE FROM "ds"."order ""lines""__tags" WHERE "_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_deleted");
DROP TABLE "pg_temp"."_dlt_deleted";
DELETE FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."select" = s."select");
DELETE FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
CREATE TEMPORARY TABLE "pg_temp"."_dlt_inserted" AS SELECT s."_dlt_id" FROM "ds_staging"."order ""lines""" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT ctid AS row_id, ROW_NUMBER() OVER (PARTITION BY "select" ORDER BY ctid) AS _dlt_place FROM "ds_staging"."order ""lines""") AS n WHERE n._dlt_place > 1 AND n.row_id = s.ctid) AND (s."group" IS NULL OR s."group" = FALSE);
INSERT INTO "ds"."order ""lines""" ("select", "day ""of"" month", "group", "value", "_dlt_id") SELECT "select", "day ""of"" month", "group", "value", "_dlt_id" FROM "ds_staging"."order ""lines""" WHERE "_dlt_id" IN (SELECT * FROM "pg_temp"."_dlt_inserted");
INSERT INTO "ds"."order ""lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."order ""lines""__tags" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT ctid AS row_id, ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY ctid) AS _dlt_place FROM "ds_staging"."order ""lines""__tags") AS n WHERE n._dlt_place > 1 AND n.row_id = s.ctid) AND s."_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_inserted");
INSERT INTO "ds"."order ""lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."order ""lines""__tags__parts" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT ctid AS row_id, ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY ctid) AS _dlt_place FROM "ds_staging"."order ""lines""__tags__parts") AS n WHERE n._dlt_place > 1 AND n.row_id = s.ctid) AND s."_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_inserted");
DROP TABLE "pg_temp"."_dlt_inserted";

-- nested, by a merge key, with a flag for deleted rows
CREATE TEMPORARY TABLE "pg_temp"."_dlt_deleted" AS SELECT d."_dlt_id" FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
DELETE FROM "ds"."order ""lines""__tags__parts" WHERE "_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_deleted");
DELETE FROM "ds"."order ""lines""__tags" WHERE "_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_deleted");
DROP TABLE "pg_temp"."_dlt_deleted";
DELETE FROM "ds"."order ""lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."order ""lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
CREATE TEMPORARY TABLE "pg_temp"."_dlt_inserted" AS SELECT s."_dlt_id" FROM "ds_staging"."order ""lines""" AS s WHERE (s."group" IS NULL OR s."group" = FALSE);
INSERT INTO "ds"."order ""lines""" ("day ""of"" month", "group", "value", "_dlt_id") SELECT "day ""of"" month", "group", "value", "_dlt_id" FROM "ds_staging"."order ""lines""" WHERE "_dlt_id" IN (SELECT * FROM "pg_temp"."_dlt_inserted");
INSERT INTO "ds"."order ""lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."order ""lines""__tags" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT ctid AS row_id, ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY ctid) AS _dlt_place FROM "ds_staging"."order ""lines""__tags") AS n WHERE n._dlt_place > 1 AND n.row_id = s.ctid) AND s."_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_inserted");
INSERT INTO "ds"."order ""lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."order ""lines""__tags__parts" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT ctid AS row_id, ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY ctid) AS _dlt_place FROM "ds_staging"."order ""lines""__tags__parts") AS n WHERE n._dlt_place > 1 AND n.row_id = s.ctid) AND s."_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_inserted");
DROP TABLE "pg_temp"."_dlt_inserted";
