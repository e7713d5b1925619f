"""The own PostgreSQL is ready when it takes questions, not when its socket is there."""

import asyncio

from app.parts import database_part
from tests.instances import free_settings, own_instance


async def test_a_server_that_takes_connections_and_refuses_them_is_not_ready_yet() -> None:
    with own_instance("database-part", free_settings(database="")) as instance:
        part = database_part(instance)
        assert not await part.ready(0)

        async def refuse(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.close()

        server = await asyncio.start_unix_server(refuse, instance.run / ".s.PGSQL.5432")
        try:
            assert not await part.ready(0)
        finally:
            server.close()
