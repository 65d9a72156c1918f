-- The database roles, made or mended; may be run any number of times, on PostgreSQL 15 and newer,
-- by a superuser or a role with CREATEROLE. `manage.py up` runs this file for the embedded server.
--
-- By hand (leave a password out to keep the one a role has):
--   PGOPTIONS="-c vigil.owner_password=… -c vigil.app_password=…" psql -d postgres -f deploy/roles.sql
--   psql -d postgres -c 'create database vigil owner vigil_owner encoding UTF8 template template0'
--   psql -d vigil -f deploy/extensions.sql
--   psql -d vigil -U vigil_owner -f deploy/database.sql

do $$
declare
    password text;
    wanted text;
begin
    -- What a transaction becomes, and the worker's connections; nobody logs in as these.
    foreach wanted in array array['vigil_customer', 'vigil_staff', 'vigil_engine', 'vigil_worker'] loop
        if not exists (select from pg_roles where rolname = wanted) then
            execute format('create role %I nologin', wanted);
        end if;
    end loop;

    -- Owns the schema and runs migrations; never serves a request.
    if not exists (select from pg_roles where rolname = 'vigil_owner') then
        create role vigil_owner login;
    end if;

    -- What every process logs in as: by itself it may do next to nothing.
    if not exists (select from pg_roles where rolname = 'vigil_app') then
        create role vigil_app login noinherit;
    end if;
    alter role vigil_app noinherit;

    if exists (
        select from pg_roles
        where rolname like 'vigil\_%' and (rolsuper or rolbypassrls or rolcreaterole or rolreplication)
    ) then
        alter role vigil_owner nosuperuser nobypassrls nocreaterole nocreatedb noreplication;
        alter role vigil_app nosuperuser nobypassrls nocreaterole nocreatedb noreplication;
        alter role vigil_customer nosuperuser nobypassrls nocreaterole nocreatedb noreplication;
        alter role vigil_staff nosuperuser nobypassrls nocreaterole nocreatedb noreplication;
        alter role vigil_engine nosuperuser nobypassrls nocreaterole nocreatedb noreplication;
        alter role vigil_worker nosuperuser nobypassrls nocreaterole nocreatedb noreplication;
    end if;

    -- May become each of the four, but inherits nothing from them.
    if current_setting('server_version_num')::integer >= 160000 then
        execute 'grant vigil_customer, vigil_staff, vigil_engine, vigil_worker to vigil_app with inherit false, set true';
    else
        grant vigil_customer, vigil_staff, vigil_engine, vigil_worker to vigil_app;
    end if;

    -- A stuck statement or a forgotten transaction ends by itself.
    alter role vigil_app set statement_timeout = '15s';
    alter role vigil_app set lock_timeout = '5s';
    alter role vigil_app set idle_in_transaction_session_timeout = '30s';
    alter role vigil_owner set lock_timeout = '10s';

    password := nullif(current_setting('vigil.owner_password', true), '');
    if password is not null then
        execute format('alter role vigil_owner password %L', password);
    end if;
    password := nullif(current_setting('vigil.app_password', true), '');
    if password is not null then
        execute format('alter role vigil_app password %L', password);
    end if;
end
$$;
