"""Answers as files: made once for a question and a version of its data; a small CSV as it is, else a link."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from chalicelib.api.context import Context
from chalicelib.api.envelope import CACHE_CONTROL, NO_STORE, etag, matches, not_modified
from chalicelib.api.routes import Call, Reply
from chalicelib.documents.formats import CONTENT_TYPES, Format
from chalicelib.domain.result_files import ResultFiles
from chalicelib.exports import words
from chalicelib.metrics.question import Question
from chalicelib.metrics.standing import Prepared

if TYPE_CHECKING:
    from chalicelib.documents.document import Document

LINK_S: Final = 900
INLINE_BYTES: Final = 3_000_000
"""Of a CSV: API Gateway takes 6 MB, in which JSON writes each quotation mark as two characters."""
_LAYOUT: Final = 1
"""Of files: another number makes them all anew."""


def file_reply(call: Call, context: Context, question: Question, form: Format) -> Reply:
    """Answer a question as a file, or 304 where the client has it already.

    Raises
    ------
    RequestError
        422: more points than are answered at once, or than the format holds.
    """
    question.require_few_buckets()
    prepared = context.series.prepare(question)

    def made() -> Document:
        from chalicelib.exports.sheets import document

        return document(question, form, lambda: context.series.answer(prepared))

    return made_once(call, context, prepared, form, made)


def made_once(call: Call, context: Context, prepared: Prepared, form: Format, make: Callable[[], Document]) -> Reply:
    """Answer the file of a question and a version of its data, made if it is not there; 304 where the client has it."""
    tag = etag(prepared.tag, form.value)
    if matches(call.headers, tag):
        return not_modified(tag)
    from chalicelib.documents import delivery

    key = key_of(prepared, form)
    if context.exports.size(key) is None:
        delivery.put(context.exports, key, form, make())
    return deliver(context, key, form, words.filename(prepared.question, form.value), tag)


def key_of(prepared: Prepared, form: Format) -> str:
    """Name the object that holds an answer: the same question over the same data is the same object."""
    said = json.dumps([_LAYOUT, *prepared.tag]).encode()
    return f"exports/answers/{hashlib.sha256(said).hexdigest()[:40]}.{form.value}"


def deliver(context: Context, key: str, form: Format, filename: str, tag: str) -> Reply:
    """Answer a small CSV as it is, and all else by a link that expires."""
    from chalicelib.documents.delivery import small_text

    if form is Format.CSV and (text := small_text(context.exports, key, INLINE_BYTES)) is not None:
        said = {"Content-Type": CONTENT_TYPES[form], "Content-Disposition": f'attachment; filename="{filename}"'}
        return Reply(text, headers={**said, "ETag": tag, "Cache-Control": CACHE_CONTROL})
    return linked(context.exports, key, filename)


def linked(files: ResultFiles, key: str, filename: str, **more: str) -> Reply:
    """Answer where a file is, by a link that expires."""
    address = files.link(key, filename, LINK_S)
    return Reply({"link": address, "expires_in_s": LINK_S, **more}, 303, {**NO_STORE, "Location": address})
