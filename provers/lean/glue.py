"""Rewriting ``lean.js``, the Emscripten glue of the embedded Lean.

As shipped it is 89 MB, starts in two minutes and shows Lean the whole machine. Each rule below
names a piece of text that must be there exactly as often as it says; on any other build of the
glue the rewriting fails instead of making something that half works.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources

from provers.errors import BrokenToolError

_ASSIGN = "function assignWasmExports(wasmExports){"
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_EXPORT = re.compile(r'wasmExports\["([^"]+)"\]')
# Reached by another name or by the engine, not by wasmExports["..."].
_ALWAYS = frozenset(
    {
        "main",
        "__main_argc_argv",
        "__wasm_call_ctors",
        "__wasm_apply_data_relocs",
        "__indirect_function_table",
        "_emscripten_tls_init",
        "_emscripten_thread_crashed",
    }
)
_MOUNTS = (
    'FS.mount(NODEFS,{root:"/home"},"/home");FS.mount(NODEFS,{root:"/tmp"},"/tmp");'
    'var cwd=process.cwd();if(cwd.startsWith("/private/tmp/"))'
    '{cwd=cwd.replace("/private/tmp/","/tmp/")}'
    'else if(cwd==="/private/tmp"){cwd="/tmp"}FS.chdir(cwd)'
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Replace ``old`` by ``new``, ``times`` times; None for any number but none."""

    old: str
    new: str
    times: int | None = 1


def _serve(signature: str, code: str) -> Rule:
    """Answer a system call in the thread that makes it, before it goes to the main thread."""
    proxied = "if(ENVIRONMENT_IS_PTHREAD)"
    return Rule(f"{signature}{{{proxied}", f"{signature}{{{code}{proxied}")


_HOST = "var host=hostPath(UTF8ToString(path));if(host!==null)"
RULES = (
    # A thread of the pool holds an instance of the module: one is enough, others come on demand.
    Rule("var pthreadPoolSize=4", "var pthreadPoolSize=1"),
    # A deep recursion must end as Lean's own error, not as the end of the process.
    Rule(
        '{workerData:"em-pthread",name:"em-pthread"}',
        '{workerData:"em-pthread",name:"em-pthread",resourceLimits:{stackSizeMb:256}}',
    ),
    Rule("maximum:32768,shared:true", "maximum:LEAN_PAGES,shared:true"),
    Rule("var getHeapMax=()=>2147483648;", "var getHeapMax=()=>LEAN_PAGES*65536;"),
    # Lean sees its own folder and nothing else.
    Rule(_MOUNTS, 'FS.mkdir("/lean");FS.mount(NODEFS,{root:LEAN_ROOT},"/lean");FS.chdir("/lean")'),
    Rule(
        'thisProgram=process.argv[1].replace(/\\\\/g,"/")',
        'thisProgram="/lean/bin/lean.js"',
    ),
    Rule("if(isNode){path=__filename}", 'if(isNode){path="/lean/bin/lean.js"}'),
    # The build counts coverage and would leave a file with it behind.
    Rule("var ENV={};", 'var ENV={LLVM_PROFILE_FILE:"/dev/null"};'),
    # process.binding is refused under Node's permission model.
    Rule('process.binding("constants")["fs"]', "fs.constants"),
    Rule('console.log("[DEBUG', 'report("[DEBUG', None),
    _serve(
        "function _fd_read(fd,iov,iovcnt,pnum)",
        "if(fd===0||fd>=FIRST_HOST_FD)return transfer(readSome,fd,iov,iovcnt,pnum);",
    ),
    _serve(
        "function _fd_write(fd,iov,iovcnt,pnum)",
        "if(fd===1||fd===2)return transfer(writeAll,fd,iov,iovcnt,pnum);",
    ),
    _serve("function _fd_close(fd)", "if(fd>=FIRST_HOST_FD)return hostClose(fd);"),
    _serve(
        "function _fd_fdstat_get(fd,pbuf)",
        "if(fd<3||fd>=FIRST_HOST_FD)return hostDescribe(fd,pbuf);",
    ),
    _serve(
        "function _fd_seek(fd,offset,whence,newOffset)",
        "if(fd>=FIRST_HOST_FD)return hostSeek(fd,offset,whence,newOffset);",
    ),
    _serve(
        "function ___syscall_openat(dirfd,path,flags,varargs)",
        "var opened=hostOpen(UTF8ToString(path),flags);if(opened!==null)return opened;",
    ),
    _serve(
        "function ___syscall_stat64(path,buf)", f"{_HOST}return hostStat(host,buf,fs.statSync);"
    ),
    _serve(
        "function ___syscall_lstat64(path,buf)", f"{_HOST}return hostStat(host,buf,fs.lstatSync);"
    ),
    _serve(
        "function ___syscall_fstat64(fd,buf)",
        "if(fd>=FIRST_HOST_FD)return hostStat(fd-FIRST_HOST_FD,buf,fs.fstatSync);",
    ),
    _serve(
        "function ___syscall_newfstatat(dirfd,path,buf,flags)",
        f"{_HOST}return hostStat(host,buf,flags&256?fs.lstatSync:fs.statSync);",
    ),
    _serve(
        "function ___syscall_faccessat(dirfd,path,amode,flags)",
        f"{_HOST}return hostCall(()=>{{fs.accessSync(host,amode&7);return 0}});",
    ),
    # No file of ours is a link: EINVAL.
    _serve(
        "function ___syscall_readlinkat(dirfd,path,buf,bufsize)",
        "if(hostPath(UTF8ToString(path))!==null)return -ERRNO_CODES.EINVAL;",
    ),
)


