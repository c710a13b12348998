"""Turns the package's `lean.js` into `lean-core.js`: drops 88 MB of generated statements and applies named patches.

In the patched text `Module.host` is the object of `assets/hostcalls.js` and `Module.runtime` is what the loader sees.
A patch that does not match its input exactly stops the installation.
"""

import re
from dataclasses import dataclass

from ghostproof.errors import ToolchainBroken


@dataclass(frozen=True)
class Patch:
    """A replacement in the JavaScript runtime.

    Attributes:
        name, reason: what it is called in errors, and why it is there.
        old, new: literal texts, or a regular expression and its template when `regex` is set.
        count: how often `old` occurs; any other number is an error.
    """

    name: str
    reason: str
    old: str
    new: str
    count: int = 1
    regex: bool = False

    def apply(self, source: str) -> str:
        """The patched source. Raises ToolchainBroken when it does not match."""
        if self.regex:
            patched, found = re.subn(self.old, self.new, source)
        else:
            found = source.count(self.old)
            patched = source.replace(self.old, self.new)
        if found != self.count:
            raise ToolchainBroken(f"The patch '{self.name}' matches lean.js {found} times instead of {self.count}.")
        return patched


@dataclass(frozen=True)
class RewrittenRuntime:
    """Result of `rewrite`: the small runtime, and the exports of lean.wasm that it names."""

    source: str
    exports: frozenset[str]


def _in_calling_thread(header: str, call: str) -> tuple[str, str]:
    answer = f"growMemViews();var answer=Module.host.{call};if(answer!==undefined)return answer"
    return header, f"{header}if(ENVIRONMENT_IS_PTHREAD){{{answer}}}"


def _library_file_patch(function: str, parameters: str, call: str) -> Patch:
    old, new = _in_calling_thread(f"function {function}({parameters}){{", call)
    return Patch(
        f"library files: {function}",
        "reading the .olean files through the main thread costs nine messages a module",
        old,
        new,
    )


# The thread start routine that stands for `main`; no function table is that large.
MAIN_ROUTINE = "0x7ffffffe"

_GL_NAMES = '(s.startsWith("emscripten_gl")||s.startsWith("gl")||s.startsWith("al")||s.startsWith("SDL"))'
_RUNTIME_VIEW = (
    "Module.runtime={FS,NODEFS,ENV,stringToUTF8,lengthBytesUTF8,UTF8ToString,"
    "get HEAPU8(){growMemViews();return HEAPU8},get HEAPU32(){growMemViews();return HEAPU32}};"
)

