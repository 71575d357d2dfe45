"""The server: the official ``mcp`` package's protocol on one side, the engine on the other."""

from __future__ import annotations

import functools
import json
import logging
import os
import signal
from collections.abc import Callable
from typing import Any

import anyio
import anyio.to_thread
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    ToolAnnotations,
)
from mcp.types import Tool as ToolDescription

from neurosym import __version__
from neurosym.mcp.tools import TOOLS, VERDICTS, Tool, seconds_of
from neurosym.service.engine import Engine
from neurosym.service.watch import Watch
from provers.errors import NeurosymError

_LOG = logging.getLogger(__name__)
INSTRUCTIONS = (
    "Use these tools to check reasoning before you rely on it: 'verify' for steps in words, "
    "'prove' and 'check_lean' for formal statements. Correct a refuted step and verify again; do "
    f"not claim as proved what is not. Verdicts: {VERDICTS}"
)


def create_server(engine: Engine) -> Server[Any]:
    """The server of the engine's tools; the engine stays the caller's, who closes it.

    As many calls run at once as the settings have workers; others wait, and where more wait than
    the settings' queue holds, a call is refused.
    """
    limiter = anyio.CapacityLimiter(engine.settings.workers)

    async def list_tools(
        context: ServerRequestContext[Any], params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return ListToolsResult(tools=[_described(tool) for tool in TOOLS.values()])

    async def call_tool(
        context: ServerRequestContext[Any], params: CallToolRequestParams
    ) -> CallToolResult:
        """Raises MCPError for a tool that there is not; all else is an answer."""
        tool = TOOLS.get(params.name)
        if tool is None:
            names = ", ".join(TOOLS)
            message = f"there is no tool called {params.name[:40]!r}; choose one of {names}."
            raise MCPError(INVALID_PARAMS, message)
        if limiter.statistics().tasks_waiting >= engine.settings.queue:
            return _failed("too many calls are waiting; call again when some are done.")
        try:
            return await _called(tool, params.arguments, engine, limiter)
        except NeurosymError as error:
            return _failed(str(error))
        except Exception:  # noqa: BLE001 - an agent gets an answer, and the log what happened
            _LOG.exception("the tool %s failed", tool.name)
            return _failed("something went wrong here; the call can be made again.")

    return Server(
        "neurosym",
        version=__version__,
        title="neurosym",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def _called(
    tool: Tool, given: dict[str, Any] | None, engine: Engine, limiter: anyio.CapacityLimiter
) -> CallToolResult:
    """The tool's answer, from a thread. Raises what the tool raises."""
    arguments = tool.parse(given)
    watch = Watch(seconds_of(arguments, engine.settings))
    work = functools.partial(tool.run, engine, arguments, watch)
    try:
        found = await anyio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=limiter)
    finally:
        watch.cancel()  # a call that the agent gave up must not go on
    return CallToolResult(
        content=[TextContent(type="text", text=json.dumps(found, ensure_ascii=False))],
        structured_content=found,
    )


def _failed(sentence: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=sentence)], is_error=True)


def _described(tool: Tool) -> ToolDescription:
    return ToolDescription(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.input.model_json_schema(),
        output_schema=tool.output.model_json_schema(mode="serialization"),
        annotations=ToolAnnotations(
            read_only_hint=True, idempotent_hint=True, open_world_hint=False
        ),
    )


# --- transports ----------------------------------------------------------------------------


def serve_stdio(server: Server[Any], close: Callable[[], None]) -> None:
    """Serve one client over standard input and output, until it closes them; then ``close``.

    SIGINT and SIGTERM end the process, after ``close``, with the status a shell reports.
    """
    try:
        anyio.run(_over_stdio, server, close)
    finally:
        close()


async def _over_stdio(server: Server[Any], close: Callable[[], None]) -> None:
    async with anyio.create_task_group() as tasks:
        scope = anyio.CancelScope()
        ended: list[int] = []
        tasks.start_soon(_cancel_on_signal, scope, ended)
        try:
            async with stdio_server() as (reading, writing):
                with scope:  # calls that are running notice that they are not wanted any more
                    await server.run(reading, writing, server.create_initialization_options())
                if ended:
                    # A thread waits for standard input, and no cancellation reaches it there.
                    close()
                    os._exit(128 + ended[0])
        except* (BrokenPipeError, ConnectionResetError):
            _LOG.info("the client has gone")
        tasks.cancel_scope.cancel()


async def _cancel_on_signal(scope: anyio.CancelScope, ended: list[int]) -> None:
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async for number in signals:
            ended.append(number)
            scope.cancel()


def serve_http(server: Server[Any], port: int, tell: Callable[[str], None]) -> None:
    """Serve any number of clients over streamable HTTP on this machine, until SIGINT or SIGTERM.

    ``tell`` is given the address, which a port of 0 leaves to the system. Raises InputError for a
    port that cannot be listened at.
    """
    import socket

    import uvicorn

    from provers.errors import InputError

    host = "127.0.0.1"
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
            listening.listen(2048)  # whoever is told the address may connect at once
        except OSError as error:
            raise InputError(
                f"port {port} cannot be listened at: {error.strerror}; choose another."
            ) from error
        tell(f"http://{host}:{listening.getsockname()[1]}/mcp")
        app = server.streamable_http_app(host=host)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2)
        uvicorn.Server(config).run(sockets=[listening])
