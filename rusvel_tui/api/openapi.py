"""The OpenAPI document: made from the operations and the addresses, so that it cannot lie about them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from rusvel_tui import __version__
from rusvel_tui.api.aliases import ALIASES, Alias
from rusvel_tui.api.calling import NOT_HERE
from rusvel_tui.api.chat import Asked
from rusvel_tui.engine.operation import OPERATIONS, Operation

_PLACE = re.compile(r"\{(\w+)\}")
_REF = "#/components/schemas/{model}"
_ABOUT = """\
Every operation of rusvel at `POST /api/call/{operation}`, and the usual ones at addresses of their own. Approving, sending \
and deleting are for people: they answer 403. Errors are `{"error": …, "field": …}`."""
_ERRORS = {
    "400": "The body is no JSON object.",
    "401": "The token is missing or wrong.",
    "403": "Only a person may do this, or the permissions do not reach.",
    "404": "There is nothing with that id or name.",
    "409": "Somebody was faster, or it is not in a state that allows this.",
    "422": "The input is wrong; `field` says where.",
}


def document() -> dict[str, Any]:
    """The whole document."""
    offered = [one for one in OPERATIONS.values() if not one.internal and one.name not in NOT_HERE]
    inputs = {one.input for one in offered} | {Asked}
    outputs = {answer_type(one) for one in offered}
    asked, names = _schemas(inputs, outputs)
    paths: dict[str, Any] = {}
    for one in sorted(offered, key=lambda operation: operation.name):
        paths[f"/api/call/{one.name}"] = {"post": _calling(one, names)}
    for alias in ALIASES:
        paths.setdefault(alias.path, {})[alias.method.lower()] = _alias(alias, names)
    return {
        "openapi": "3.1.0",
        "info": {"title": "rusvel", "version": __version__, "description": _ABOUT},
        "security": [{"token": []}],
        "paths": paths | _others(names),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": asked | {"Error": _ERROR},
        },
    }


_ERROR = {
    "type": "object",
    "properties": {"error": {"type": "string"}, "field": {"type": "string"}},
    "required": ["error", "field"],
}


def answer_type(operation: Operation[Any, Any]) -> type[BaseModel]:
    """The view that an operation answers with."""
    found: Any = operation.handle.__annotations__["return"]
    if isinstance(found, str):
        found = operation.handle.__globals__
        for part in operation.handle.__annotations__["return"].split("."):
            found = found[part] if isinstance(found, dict) else getattr(found, part)
    made: type[BaseModel] = found
    return made


def _schemas(
    inputs: Iterable[type[BaseModel]], outputs: Iterable[type[BaseModel]]
) -> tuple[dict[str, Any], dict[Any, Any]]:
    wanted: list[tuple[type[BaseModel], Any]] = [
        *((one, "validation") for one in sorted(inputs, key=lambda model: model.__qualname__)),
        *((one, "serialization") for one in sorted(outputs, key=lambda model: model.__qualname__)),
    ]
    references, made = models_json_schema(wanted, ref_template=_REF)
    return made["$defs"], dict(references)


def _calling(operation: Operation[Any, Any], names: dict[Any, Any]) -> dict[str, Any]:
    found = {
        "operationId": operation.name,
        "summary": operation.summary.splitlines()[0],
        "tags": [operation.name.rpartition(".")[0] or operation.name],
        "requestBody": _body(names[(operation.input, "validation")]),
        "responses": _responses(names[(answer_type(operation), "serialization")]),
    }
    return found | ({"x-for-people-only": True} if operation.human_only else {})


def _alias(alias: Alias, names: dict[Any, Any]) -> dict[str, Any]:
    operation = OPERATIONS.get(alias.operation)
    parameters = _places(alias.path)
    made: dict[str, Any] = {"responses": {str(alias.status): {"description": "Done."}}}
    if operation is not None:
        view = names[(answer_type(operation), "serialization")]
        made = {"summary": operation.summary.splitlines()[0]} | {
            "responses": _responses(view, str(alias.status))
        }
        if alias.method == "GET":
            parameters += _query(operation, alias)
        else:
            made["requestBody"] = _body(names[(operation.input, "validation")])
    return made | {"parameters": parameters, "tags": ["addresses"]}


def _query(operation: Operation[Any, Any], alias: Alias) -> list[dict[str, Any]]:
    """What can be said in the query of a GET."""
    taken = {name for name, _ in alias.given} | {name for _, name in alias.names} | {"session_id"}
    fields = operation.input.model_json_schema().get("properties", {})
    return [
        {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}
        for name in fields
        if name not in taken
    ]


def _others(names: dict[Any, Any]) -> dict[str, Any]:
    """What is no operation."""
    stream = {"description": "Server-sent events.", "content": {"text/event-stream": {}}}
    enroll = {"description": "Enrolled."}
    return {
        "/health": {"get": {"security": [], "responses": {"200": {"description": "It works."}}}},
        "/api/dept/{department}/chat": {
            "post": {
                "summary": "Ask the assistant.",
                "parameters": _places("/api/dept/{department}/chat"),
                "requestBody": _body(names[(Asked, "validation")]),
                "responses": {"200": stream} | _errors(),
            }
        },
        "/crm/sequences/{id}/enroll": {
            "post": {
                "summary": "Enrol one contact, or many.",
                "parameters": _places("/crm/sequences/{id}/enroll"),
                "responses": {"200": enroll} | _errors(),
            }
        },
        "/unsubscribe/{token}": {
            method: {
                "security": [],
                "parameters": _places("/unsubscribe/{token}"),
                "responses": {"200": {"description": "A page."}, "404": {"description": "A page."}},
            }
            for method in ("get", "post")
        },
        "/hooks/{name}": {
            "post": {
                "summary": "Deliver something, signed.",
                "security": [],
                "parameters": _places("/hooks/{name}"),
                "responses": {"202": {"description": "Kept."}} | _errors(),
            }
        },
    }


def _places(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PLACE.findall(path)
    ]


def _body(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _responses(schema: Any, status: str = "200") -> dict[str, Any]:
    done = {"description": "Done.", "content": {"application/json": {"schema": schema}}}
    return {status: done} | _errors()


def _errors() -> dict[str, Any]:
    error = {"application/json": {"schema": {"$ref": _REF.format(model="Error")}}}
    return {status: {"description": text, "content": error} for status, text in _ERRORS.items()}
