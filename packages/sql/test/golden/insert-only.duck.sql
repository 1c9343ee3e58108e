-- by a primary key
INSERT INTO "ds"."Order ""Lines""" ("select", "value", "_dlt_id") SELECT s."select", s."value", s."_dlt_id" FROM "ds_staging"."Order ""Lines""" AS s WHERE NOT EXISTS (SELECT 1 FROM "ds"."Order ""Lines""" AS d WHERE d."select" = s."select");

-- nested, with a flag for deleted rows
CREATE TEMPORARY TABLE "temp"."main"."_dlt_inserted" AS SELECT s."_dlt_id" FROM "ds_staging"."Order ""Lines""" AS s WHERE NOT EXISTS (SELECT 1 FROM "ds"."Order ""Lines""" AS d WHERE d."select" = s."select") AND (s."Group" IS NULL OR s."Group" = FALSE);
INSERT INTO "ds"."Order ""Lines""" ("select", "Group", "value", "_dlt_id") SELECT "select", "Group", "value", "_dlt_id" FROM "ds_staging"."Order ""Lines""" WHERE "_dlt_id" IN (SELECT * FROM "temp"."main"."_dlt_inserted");
INSERT INTO "ds"."Order ""Lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."Order ""Lines""__tags" AS s WHERE s."_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_inserted") AND NOT EXISTS (SELECT 1 FROM "ds"."Order ""Lines""__tags" AS d WHERE d."_dlt_id" = s."_dlt_id");
INSERT INTO "ds"."Order ""Lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."Order ""Lines""__tags__parts" AS s WHERE s."_dlt_root_id" IN (SELECT * FROM "temp"."main"."_dlt_inserted") AND NOT EXISTS (SELECT 1 FROM "ds"."Order ""Lines""__tags__parts" AS d WHERE d."_dlt_id" = s."_dlt_id");
DROP TABLE "temp"."main"."_dlt_inserted";
