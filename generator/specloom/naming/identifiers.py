"""Words → Python identifiers, and the names of the package, the client and its environment."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from itertools import chain, groupby

from specloom import ir
from specloom.ir import Words
from specloom.ir.words import pascal, snake, split_words

KEYWORDS = frozenset(
    "False None True and as assert async await break class continue def del elif else except"
    " finally for from global if import in is lambda nonlocal not or pass raise return try while"
    " with yield".split()
)


def is_public_name(text: str) -> bool:
    """Whether a text can be a name for users: an identifier that is not private."""
    return text.isidentifier() and text not in KEYWORDS and not text.startswith("_")


def is_address(text: str) -> bool:
    """Whether a text is an address below the client: names with dots between them."""
    return all(map(is_public_name, text.split(".")))


# Windows reserves these names for devices, with any suffix (Win32, "Naming Files").
DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
)

# Names of pydantic's BaseModel, its metaclass and our Model: a field with such a name would hide
# the method. And the builtins in annotations: a field ``int`` would hide the type from later
# fields.
MODEL_ATTRIBUTES = KEYWORDS | frozenset(
    "model_computed_fields model_config model_construct model_copy model_dump model_dump_json"
    " model_extra model_fields model_fields_set model_json_schema model_parametrized_name"
    " model_post_init model_rebuild model_validate model_validate_json model_validate_strings"
    " construct copy dict from_orm json parse_file parse_obj parse_raw schema schema_json"
    " update_forward_refs validate to_dict to_json self mro register"
    " bool bytes float int list str tuple".split()
)

# Classes that need no import: pydantic would use them for a type with that name which is defined
# later in the module.
BUILTIN_CLASSES = frozenset(
    "ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError"
    " BrokenPipeError BufferError BytesWarning ChildProcessError ConnectionAbortedError"
    " ConnectionError ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError"
    " Ellipsis EncodingWarning EnvironmentError Exception ExceptionGroup FileExistsError"
    " FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError"
    " ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError"
    " KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError"
    " NotImplemented NotImplementedError OSError OverflowError PendingDeprecationWarning"
    " PermissionError ProcessLookupError PythonFinalizationError RecursionError ReferenceError"
    " ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError"
    " SyntaxWarning SystemError SystemExit TabError TimeoutError TypeError UnboundLocalError"
    " UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning"
    " UserWarning ValueError Warning WindowsError ZeroDivisionError".split()
)

# The names of per-call options, and the names that a method's own code uses.
ARGUMENTS = KEYWORDS | frozenset(
    "self options extra_headers extra_query extra_body timeout max_retries retries idempotency_key"
    " strict".split()
)

# For an operation with several kinds of body, this argument selects one.
CONTENT_TYPE = "content_type"

_RAW = frozenset("with_raw_response with_streaming_response".split())

# A method called ``types`` would hide the module from the annotations of later methods.
RESOURCE_ATTRIBUTES = KEYWORDS | _RAW | {"types"}

# Names that the module of a resource imports; a type with the same name is ``types.Json``.
RESOURCE_MODULE_NAMES = frozenset(
    "Annotated Any ApiServer ApiServerVariable AsyncCursorPage AsyncLinkPage AsyncNumberPage"
    " AsyncOffsetPage"
    " AsyncPaginator AsyncResource AsyncStream Binary BinaryContent"
    " Empty Encoding Events FileInput Json JsonLines Literal Mapping Omit Operation Pagination Poll"
    " Redirect Redirection RequestBody RequestOptions Sequence Stream Style SyncCursorPage"
    " SyncLinkPage SyncNumberPage SyncOffsetPage SyncResource TYPE_CHECKING Text Unpack"
    " WebhookEvents asks_for".split()
)

# Names in a client's module and the package: a client of an API called "Stream" is
# ``StreamClient``.
CLIENT_MODULE_NAMES = (
    KEYWORDS
    | RESOURCE_MODULE_NAMES
    | frozenset(
        "APIConnectionError APIError APIResponseValidationError APIStatusError APITimeoutError"
        " AsyncBase AsyncMiddleware AsyncSend Attempt AuthenticationError Awaitable"
        " BadRequestError Callable ClientArgument ClientCredentials Collection ConfigurationError"
        " ConflictError Environment ErrorPaths INFO InternalServerError Middleware NotFoundError"
        " Observer OpenTelemetry PermissionDeniedError RateLimitError RefreshToken Retries Retry"
        " RetryBudget SDKError SdkInfo SecurityScheme Self Send"
        " SyncBase Timeout Token TokenError TokenProvider TokenSource"
        " UnprocessableEntityError".split()
    )
)

# The modules of every package, and its exports that could also be modules.
PACKAGE_NAMES = frozenset(
    "_runtime client omit pages request_id_of resources streams testing types webhooks".split()
)

CLIENT_ATTRIBUTES = (KEYWORDS | _RAW) | frozenset(
    "close copy with_options get post put patch delete request is_closed base_url api_key timeout"
    " max_retries max_decompressed".split()
)

# The class of the methods on the client itself, which the client inherits.
CLIENT_METHODS = "ClientMethods"

# The arguments of a client besides its credentials.
CLIENT_ARGUMENTS = KEYWORDS | frozenset(
    "self api_key base_url basic_auth default_headers default_query http_client max_retries"
    " middleware retries server strict timeout".split()
)

# Further arguments for the OAuth 2 flow of client credentials.
OAUTH_ARGUMENTS = frozenset("client_id client_secret scopes".split())

# Names that modules of ``types`` import. A schema may be called Optional: nothing imports that.
TYPE_NAMES = frozenset(
    "Annotated Any ConfigDict Field Literal Mapping Model NotRequired Required Sequence TypeAlias"
    " TypeAliasType TypedDict Union UnknownVariant Variants TYPE_CHECKING".split()
)


# File systems allow 255 bytes; this limit leaves room for suffixes.
_LONGEST_FILE_NAME = 100


@dataclass(frozen=True, slots=True)
class Clash:
    """Two things of the description that need one name, and the second one's fallback name."""

    wanted: str
    given: str
    pointer: str


