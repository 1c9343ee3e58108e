-- a chain
DELETE FROM "ds"."Order ""Lines""";
INSERT INTO "ds"."Order ""Lines""" ("select", "value", "_dlt_id") SELECT "select", "value", "_dlt_id" FROM "ds_staging"."Order ""Lines""";
DELETE FROM "ds"."Order ""Lines""__tags";
INSERT INTO "ds"."Order ""Lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM "ds_staging"."Order ""Lines""__tags";
DELETE FROM "ds"."Order ""Lines""__tags__parts";
INSERT INTO "ds"."Order ""Lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM "ds_staging"."Order ""Lines""__tags__parts";
