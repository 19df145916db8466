# SPDX-License-Identifier: LGPL-2.1-or-later
"""What can a host virtualise? Python on libhvprobe, by ctypes: nothing to compile.

    import hvprobe
    xml = hvprobe.document("capabilities")                      # of this host
    options = hvprobe.Options(snapshot="host.tar")
    print(hvprobe.document("facts", format="json", options=options))

For many hosts or documents the rules are loaded once:

    with hvprobe.Rules() as rules:
        for path in snapshots:
            with hvprobe.Probe(rules, hvprobe.Options(snapshot=path)) as probe:
                print(path, probe.value("capabilities", "count(//guest)"))

Failures are hvprobe.Error, whose status is that of the program (2 usage, 3 a broken rule, 4 no such root or snapshot, 5 the
answer could not be given). A rule set may be used by any number of threads, a probe by one at a time. hvprobe.h is the manual of
what is below. HVPROBE_LIBRARY names another library than libhvprobe.so.0.
"""

import ctypes
import enum
import os
from typing import Dict, Iterator, List, NamedTuple, Optional, Sequence, Union

__all__ = [
    "BrokenRuleWarning", "Error", "Options", "Problem", "Probe", "Rules", "Status", "capabilities", "document", "library",
    "machine_description", "validate", "version",
]


class Status(enum.IntEnum):
    """How a call ended: the exit statuses of hvprobe(1)."""

    OK = 0
    NO = 1
    USAGE = 2
    BROKEN_RULE = 3
    NO_ROOT = 4
    FAILED = 5


class Error(Exception):
    """What could not be done. status: a Status; the text is one sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = Status(status)


class BrokenRuleWarning(UserWarning):
    """A rule file is broken and was left out; the answer is that of the others."""


class Problem(NamedTuple):
    """Something wrong with a rule file, as `hvprobe lint` says it. line 0: the file as a whole; columns count from 1."""

    severity: str
    id: str
    name: str
    message: str
    hint: Optional[str]
    file: Optional[str]
    line: int
    column: int
    end_column: int


class _Error(ctypes.Structure):
    _fields_ = [("status", ctypes.c_int), ("message", ctypes.c_char * 1024)]


class _Problem(ctypes.Structure):
    _fields_ = [
        ("severity", ctypes.c_int), ("id", ctypes.c_char_p), ("name", ctypes.c_char_p), ("message", ctypes.c_char_p),
        ("hint", ctypes.c_char_p), ("file", ctypes.c_char_p), ("line", ctypes.c_uint), ("column", ctypes.c_uint),
        ("end_column", ctypes.c_uint),
    ]


# In the order of hvp_option in hvprobe.h, which never changes.
_OPTIONS: Sequence[str] = (
    "layers", "rules", "schemas", "document", "strict", "lint", "root", "snapshot", "arch", "driver", "parameter", "lang", "exec",
    "trace", "cache",
)
_LISTS = frozenset(("rules", "document", "driver", "parameter"))
_FLAGS = frozenset(("strict", "lint", "exec", "trace"))
_SEVERITIES = ("note", "warning", "error")

# A text that is the caller's to free is a plain pointer, lest ctypes makes bytes of it and the pointer is lost.
_TEXT = ctypes.c_void_p
_PROTOTYPES: Dict[str, tuple] = {
    "hvp_version": (ctypes.c_char_p,),
    "hvp_free": (None, ctypes.c_void_p),
    "hvp_options_new": (ctypes.c_void_p,),
    "hvp_options_free": (None, ctypes.c_void_p),
    "hvp_options_set": (ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p, ctypes.POINTER(_Error)),
    "hvp_rules_load": (ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(_Error)),
    "hvp_rules_free": (None, ctypes.c_void_p),
    "hvp_rules_list": (ctypes.c_void_p, ctypes.c_void_p),
    "hvp_drivers_list": (ctypes.c_void_p, ctypes.c_void_p),
    "hvp_documents_list": (ctypes.c_void_p, ctypes.c_void_p),
    "hvp_rules_show": (_TEXT, ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(_Error)),
    "hvp_rules_problem": (ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.POINTER(_Problem)),
    "hvp_machine_description": (_TEXT, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p),
    "hvp_probe_new": (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(_Error)),
    "hvp_probe_free": (None, ctypes.c_void_p),
    "hvp_probe_document": (_TEXT, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.POINTER(_Error)),
    "hvp_probe_value": (_TEXT, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.POINTER(_Error)),
    "hvp_probe_explain": (_TEXT, ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(_Error)),
    "hvp_validate": (
        ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(_Error),
    ),
}


def _open() -> ctypes.CDLL:
    loaded = ctypes.CDLL(os.environ.get("HVPROBE_LIBRARY") or "libhvprobe.so.0")
    for name, (result, *arguments) in _PROTOTYPES.items():
        function = getattr(loaded, name)
        function.restype = result
        function.argtypes = arguments
    return loaded


library = _open()


def _bytes(text: Union[str, bytes, os.PathLike, None]) -> Optional[bytes]:
    return None if text is None else os.fsencode(text)


def _take(pointer: Optional[int]) -> Optional[str]:
    """The text at a pointer that is ours to free."""
    if not pointer:
        return None
    try:
        return ctypes.string_at(pointer).decode("utf-8", "surrogateescape")
    finally:
        library.hvp_free(pointer)


def _failed(error: _Error) -> Error:
    return Error(error.status, error.message.decode("utf-8", "replace"))


def _warn(error: _Error) -> None:
    if error.status == Status.BROKEN_RULE:
        import warnings

        warnings.warn(error.message.decode("utf-8", "replace"), BrokenRuleWarning, stacklevel=3)


def version() -> str:
    """The library's version, such as "0.1.0"."""
    return library.hvp_version().decode()