def rewrite(glue: str) -> tuple[str, set[str]]:
    """The new script, and the names that it takes from the module's exports.

    Raises BrokenToolError if the script is not the one that the rules were written for.
    """
    glue = _cut_exports(glue)
    glue = _cut_between(
        glue, "var __dlsym_js=(handle,symbol,symbolIndex)=>{", "__dlsym_js.sig=", "findSymbol"
    )
    for rule in RULES:
        found = glue.count(rule.old)
        if found == 0 or (rule.times is not None and found != rule.times):
            wanted = "at least once" if rule.times is None else f"{rule.times} time(s)"
            raise _broken(f"{rule.old[:60]!r} is there {found} times, not {wanted}")
        glue = glue.replace(rule.old, rule.new)
    prelude = resources.files(__package__).joinpath("prelude.js").read_text(encoding="utf-8")
    return prelude + glue, {*_EXPORT.findall(glue), *_ALWAYS}


def _broken(what: str) -> BrokenToolError:
    return BrokenToolError(f"lean.js is not the script that was expected: {what}.")


def _cut_exports(glue: str) -> str:
    """Drop the variables of the exports that the rest of the script never mentions."""
    if glue.count(_ASSIGN) != 1:
        raise _broken(f"{_ASSIGN!r} is there {glue.count(_ASSIGN)} times, not once")
    at = glue.index(_ASSIGN)
    start = glue.rfind("var ", 0, at)
    end = glue.find("}", at)
    if start < 0 or end < 0:
        raise _broken("its list of exports does not begin or end")
    before, after = glue[:start], glue[end + 1 :]
    used = set(_WORD.findall(before)) | set(_WORD.findall(after))
    names = [n for n in glue[start + 4 : at].rstrip(";").split(",") if n in used]
    statements = (s for s in glue[at + len(_ASSIGN) : end].split(";"))
    kept = [s for s in statements if s.split("=", 1)[0] in set(names)]
    return f"{before}var {','.join(names)};{_ASSIGN}{';'.join(kept)}}}{after}"


def _cut_between(glue: str, first: str, last: str, name: str) -> str:
    """Replace the definition that runs from ``first`` up to ``last`` by another function."""
    if glue.count(first) != 1 or glue.count(last) != 1:
        raise _broken(f"{first!r} or {last!r} is not there exactly once")
    variable = first[: first.index("=")]
    return glue[: glue.index(first)] + f"{variable}={name};" + glue[glue.index(last) :]
