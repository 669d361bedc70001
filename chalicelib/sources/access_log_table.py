"""The table of S3 access logs: the 27 fields of the format, and what we make of them."""

from __future__ import annotations

from chalicelib.sources.base import Column, ColumnType, Table

_S, _I, _B, _T = ColumnType.STRING, ColumnType.INT64, ColumnType.BOOL, ColumnType.TIMESTAMP

REQUESTS = Table(
    "s3_access_requests",
    "Every request that a server access log tells of",
    (
        Column("bucket_owner", _S, "Canonical id of the bucket's owner"),
        Column("bucket", _S, "The bucket"),
        Column("requested_at", _T, "When the request came, to the second"),
        Column("remote_ip", _S, "Address of the client, as the log has it"),
        Column("requester", _S, "Who asked: canonical id or ARN; null for nobody known"),
        Column("request_id", _S, "S3's id of the request; the records of a batch share it"),
        Column("operation", _S, "What was asked, for example REST.GET.OBJECT"),
        Column("key", _S, "The object's key as the log has it"),
        Column("request_uri", _S, "First line of the HTTP request, as the log has it"),
        Column("http_status", _I, "Status of the answer"),
        Column("error_code", _S, "S3's error code"),
        Column("bytes_sent", _I, "Bytes of the answer's body; the log's - is 0, as S3 documents"),
        Column("object_size_bytes", _I, "Size of the object"),
        Column("total_time_ms", _I, "From the request's arrival to the answer's last byte"),
        Column("turn_around_time_ms", _I, "What S3 itself took of it"),
        Column("referer", _S, "The client's Referer"),
        Column("user_agent", _S, "The client's User-Agent"),
        Column("version_id", _S, "Version of the object that was asked for"),
        Column("host_id", _S, "S3's extended request id"),
        Column("signature_version", _S, "SigV2, SigV4; null for an unsigned request"),
        Column("cipher_suite", _S, "TLS cipher suite"),
        Column("authentication_type", _S, "AuthHeader, QueryString; null for an unsigned request"),
        Column("host_header", _S, "The Host that was connected to"),
        Column("tls_version", _S, "TLS version"),
        Column("access_point_arn", _S, "ARN of the access point (since 25 fields)"),
        Column("acl_required", _B, "Whether an ACL was needed; null before lines of 26 fields"),
        Column("source_region", _S, "Region that the request came from (since 27 fields)"),
        Column("extra", _S, "Fields after the 27th, as they are"),
        Column("field_count", _I, "Fields of the line: 24, 25, 26, 27 or more"),
        Column(
            "quoting", _S, "clean; raw_quotes: a field holds quotes; ambiguous: several readings, the first was taken"
        ),
        Column("key_decoded", _S, "The object's name, percent-decoded"),
        Column("product", _S, "The product, by the configured pattern"),
        Column("version", _S, "The product's version, by the configured pattern"),
        Column("is_bot", _B, "The user agent is a bot's, by crawler-user-agents and the configuration"),
        Column(
            "is_download",
            _B,
            "A product's object was got with 200 or 206; filter is_bot and count runs of partial ones",
        ),
        Column("is_complete", _B, "An object was got whole: status 200, and all bytes of the object were sent"),
        Column("is_partial", _B, "An object was got in part: 206, or 200 with fewer bytes than it has"),
        Column("log_object", _S, "Key of the log object"),
    ),
    time_column="requested_at",
    sort_by=("version", "requested_at"),
)
