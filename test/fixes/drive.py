"""Exercises extensions before and after their fix, and counts what they leave behind.

Usage: drive.py PLAN; PLAN is a JSON file: {"calls": 10000, "threads": 0, "shapes": [{"name", "exercise", "before", "after"}]}.
Prints a JSON object: by shape, for "before" and "after", {"results": ..., "growth": ...} or {"crash": ...}.
An exercise defines `calls(m)`: pairs of a name and a function without arguments that may be called any number of times.
Every other object in its namespace has the same reference count after the calls as before them.
"""
import gc
import importlib.machinery
import importlib.util
import json
import os
import re
import sys
import threading
import types

WARM = 30


def load(path, name):
    loader = importlib.machinery.ExtensionFileLoader if not path.endswith(".py") else importlib.machinery.SourceFileLoader
    spec = importlib.util.spec_from_file_location(name, path, loader=loader(name, path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def told(value, how=repr):
    """Text without addresses; what raises on the way is told as well."""
    try:
        return re.sub(r"0x[0-9a-fA-F]+", "0x", how(value))
    except BaseException as error:
        return "<%s: %s>" % (type(error).__name__, error)


def outcome(call):
    try:
        result = call()
    except BaseException as error:
        chain = [type(error).__name__ + ": " + told(error, str)]
        for name, other in (("cause", error.__cause__), ("context", error.__context__)):
            if other is not None:
                chain.append("%s %s: %s" % (name, type(other).__name__, told(other, str)))
        return ["raised"] + chain
    return ["returned", type(result).__name__, told(result)]


def repeat(call, n):
    for _ in range(n):
        try:
            call()
        except BaseException:
            pass


def watched(exercise):
    skipped = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType)
    names = sorted(k for k, v in vars(exercise).items() if not k.startswith("__") and not isinstance(v, skipped))
    return [(name, vars(exercise)[name]) for name in names]


def counted(objects):
    gc.collect()
    total = sys.gettotalrefcount() if hasattr(sys, "gettotalrefcount") else 0
    return [sys.getrefcount(pair[1]) for pair in objects], sys.getallocatedblocks(), total


def growth(call, objects, n):
    """What `n` calls added, by name; less than one for four calls is what the interpreter itself keeps or gives back."""
    repeat(call, WARM)
    refs, blocks, total = counted(objects)
    repeat(call, n)
    new_refs, new_blocks, new_total = counted(objects)
    found = {}
    for (name, _), old, new in zip(objects, refs, new_refs):
        if abs(new - old) > 2:
            found["references to " + name] = new - old
    if abs(new_blocks - blocks) > n // 4:
        found["memory blocks"] = new_blocks - blocks
    if abs(new_total - total) > n // 4:
        found["references in total"] = new_total - total
    return found


def in_threads(calls, threads, n):
    barrier = threading.Barrier(threads)

    def work():
        barrier.wait()
        for _ in range(n):
            for _, call in calls:
                repeat(call, 1)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def examine(shape, which, plan, note):
    exercise = load(shape["exercise"], "exercise")
    note("import")
    calls = list(exercise.calls(load(shape[which], "shape")))
    objects = watched(exercise)
    report = {"results": {}, "growth": {}}
    for name, call in calls:
        note(name)
        report["results"][name] = outcome(call)
    if plan["threads"]:
        note("threads")
        in_threads(calls, plan["threads"], plan["calls"])
        return report
    for name, call in calls:
        note(name)
        found = growth(call, objects, getattr(exercise, "CALLS", {}).get(name, plan["calls"]))
        if found:
            report["growth"][name] = found
    return report


def forked(job):
    """What `job(note)` answers in a process of its own, so that a crash is told and not suffered."""
    reader, writer = os.pipe()
    steps_reader, steps_writer = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reader)
            os.close(steps_reader)
            devnull = os.open(os.devnull, os.O_WRONLY)
            os.dup2(devnull, 2)
            try:
                report = job(lambda step: os.write(steps_writer, step.encode() + b"\n"))
            except BaseException as error:
                report = {"crash": type(error).__name__ + ": " + str(error)}
            with os.fdopen(writer, "w") as stream:
                json.dump(report, stream)
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    os.close(steps_writer)
    with os.fdopen(reader) as stream, os.fdopen(steps_reader) as steps:
        text = stream.read()
        done = steps.read().split("\n")
    _, status = os.waitpid(child, 0)
    if status == 0 and text:
        return json.loads(text)
    return {"crash": "status %d in %s" % (status, done[-2] if len(done) > 1 else "start")}


def main():
    with open(sys.argv[1]) as stream:
        plan = json.load(stream)
    if hasattr(sys, "unraisablehook"):
        sys.unraisablehook = lambda unraisable: None
    reports = {}
    for shape in plan["shapes"]:
        reports[shape["name"]] = {
            which: forked(lambda note: examine(shape, which, plan, note)) for which in ("before", "after") if which in shape
        }
    json.dump(reports, sys.stdout)


main()
