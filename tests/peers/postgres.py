"""Records the PostgreSQL protocol between libpq (psql, psycopg), asyncpg and a server.

Needs: Python 3.11; `psycopg` 3 and `asyncpg` from PyPI; `psql`, `initdb` and `postgres` of Debian's packages
`postgresql` and `postgresql-client`; as root also a user `postgres`, since a server refuses to run as root.
"""

import asyncio
import os
import platform
import shutil
import subprocess
import tempfile
import threading
import time
from importlib.metadata import version
from pathlib import Path

import asyncpg
import psycopg

from recorder import Recorder, free_port, wait_for

ACCESS = """\
host all grace 127.0.0.1/32 scram-sha-256
host all joan  127.0.0.1/32 md5
host all mary  127.0.0.1/32 password
host all all   127.0.0.1/32 trust
"""

SET_UP = """\
CREATE ROLE ada LOGIN SUPERUSER;
CREATE ROLE grace LOGIN PASSWORD 'secret';
SET password_encryption = 'md5';
CREATE ROLE joan LOGIN PASSWORD 'secret';
CREATE ROLE mary LOGIN PASSWORD 'secret';
CREATE DATABASE demo OWNER ada;
"""

QUERIES = """\
CREATE TABLE pump (id int4 PRIMARY KEY, name text, level float8, on_since timestamptz, data bytea);
INSERT INTO pump VALUES (1, 'cellar', 0.5, '2024-02-29 12:00:00+00', '\\xcafe'), (2, NULL, NULL, NULL, ''), (3, 'été', -1, NULL, NULL);
SELECT * FROM pump ORDER BY id;
SELECT count(*) FROM pump WHERE false;
SELECT FROM pump LIMIT 1;
SELEC nonsense;
INSERT INTO pump (id) VALUES (1);
DO $$ BEGIN RAISE NOTICE 'the level of % is low', 'cellar' USING HINT = 'Look at the pump.'; END $$;
DROP TABLE IF EXISTS nothing;
BEGIN;
UPDATE pump SET level = 2 WHERE id = 2;
SELECT 1/0;
ROLLBACK;
LISTEN alarm;
NOTIFY alarm, 'cellar';
SELECT 1 AS one \\; SELECT 2 AS two;
SET application_name = 'recorded';
"""


