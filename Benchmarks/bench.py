#!/usr/bin/env python3
"""Measures the figures that ingestd promises, each beside its control in the same run.

    make bench                          all rows
    make bench BENCH='steps pages'      some of them
    make bench BENCH='--json out.json'  the figures as JSON, too

It uses only the standard library. It works in .build-bench, on the disk that holds the repository. It keeps the PDF
files that it makes there for the next run and removes everything else.
"""

import argparse
import concurrent.futures
import ctypes
import gzip
import json
import os
import pathlib
import platform
import random
import re
import resource
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = REPOSITORY / ".build-release" / "release"
WORK = REPOSITORY / ".build-bench"
INGESTD = str(PROGRAMS / "ingestd")
BENCH = str(PROGRAMS / "ingestd-bench")


class Short(Exception):
    """A measurement that could not be made."""


class Data:
    """A data folder, and the programs that run on it."""

    def __init__(self, name):
        self.path = WORK / "data" / name
        shutil.rmtree(self.path, ignore_errors=True)
        (self.path / "workflows").mkdir(parents=True)
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("INGESTD_")}
        self.environment["INGESTD_DATA"] = str(self.path)
        self.started = []

    def noop(self, steps):
        name = f"noop-{steps}"
        text = f"name: {name}\nsteps:\n" + "".join(f"  - {{id: step-{n}, uses: noop}}\n" for n in range(1, steps + 1))
        (self.path / "workflows" / f"{name}.yaml").write_text(text)
        return name

    def run(self, *arguments, accept=(0,)):
        """Runs the program to its end and returns how long it took, in seconds."""
        begin = time.monotonic()
        done = subprocess.run(
            [INGESTD, *arguments], env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        took = time.monotonic() - begin
        if done.returncode not in accept:
            raise Short(f"ingestd {' '.join(arguments)} ended with {done.returncode}: {done.stderr.strip()[-300:]}")
        return took

    def start(self, *arguments):
        process = subprocess.Popen(
            [INGESTD, *arguments], env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        self.started.append(process)
        return process

    def rows(self, sql, *values):
        database = sqlite3.connect(f"file:{self.path}/ingestd.db?mode=ro", uri=True, timeout=30)
        try:
            return database.execute(sql, values).fetchall()
        finally:
            database.close()

    def wait_for(self, sql, seconds, *values):
        """Waits for a row of `sql` and returns the first one."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = self.rows(sql, *values)
            if found:
                return found[0]
            time.sleep(0.005)
        raise Short(f"no row within {seconds} s: {sql}")

    def close(self):
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()
        shutil.rmtree(self.path, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def fresh(name):
    folder = WORK / "files" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def texts(folder, count, size, words):
    """Writes small text documents, no two of them equal."""
    generator = random.Random(11)
    for number in range(count):
        body = " ".join(generator.choices(words, k=size // 6 + 10))
        (folder / f"{number:05}.txt").write_text(f"Note {number}\n\n{body}"[:size])


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


# --- Controls -------------------------------------------------------------------------------------------------------

def compile_controls():
    for name, libraries in (("commits", ["-lsqlite3"]), ("bandwidth", [])):
        subprocess.run(
            ["gcc", "-std=gnu11", "-O3", "-march=native", "-ffast-math", "-o", str(WORK / name),
             str(REPOSITORY / "Benchmarks" / "controls" / f"{name}.c"), *libraries], check=True)


def commits(seconds=2.0):
    """Returns single-row durable commits per second of a plain C loop."""
    path = WORK / "files" / "commits.db"
    path.parent.mkdir(parents=True, exist_ok=True)
    for suffix in ("", "-wal", "-shm"):
        pathlib.Path(f"{path}{suffix}").unlink(missing_ok=True)
    done = subprocess.run([str(WORK / "commits"), str(path), str(seconds)], check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout)


def processor(body):
    """Returns the result of `body` and the processor time, in seconds, of the programs that it ran to their end. Unlike
    a rate, this time depends little on what else the machine is doing."""
    def used():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    before = used()
    result = body()
    # A worker's parsers end shortly after the worker, as children of this process: see PR_SET_CHILD_SUBREAPER below.
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        pass
    return result, used() - before


def between(control, measure):
    """Returns the measure and the mean of its control before and after it, because the machine may not be idle."""
    before = control()
    value = measure()
    return value, (before + control()) / 2


# --- PDF files ------------------------------------------------------------------------------------------------------

def paragraphs():
    """Returns text that people wrote: licences, copyright files, change logs, and this repository's pages."""
    files = sorted(pathlib.Path("/usr/share/common-licenses").glob("*"))
    files += sorted(pathlib.Path("/usr/share/doc").glob("*/copyright"))[:200]
    files += sorted(pathlib.Path("/usr/share/doc").glob("*/changelog*.gz"))[:60]
    files += sorted(REPOSITORY.glob("docs/**/*.md")) + sorted(REPOSITORY.glob("samples/*.md"))
    found = []
    for file in files:
        try:
            data = gzip.open(file).read() if file.suffix == ".gz" else file.read_bytes()
        except OSError:
            continue
        text = data[:200_000].decode("utf-8", "ignore").encode("ascii", "ignore").decode()
        for part in re.split(r"\n\s*\n", text):
            part = " ".join(part.split())
            if 120 <= len(part) <= 1500:
                found.append(part)
    unique = list(dict.fromkeys(found))
    if len(unique) < 200:
        raise Short("too little text in /usr/share/doc and /usr/share/common-licenses to make documents")
    return unique


def typeset(path, title, pages, pool, seed):
    """Makes a PDF of about `pages` pages with groff."""
    generator = random.Random(seed)
    lines = [f".TL\n{title}\n"]
    left = pages * 5000
    section = 0
    while left > 0:
        section += 1
        heading = " ".join(generator.choice(pool).split()[:5]).strip(".,;:'\"-()")
        lines.append(f".NH 1\n{escaped(heading)}\n")
        for _ in range(generator.randint(3, 9)):
            text = generator.choice(pool)
            left -= len(text) + 90
            lines.append(f".PP\n{escaped(text)}\n")
    done = subprocess.run(
        ["groff", "-ms", "-Tpdf"], input="".join(lines).encode("ascii"), stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, check=True)
    path.write_bytes(done.stdout)


def escaped(text):
    text = text.replace("\\", "\\e")
    return "\\&" + text if text[:1] in ".'" else text


def count_pages(path):
    done = subprocess.run(["pdfinfo", str(path)], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return int(re.search(r"^Pages:\s+(\d+)", done.stdout, re.M).group(1))


def corpus():
    """Returns at least 1,500 pages in files of about 25 pages, and one file of at least 1,000; kept for the next run."""
    folder, large = WORK / "corpus", WORK / "large.pdf"
    if not (folder / "complete").exists() or not large.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        pool = paragraphs()
        jobs = [(folder / f"{n:02}.pdf", f"Volume {n}", 27, pool, n) for n in range(64)]
        jobs.insert(0, (large, "The large one", 1120, pool, 1000))
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as threads:
            list(threads.map(lambda job: typeset(*job), jobs))
        (folder / "complete").touch()
    files = sorted(folder.glob("*.pdf"))
    return folder, files, sum(map(count_pages, files)), large, count_pages(large)


# --- Rows -----------------------------------------------------------------------------------------------------------

def steps():
    jobs = 8000
    with Data("steps") as data:
        workflow = data.noop(5)
        folder = fresh("steps")
        texts(folder, jobs, 60, ["alpha", "beta", "gamma", "delta"])
        data.run("submit", str(folder), "--workflow", workflow, "--quiet")

        def measure():
            data.run("worker", "--drain", "--concurrency", "64", "--quiet")
            begun, ended, finished = data.rows(
                "SELECT min(started_at), max(finished_at), sum(state = 'completed') FROM jobs")[0]
            if finished != jobs:
                raise Short(f"{finished} of {jobs} jobs were completed")
            return jobs * 5 / ((ended - begun) / 1e6)

        (rate, cpu), control = between(commits, lambda: processor(measure))
    yield row(
        "durable steps/s ÷ single-row commits/s", rate / control, 5, at_least,
        f"{rate:,.0f} steps/s over {jobs:,} jobs of 5, {cpu / jobs / 5 * 1e6:.0f} µs of processor time each; "
        f"the C loop {control:,.0f} commits/s")


def submits():
    count = 10_000
    words = (REPOSITORY / "LICENSE").read_text().split()
    folder = fresh("submits")
    texts(folder, count, 4096, words)
    with Data("submits") as data:
        def measure():
            took = data.run("submit", str(folder), "--workflow", data.noop(1), "--quiet")
            accepted = data.rows("SELECT count(*) FROM jobs")[0][0]
            if accepted != count:
                raise Short(f"{accepted} of {count} documents were accepted")
            return count / took

        (rate, cpu), control = between(commits, lambda: processor(measure))
    yield row(
        "submits/s ÷ single-row commits/s", rate / control, 1.5, at_least,
        f"{rate:,.0f} documents/s of 4 KB, including process start and folder walk, {cpu / count * 1e6:.0f} µs of processor "
        f"time each; the C loop {control:,.0f} commits/s")


def waiting_jobs(data, count, scheduled):
    """Adds `count` queued copies of the first job with their documents, and updates the counters as the store would."""
    path = data.path / "ingestd.db"
    database = sqlite3.connect(path, isolation_level=None, timeout=30)
    database.execute("PRAGMA foreign_keys=OFF")
    database.execute("PRAGMA synchronous=OFF")
    database.execute("PRAGMA cache_size=-200000")

    def copy(table, changes, source):
        columns = [r[1] for r in database.execute(f"PRAGMA table_info({table})")]
        values = [changes.get(c, c) for c in columns]
        database.execute(
            f"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count}) "
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM n, {table} "
            f"WHERE {table}.key = {source}")

    document = database.execute("SELECT min(key) FROM documents").fetchone()[0]
    job, source, lane = database.execute("SELECT key, source_key, lane_key FROM jobs ORDER BY key LIMIT 1").fetchone()
    first_document = database.execute("SELECT max(key) + 1 FROM documents").fetchone()[0]
    first_job = database.execute("SELECT max(key) + 1 FROM jobs").fetchone()[0]
    now = time.time_ns() // 1000
    database.execute("BEGIN IMMEDIATE")
    copy("documents", {
        "key": f"{first_document} + i", "id": f"printf('01BENCHD%018d', {first_document} + i)",
        "uri": f"printf('/bench/%d', {first_document} + i)"}, document)
    copy("jobs", {
        "key": f"{first_job} + i", "id": f"printf('01BENCHJ%018d', {first_job} + i)",
        "document_key": f"{first_document} + i", "state": "'queued'", "worker_key": "NULL", "lease_until": "NULL",
        "started_at": "NULL", "finished_at": "NULL", "fence": "0",
        "reason": "'scheduled'" if scheduled else "'ready'",
        "due_at": f"{now + 86_400_000_000} + i" if scheduled else "NULL", "rank": f"{now} + i"}, job)
    database.execute(f"UPDATE sources SET queued = queued + {count} WHERE key = {source}")
    if not scheduled:
        database.execute(f"UPDATE sources SET ready = ready + {count} WHERE key = {source}")
        database.execute(f"UPDATE lanes SET ready = ready + {count} WHERE key = {lane}")
    database.execute("COMMIT")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def measured_claims(data, count, synchronous):
    done = subprocess.run(
        [BENCH, "claim", str(data.path / "ingestd.db"), str(count), synchronous], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Short(done.stderr.strip())
    return json.loads(done.stdout)


def claim():
    misses, claims, durable, throttled = {}, {}, {}, {}
    for size in (1000, 1_000_000):
        with Data(f"claim-{size}") as data:
            file = fresh("claim") / "one.txt"
            file.write_text("one")
            workflow = data.noop(1)
            data.run("submit", str(file), "--workflow", workflow, "--quiet")
            data.run("worker", "--drain", "--quiet")
            waiting_jobs(data, size // 2, scheduled=True)
            misses[size] = measured_claims(data, 2000, "normal")["claims"]["median_us"]
            waiting_jobs(data, size - size // 2, scheduled=False)
            found = measured_claims(data, 300, "normal")
            if found["claimed"] != 310:
                raise Short(f"{found['claimed']} of 310 claims found a job")
            claims[size] = found["claims"]["median_us"]
            durable[size] = measured_claims(data, 100, "full")["claims"]["median_us"]
            data.run("source", "set", "default", "--throttle", "1/d", "--quiet")
            measured_claims(data, 1, "normal")
            throttled[size] = measured_claims(data, 2000, "normal")["claims"]["median_us"]
    ratio = max(x[1_000_000] / x[1000] for x in (misses, claims, durable, throttled))
    yield row(
        "claim cost, 1,000,000 waiting ÷ 1,000", ratio, 1.5, at_most,
        "worst of: a claim {:.0f} ÷ {:.0f} µs (without waiting for the disk), a durable claim {:.0f} ÷ {:.0f} µs, "
        "a claim that finds nothing {:.0f} ÷ {:.0f} µs, or only throttled jobs {:.0f} ÷ {:.0f} µs".format(
            claims[1_000_000], claims[1000], durable[1_000_000], durable[1000], misses[1_000_000], misses[1000],
            throttled[1_000_000], throttled[1000]))


def fairness():
    with Data("fairness") as data:
        workflow = data.noop(1)
        file = fresh("fairness") / "one.txt"
        file.write_text("one")
        data.run("submit", str(file), "--workflow", workflow, "--quiet")
        data.run("worker", "--drain", "--quiet")
        waiting_jobs(data, 1_000_000, scheduled=False)
        for source in range(10):
            folder = fresh(f"fairness-{source}")
            texts(folder, 10, 60, ["alpha", "beta", "gamma", str(source)])
            data.run("submit", str(folder), "--source", f"small-{source}", "--workflow", workflow, "--quiet")
        data.start("worker", "--concurrency", "8", "--quiet")
        small = "source_key <> (SELECT min(key) FROM sources)"
        data.wait_for(f"SELECT 1 WHERE (SELECT count(*) FROM jobs WHERE {small} AND started_at IS NOT NULL) = 100", 60)
        last, first = data.rows(
            f"SELECT max(seq), min(seq) FROM journal WHERE kind = 'claimed' AND job_key IN (SELECT key FROM jobs WHERE {small})")[0]
        starts = data.rows("SELECT count(*) FROM journal WHERE kind = 'claimed' AND seq BETWEEN ? AND ?", first, last)[0][0]
    yield row(
        "starts until ten small sources had theirs ÷ a fair share of all", starts / 110, 1.2, at_most,
        f"{starts} starts, 100 of them by the small sources, beside one source with 1,000,000 waiting jobs")


def mixed_jobs(data, count):
    """Makes a used database with `count` jobs: completed, cancelled and dead ones, some that wait, and a small source."""
    waiting_jobs(data, count, scheduled=False)
    database = sqlite3.connect(data.path / "ingestd.db", isolation_level=None, timeout=30)
    database.execute("PRAGMA foreign_keys=OFF")
    database.execute("PRAGMA synchronous=OFF")
    low, = database.execute("SELECT min(key) FROM jobs WHERE state = 'queued'").fetchone()
    error = json.dumps({"kind": "transient", "category": "failed", "code": "BENCH", "message": "m", "retryable": True,
                        "causes": [], "hint": ""})
    ended = {"completed": 300_000, "cancelled": 2_000, "dead": 20_000}
    database.execute("BEGIN IMMEDIATE")
    for state, number in ended.items():
        database.execute(
            "UPDATE jobs SET state = ?, finished_at = created_at + 1, reason = ?, error = ? WHERE key >= ? AND key < ?",
            (state, "requested" if state == "cancelled" else None, error if state == "dead" else None, low, low + number))
        database.execute(
            f"UPDATE sources SET {state} = {state} + ?, queued = queued - ?, ready = ready - ? WHERE key = 1",
            (number, number, number))
        database.execute("UPDATE lanes SET ready = ready - ? WHERE key = 1", (number,))
        low += number
    for reason, number in {"retrying": 500, "scheduled": 50_000, "throttled": 100}.items():
        database.execute(
            "UPDATE jobs SET reason = ?, due_at = created_at + 86400000000, error = ? WHERE key >= ? AND key < ?",
            (reason, error, low, low + number))
        database.execute("UPDATE sources SET ready = ready - ? WHERE key = 1", (number,))
        database.execute("UPDATE lanes SET ready = ready - ? WHERE key = 1", (number,))
        low += number
    # These are the oldest jobs: a search that starts with the newest reads a million others first.
    database.execute("INSERT INTO sources (key, name, created_at) VALUES (2, 'small', 0)")
    database.execute(
        "INSERT INTO lanes (key, source_key, generation_key, workflow) "
        "SELECT 1000000, 2, generation_key, workflow FROM lanes WHERE key = 1")
    database.execute(
        "UPDATE jobs SET source_key = 2, lane_key = 1000000 "
        "WHERE key IN (SELECT key FROM jobs WHERE state = 'completed' LIMIT 100)")
    database.execute("UPDATE sources SET completed = completed - 100 WHERE key = 1")
    database.execute("UPDATE sources SET completed = completed + 100 WHERE key = 2")
    database.execute("COMMIT")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


QUERIES = [
    "status", "source list", "job list", "job list --state queued", "job list --state running", "job list --state waiting",
    "job list --state completed", "job list --state cancelled", "job list --state dead", "job list --source small",
    "job list --source small --state completed", "job list --index docs", "job list --workflow noop-1",
    "job list --reason ready", "job list --reason retrying", "job list --reason scheduled", "job list --reason throttled",
    "job list --reason paused", "job list --reason breaker-open", "job list --code BENCH", "job list --since 1h", "job list --older-than 1h",
    "job list --state dead --code NONE", "dead list", "dead list --code BENCH --since 1d",
]


def queries():
    count = 1_000_000
    with Data("queries") as data:
        file = fresh("queries") / "one.txt"
        file.write_text("one")
        workflow = data.noop(1)
        data.run("submit", str(file), "--workflow", workflow, "--quiet")
        data.run("worker", "--drain", "--quiet")
        mixed_jobs(data, count)
        took = {}
        for words in QUERIES:
            data.run(*words.split(), "--json")
            took[words] = min(data.run(*words.split(), "--json") for _ in range(5)) * 1000
    slow = sorted(took, key=took.get, reverse=True)
    yield row(
        "a query of 1,000,000 jobs, the slowest", took[slow[0]], 100, at_most,
        f"best of 5, including process start, {len(QUERIES)} commands: "
        + ", ".join(f"{words} {took[words]:.0f}" for words in slow[:4]) + f", …, status {took['status']:.0f} ms", " ms")


def latency():
    count = 200
    folder = fresh("latency")
    texts(folder, count, 200, ["alpha", "beta", "gamma", "delta"])
    with Data("latency") as data:
        workflow = data.noop(1)
        first = fresh("latency-first") / "first.txt"
        first.write_text("first")
        data.run("submit", str(first), "--workflow", workflow, "--quiet")
        data.start("worker", "--quiet")
        data.wait_for("SELECT 1 FROM jobs WHERE state = 'completed'", 20)
        for file in sorted(folder.iterdir()):
            data.run("submit", str(file), "--workflow", workflow, "--quiet")
        data.wait_for(f"SELECT 1 WHERE (SELECT count(*) FROM jobs WHERE state = 'completed') = {count + 1}", 20)
        waits = [r[0] / 1000 for r in data.rows(
            "SELECT s.started_at - j.created_at FROM jobs j JOIN steps s ON s.job_key = j.key AND s.position = 0 "
            "ORDER BY j.key LIMIT -1 OFFSET 1")]
    detail = f"{count} submits, one process each, and an idle worker; from the submit's transaction to the step's start"
    yield row("submit → first step, median", statistics.median(waits), 5, at_most, detail, " ms")
    yield row("submit → first step, p99", quantile(waits, 0.99), 20, at_most, "the same", " ms")


def pages():
    folder, files, total, _, _ = corpus()

    def pdftotext():
        begin = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(2) as threads:
            list(threads.map(
                lambda f: subprocess.run(["pdftotext", str(f), "/dev/null"], check=True, stderr=subprocess.DEVNULL),
                files))
        return total / (time.monotonic() - begin)

    with Data("pages") as data:
        def measure():
            begin = time.monotonic()
            data.run("submit", str(folder), "--include", "*.pdf", "--quiet")
            workers = [data.start("worker", "--drain", "--concurrency", "2", "--quiet") for _ in range(2)]
            codes = [worker.wait() for worker in workers]
            took = time.monotonic() - begin
            if any(codes):
                raise Short(f"the workers ended with {codes}")
            return took

        (control, theirs), (first, ours) = processor(pdftotext), processor(measure)
        control = (control + pdftotext()) / 2
        rate = total / first
        chunks = data.rows("SELECT sum(chunks) FROM holdings")[0][0]
        yield row(
            "pages/s to searchable ÷ pdftotext, 2 processes", rate / control, 0.8, at_least,
            f"{rate:,.0f} pages/s ({total:,} pages, {len(files)} files, {chunks:,} chunks), "
            f"{ours / total * 1e3:.2f} ms of processor time each; pdftotext {control:,.0f}, {theirs / total * 1e3:.2f} ms")
        again = data.run("submit", str(folder), "--include", "*.pdf", "--quiet") + data.run("worker", "--drain", "--quiet")
        yield row(
            "the same folder again ÷ the first run", again / first, 0.03, at_most,
            f"{again * 1000:,.0f} ms ÷ {first * 1000:,.0f} ms, submit and worker --drain each time")


def death():
    _, _, _, large, _ = corpus()
    waits = []
    for round in range(3):
        folder = fresh("death")
        for number in range(4):
            # Bytes after the end of the file make it another document to ingestd, and the same to a PDF reader.
            (folder / f"{number}.pdf").write_bytes(large.read_bytes() + f"% {round} {number}\n".encode())
        with Data("death") as data:
            data.run("submit", str(folder), "--quiet")
            victim = data.start("worker", "--concurrency", "4", "--quiet")
            data.wait_for("SELECT 1 WHERE (SELECT count(*) FROM jobs WHERE state = 'running') = 4", 20)
            data.start("worker", "--concurrency", "4", "--quiet")
            data.wait_for("SELECT 1 WHERE (SELECT count(*) FROM workers) = 2", 20)
            time.sleep(0.5)
            killed = time.time_ns() // 1000
            victim.send_signal(signal.SIGKILL)
            # Waits for all of its jobs, not only the first.
            at = data.wait_for(
                "SELECT max(at) FROM journal WHERE kind IN ('claimed', 'claimed-again') AND at > ? HAVING count(*) >= 4", 60, killed)[0]
            waits.append((at - killed) / 1e6)
    yield row(
        "a killed worker's jobs continue after", max(waits), 1, at_most,
        "slowest of 3: an idle worker claims all 4 jobs after kill -9", " s")


def memory_of(pid):
    """Returns the resident KiB of a process and of its children."""
    def resident(pid):
        try:
            text = pathlib.Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return 0
        found = re.search(r"^VmRSS:\s+(\d+)", text, re.M)
        return int(found.group(1)) if found else 0

    children = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            children += pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text().split()
    except OSError:
        pass
    return resident(pid), sum(map(resident, children))


def memory():
    _, _, _, large, count = corpus()
    with Data("memory") as data:
        first = fresh("memory") / "first.txt"
        first.write_text("A first document, so that everything has been opened once.")
        data.run("submit", str(first), "--quiet")
        worker = data.start("worker", "--quiet")
        data.wait_for("SELECT 1 FROM jobs WHERE state = 'completed'", 20)
        time.sleep(1.5)
        idle = memory_of(worker.pid)
        data.run("submit", str(large), "--quiet")
        peak, parser = 0, 0
        end = time.monotonic() + 180
        while time.monotonic() < end:
            own, children = memory_of(worker.pid)
            peak, parser = max(peak, own), max(parser, children)
            if data.rows("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE finished_at IS NULL)"):
                break
            time.sleep(0.01)
        if data.rows("SELECT count(*) FROM jobs WHERE state <> 'completed'")[0][0]:
            raise Short("the large document was not completed")
    yield row(
        "worker's resident memory, idle", idle[0] / 1024, 40, at_most,
        f"and {idle[1] / 1024:.0f} MB in its parsers", " MB")
    yield row(
        f"worker's resident memory, {count:,}-page PDF", peak / 1024, 150, at_most,
        f"highest of samples 10 ms apart; and {parser / 1024:.0f} MB in its parsers", " MB")


def startup():
    def times(command, environment, count):
        found = []
        with open(os.devnull, "r+b") as null:
            actions = [(os.POSIX_SPAWN_DUP2, null.fileno(), n) for n in (0, 1, 2)]
            for _ in range(count):
                begin = time.monotonic()
                pid = os.posix_spawn(command[0], command, environment, file_actions=actions)
                _, status = os.waitpid(pid, 0)
                found.append((time.monotonic() - begin) * 1000)
                if status:
                    raise Short(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
        return statistics.median(found)

    with Data("startup") as data:
        file = fresh("startup") / "one.txt"
        file.write_text("one")
        data.run("submit", str(file), "--quiet")
        data.run("worker", "--drain", "--quiet")
        control = times(["/bin/true"], data.environment, 50)
        version = times([INGESTD, "--version"], data.environment, 50)
        status = times([INGESTD, "status"], data.environment, 50)
    detail = f"median of 50, from spawn to exit; /bin/true {control:.1f} ms"
    yield row("start-up of ingestd --version", version, 10, at_most, detail, " ms")
    yield row("start-up of ingestd status", status, 30, at_most, detail, " ms")


def vectors():
    count, dimensions, searches = 100_000, 384, 30
    folder = fresh("vectors")

    def bandwidth():
        done = subprocess.run(
            [str(WORK / "bandwidth"), str(count * dimensions), "30"], check=True, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        return statistics.median(map(float, done.stdout.split()))

    def measure():
        done = subprocess.run(
            [BENCH, "vectors", str(folder), str(count), str(dimensions), str(searches)], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise Short(done.stderr.strip())
        return json.loads(done.stdout)["searches"]["median_us"] / 1000

    took, control = between(bandwidth, measure)
    shutil.rmtree(folder)
    yield row(
        "exact vector search ÷ one pass over memory", control / took, 0.5, at_least,
        f"{took:.1f} ms for 10 of {count:,} × {dimensions}, one thread, k rows read; one pass in C {control:.1f} ms")


# --- The table ------------------------------------------------------------------------------------------------------

def at_least(value, target):
    return value >= target


def at_most(value, target):
    return value <= target


def row(name, value, target, passes, detail, unit=""):
    digits = 3 if target < 0.1 else 2 if target < 10 else 1
    sign = "≥" if passes is at_least else "≤"
    return {
        "row": name, "value": round(value, 4), "target": target, "passes": passes(value, target),
        "shown": f"{value:.{digits}f}{unit}", "wanted": f"{sign} {target}{unit}", "detail": detail}


ROWS = {
    "steps": steps, "submits": submits, "claim": claim, "fairness": fairness, "queries": queries, "latency": latency,
    "pages": pages, "death": death,
    "memory": memory, "startup": startup, "vectors": vectors}


def main():
    parser = argparse.ArgumentParser(description="Measures ingestd beside its controls.")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"measure only these: {', '.join(ROWS)}")
    parser.add_argument("--json", metavar="FILE", help="also write the figures to this file")
    options = parser.parse_args()
    for name in options.rows:
        if name not in ROWS:
            parser.error(f"no row {name}; choose from {', '.join(ROWS)}")
    for program in (INGESTD, BENCH):
        if not os.access(program, os.X_OK):
            sys.exit(f"error: {program} does not exist\nhint: run `make bench`, which builds it")
    PR_SET_CHILD_SUBREAPER = 36
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    WORK.mkdir(exist_ok=True)
    compile_controls()
    cpu = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} × {cpu.group(1) if cpu else platform.machine()}, "
          f"Linux {platform.release()}, load {os.getloadavg()[0]:.1f}")
    if os.getloadavg()[0] > 0.7 * os.cpu_count():
        print("warning: other programs keep this machine busy; figures that are not ratios will be worse than on an idle one")
    print()
    widths = (46, 10, 10, 6)
    print("{:<{}} {:>{}} {:>{}}  {:<{}} {}".format(
        "row", widths[0], "measured", widths[1], "wanted", widths[2], "", widths[3], "how").rstrip())
    results, failures, begin = [], 0, time.monotonic()
    for name in options.rows or ROWS:
        try:
            for result in ROWS[name]():
                results.append(result)
                print("{:<{}} {:>{}} {:>{}}  {:<{}} {}".format(
                    result["row"], widths[0], result["shown"], widths[1], result["wanted"], widths[2],
                    "pass" if result["passes"] else "SHORT", widths[3], result["detail"]), flush=True)
        except (Short, OSError, subprocess.CalledProcessError) as error:
            failures += 1
            results.append({"row": name, "error": str(error)})
            print(f"{name:<{widths[0]}} not measured: {error}", flush=True)
    print(f"\n{sum(r.get('passes', False) for r in results)} of {len(results)} rows pass; "
          f"{time.monotonic() - begin:.0f} s")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")
    shutil.rmtree(WORK / "data", ignore_errors=True)
    shutil.rmtree(WORK / "files", ignore_errors=True)
    # A row that misses its target does not fail the run. A row that could not be measured does.
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
