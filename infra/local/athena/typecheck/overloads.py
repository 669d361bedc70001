"""Which overload of a function or operator a call means, by the rules of Trino 435's ``FunctionBinder``."""

from __future__ import annotations

from collections.abc import Sequence

from infra.local.athena.typecheck.signatures import Signature, signatures
from infra.local.athena.typecheck.solving import Argument, Bound, Function, bind, same
from infra.local.athena.typecheck.types import ANY, UNKNOWN, Type, is_known


class AmbiguousCall(Exception):  # noqa: N818 - Trino's own word
    """Several overloads fit a call equally well."""

    def __init__(self, fitting: Sequence[Bound]) -> None:
        listed = "".join(
            f"\t * ({','.join(of.signature for of in each.arguments)}):{each.returns.signature}\n" for each in fitting
        )
        super().__init__(
            f"Could not choose a best candidate operator. Explicit type casts must be added.\nCandidates are:\n{listed}"
        )


def overload(name: str, given: Sequence[Argument]) -> Bound | None:
    """Choose an overload; ``None`` where none fits.

    Where one of the types is unknown to this check, the result's type is ``ANY`` unless all overloads that fit agree.

    Raises
    ------
    AmbiguousCall
        Where several fit equally well.

    Examples
    --------

    >>> str(overload("$add", [Type("integer"), Type("bigint")]).returns), overload("lower", [Type("integer")])
    ('bigint', None)
    """
    candidates = signatures(name)
    if all(isinstance(each, Function) or is_known(each) for each in given):
        for generic in (False, True):
            exact = _bound([each for each in candidates if bool(each.variables) == generic], given, coercing=False)
            if exact:
                return _chosen(exact[:1] if not generic else exact, given)
    fitting = _bound(candidates, given, coercing=True)
    if not all(isinstance(each, Function) or is_known(each) for each in given):
        return _agreed(fitting) if fitting else None
    return _chosen(_narrowed(_most_specific(fitting), fitting, given), given) if fitting else None


def _bound(candidates: Sequence[Signature], given: Sequence[Argument], *, coercing: bool) -> list[Bound]:
    return [found for each in candidates if (found := bind(each, given, coercing=coercing))]


def _agreed(fitting: Sequence[Bound]) -> Bound:
    first = fitting[0]
    if all(each.returns == first.returns for each in fitting):
        return first
    return Bound(first.declared, first.arguments, ANY)


def _chosen(best: Sequence[Bound], given: Sequence[Argument]) -> Bound:
    """The one that is left; any, where all answer null anyhow."""
    if len(best) == 1 or any(isinstance(each, Function) for each in given):
        return _agreed(best)
    if len({each.returns for each in best}) == 1 and all(_answers_null(each, given) for each in best):
        return best[0]
    raise AmbiguousCall(best)


def _answers_null(each: Bound, given: Sequence[Argument]) -> bool:
    declared = each.declared
    nullable = [*declared.nullable, *declared.nullable[-1:] * len(given)]
    return (declared.kind != "scalar" and UNKNOWN in given) or any(
        have == UNKNOWN and not may_be_null for have, may_be_null in zip(given, nullable, strict=False)
    )


def _most_specific(fitting: Sequence[Bound]) -> list[Bound]:
    """Those of which no other takes all that they take."""
    kept: list[Bound] = []
    for current in fitting:
        for at, other in enumerate(kept):
            if _is_more_specific(current, other):
                kept[at] = current
                break
            if _is_more_specific(other, current):
                break
        else:
            kept.append(current)
    return kept


def _is_more_specific(one: Bound, other: Bound) -> bool:
    return (
        any(of.base == "function" for of in one.arguments)
        or bind(other.declared, one.arguments, coercing=True) is not None
    )


def _narrowed(best: list[Bound], fitting: Sequence[Bound], given: Sequence[Argument]) -> list[Bound]:
    """Nulls decide nothing: of several, the one that converts only them; then any of those that answer null anyhow."""
    if len(best) < 2 or UNKNOWN not in given:
        return best
    only_nulls = [each for each in fitting if _converts_only_nulls(each, given)]
    return only_nulls or best


def _converts_only_nulls(each: Bound, given: Sequence[Argument]) -> bool:
    pairs = zip(each.arguments, given, strict=True)
    return all(have == UNKNOWN or (isinstance(have, Type) and same(want, have)) for want, have in pairs)


def shown(given: Sequence[Argument]) -> str:
    """Write the types of a call as Trino's message does."""
    return ", ".join("<function>" if isinstance(each, Function) else each.signature for each in given)


def not_found(name: str, given: Sequence[Argument]) -> str:
    """Say that no overload takes these arguments.

    >>> not_found("lower", [Type("integer")])
    'Unexpected parameters (integer) for function lower. Expected: lower(char(x)), lower(varchar(x))'
    """
    expected = ", ".join(sorted({each.shown for each in signatures(name)}))
    return f"Unexpected parameters ({shown(given)}) for function {name}. Expected: {expected}"
