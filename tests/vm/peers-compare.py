# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares `kdump-verdict facts` with a peer's reading of the same dump. Each comparison prints the
differences and ends with 1 when there are any.

usage: peers-compare.py WHAT OURS PEER
  modules, tasks, registers, memory, slab, cpu-traces, task-traces
            facts --json, output of peers-drgn.py
  crash-modules, crash-tasks, crash-registers, crash-memory, crash-slab, crash-traces
            facts --json, output of crash: mod, bt -a, ps, kmem -i, kmem -s
  symbols   facts symbols, System.map
  forms, newer-forms
            facts --json of a dump as it was saved, facts --json of it under makedumpfile -d 31;
            newer: the kernel is newer than makedumpfile
"""
import json
import re
import sys
from collections import Counter

# Where a peer is wrong, or says less: (comparison, pattern of the difference, why).
KNOWN_DIFFERENCES = (
    (
        "symbols",
        r"^only in System.map: [0-9a-f]+ [AD] (text_size|phys_startup_64|kexec_control_code_size|"
        r"init_per_cpu__\w+|xen_elfnote_\w+|kallsyms_\w+)$",
        "the kernel's table is made without the linker's absolute values, and without itself",
    ),
    (
        "crash-memory",
        r"^slab: ",
        "crash 8.0.2 counts a slab of 6.1 as one page: its SLAB is the sum of the SLABS column of "
        "its own `kmem -s`, while `kmem -V` has the kernel's count, with which drgn's is compared",
    ),
    (
        "crash-tasks",
        r"^only ours: ",
        "crash 8.0.2 warns of 6.1 that a running task is not in the PID hash, and then lists the "
        "idle and the running ones only; drgn walks the kernel's IDR and finds all of ours",
    ),
    (
        "(cpu|task)-traces",
        r"^.*?: (.*?)kdv_\w+ < .*, the peer has \1(0x[0-9a-f]{16})$",
        "the crash module is built without debuginfo, so drgn 0.0.22 can not unwind out of it: up to "
        "there its trace is ours; crash's `bt -a`, where it reads the kernel, is compared in full",
    ),
    (
        "(cpu|crash)-traces",
        r"^.*?: (.*\b(sysvec_\w+)) < asm_\2 < .*, the peer has \1( < \2)?$",
        "drgn 0.0.22 and crash 8.0.2 stop where the interrupt stack begins, crash after saying the "
        "last function twice: up to there the trace is ours, which goes on with the task's own stack",
    ),
    (
        "newer-forms",
        r"^(tasks|traces|memory.largest): without -d 31 only: |"
        r'^modules: without -d 31 only: .*"version": |^modules: with -d 31 only: (?!.*"version": )',
        "Debian 12's makedumpfile is older than these kernels and leaves out pages that hold task "
        "structures, stacks and the version strings of modules; what is there has to be equal",
    ),
)

# drgn names assembly by the symbol whose size covers the address, the kernel (and we) by the nearest.
COVERED_BY = {
    "entry_SYSCALL_64_after_hwframe": "entry_SYSCALL_64",
    "secondary_startup_64_no_verify": "secondary_startup_64",
    "common_startup_64": "secondary_startup_64",
}

# Counters are batched per CPU: the smallest differ by pages, not by a hundredth.
SLACK_KIB = 64


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def lines(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read().splitlines()


def differ(ours, theirs):
    """Differences between two sets of equal things, in words."""
    yield from (f"only ours: {one}" for one in sorted(ours - theirs))
    yield from (f"only the peer's: {one}" for one in sorted(theirs - ours))


def near(name, ours, theirs, slack=0):
    if ours is None:
        yield f"{name}: absent, the peer has {theirs}"
    elif abs(ours - theirs) > max(theirs / 100, slack):
        yield f"{name}: {ours}, the peer has {theirs}"


def module_set(modules):
    return {(m["name"], int(m["address"], 16), m["size"]) for m in modules}


def modules(ours, peer):
    return differ(module_set(ours["modules"]), module_set(peer["modules"]))


def task_set(tasks):
    return {(t["pid"], t["tgid"], t["ppid"], t["state"], t["comm"], t["task"]) for t in tasks}


def tasks(ours, peer):
    return differ(task_set(ours["tasks"]), task_set(peer["tasks"]))


def registers(ours, peer):
    names = ("cpu", "pid", "comm", "ip", "sp")
    for_set = lambda cpus: {tuple(cpu.get(name) for name in names) for cpu in cpus}
    return differ(for_set(ours["cpus"]), for_set(peer["cpus"]))


def memory(ours, peer):
    for name, value in peer["memory"].items():
        yield from near(name, ours["memory"].get(name), value)


def slab(ours, peer):
    for cache in ours["slab"]:
        yield from near(cache["name"], cache["objects"], peer["slab"].get(cache["name"], 0))


def source_name(function):
    """As DWARF names a function that the compiler split or specialised: without its suffix."""
    return re.sub(r"(\.(part|isra|constprop|cold)(\.\d+)?)+$", "", function)


def common_names(frames):
    return [COVERED_BY.get(name, source_name(name)) for name in frames]


def frames_differ(who, ours, theirs):
    if "error" in theirs:
        yield f"{who}: the peer has no trace: {theirs['error']}"
        return
    mine, peer = " < ".join(common_names(ours)), " < ".join(common_names(theirs["frames"]))
    if mine != peer:
        yield f"{who}: {mine}, the peer has {peer}"


def functions(trace):
    return [frame.get("function", frame.get("address", "?")) for frame in trace]


def cpu_traces(ours, peer):
    theirs = {cpu["cpu"]: cpu["trace"] for cpu in peer["cpus"]}
    for cpu in ours["bt"]:
        yield from frames_differ(f"cpu {cpu['cpu']}", functions(cpu["trace"]), theirs[cpu["cpu"]])


def task_traces(ours, peer):
    theirs = {task["pid"]: task for task in peer["traces"]}
    found = {task["pid"]: functions(task["trace"]) for task in ours["traces"]}
    for pid, task in theirs.items():
        who = f"{pid} ({task['comm']})"
        if pid not in found:
            yield f"{who}: no trace"
        else:
            yield from frames_differ(who, found[pid], task["trace"])
    yield from (f"{pid}: the peer has no such sleeping task" for pid in found.keys() - theirs.keys())


def rows_of(output, pattern):
    return [match.groups() for match in map(re.compile(pattern).match, output) if match]


def crash_modules(ours, output):
    rows = rows_of(output, r"[0-9a-f]{16}  (\S+) +([0-9a-f]{16}) +(\d+)  ")
    theirs = {(name, int(address, 16), int(size)) for name, address, size in rows}
    return differ(module_set(ours["modules"]), theirs)


def crash_tasks(ours, output):
    row = r"[> ] +(\d+) +-?\d+ +\d+ +([0-9a-f]{16}) +(\S\S) +[\d.]+ +\d+ +\d+ +\[?([^\]]+)\]?$"
    state = {"RU": "R", "IN": "S", "UN": "D", "ID": "I", "ZO": "Z"}
    theirs = {
        (int(pid), f"0x{task}", state.get(st, st), comm)
        for pid, task, st, comm in rows_of(output, row)
        if int(pid)
    }
    mine = {(t["pid"], t["task"], t["state"], t["comm"]) for t in ours["tasks"]}
    return differ(mine, theirs)


def crash_registers(ours, output):
    """Those of the exception that stopped a CPU; one that called panic() itself has none there."""
    theirs, cpu, stopped = {}, None, False
    for line in output:
        if start := re.match(r"PID: \d+ .* CPU: (\d+) ", line):
            cpu = int(start[1])
        elif stopped and (at := re.match(r" +RIP: ([0-9a-f]{16})  RSP: ([0-9a-f]{16})", line)):
            theirs.setdefault(cpu, (f"0x{at[1]}", f"0x{at[2]}"))
        stopped = "[exception RIP: " in line
    if not theirs:
        yield "crash shows no registers"
    for one in ours["cpus"]:
        mine = one["ip"], one["sp"]
        if mine != theirs.get(one["cpu"], mine):
            yield f"cpu {one['cpu']}: {mine}, the peer has {theirs[one['cpu']]}"


def without_stale(frames):
    """crash takes words that earlier calls left on the stack for frames: between do_syscall_64 and
    the entry code that alone calls it there is none."""
    entry = "entry_SYSCALL_64_after_hwframe"
    if "do_syscall_64" in frames and frames[-1] == entry:
        return frames[: frames.index("do_syscall_64") + 1] + [entry]
    return frames


def crash_traces(ours, output):
    """`bt -a` below the exception that stopped the CPU, whose function it names apart."""
    theirs, frames = {}, None
    for line in output:
        if start := re.match(r"PID: \d+ .* CPU: (\d+) ", line):
            frames = theirs[int(start[1])] = []
        elif stopped := re.match(r" +\[exception RIP: ([^+\]]+)", line):
            frames[:] = [stopped[1]]
        elif frame := re.match(r" *#\d+ \[[0-9a-f]+\] (\S+) at ", line):
            frames.append(frame[1])
    for cpu in ours["bt"]:
        peer = theirs.get(cpu["cpu"], [])
        # On another stack the stopped function is shown once more; and where a CPU itself starts
        # the crash kernel, its registers are from just before the call of machine_kexec.
        if peer[:1] == peer[1:2] or peer[:1] == ["machine_kexec"]:
            peer = peer[1:]
        peer = {"frames": without_stale(peer)}
        yield from frames_differ(f"cpu {cpu['cpu']}", functions(cpu["trace"]), peer)


def crash_memory(ours, output):
    pages = {
        name: int(count) * 4
        for name, count in rows_of(output, r" +(TOTAL MEM|FREE|CACHED|SLAB|TOTAL HUGE|TOTAL SWAP) +(\d+) ")
    }
    mem = ours["memory"]
    mine = {
        "TOTAL MEM": mem["total_kib"],
        "FREE": mem["free_kib"],
        "CACHED": mem["page_cache_kib"] + mem["shmem_kib"],
        "SLAB": mem["slab_reclaimable_kib"] + mem["slab_unreclaimable_kib"],
        "TOTAL HUGE": mem["hugetlb_kib"],
        "TOTAL SWAP": mem["swap_total_kib"],
    }
    for name, value in mine.items():
        if name not in pages:
            yield f"crash shows no {name}"
        else:
            yield from near(name.lower(), value, pages[name], SLACK_KIB)


def crash_slab(ours, output):
    rows = rows_of(output, r"[0-9a-f]{16} +\d+ +\d+ +(\d+) +\d+ +\d+k  (\S+)$")
    theirs = {name: int(total) for total, name in rows}
    for cache in ours["slab"]:
        yield from near(cache["name"], cache["objects"], theirs.get(cache["name"], 0))


def symbol_rows(output):
    """Address, type and name, from facts or System.map."""
    rows = rows_of(output, r"(?:0x)?([0-9a-f]+) +(\S) +(.+)$")
    return [(int(address, 16), kind, name) for address, kind, name in rows]


def symbols(ours, system_map):
    """System.map moved by KASLR; the kernel's table calls the per-CPU symbols, at low addresses,
    absolute."""
    mine = Counter(symbol_rows(ours))
    base = next(address for address, _, name in mine if name == "_stext")
    theirs = symbol_rows(system_map)
    offset = base - next(address for address, _, name in theirs if name == "_stext")
    moved = Counter(
        (address + offset, kind, name) if address >> 63 else (address, "A", name)
        for address, kind, name in theirs
    )
    yield from (f"only ours: {a:x} {t} {n}" for a, t, n in (mine - moved).elements())
    yield from (f"only in System.map: {a:x} {t} {n}" for a, t, n in (moved - mine).elements())


def items(facts):
    """Every fact by itself: the rows of a list, the members of an object."""
    for part, value in facts.items():
        for name, one in value.items() if isinstance(value, dict) else [("", value)]:
            path = f"{part}.{name}" if name else part
            for row in one if isinstance(one, list) else [one]:
                yield f"{path}: ", json.dumps(row)


def forms(ours, filtered):
    full, rest = set(items(ours)), set(items(filtered))
    yield from (f"{path}without -d 31 only: {row}" for path, row in sorted(full - rest))
    yield from (f"{path}with -d 31 only: {row}" for path, row in sorted(rest - full))


COMPARISONS = {
    "modules": (modules, load, load),
    "tasks": (tasks, load, load),
    "registers": (registers, load, load),
    "memory": (memory, load, load),
    "slab": (slab, load, load),
    "cpu-traces": (cpu_traces, load, load),
    "task-traces": (task_traces, load, load),
    "crash-modules": (crash_modules, load, lines),
    "crash-tasks": (crash_tasks, load, lines),
    "crash-registers": (crash_registers, load, lines),
    "crash-memory": (crash_memory, load, lines),
    "crash-slab": (crash_slab, load, lines),
    "crash-traces": (crash_traces, load, lines),
    "symbols": (symbols, lines, lines),
    "forms": (forms, load, load),
    "newer-forms": (forms, load, load),
}


def is_known(what, difference):
    return any(
        re.fullmatch(where, what) and re.search(pattern, difference)
        for where, pattern, _ in KNOWN_DIFFERENCES
    )


def main():
    what, ours, peer = sys.argv[1:]
    compare, load_ours, load_peer = COMPARISONS[what]
    found = list(compare(load_ours(ours), load_peer(peer)))
    unknown = [difference for difference in found if not is_known(what, difference)]
    print("\n".join(unknown))
    sys.exit(1 if unknown else 0)


main()
