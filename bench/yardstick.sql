-- The yardstick of a database: no table, no lock, no write, so that it says how fast this machine is now and nothing else.
-- Fixed: figures of two machines are compared by it. Run with -M prepared -c 8.
SELECT sum(n * n) FROM generate_series(1, 500) AS n;