def program(name):
    """A program of the server, which Debian does not put in the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name)


def unprivileged(command):
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


def psql(port, user, *arguments, stdin="", mode="prefer", **environment):
    """Runs psql on loopback."""
    command = ["psql", "-X", "-q", "-h", "127.0.0.1", "-p", str(port), "-U", user, *arguments]
    keep = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}
    result = subprocess.run(
        command, input=stdin, env=keep | {"PGSSLMODE": mode, "PGGSSENCMODE": "disable"} | environment,
        capture_output=True, text=True,
    )
    return result.stdout + result.stderr


def main():
    folder = Path(tempfile.mkdtemp())
    data = folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    port = free_port()
    initdb = [program("initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "--locale=C.UTF-8", "-E", "UTF8"]
    subprocess.run(unprivileged(initdb), check=True, capture_output=True, cwd="/")
    server = None
    try:
        options = [
            "-D", str(data), "-p", str(port), "-k", "", "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off",
            "-c", "timezone=UTC",
        ]
        server = subprocess.Popen(unprivileged([program("postgres"), *options]), cwd="/", stderr=subprocess.DEVNULL)
        wait_for(port)
        # What accepts may still be starting up.
        while "1 row" not in psql(port, "postgres", "-c", "SELECT 1"):
            time.sleep(0.1)
        psql(port, "postgres", "-f", "-", stdin=SET_UP)
        access = subprocess.run(
            unprivileged(["tee", str(data / "pg_hba.conf")]), input=ACCESS, text=True, capture_output=True, check=True
        )
        assert access.stdout == ACCESS
        psql(port, "postgres", "-c", "SELECT pg_reload_conf()")
        time.sleep(0.3)
        recorder = Recorder(port)
        record(recorder, folder)
        number = subprocess.run([program("postgres"), "--version"], capture_output=True, text=True).stdout.split()[2]
    finally:
        if server:
            server.terminate()
            server.wait()
        shutil.rmtree(folder)
    recorder.write(
        "postgres.txt",
        [
            "PostgreSQL's protocol 3.0, recorded on loopback by tests/peers/postgres.py",
            f"server: PostgreSQL {number}; clients: psql {number}, psycopg {version('psycopg')} with libpq"
            f" {psycopg.pq.version() // 10000}.{psycopg.pq.version() % 10000}, asyncpg {version('asyncpg')}"
            f" on Python {platform.python_version()}",
        ],
    )


def record(recorder, folder):
    port = recorder.port
    recorder.name("psql asks for TLS, is refused, and sends simple queries")
    print(psql(port, "ada", "demo", "-f", "-", stdin=QUERIES))
    recorder.name("psql sends an empty query")
    print(psql(port, "ada", "demo", "-c", ";", mode="disable"))
    recorder.name("psql copies")
    copies = "COPY pump (id, name) FROM STDIN;\n7\tattic\n8\t\\N\n\\.\nCOPY pump TO STDOUT (FORMAT csv);\n"
    print(psql(port, "ada", "demo", "-f", "-", stdin=copies, mode="disable"))
    recorder.name("psql calls functions for a large object")
    text = folder / "note.txt"
    text.write_text("Look at the pump.")
    print(psql(port, "ada", "demo", "-c", f"\\lo_import {text}", mode="disable"))
    for user, method in (("grace", "SCRAM-SHA-256"), ("joan", "MD5"), ("mary", "clear text")):
        recorder.name(f"password by {method}")
        print(psql(port, user, "demo", "-c", "SELECT 1", mode="disable", PGPASSWORD="secret"))
    recorder.name("wrong password by SCRAM-SHA-256")
    print(psql(port, "grace", "demo", "-c", "SELECT 1", mode="disable", PGPASSWORD="wrong"))
    recorder.name("unknown database")
    print(psql(port, "ada", "nowhere", "-c", "SELECT 1", mode="disable"))
    recorder.name("psycopg: extended protocol")
    extended(port)
    recorder.name("psycopg: canceled query, and the request for it")
    canceled(port)
    recorder.name("psycopg: failing copies")
    copies_that_fail(port)
    recorder.name("asyncpg: prepared statement, portal in steps")
    asyncio.run(steps(port))
    recorder.drain()


def connect(port):
    return psycopg.connect(
        f"host=127.0.0.1 port={port} user=ada dbname=demo sslmode=disable gssencmode=disable", autocommit=True
    )


def extended(port):
    with connect(port) as connection:
        select = "SELECT id, name, level FROM pump WHERE id = %s OR name = %s"
        print(connection.execute(select, (1, None)).fetchall())
        print(connection.execute(select, (2, "cellar"), binary=True).fetchall())
        for number in (1, 3):
            print(connection.execute("SELECT name FROM pump WHERE id = %s", (number,), prepare=True).fetchall())
        with connection.pipeline():
            connection.execute("UPDATE pump SET level = %s WHERE id = %s", (4.5, 1))
            connection.execute("SELECT level FROM pump WHERE id = %s", (1,))
        try:
            connection.execute("SELECT %s / 0", (1,))
        except psycopg.Error as error:
            print(error)


def canceled(port):
    connection = connect(port)
    timer = threading.Timer(0.5, connection.cancel)
    timer.start()
    try:
        connection.execute("SELECT pg_sleep(10)")
    except psycopg.errors.QueryCanceled as error:
        print(error)
    timer.join()
    connection.close()


def copies_that_fail(port):
    with connect(port) as connection:
        try:
            with connection.cursor().copy("COPY pump (id, name) FROM STDIN") as copy:
                copy.write("9\tgarden\n")
                raise ValueError("changed my mind")
        except (ValueError, psycopg.Error) as error:
            print(error)
        with connection.cursor().copy("COPY (SELECT id, level FROM pump ORDER BY id LIMIT 2) TO STDOUT BINARY") as copy:
            print(b"".join(bytes(part) for part in copy))


async def steps(port):
    connection = await asyncpg.connect(host="127.0.0.1", port=port, user="ada", database="demo", ssl=False)
    statement = await connection.prepare("SELECT generate_series(1, $1::int4)")
    async with connection.transaction():
        cursor = await statement.cursor(5)
        print(await cursor.fetch(2), await cursor.fetch(2), await cursor.fetch(2))
    del statement, cursor
    await connection.fetch("SELECT $1::text", None)
    await connection.close()


if __name__ == "__main__":
    main()
