-- What a Vigil database has before its first migration; may be run any number of times.
-- Run as vigil_owner, the owner of the database: all but the last of these extensions are trusted
-- ones. pgvector is not: where it is missing, a superuser runs deploy/extensions.sql first.

create extension if not exists pg_trgm;
create extension if not exists unaccent;
create extension if not exists btree_gist;
create extension if not exists vector;

revoke all on schema public from public;
grant usage on schema public to vigil_app, vigil_customer, vigil_staff, vigil_engine, vigil_worker;

do $$
begin
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to vigil_app', current_database());
end
$$;