class Options:
    """Which rules there are and which host is looked at, by keywords; see hvp_option in hvprobe.h.

    layers, schemas: colon-separated directories in place of the standard ones. rules, document, driver: a text or several.
    parameter: a mapping, or texts NAME=VALUE. root, snapshot: a path. strict, lint, exec, trace: whether. arch, lang, cache: texts.
    What is None, False or not given stays at its default.
    """

    def __init__(self, **options: object) -> None:
        self._pointer = library.hvp_options_new()
        for name, value in options.items():
            self.set(name, value)

    def set(self, name: str, value: object) -> None:
        """Sets one option, or adds to it where it is a list. Raises Error, and nothing is changed."""
        if name not in _OPTIONS:
            raise Error(Status.USAGE, "there is no option '%s'; there are %s" % (name, ", ".join(_OPTIONS)))
        for text in self._texts(name, value):
            error = _Error()
            if library.hvp_options_set(self._pointer, _OPTIONS.index(name), text, ctypes.byref(error)):
                raise _failed(error)

    @staticmethod
    def _texts(name: str, value: object) -> Iterator[bytes]:
        if value is None or (name in _FLAGS and not value):
            return
        if name in _FLAGS:
            value = "yes"
        if isinstance(value, dict):
            value = ["%s=%s" % item for item in value.items()]
        several = name in _LISTS and not isinstance(value, (str, bytes, os.PathLike))
        for text in value if several else [value]:  # type: ignore[attr-defined]
            yield os.fsencode(text)  # type: ignore[arg-type]

    def __del__(self) -> None:
        if getattr(self, "_pointer", None):
            library.hvp_options_free(self._pointer)
            self._pointer = None


def _pointer(options: Optional[Options]) -> Optional[int]:
    return options._pointer if options is not None else None


class _Closing:
    """What the library has made, and is given back at the end of 'with', by close(), or when nobody has it any more."""

    _free = ""
    _pointer: Optional[int] = None

    def close(self) -> None:
        """Gives it back; it is of no use any more."""
        if self._pointer:
            getattr(library, self._free)(self._pointer)
        self._pointer = None

    def _open(self) -> int:
        if not self._pointer:
            raise Error(Status.USAGE, "it is closed")
        return self._pointer

    def __enter__(self):
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


