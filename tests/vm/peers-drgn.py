# SPDX-License-Identifier: GPL-2.0-or-later
"""What drgn, with full debuginfo, reads of a dump, as JSON in the names that `kdump-verdict facts`
uses. Usage: peers-drgn.py VMCORE VMLINUX [MODULE.ko...]"""
import json
import os
import struct
import sys
import tempfile

import drgn
from drgn.helpers.linux import (
    for_each_online_cpu,
    for_each_slab_cache,
    for_each_task,
    list_for_each_entry,
    per_cpu,
    per_cpu_ptr,
    task_state_to_char,
)

# Linux 6.4 renumbered the types of an ORC entry; a drgn from before that reads these as others.
ORC_OLD_TYPE = {2: 0, 3: 1, 4: 2}
ORC_ENTRY = struct.Struct("<hhH")
ORC_OLD_END = 1 << 10


def old_orc_entry(flags):
    """The bits of a 6.4+ entry (type: 8-10) as before (type: 8-9, end: 10)."""
    kind = flags >> 8 & 7
    if kind not in ORC_OLD_TYPE:
        return flags & 0xF0 | ORC_OLD_END
    return flags & 0xFF | ORC_OLD_TYPE[kind] << 8


def section(image, wanted):
    """Offset and size of a section of a 64-bit little-endian ELF file."""
    (shoff,) = struct.unpack_from("<Q", image, 0x28)
    shentsize, shnum, shstrndx = struct.unpack_from("<HHH", image, 0x3A)
    headers = [struct.unpack_from("<IIQQQQ", image, shoff + i * shentsize) for i in range(shnum)]
    names = headers[shstrndx][4]
    for name, _, _, _, offset, size in headers:
        end = image.index(b"\0", names + name)
        if image[names + name : end] == wanted:
            return offset, size
    return None


def with_old_orc(path, folder):
    """A copy of an object file with its ORC entries as a drgn from before 6.4 reads them."""
    with open(path, "rb") as file:
        image = bytearray(file.read())
    where = section(image, b".orc_unwind")
    if not where:
        return path
    for at in range(where[0], where[0] + where[1] - ORC_ENTRY.size + 1, ORC_ENTRY.size):
        sp, bp, flags = ORC_ENTRY.unpack_from(image, at)
        ORC_ENTRY.pack_into(image, at, sp, bp, old_orc_entry(flags))
    copy = os.path.join(folder, os.path.basename(path))
    with open(copy, "wb") as file:
        file.write(image)
    return copy


def load(vmcore, objects):
    prog = drgn.Program()
    prog.set_core_dump(vmcore)
    try:
        prog.load_debug_info(objects)
    except drgn.MissingDebugInfoError as error:
        print(error, file=sys.stderr)
    return prog


def knows_orc(prog):
    """Whether drgn unwinds init out of its system call, whose entry only ORC describes."""
    try:
        prog.stack_trace(1)
    except Exception as error:
        return "ORC" not in str(error)
    return True


def open_dump(vmcore, objects, folder):
    prog = load(vmcore, objects)
    if knows_orc(prog):
        return prog
    return load(vmcore, [with_old_orc(path, folder) for path in objects])


def has_member(obj, name):
    return any(member.name == name for member in obj.type_.members)


def text(obj):
    return obj.string_().decode(errors="replace")


def module_parts(module):
    """Base address and size of everything that is loaded; since 6.4 a module has several parts."""
    if has_member(module, "mem"):
        mem = [part for part in module.mem if part.size]
        return mem[0].base.value_(), sum(part.size.value_() for part in mem)
    if has_member(module, "core_layout"):
        size = module.core_layout.size.value_() + module.init_layout.size.value_()
        return module.core_layout.base.value_(), size
    return module.module_core.value_(), module.core_size.value_() + module.init_size.value_()


def modules(prog):
    found = []
    for module in list_for_each_entry("struct module", prog["modules"].address_of_(), "list"):
        address, size = module_parts(module[0])
        found.append({"name": text(module.name), "address": f"0x{address:x}", "size": size})
    return found