def attribute(words: Words, reserved: frozenset[str]) -> str:
    """A lower-case name; a reserved one gets an underscore at its end (PEP 8)."""
    name = snake(words).lstrip("_") or "value"
    name = name if name.isidentifier() or name in reserved else f"n{name}"
    return f"{name}_" if name in reserved else name


def module_name(words: Words, reserved: frozenset[str]) -> str:
    """A name that can also be a file name, on every system.

    A very long one is cut and gets a hash; so does one that some file systems confuse with another
    (``straße`` and ``strasse``). A device name of Windows gets an underscore at its end.
    """
    name = attribute(words, reserved)
    if name.casefold() != name:
        return f"{name.casefold()[:_LONGEST_FILE_NAME]}_{_hash(name)}"
    if name.casefold() in DEVICES:
        return f"{name}_"
    if len(name.encode()) <= _LONGEST_FILE_NAME:
        return name
    start = name.encode()[:_LONGEST_FILE_NAME].decode(errors="ignore")
    return f"{start}_{_hash(name)}"


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def class_name(words: Words, reserved: frozenset[str] = frozenset()) -> str:
    """A name in PascalCase; a reserved one gets an underscore at its end."""
    name = pascal(words).lstrip("_") or "Model"
    name = name if name.isidentifier() else f"N{name}"
    return f"{name}_" if name in reserved else name


_SIGNS = {
    "_": "underscore",
    "@": "at",
    "$": "dollar",
    "#": "hash",
    ".": "dot",
    "-": "dash",
    "+": "plus",
    "*": "star",
    "/": "slash",
    ":": "colon",
    "!": "bang",
    "%": "percent",
    "&": "and",
    "~": "tilde",
    "?": "question mark",
    "=": "equals",
}


def spelled_out(wire_name: str) -> Words:
    """The words of a name, with signs as words: they distinguish ``@id`` and ``_id`` from ``id``.

    An underscore counts only at the beginning or the end; inside it joins words.
    """
    core = wire_name.strip("_")
    start, _, end = wire_name.partition(core) if core else (wire_name, "", "")
    text = "".join(f" {_SIGNS[sign]} " if sign in _SIGNS and sign != "_" else sign for sign in core)
    ends = (" underscore " * len(part) for part in (start, end))
    return split_words(text.join(ends))


