-- by a primary key
INSERT INTO "ds"."order ""lines""" ("select", "value", "_dlt_id") SELECT s."select", s."value", s."_dlt_id" FROM "ds_staging"."order ""lines""" AS s WHERE NOT EXISTS (SELECT 1 FROM "ds"."order ""lines""" AS d WHERE d."select" = s."select");

-- nested, with a flag for deleted rows
CREATE TEMPORARY TABLE "pg_temp"."_dlt_inserted" AS SELECT s."_dlt_id" FROM "ds_staging"."order ""lines""" AS s WHERE NOT EXISTS (SELECT 1 FROM "ds"."order ""lines""" AS d WHERE d."select" = s."select") AND (s."group" IS NULL OR s."group" = FALSE);
INSERT INTO "ds"."order ""lines""" ("select", "group", "value", "_dlt_id") SELECT "select", "group", "value", "_dlt_id" FROM "ds_staging"."order ""lines""" WHERE "_dlt_id" IN (SELECT * FROM "pg_temp"."_dlt_inserted");
INSERT INTO "ds"."order ""lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."order ""lines""__tags" AS s WHERE s."_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_inserted") AND NOT EXISTS (SELECT 1 FROM "ds"."order ""lines""__tags" AS d WHERE d."_dlt_id" = s."_dlt_id");
INSERT INTO "ds"."order ""lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT s."value", s."_dlt_root_id", s."_dlt_parent_id", s."_dlt_id" FROM "ds_staging"."order ""lines""__tags__parts" AS s WHERE s."_dlt_root_id" IN (SELECT * FROM "pg_temp"."_dlt_inserted") AND NOT EXISTS (SELECT 1 FROM "ds"."order ""lines""__tags__parts" AS d WHERE d."_dlt_id" = s."_dlt_id");
DROP TABLE "pg_temp"."_dlt_inserted";
