"""Requests that cannot be understood or are not let through."""

from .base import RenewalError


class RequestError(RenewalError):
    """The request itself cannot be understood."""


class InvalidRequestError(RequestError):
    """A body or one field of it is not what the request asks for."""

    code = "invalid_request"
    title = "The request is not valid"

    def __init__(self, detail: str | None = None, *, field: str | None = None) -> None:
        super().__init__(detail)
        self.field = field


class UnsupportedMediaTypeError(RequestError):
    """The body is of another media type than JSON (RFC 9110 §15.5.16)."""

    code = "unsupported_media_type"
    title = "The body must be application/json"


class UntrustedOriginError(RequestError):
    """Another origin than the trusted ones asks for a change; nothing was read and nothing was changed."""

    code = "untrusted_origin"
    title = "The request comes from an origin that is not trusted"


class HttpsRequiredError(RequestError):
    """The request came over plain http, where `RENEWAL_HTTPS_ONLY` asks for https; nothing was read or changed."""

    code = "https_required"
    title = "The request must come over https"


class TooManyRequestsError(RequestError):
    """A rate limit is reached; `retry_after` is in whole seconds (RFC 9110 §10.2.3)."""

    code = "too_many_requests"
    title = "Too many requests"

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(f"Too many requests; try again in {retry_after} seconds.")
        self.retry_after = retry_after