def free(wanted: str, taken: Container[str], numbered: Callable[[str, int], str]) -> str:
    """The wanted name, or the first numbered one that is free."""
    given, number = wanted, 2
    while given in taken:
        given, number = numbered(wanted, number), number + 1
    return given


_IDLE_PARTS = re.compile(
    r"['\u2019]s\b|\b(?:openapi|swagger|version)\s+v?\d[\w.]*|\bv?\d+\.\d[\w.]*|\([^()]*\)"
    r"|\b(?:web|developers?)\s+(?=apis?\b)|\brestful\b",
    re.IGNORECASE,
)
_IDLE = re.compile(
    r"the|apis?|rest|http|openapi|swagger|official|public|documentation|docs|collection"
    r"|specification|spec|reference|definitions?|description|sdk|v\d+",
    re.IGNORECASE,
)


def with_package_names(api: ir.Api) -> ir.Api:
    """The API with names from the title's words, where x-sdk gives none."""
    addresses = " ".join((api.description, *(server.url for server in api.servers)))
    title, settings = _title_words(api.title, addresses), api.settings
    prefix = "_".join(word.upper() for word in title)
    named = replace(
        settings,
        package=settings.package or snake((*title, "sdk")),
        client=settings.client or _client_name(title),
        api_key_environment=settings.api_key_environment or (f"{prefix}_API_KEY",),
        base_url_environment=settings.base_url_environment or (f"{prefix}_BASE_URL",),
        client_id_environment=settings.client_id_environment or (f"{prefix}_CLIENT_ID",),
        client_secret_environment=settings.client_secret_environment
        or (f"{prefix}_CLIENT_SECRET",),
        log_environment=settings.log_environment or f"{prefix}_LOG",
    )
    return replace(api, settings=named)


def _client_name(title: ir.Words) -> str:
    name = pascal(title)
    return f"{name}Client" if {name, f"Async{name}"} & CLIENT_MODULE_NAMES else name


_DIGITS = "Zero One Two Three Four Five Six Seven Eight Nine".split()
_ENDS_IN_CAPITALS = re.compile(r"[A-Za-z][a-z]+(?!APIs?$|SDK$|REST$|HTTP$|SCIM$)[A-Z]{2,4}")


def _telling(words: ir.Words) -> ir.Words:
    """The words of one text without those at its end that only mean "a description of an API"."""
    while words and _IDLE.fullmatch(words[-1]):
        words = words[:-1]
    return words


def _title_words(title: str, addresses: str) -> ir.Words:
    """The title's words as the start of a package name: ASCII, short, not starting with a digit.

    Words that only mean "a description of an API" are left out. A brand stays one word: ``WorkOS``
    ends in capitals, and ``PagerDuty`` is one word in its addresses. ``3Commas`` becomes
    ``ThreeCommas``, and ``99designs`` becomes ``designs99``.
    """
    title = re.sub(r"^\W*(\d)(?=[A-Za-z]{2}|[A-Z]\b)", lambda found: _DIGITS[int(found[1])], title)
    title = re.sub(r"^\W*(\d+)([A-Za-z]{2}\w*)", r"\2\1", title)
    solid = set(re.findall(r"[a-z0-9]+(?=\.[a-z])", addresses))
    every = [
        (
            (text,)
            if text.lower() in solid or _ENDS_IN_CAPITALS.fullmatch(text)
            else tuple(word for word in split_words(text) if word.isascii())
        )
        for text in re.split(r"[^\w.]+|_", _IDLE_PARTS.sub(" ", title))
    ]
    telling = [next(same) for _, same in groupby(chain(*map(_telling, every)), str.lower)]
    words = telling or [
        word for word in chain(*every) if word.lower() not in ("api", "rest", "the")
    ]
    while words and words[0][0].isdigit():
        words.append(words.pop(0)) if any(not w[0].isdigit() for w in words) else words.clear()
    while len([part for word in words for part in split_words(word)]) > 4 and words[1:]:
        words.pop()
    return tuple(words) or ("api", "client")
