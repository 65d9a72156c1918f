-- Extensions only a superuser (or, with a hosted database, the provider's administrator) may create;
-- once in each database, before its first migration; may be run any number of times.
--
--   psql -d vigil -f deploy/extensions.sql
--
-- pgvector 0.7 or newer is installed by the system's package, postgresql-18-pgvector or the like.

create extension if not exists vector;
