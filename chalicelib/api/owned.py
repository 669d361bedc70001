"""What people keep, in one way: made once however often it is asked for, changed only by who has seen it as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from chalicelib.api import idempotency
from chalicelib.api.envelope import NO_STORE
from chalicelib.api.preconditions import changed_meanwhile, require_match
from chalicelib.api.routes import Call, Reply
from chalicelib.domain.faults import not_found
from chalicelib.errors import RequestError


class Changed(Protocol):
    """What is known of all of it: which version it is, and whose."""

    @property
    def version(self) -> int: ...
    @property
    def updated_at(self) -> datetime | None: ...
    @property
    def updated_by(self) -> str: ...


class Kept(Changed, Protocol):
    """What is made and deleted; ``request`` is a digest of what it was made of."""

    @property
    def deleted(self) -> bool: ...
    @property
    def request(self) -> str: ...


class Named(Kept, Protocol):
    """What people name themselves; ``key`` is of the request that made it."""

    @property
    def key(self) -> str: ...


C = TypeVar("C", bound=Changed)
K = TypeVar("K", bound=Kept)
N = TypeVar("N", bound=Named)


def reply(body: Any, version: int) -> Reply:
    """Answer what is kept; its ``ETag`` is what a change of it has to name."""
    return Reply(body, headers={**NO_STORE, "ETag": tag(version)})


def tag(version: int) -> str:
    """Answer the ``ETag`` of a version."""
    return f'"{version}"'


def created(shown: Reply, location: str) -> Reply:
    """Answer what was made just now, or by an earlier try, and where it is: relative to where it was asked for."""
    return Reply(shown.body, 201, {**shown.headers, "Location": location})


def gone() -> Reply:
    """Answer that something was deleted."""
    return Reply(b"", 204, NO_STORE)


def there(found: K | None, call: Call, what: str, listed_at: str, known: Iterable[str] = (), at: str = "id") -> K:
    """Answer what the path names. Raises ``RequestError`` 404, with the nearest of those that are ``known``."""
    if found is None or found.deleted:
        raise not_found(at, what, call.values[at], known, listed_at)
    return found


def require_seen(call: Call, standing: Changed) -> None:
    """Hold a change against what stands. Raises ``RequestError`` 412 saying who has changed it since, 428."""
    require_match(call, tag(standing.version), standing.updated_by, standing.updated_at)


def require_owner(call: Call, owner_id: str, refusal: str) -> None:
    """Raise ``RequestError`` 403 for who neither owns it nor administrates."""
    if call.by.id != owner_id and call.by.scope != "admin":
        raise RequestError(refusal, status=403)


def won(written: C | None, look: Callable[[], C | None]) -> C:
    """Answer what was written. Raises ``RequestError`` 412 with who was faster, as a look at what stands tells."""
    if written is None:
        raise lost(look())
    return written


def lost(standing: Changed | None) -> RequestError:
    """Make the error of a change that came second, by a moment, with who was faster."""
    return changed_meanwhile() if standing is None else changed_meanwhile(standing.updated_by, standing.updated_at)


def require_room(count: int, most: int, what: str) -> None:
    """Raise ``RequestError`` 409 where there are as many as may be."""
    if count >= most:
        raise RequestError(f"There are {most:,} {what}: somebody has to delete one first.", status=409)


def require_own_room(call: Call, owners: list[str], most_of_one: int, most: int, what: str) -> None:
    """Raise ``RequestError`` 409 where there are as many as may be: of the caller, or of all."""
    if owners.count(call.by.id) >= most_of_one:
        raise RequestError(f"You have {most_of_one:,} {what}: delete one first.", status=409)
    require_room(len(owners), most, what)


def made_once(
    call: Call,
    given: Any,
    what: str,
    look: Callable[[str], K | None],
    make: Callable[[str, str], K | None],
    prefix: str = "",
) -> K:
    """Answer what a request makes; the same ``Idempotency-Key`` makes it once.

    Parameters
    ----------
    what
        It is, with its article.
    look
        Reads what has an id.
    make
        Reads what is given and writes it, under an id and with the digest of the request; None when another try was
        faster. What another try has made already is not held against anything again.

    Raises
    ------
    RequestError
        409: it was deleted since; 422: the key came with another request before.
    """
    key, digest = idempotency.read_key(call), idempotency.digest_of(given)
    name = prefix + idempotency.new_id(call.by.id, key)
    standing = None if key is None else look(name)
    if standing is None:
        standing = make(name, digest) or look(name)
    if standing is None or standing.deleted:
        raise RequestError(f"This key made {what} that was deleted since: use a new one.", status=409)
    if standing.request != digest:
        raise idempotency.used_for_another()
    return standing


def named_once(
    call: Call,
    given: Any,
    what: str,
    name: str,
    look: Callable[[], N | None],
    make: Callable[[N | None, str, str], N | None],
) -> N:
    """Answer what a request makes under a name that is given; the same ``Idempotency-Key`` makes it once.

    Parameters
    ----------
    look
        Reads what has the name.
    make
        Writes it, over a namesake that was deleted (or None), with the key and the digest of the request; None when
        somebody was faster.

    Raises
    ------
    RequestError
        409: the name is taken; 412: it was taken and given up at this moment; 422: the key came with another request.
    """
    key, digest = idempotency.new_id(call.by.id, idempotency.read_key(call)), idempotency.digest_of(given)
    standing = look()
    if standing is None or standing.deleted:
        made = make(standing, key, digest)
        if made is not None:
            return made
        standing = look()
        if standing is None or standing.deleted:
            raise lost(standing)
    if standing.key != key:
        raise RequestError(f"There is a {what} '{name}' already: change it, or name yours otherwise.", status=409)
    if standing.request != digest:
        raise idempotency.used_for_another()
    return standing