PATCHES = (
    Patch(
        "module object",
        "the loader prepares Module before the runtime starts, in every thread",
        'var Module=typeof Module!="undefined"?Module:{};',
        "var Module=globalThis.leanModule;",
    ),
    Patch(
        "offset table of exports",
        "one slot per export would take minutes; what the binary imports is resolved all the same, and GL, AL and SDL "
        "names exist in no Node",
        "updateGOT(origExports);LDSO.init()",
        f"for(var s in GOT){{if(GOT[s].value==-1&&{_GL_NAMES})GOT[s].value=0}}LDSO.init()",
    ),
    Patch(
        "offset table of threads",
        "the same for thread-local exports, of which there are none left",
        "updateGOT(relocateExports(tlsExports,__tls_base),true)",
        "",
    ),
    Patch(
        "table scan",
        "the reverse map of the function table is only needed for functions added at run time",
        "functionsInTableMap=new WeakMap;updateTableMap(0,wasmTable.length)",
        "functionsInTableMap=new WeakMap",
    ),
    Patch(
        "dlsym",
        "symbols are found in the hash file made from the export section; the stock code found no data symbols",
        r"var __dlsym_js=.*?__dlsym_js\.sig=",
        "var __dlsym_js=(handle,symbol,symbolIndex)=>{growMemViews();return Module.host.dlsym(HEAPU8,symbol)};"
        "__dlsym_js.sig=",
        regex=True,
    ),
    Patch(
        "debug prints", "this build prints its progress", r'console\.log\("\[DEBUG', '(()=>{})("[DEBUG', 55, regex=True
    ),
    Patch(
        "end of main",
        "the only signs that Lean's main is over, by its return or by an exception, and nothing but tear-down follows",
        r'\(\(\)=>\{\}\)\("\[DEBUG:(?:G\] lean_shell_main returned|F\] run_shell_main threw)[^"]*"'
        r"(?:\+UTF8ToString\(\$0\))?\)",
        "Module.host.mainIsOver=true",
        5,
        regex=True,
    ),
    Patch(
        "no tear-down",
        "Lean's finalizers race with threads that are still ending, and one run in thirty crashed in free(); "
        "the process ends right behind them anyway",
        "function invoke_v(index){",
        "function invoke_v(index){if(Module.host.mainIsOver)return;",
    ),
    Patch(
        "stock mounts",
        "the loader mounts every folder of the machine, not /home and /tmp alone",
        r'(\d+:\(\)=>\{)(var isNode=typeof process!=="undefined"&&'
        r'\(process\.release&&process\.release\.name==="node"\);if\(isNode\)\{var lean_path=)',
        r"\1return;\2",
        regex=True,
    ),
    Patch(
        "input file echo",
        "a debugging aid that reads the whole input a second time",
        "$0=>{var inputFile=UTF8ToString($0);",
        "$0=>{return;var inputFile=UTF8ToString($0);",
    ),
    Patch(
        "program path",
        "Lean derives its prefix and its library folder from the path of the program",
        "if(isNode){path=__filename}",
        "if(isNode){path=Module.host.programPath}",
    ),
    Patch(
        "thread pool",
        "one thread more per core than stock",
        "var pthreadPoolSize=4;",
        "var pthreadPoolSize=Module.host.pool;",
    ),
    Patch(
        "thread start",
        "threads run the loader, with a native stack deep enough for Lean's recursion",
        'worker=new Worker(pthreadMainJs,{workerData:"em-pthread",name:"em-pthread"})',
        'worker=new Worker(Module.host.threadFile,{workerData:"em-pthread",name:"em-pthread",'
        "resourceLimits:Module.host.threadLimits})",
    ),
    Patch(
        "thread request",
        "the main thread is told and not waited for, as where something is handed over to the new thread",
        "if(ENVIRONMENT_IS_PTHREAD&&(transferList.length===0||error))"
        "{return pthreadCreateProxied(pthread_ptr,attr,startRoutine,arg)}",
        "",
    ),
    Patch(
        "main in a thread",
        "the main thread stays free to serve calls; and a Lean thread that ends gives its allocator heap back, which "
        "otherwise leaks about 5 MB a thread",
        "var result=getWasmTableEntry(ptr)(arg);function finish",
        f"if(ptr=={MAIN_ROUTINE}){{Module.host.runMain(arg,wasmExports,Module.runtime);return}}"
        "var result=getWasmTableEntry(ptr)(arg);"
        'wasmExports["mi_collect"](true);wasmExports["mi_thread_done"]();function finish',
    ),
    Patch(
        "no early exit",
        "the main thread has nothing of its own to do and must not end for that",
        "var noExitRuntime=false;",
        "var noExitRuntime=!ENVIRONMENT_IS_PTHREAD;",
    ),
    Patch(
        "exit of the process",
        "ends at once with the true status, from whatever thread",
        "function _proc_exit(code){if(ENVIRONMENT_IS_PTHREAD)return proxyToMainThread(0,0,1,code);",
        "function _proc_exit(code){Module.host.exit(code);",
    ),
    Patch(
        "exit of the runtime",
        "the same for exit()",
        "var exitJS=(status,implicit)=>{EXITSTATUS=status;",
        "var exitJS=(status,implicit)=>{EXITSTATUS=status;Module.host.exit(status);",
    ),
    Patch(
        "standard output",
        "written at once by the calling thread, whole",
        "function _fd_write(fd,iov,iovcnt,pnum){",
        "function _fd_write(fd,iov,iovcnt,pnum){"
        "if(fd==1||fd==2){growMemViews();return Module.host.write(fd,iov,iovcnt,pnum,HEAPU8,HEAPU32)}",
    ),
    Patch(
        "standard input and library reads",
        "read by the calling thread: a blocking read must not stop the main thread",
        "function _fd_read(fd,iov,iovcnt,pnum){",
        "function _fd_read(fd,iov,iovcnt,pnum){"
        "if(fd==0||fd>=Module.host.libraryFds){growMemViews();"
        "return Module.host.read(fd,iov,iovcnt,pnum,HEAPU8,HEAPU32)}",
    ),
    _library_file_patch("___syscall_openat", "dirfd,path,flags,varargs", "open(UTF8ToString(path),flags)"),
    _library_file_patch("___syscall_stat64", "path,buf", "stat(UTF8ToString(path),buf,SYSCALLS)"),
    _library_file_patch("___syscall_fstat64", "fd,buf", "fstat(fd,buf,SYSCALLS)"),
    _library_file_patch("_fd_close", "fd", "close(fd)"),
    _library_file_patch("_fd_seek", "fd,offset,whence,newOffset", "seek(fd,Number(offset),whence,newOffset,HEAP64)"),
    Patch(
        "view for the loader",
        "the loader needs the file system, the environment and the memory",
        "var wasmExports;if(!ENVIRONMENT_IS_PTHREAD){createWasm();run()}",
        f"var wasmExports;{_RUNTIME_VIEW}if(!ENVIRONMENT_IS_PTHREAD){{createWasm();run()}}",
    ),
)

