"""The process that Terraform starts: go-plugin's handshake on standard output, then gRPC on a socket of its own."""

from __future__ import annotations

import os
import select
import shutil
import signal
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import grpc

from localcloud.terraform_provider.protocol.certificate import own_certificate
from localcloud.terraform_provider.protocol.messages import PACKAGE, message

if TYPE_CHECKING:
    from collections.abc import Callable

    from localcloud.terraform_provider.protocol.provider import Provider

COOKIE_NAME = "TF_PLUGIN_MAGIC_COOKIE"
COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
_PROTOCOL = 6
_WORKERS = 32  # Terraform asks for 10 things at once, each may wait for an operation


def handshake_line(socket: str, certificate: str) -> str:
    """Return the line by which Terraform finds the plugin's socket and trusts its certificate."""
    return f"1|{_PROTOCOL}|unix|{socket}|grpc|{certificate}"


def rpc_handlers(methods: dict[str, Callable[[Any], dict[str, Any]]]) -> grpc.GenericRpcHandler:
    """Return gRPC handlers that give each method its request message and make its answer from the dict it returns."""

    def handler(name: str, method: Callable[[Any], dict[str, Any]]) -> grpc.RpcMethodHandler:
        request, response = message(f"{name}Request"), message(f"{name}Response")
        return grpc.unary_unary_rpc_method_handler(
            lambda asked, _context: response(**method(asked)),
            request_deserializer=request.FromString,
            response_serializer=response.SerializeToString,
        )

    return grpc.method_handlers_generic_handler(
        f"{PACKAGE}.Provider", {name: handler(name, method) for name, method in methods.items()}
    )


def _plugin_handlers(stop: threading.Event) -> tuple[grpc.GenericRpcHandler, ...]:
    """Return what go-plugin asks of every plugin: to shut down, and a stream of output (there is none)."""

    def shut_down(_request: bytes, _context: grpc.ServicerContext) -> bytes:
        stop.set()
        return b""

    def output(_request: bytes, _context: grpc.ServicerContext) -> Any:
        stop.wait()
        return iter(())

    def as_is(data: bytes) -> bytes:
        return data

    shutdown = grpc.unary_unary_rpc_method_handler(shut_down, as_is, as_is)
    stream = grpc.unary_stream_rpc_method_handler(output, as_is, as_is)
    return (
        grpc.method_handlers_generic_handler("plugin.GRPCController", {"Shutdown": shutdown}),
        grpc.method_handlers_generic_handler("plugin.GRPCStdio", {"StreamStdio": stream}),
    )


def _stop_with_parent(stop: threading.Event) -> None:
    """Set stop when Terraform dies, however it dies.

    Not by prctl's PR_SET_PDEATHSIG: that one tells of the end of the parent's thread, and Terraform has many.
    """
    parent = os.pidfd_open(os.getppid())

    def watch() -> None:
        select.select([parent], [], [])
        stop.set()

    threading.Thread(target=watch, name="parent", daemon=True).start()


def serve(provider: Provider) -> None:
    """Serve until Terraform shuts the plugin down or dies; leaves no socket behind.

    Exits with a hint when a person starts it.
    """
    if os.environ.get(COOKIE_NAME) != COOKIE:
        sys.exit(
            "This is a Terraform provider plugin; Terraform starts it: see python -m"
            " localcloud.terraform_provider.setup --help"
        )
    stop = threading.Event()
    # Terraform sends its own SIGINT on to nobody: the terminal gives it to the whole group, and Terraform still
    # needs its plugins to finish what they do. It tells them to stop by StopProvider and to end by Shutdown.
    signal.signal(signal.SIGINT, lambda _number, _frame: provider.stop())
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    _stop_with_parent(stop)
    directory = tempfile.mkdtemp(prefix="terraform-google-")
    socket = f"{directory}/plugin.sock"
    server = grpc.server(ThreadPoolExecutor(_WORKERS), options=[("grpc.max_receive_message_length", 64 << 20)])
    server.add_generic_rpc_handlers((rpc_handlers(provider.methods()), *_plugin_handlers(stop)))
    trusted = ""
    if os.environ.get("PLUGIN_CLIENT_CERT"):
        own = own_certificate(os.environ.get("LOCALCLOUD_TERRAFORM_CERTIFICATE"))
        trusted = own.handshake_form
        # Terraform's own certificate cannot be asked for: it is on the curve P-521, which gRPC's TLS library never
        # accepts. Who may speak to the plugin is held by the socket's directory, which only this user may enter.
        server.add_secure_port(
            f"unix:{socket}", grpc.ssl_server_credentials([(own.key.encode(), own.certificate.encode())])
        )
    else:
        server.add_insecure_port(f"unix:{socket}")
    server.start()
    sys.stdout.write(handshake_line(socket, trusted) + "\n")
    sys.stdout.flush()
    try:
        stop.wait()
        server.stop(grace=0.2).wait()
    finally:
        shutil.rmtree(directory, ignore_errors=True)
        sys.stdout.flush()
        os._exit(0)  # gRPC's threads would hold the interpreter for a while, and Terraform waits
