"""``s3://bucket/prefix/`` as two parts."""

from __future__ import annotations

from dataclasses import dataclass

from infra.local.athena.errors import invalid_request


@dataclass(frozen=True, slots=True)
class Location:
    """A folder in S3; ``prefix`` is empty or ends with a slash."""

    bucket: str
    prefix: str

    @classmethod
    def parse(cls, uri: str) -> Location:
        """Read an ``s3://`` address; a missing slash at the end is added.

        >>> Location.parse("s3://lake/a/b")
        Location(bucket='lake', prefix='a/b/')
        """
        scheme, _, rest = uri.partition("://")
        bucket, _, prefix = rest.partition("/")
        if scheme not in ("s3", "s3a", "s3n") or not bucket:
            raise invalid_request(f"'{uri}' is not an S3 location: write s3://bucket/prefix/")
        if prefix and not prefix.endswith("/"):
            prefix += "/"
        return cls(bucket, prefix)

    def child(self, name: str) -> Location:
        """A folder below this one."""
        return Location(self.bucket, f"{self.prefix}{name}/")

    @property
    def uri(self) -> str:
        """The address, with its slash."""
        return f"s3://{self.bucket}/{self.prefix}"
