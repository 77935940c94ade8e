-- Run once, while the first start fills the volume: the survey's own role, which owns its database and nothing else of the server.
-- Afterwards the superuser has no password: docker compose exec database psql --username=postgres
\getenv password POSTGRES_PASSWORD
CREATE ROLE survey LOGIN PASSWORD :'password';
CREATE DATABASE survey OWNER survey;
ALTER ROLE postgres PASSWORD NULL;