# Exports that the patches above or the loader call, beside those the runtime names itself.
_LOADER_EXPORTS = frozenset(
    {"_mi_thread_done", "_mi_collect", "_pthread_create", "_pthread_attr_init", "_pthread_attr_setstacksize", "_main"}
)
_ALWAYS_KEPT = frozenset(
    {
        "__indirect_function_table",
        "__main_argc_argv",
        "_emscripten_tls_init",
        "__wasm_call_ctors",
        "__wasm_apply_data_relocs",
        "memory",
    }
)
_TABLE_VARIABLES = ("wasmTable", "__indirect_function_table")


def _cut_function(source: str, header: str) -> tuple[str, str, str]:
    """The source split into (before, the function, after) at the function that starts with `header`."""
    start = source.find(header)
    if start < 0:
        raise ToolchainBroken(f"lean.js has no '{header}'.")
    depth = 0
    for brace in re.compile(r"[{}]").finditer(source, start):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return source[:start], source[start : brace.end()], source[brace.end() :]
    raise ToolchainBroken(f"'{header}' of lean.js has no end.")


def _drop_export_statements(source: str) -> RewrittenRuntime:
    """Keep of the 201,108 export variables and assignments only those that the runtime uses."""
    before, assignments, after = _cut_function(source, "function assignWasmExports(")
    before, found = re.subn(r"var (?:[A-Za-z0-9_$]+,){1000,}[A-Za-z0-9_$]+;", "/*EXPORT VARIABLES*/", before)
    if found != 1:
        raise ToolchainBroken(f"lean.js has {found} lists of export variables instead of 1.")
    runtime = before + after
    words = set(re.findall(r"[A-Za-z0-9_$]+", runtime)) | _LOADER_EXPORTS
    statements = re.findall(
        r'([A-Za-z0-9_$]+)=(?:Module\["[A-Za-z0-9_$]+"\]=)?wasmExports\["([^"]+)"\](\.value)?', assignments
    )
    used = [found for found in statements if found[0] in words]
    variables = dict.fromkeys([variable for variable, _, _ in used] + list(_TABLE_VARIABLES))
    body = "".join(
        f'{variable}=Module["{variable}"]=wasmExports["{export}"]{suffix};'
        for variable, export, suffix in used
        if variable not in _TABLE_VARIABLES
    )
    table = 'wasmTable=__indirect_function_table=wasmExports["__indirect_function_table"];'
    assign = f"function assignWasmExports(wasmExports){{{table}{body}}}"
    source = before.replace("/*EXPORT VARIABLES*/", f"var {','.join(variables)};") + assign + after
    named = {export for _, export, _ in used} | set(re.findall(r'wasmExports\["([^"]+)"\]', runtime))
    return RewrittenRuntime(source, frozenset(named) | _ALWAYS_KEPT)


def rewrite(source: str) -> RewrittenRuntime:
    """The runtime made from the text of `lean.js`.

    Raises:
        ToolchainBroken: the text is not the pinned one; the message names the patch that does not match.
    """
    small = _drop_export_statements(source)
    patched = small.source
    for patch in PATCHES:
        patched = patch.apply(patched)
    return RewrittenRuntime(patched, small.exports)
