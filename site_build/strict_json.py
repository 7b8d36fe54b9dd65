"""Frozen dataclasses to JSON and back; what the class does not name is refused: the wall around what is published."""

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Encoder = Callable[[Any], Any]
Decoder = Callable[[Any], Any]


class Refused(ValueError):
    """The JSON does not say exactly what the class says; the text names the place."""


def to_json(value: Any) -> str:
    """One line; the keys in the order of the fields, so that equal values are equal bytes."""
    encode, _ = _form(type(value))
    return json.dumps(encode(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def from_json(kind: type[T], text: str | bytes) -> T:
    try:
        raw = json.loads(text)
    except ValueError as error:
        raise Refused(f"not JSON: {error}") from None
    _, decode = _form(kind)
    return decode(raw)


@lru_cache
def _form(kind: Any) -> tuple[Encoder, Decoder]:
    """How a type is written and read; built once a type, because a site has millions of values."""
    if is_dataclass(kind):
        return _struct(kind)
    if kind in (date, datetime):
        return kind.isoformat, _read_day(kind)
    if get_origin(kind) is not None:
        return _generic(get_origin(kind), get_args(kind))
    return _as_it_is, _only({float: (float, int)}.get(kind, (kind,)), kind.__name__)


def _generic(origin: Any, arguments: tuple[Any, ...]) -> tuple[Encoder, Decoder]:
    if origin is Literal:
        return _as_it_is, _one_of(arguments)
    if origin is tuple:
        return _sequence(arguments[0]) if arguments[-1] is Ellipsis else _pair(arguments)
    if origin in (Union, UnionType):
        return _union(arguments)
    raise TypeError(f"{origin} has no JSON form")


def _as_it_is(value: Any) -> Any:
    return value


def _only(kinds: tuple[type, ...], name: str) -> Decoder:
    def decode(value: Any) -> Any:
        if type(value) not in kinds:
            raise Refused(f"{value!r:.60} is not {name}")
        return value

    return decode


def _one_of(choices: tuple[Any, ...]) -> Decoder:
    def decode(value: Any) -> Any:
        if value not in choices:
            raise Refused(f"{value!r:.60} is not one of {', '.join(map(str, choices))}")
        return value

    return decode


def _read_day(kind: type[date]) -> Decoder:
    def decode(value: Any) -> date:
        try:
            return kind.fromisoformat(value)
        except (TypeError, ValueError):
            raise Refused(f"{value!r:.60} is not a {kind.__name__}") from None

    return decode


def _sequence(kind: Any) -> tuple[Encoder, Decoder]:
    write, read = _form(kind)

    def decode(value: Any) -> tuple[Any, ...]:
        if type(value) is not list:
            raise Refused(f"{value!r:.60} is not a list")
        return tuple([read(item) for item in value])

    return (lambda value: [write(item) for item in value]), decode


def _pair(kinds: tuple[Any, ...]) -> tuple[Encoder, Decoder]:
    forms = [_form(kind) for kind in kinds]

    def decode(value: Any) -> tuple[Any, ...]:
        if type(value) is not list or len(value) != len(forms):
            raise Refused(f"{value!r:.60} is not a list of {len(forms)}")
        return tuple([read(item) for (_, read), item in zip(forms, value, strict=True)])

    return (lambda value: [write(item) for (write, _), item in zip(forms, value, strict=True)]), decode


def _union(kinds: tuple[Any, ...]) -> tuple[Encoder, Decoder]:
    """Either `X | None`, or dataclasses told apart by their name under `kind`."""
    named = {kind.__name__: _form(kind) for kind in kinds if kind is not NoneType}
    if NoneType not in kinds:
        return _tagged(named)
    if len(named) != 1:
        raise TypeError(f"only one type beside None: {kinds}")
    [(write, read)] = named.values()
    return (
        lambda value: None if value is None else write(value),
        lambda value: None if value is None else read(value),
    )


def _tagged(named: dict[str, tuple[Encoder, Decoder]]) -> tuple[Encoder, Decoder]:
    def encode(value: Any) -> dict[str, Any]:
        name = type(value).__name__
        return {"kind": name} | named[name][0](value)

    def decode(value: Any) -> Any:
        if type(value) is not dict or value.get("kind") not in named:
            raise Refused(f"{value!r:.60} is none of {', '.join(named)}")
        return named[value["kind"]][1]({key: item for key, item in value.items() if key != "kind"})

    return encode, decode


def _struct(kind: Any) -> tuple[Encoder, Decoder]:
    hints = get_type_hints(kind)
    forms = [(field.name, *_form(hints[field.name])) for field in fields(kind)]
    names = {name for name, _, _ in forms}

    def encode(value: Any) -> dict[str, Any]:
        return {name: write(getattr(value, name)) for name, write, _ in forms}

    def decode(value: Any) -> Any:
        if type(value) is not dict or value.keys() != names:
            raise Refused(f"{kind.__name__}: {_difference(value, names)}")
        try:
            return kind(*[read(value[name]) for name, _, read in forms])
        except ValueError:
            # Slow, but only for what is refused: find and name the field.
            _name_the_field(kind, value, forms)
            raise

    return encode, decode


def _difference(value: Any, names: set[str]) -> str:
    if type(value) is not dict:
        return f"{value!r:.60} is not an object"
    unknown, missing = sorted(value.keys() - names), sorted(names - value.keys())
    return "; ".join(
        f"{what} {', '.join(keys)}" for what, keys in (("unknown key", unknown), ("missing key", missing)) if keys
    )


def _name_the_field(kind: Any, value: dict[str, Any], forms: list[tuple[str, Encoder, Decoder]]) -> None:
    for name, _, read in forms:
        try:
            read(value[name])
        except ValueError as error:
            raise Refused(f"{kind.__name__}.{name}: {error}") from None
