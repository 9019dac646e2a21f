"""Names that generated code cannot give away: literal lists, so that names never depend on the
versions of Python or pydantic that happen to run the generator."""

from __future__ import annotations

KEYWORDS = frozenset(
    "False None True and as assert async await break class continue def del elif else except"
    " finally for from global if import in is lambda nonlocal not or pass raise return try while"
    " with yield".split()
)

# Windows gives these names to devices, whatever ending a file has (Win32, "Naming Files").
DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
)

# What pydantic's BaseModel, its metaclass and our Model define: a field of such a name would hide
# the method. And
# the builtins that annotations use: a field ``int`` would hide the type from the fields after it.
MODEL_ATTRIBUTES = KEYWORDS | frozenset(
    "model_computed_fields model_config model_construct model_copy model_dump model_dump_json"
    " model_extra model_fields model_fields_set model_json_schema model_parametrized_name"
    " model_post_init model_rebuild model_validate model_validate_json model_validate_strings"
    " construct copy dict from_orm json parse_file parse_obj parse_raw schema schema_json"
    " update_forward_refs validate to_dict to_json self mro register"
    " bool bytes float int list str".split()
)

# Classes that need no import: pydantic takes one of these for a type of that name that stands
# further down in its module.
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

# The names per-call options have, and what a method's own code needs.
ARGUMENTS = KEYWORDS | frozenset(
    "self options extra_headers extra_query extra_body timeout max_retries retries idempotency_key"
    " strict".split()
)

# Where an operation takes several kinds of body, this argument says which.
CONTENT_TYPE = "content_type"

_RAW = frozenset("with_raw_response with_streaming_response".split())

# A method called ``types`` would hide the module from the annotations of the methods after it.
RESOURCE_ATTRIBUTES = KEYWORDS | _RAW | {"types"}

# What the module of a resource imports by these names; types called the same are ``types.Json``.
RESOURCE_MODULE_NAMES = frozenset(
    "Annotated Any ApiServer ApiServerVariable AsyncCursorPage AsyncLinkPage AsyncNumberPage"
    " AsyncOffsetPage"
    " AsyncPaginator AsyncResource AsyncStream Binary BinaryContent"
    " Empty Encoding Events FileInput Json JsonLines Literal Mapping Omit Operation Pagination Poll"
    " Redirect Redirection RequestBody RequestOptions Sequence Stream Style SyncCursorPage"
    " SyncLinkPage SyncNumberPage SyncOffsetPage SyncResource TYPE_CHECKING Text Unpack"
    " WebhookEvents asks_for".split()
)

# What a client's module and the package export under these names: a client made of the title of
# an API called "Stream" is ``StreamClient``.
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

# The modules of every package, and what it exports by a name that a module could have as well.
PACKAGE_NAMES = frozenset(
    "_runtime client omit request_id_of resources streams testing types webhooks".split()
)

CLIENT_ATTRIBUTES = (KEYWORDS | _RAW) | frozenset(
    "close copy with_options get post put patch delete request is_closed base_url api_key timeout"
    " max_retries max_decompressed".split()
)

# The class of the methods on the client itself, which the client inherits.
CLIENT_METHODS = "ClientMethods"

# The arguments of a client besides the credentials it takes.
CLIENT_ARGUMENTS = KEYWORDS | frozenset(
    "self api_key base_url basic_auth default_headers default_query http_client max_retries"
    " middleware retries server strict timeout".split()
)

# The further ones where the API has the OAuth 2 flow of client credentials.
OAUTH_ARGUMENTS = frozenset("client_id client_secret scopes".split())

# What the modules of ``types`` import. A schema called Optional is fine: nothing imports that.
TYPE_NAMES = frozenset(
    "Annotated Any ConfigDict Field Literal Mapping Model NotRequired Required Sequence TypeAlias"
    " TypeAliasType TypedDict Union UnknownVariant Variants TYPE_CHECKING".split()
)