class Rules(_Closing):
    """A rule set. Files that are broken are left out (a BrokenRuleWarning), unless Options(strict=True)."""

    _free = "hvp_rules_free"

    def __init__(self, options: Optional[Options] = None) -> None:
        error = _Error()
        self._pointer = library.hvp_rules_load(_pointer(options), ctypes.byref(error))
        if not self._pointer:
            raise _failed(error)
        _warn(error)

    def _names(self, function: str) -> List[str]:
        names = getattr(library, function)(self._open())
        try:
            texts = ctypes.cast(names, ctypes.POINTER(ctypes.c_char_p))
            count = 0
            while texts[count] is not None:
                count += 1
            return [texts[i].decode() for i in range(count)]
        finally:
            library.hvp_free(names)

    def ids(self) -> List[str]:
        """Ids of the rules in use."""
        return self._names("hvp_rules_list")

    def drivers(self) -> List[str]:
        """Their drivers."""
        return self._names("hvp_drivers_list")

    def documents(self) -> List[str]:
        """Names of the documents that they make."""
        return self._names("hvp_documents_list")

    def show(self, rule: str) -> str:
        """A rule as all layers make it, in YAML."""
        error = _Error()
        text = _take(library.hvp_rules_show(self._open(), _bytes(rule), ctypes.byref(error)))
        if text is None:
            raise _failed(error)
        return text

    def problems(self) -> Iterator[Problem]:
        """What is wrong with rule files; more of it with Options(lint=True)."""
        problem, index = _Problem(), 0
        while library.hvp_rules_problem(self._open(), index, ctypes.byref(problem)) == Status.OK:
            texts = [value.decode("utf-8", "replace") if value is not None else None
                     for value in (problem.id, problem.name, problem.message, problem.hint, problem.file)]
            yield Problem(_SEVERITIES[problem.severity], *texts, problem.line, problem.column, problem.end_column)  # type: ignore
            index += 1

    def machine_description(self, machine: str, lang: Optional[str] = None) -> Optional[str]:
        """A machine type in words, in a language such as de, else in English. None: no rule knows it."""
        return _take(library.hvp_machine_description(self._open(), _bytes(machine), _bytes(lang)))


class Probe(_Closing):
    """Looks at one host: the running one, or that of Options(root=...) or Options(snapshot=...). Things are looked at once."""

    _free = "hvp_probe_free"

    def __init__(self, rules: Rules, options: Optional[Options] = None) -> None:
        error = _Error()
        self.rules = rules  # must outlive it
        self._pointer = library.hvp_probe_new(rules._open(), _pointer(options), ctypes.byref(error))
        if not self._pointer:
            raise _failed(error)

    def _text(self, function: str, *arguments: Optional[str]) -> str:
        error = _Error()
        words = [_bytes(argument) for argument in arguments]
        text = _take(getattr(library, function)(self._open(), *words, ctypes.byref(error)))
        if text is None:
            raise _failed(error)
        return text

    def document(self, name: str = "capabilities", format: str = "xml") -> str:
        """A document as xml, json or yaml."""
        return self._text("hvp_probe_document", name, format)

    def value(self, name: str, xpath: str) -> str:
        """What XPath's string() makes of an expression on a document; "" where nothing is there."""
        return self._text("hvp_probe_value", name, xpath)

    def explain(self, what: Optional[str] = None) -> str:
        """Why: of a rule, of an XPath of the capabilities, or of all rules; with Options(trace=True)."""
        return self._text("hvp_probe_explain", what)


def document(name: str, format: str = "xml", options: Optional[Options] = None) -> str:
    """A document of a host in one call, as xml, json or yaml: of this host, unless options say otherwise."""
    with Rules(options) as rules, Probe(rules, options) as probe:
        return probe.document(name, format)


def capabilities(options: Optional[Options] = None) -> str:
    """document("capabilities")."""
    return document("capabilities", options=options)


def machine_description(machine: str, lang: Optional[str] = None) -> Optional[str]:
    """Rules().machine_description(), of the installed rules."""
    with Rules(Options(document="machines")) as rules:
        return rules.machine_description(machine, lang)


def validate(xml: Union[str, bytes], options: Optional[Options] = None) -> Optional[str]:
    """None for a valid document, by the schema of its root element; else a line for each error. Raises Error for what is no XML."""
    data = xml.encode() if isinstance(xml, str) else xml
    report, error = ctypes.c_void_p(), _Error()
    status = library.hvp_validate(_pointer(options), data, len(data), ctypes.byref(report), ctypes.byref(error))
    text = _take(report.value)
    if status == Status.OK:
        return None
    if status == Status.NO:
        return text or error.message.decode("utf-8", "replace")
    raise _failed(error)
