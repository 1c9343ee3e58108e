-- without a key
INSERT INTO "ds"."Order ""Lines""" ("value", "_dlt_id") SELECT s."value", s."_dlt_id" FROM "ds_staging"."Order ""Lines""" AS s;

-- by a primary key
DELETE FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."select" = s."select");
INSERT INTO "ds"."Order ""Lines""" ("select", "value", "_dlt_id") SELECT s."select", s."value", s."_dlt_id" FROM "ds_staging"."Order ""Lines""" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT rowid AS row_id, ROW_NUMBER() OVER (PARTITION BY "select" ORDER BY rowid) AS _dlt_place FROM "ds_staging"."Order ""Lines""") AS n WHERE n._dlt_place > 1 AND n.row_id = s.rowid);

-- by a primary key of two columns, the newest row wins
DELETE FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."select" = s."select" AND d."Mixed Case" = s."Mixed Case");
INSERT INTO "ds"."Order ""Lines""" ("select", "Mixed Case", "order", "value", "_dlt_id") SELECT s."select", s."Mixed Case", s."order", s."value", s."_dlt_id" FROM "ds_staging"."Order ""Lines""" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT rowid AS row_id, ROW_NUMBER() OVER (PARTITION BY "select", "Mixed Case" ORDER BY "order" DESC NULLS LAST, rowid) AS _dlt_place FROM "ds_staging"."Order ""Lines""") AS n WHERE n._dlt_place > 1 AND n.row_id = s.rowid);

-- by a merge key
DELETE FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
INSERT INTO "ds"."Order ""Lines""" ("day ""of"" month", "value", "_dlt_id") SELECT s."day ""of"" month", s."value", s."_dlt_id" FROM "ds_staging"."Order ""Lines""" AS s;

-- by both
DELETE FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."select" = s."select");
DELETE FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
INSERT INTO "ds"."Order ""Lines""" ("select", "day ""of"" month", "value", "_dlt_id") SELECT s."select", s."day ""of"" month", s."value", s."_dlt_id" FROM "ds_staging"."Order ""Lines""" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT rowid AS row_id, ROW_NUMBER() OVER (PARTITION BY "select" ORDER BY rowid) AS _dlt_place FROM "ds_staging"."Order ""Lines""") AS n WHERE n._dlt_place > 1 AND n.row_id = s.rowid);

-- with a flag for deleted rows
DELETE FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."select" = s."select");
INSERT INTO "ds"."Order ""Lines""" ("select", "Group", "value", "_dlt_id") SELECT s."select", s."Group", s."value", s."_dlt_id" FROM "ds_staging"."Order ""Lines""" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT rowid AS row_id, ROW_NUMBER() OVER (PARTITION BY "select" ORDER BY rowid) AS _dlt_place FROM "ds_staging"."Order ""Lines""") AS n WHERE n._dlt_place > 1 AND n.row_id = s.rowid) AND (s."Group" IS NULL OR s."Group" = FALSE);

-- with a time of deletion, by a merge key
DELETE FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
INSERT INTO "ds"."Order ""Lines""" ("day ""of"" month", "Group", "value", "_dlt_id") SELECT s."day ""of"" month", s."Group", s."value", s."_dlt_id" FROM "ds_staging"."Order ""Lines""" AS s WHERE s."Group" IS NULL;

-- rows without duplicates
DELETE FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."select" = s."select");
INSERT INTO "ds"."Order ""Lines""" ("select", "value", "_dlt_id") SELECT s."select", s."value", s."_dlt_id" FROM "ds_staging"."Order ""Lines""" AS s;

-- nested, without a key
INSERT INTO "ds"."Order ""Lines""" ("value", "_dlt_id") SELECT s."value", s."_dlt_id" FROM "ds_staging"."Order ""Lines""" AS s;
INSERT INTO "ds"."Order ""Lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."Order ""Lines""__tags" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT rowid AS row_id, ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY rowid) AS _dlt_place FROM "ds_staging"."Order ""Lines""__tags") AS n WHERE n._dlt_place > 1 AND n.row_id = s.rowid);
INSERT INTO "ds"."Order ""Lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."Order ""Lines""__tags__parts" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT rowid AS row_id, ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY rowid) AS _dlt_place FROM "ds_staging"."Order ""Lines""__tags__parts") AS n WHERE n._dlt_place > 1 AND n.row_id = s.rowid);

-- nested, by a primary key
CREATE TEMPORARY TABLE "temp"."main"."_dlt_deleted" AS SELECT d."_dlt_id" FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."select" = s."select");
DELETE FROM "ds"."Order ""Lines""__tags__parts" WHERE "_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_deleted");
DELETE FROM "ds"."Order ""Lines""__tags" WHERE "_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_deleted");
DROP TABLE "temp"."main"."_dlt_deleted";
DELETE FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."select" = s."select");
CREATE TEMPORARY TABLE "temp"."main"."_dlt_inserted" AS SELECT s."_dlt_id" FROM "ds_staging"."Order ""Lines""" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT rowid AS row_id, ROW_NUMBER() OVER (PARTITION BY "select" ORDER BY rowid) AS _dlt_place FROM "ds_staging"."Order ""Lines""") AS n WHERE n._dlt_place > 1 AND n.row_id = s.rowid);
INSERT INTO "ds"."Order ""Lines""" ("select", "value", "_dlt_id") SELECT "select", "value", "_dlt_id" FROM "ds_staging"."Order ""Lines""" WHERE "_dlt_id" IN (SELECT * FROM "temp"."main"."_dlt_inserted");
INSERT INTO "ds"."Order ""Lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."Order ""Lines""__tags" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT rowid AS row_id, ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY rowid) AS _dlt_place FROM "ds_staging"."Order ""Lines""__tags") AS n WHERE n._dlt_place > 1 AND n.row_id = s.rowid) AND s."_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_inserted");
INSERT INTO "ds"."Order ""Lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."Order ""Lines""__tags__parts" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT rowid AS row_id, ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY rowid) AS _dlt_place FROM "ds_staging"."Order ""Lines""__tags__parts") AS n WHERE n._dlt_place > 1 AND n.row_id = s.rowid) AND s."_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_inserted");
DROP TABLE "temp"."main"."_dlt_inserted";