def tasks(prog):
    return [
        {
            "pid": task.pid.value_(),
            "tgid": task.tgid.value_(),
            "ppid": task.real_parent.tgid.value_(),
            "state": task_state_to_char(task),
            "comm": text(task.comm),
            "task": f"0x{task.value_():x}",
        }
        for task in for_each_task(prog)
        if task.pid.value_()
    ]


def frame_name(prog, frame):
    if frame.name:
        return frame.name
    try:
        return prog.symbol(frame.pc - (0 if frame.interrupted else 1)).name
    except LookupError:
        return f"0x{frame.pc:x}"


def in_kernel(frame):
    try:
        return frame.pc >> 63 == 1
    except LookupError:
        return False


def trace(prog, task):
    """Function names of a task's frames in the kernel, without what was inlined."""
    try:
        frames = prog.stack_trace(task)
    except Exception as error:  # a format that this drgn does not know
        return {"error": str(error)}
    kept = [frame for frame in frames if not frame.is_inline and in_kernel(frame)]
    return {"frames": [frame_name(prog, frame) for frame in kept]}


def cpus(prog):
    found = []
    for cpu in for_each_online_cpu(prog):
        task = per_cpu(prog["runqueues"], cpu).curr
        entry = {"cpu": cpu, "pid": task.pid.value_(), "comm": text(task.comm)}
        entry["trace"] = trace(prog, task)
        try:
            registers = prog.stack_trace(task)[0].registers()
            entry["ip"] = f"0x{registers['rip']:x}"
            entry["sp"] = f"0x{registers['rsp']:x}"
        except Exception as error:
            entry["error"] = str(error)
        found.append(entry)
    return found


def traces(prog):
    return [
        {"pid": task.pid.value_(), "comm": text(task.comm), "trace": trace(prog, task)}
        for task in for_each_task(prog)
        if task.pid.value_() and not task.on_cpu.value_()
    ]


def folded(prog, item, totals, per_node):
    """A counter with what the CPUs have not yet added to it, pages."""
    index = prog[item].value_()
    count = prog[totals][index].counter.value_()
    for cpu in for_each_online_cpu(prog):
        for diffs in per_node:
            diff = per_cpu_ptr(diffs, cpu)
            name = "vm_node_stat_diff" if has_member(diff[0], "vm_node_stat_diff") else "vm_stat_diff"
            count += getattr(diff, name)[index].value_()
    return count


def online_nodes(prog):
    bits = prog["node_states"][prog["N_ONLINE"]].bits
    return [node for node in range(64) if bits[0].value_() >> node & 1]


def memory(prog):
    pgdats = [prog["node_data"][node] for node in online_nodes(prog)]
    nodestats = [pgdat.per_cpu_nodestats for pgdat in pgdats]
    zonestats = [
        zone.per_cpu_zonestats for pgdat in pgdats for zone in pgdat.node_zones if zone.present_pages
    ]

    def node(item):
        return folded(prog, item, "vm_node_stat", nodestats) * 4

    free = folded(prog, "NR_FREE_PAGES", "vm_zone_stat", zonestats) * 4
    shmem = node("NR_SHMEM")
    return {
        "total_kib": prog["_totalram_pages"].counter.value_() * 4,
        "free_kib": free,
        "anon_kib": node("NR_ANON_MAPPED"),
        "page_cache_kib": node("NR_FILE_PAGES") - shmem,
        "shmem_kib": shmem,
        "slab_reclaimable_kib": node("NR_SLAB_RECLAIMABLE_B"),
        "slab_unreclaimable_kib": node("NR_SLAB_UNRECLAIMABLE_B"),
        "page_tables_kib": node("NR_PAGETABLE"),
        "kernel_stacks_kib": node("NR_KERNEL_STACK_KB") // 4,
    }


def slab(prog):
    found = {}
    for cache in for_each_slab_cache(prog):
        in_place = has_member(cache[0], "node")
        node = cache.node[0] if in_place else cache.per_node[0].node
        if node:
            found[text(cache.name)] = node.total_objects.counter.value_()
    return found


def main():
    vmcore, *objects = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        prog = open_dump(vmcore, objects, folder)
        parts = (modules, tasks, cpus, traces, memory, slab)
        json.dump({part.__name__: part(prog) for part in parts}, sys.stdout, indent=1)


main()