-- nested, rows without duplicates
CREATE TEMPORARY TABLE "temp"."main"."_dlt_deleted" AS SELECT d."_dlt_id" FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."select" = s."select");
DELETE FROM "ds"."Order ""Lines""__tags__parts" WHERE "_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_deleted");
DELETE FROM "ds"."Order ""Lines""__tags" WHERE "_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_deleted");
DROP TABLE "temp"."main"."_dlt_deleted";
DELETE FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."select" = s."select");
INSERT INTO "ds"."Order ""Lines""" ("select", "value", "_dlt_id") SELECT s."select", s."value", s."_dlt_id" FROM "ds_staging"."Order ""Lines""" AS s;
INSERT INTO "ds"."Order ""Lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."Order ""Lines""__tags" AS s;
INSERT INTO "ds"."Order ""Lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."Order ""Lines""__tags__parts" AS s;

-- nested, by both keys, with a flag for deleted rows
CREATE TEMPORARY TABLE "temp"."main"."_dlt_deleted" AS SELECT d."_dlt_id" FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."select" = s."select") UNION SELECT d."_dlt_id" FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
DELETE FROM "ds"."Order ""Lines""__tags__parts" WHERE "_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_deleted");
DELETE FROM "ds"."Order ""Lines""__tags" WHERE "_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_deleted");
DROP TABLE "temp"."main"."_dlt_deleted";
DELETE FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."select" = s."select");
DELETE FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
CREATE TEMPORARY TABLE "temp"."main"."_dlt_inserted" AS SELECT s."_dlt_id" FROM "ds_staging"."Order ""Lines""" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT rowid AS row_id, ROW_NUMBER() OVER (PARTITION BY "select" ORDER BY rowid) AS _dlt_place FROM "ds_staging"."Order ""Lines""") AS n WHERE n._dlt_place > 1 AND n.row_id = s.rowid) AND (s."Group" IS NULL OR s."Group" = FALSE);
INSERT INTO "ds"."Order ""Lines""" ("select", "day ""of"" month", "Group", "value", "_dlt_id") SELECT "select", "day ""of"" month", "Group", "value", "_dlt_id" FROM "ds_staging"."Order ""Lines""" WHERE "_dlt_id" IN (SELECT * FROM "temp"."main"."_dlt_inserted");
INSERT INTO "ds"."Order ""Lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."Order ""Lines""__tags" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT rowid AS row_id, ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY rowid) AS _dlt_place FROM "ds_staging"."Order ""Lines""__tags") AS n WHERE n._dlt_place > 1 AND n.row_id = s.rowid) AND s."_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_inserted");
INSERT INTO "ds"."Order ""Lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."Order ""Lines""__tags__parts" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT rowid AS row_id, ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY rowid) AS _dlt_place FROM "ds_staging"."Order ""Lines""__tags__parts") AS n WHERE n._dlt_place > 1 AND n.row_id = s.rowid) AND s."_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_inserted");
DROP TABLE "temp"."main"."_dlt_inserted";

-- nested, by a merge key, with a flag for deleted rows
CREATE TEMPORARY TABLE "temp"."main"."_dlt_deleted" AS SELECT d."_dlt_id" FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
DELETE FROM "ds"."Order ""Lines""__tags__parts" WHERE "_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_deleted");
DELETE FROM "ds"."Order ""Lines""__tags" WHERE "_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_deleted");
DROP TABLE "temp"."main"."_dlt_deleted";
DELETE FROM "ds"."Order ""Lines""" AS d WHERE EXISTS (SELECT 1 FROM "ds_staging"."Order ""Lines""" AS s WHERE d."day ""of"" month" = s."day ""of"" month");
CREATE TEMPORARY TABLE "temp"."main"."_dlt_inserted" AS SELECT s."_dlt_id" FROM "ds_staging"."Order ""Lines""" AS s WHERE (s."Group" IS NULL OR s."Group" = FALSE);
INSERT INTO "ds"."Order ""Lines""" ("day ""of"" month", "Group", "value", "_dlt_id") SELECT "day ""of"" month", "Group", "value", "_dlt_id" FROM "ds_staging"."Order ""Lines""" WHERE "_dlt_id" IN (SELECT * FROM "temp"."main"."_dlt_inserted");
INSERT INTO "ds"."Order ""Lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."Order ""Lines""__tags" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT rowid AS row_id, ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY rowid) AS _dlt_place FROM "ds_staging"."Order ""Lines""__tags") AS n WHERE n._dlt_place > 1 AND n.row_id = s.rowid) AND s."_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_inserted");
INSERT INTO "ds"."Order ""Lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."Order ""Lines""__tags__parts" AS s WHERE NOT EXISTS (SELECT 1 FROM (SELECT rowid AS row_id, ROW_NUMBER() OVER (PARTITION BY "_dlt_id" ORDER BY rowid) AS _dlt_place FROM "ds_staging"."Order ""Lines""__tags__parts") AS n WHERE n._dlt_place > 1 AND n.row_id = s.rowid) AND s."_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_inserted");
DROP TABLE "temp"."main"."_dlt_inserted";
