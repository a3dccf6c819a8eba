#!/usr/bin/env python3
"""Loads ingestd for an hour and checks whether its use of resources stays flat.

    make soak                   an hour
    make soak SOAK_MINUTES=5    shorter, with a shorter warm-up
    soak.py --judge             test the judge on made-up figures

It runs two workers, one provider, and a stream of submits, changes, deletes, searches, builds, swaps, rollbacks and index
gc, at a rate that does not saturate the machine. The documents and their versions are finite, and retention is short, so
anything that keeps growing is a leak. Every ten seconds it records the memory, descriptors and threads of each worker,
the files of the data folder and the latencies of the commands. The first stretch after the warm-up is compared with the
last.

It uses only the standard library. It works in .build-soak and removes it if all is well.
"""

import argparse
import hashlib
import http.server
import json
import os
import pathlib
import queue
import random
import shutil
import signal
import socketserver
import sqlite3
import statistics
import subprocess
import sys
import threading
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = pathlib.Path(os.environ.get("INGESTD_PROGRAMS", REPOSITORY / ".build-release" / "release"))
WORK = pathlib.Path(os.environ.get("SOAK_FOLDER", REPOSITORY / ".build-soak"))
INGESTD = str(PROGRAMS / "ingestd")

WORKERS = 2
DOCUMENTS = 150
VERSIONS = 4
DIMENSIONS = 64
INTERVAL = 10

# How much noise may add to a figure: a share of it, and an amount. Memory: page caches, of at most 16 MB per connection,
# fill as the database fills. Descriptors and threads: each open generation has up to four readers, each opened when it is
# first needed, and two or three generations are open. A generation kept by mistake would add as many in each turn.
TOLERANCES = {
    "rss": (0.10, 8e6), "fds": (0.0, 10), "threads": (0.0, 8),
    "database": (0.10, 2e6), "journal": (0.10, 2e6), "wal": (0.10, 4e6), "indexes": (0.10, 4e6), "blobs": (0.10, 1e6),
    "folder files": (0.10, 10), "parsers": (0.0, 4),
    "p50": (0.40, 10.0), "p99": (1.0, 100.0),
}

# Figures that are reported but not judged: the database file contains the journal, which keeps an hour.
UNJUDGED = {"database", "journal", "control p50", "control p99"}


# The judge

def tolerance(name):
    for ending, value in TOLERANCES.items():
        if name.endswith(ending):
            return value
    raise KeyError(name)


def judge(name, start, end, slower=1.0):
    """Returns the medians of both stretches, and whether the figure is flat from the first stretch to the last.

    `slower` is the factor by which the machine itself has slowed down, measured with a control that uses no data folder."""
    share, amount = tolerance(name)
    before, after = statistics.median(start), statistics.median(end)
    return before, after, after <= before * max(1.0, slower) * (1 + share) + amount


def check_judge():
    """Checks that the judge distinguishes a leak from noise."""
    noise = random.Random(7)
    flat = [50e6 + noise.uniform(-1e6, 1e6) for _ in range(330)]
    saw = [20e6 + (number % 20) * 1e5 for number in range(330)]
    # A leak of 300 KB per minute over 55 minutes.
    leak = [value + 50e3 * number for number, value in enumerate(flat)]
    files = [40 + number // 20 for number in range(330)]
    slower = [20 + 0.1 * number for number in range(330)]

    def grew(name, series):
        return not judge(name, series[:30], series[-30:])[2]

    expected = [
        ("rss", flat, False), ("database", saw, False), ("worker 1 rss", leak, True), ("worker 1 fds", files, True),
        ("worker 2 threads", files, True), ("search p50", slower, True), ("search p50", [20.0] * 330, False),
        ("wal", leak, True), ("folder files", [8] * 300 + [40] * 30, True),
    ]
    wrong = [name for name, series, grows in expected if grew(name, series) != grows]
    if wrong:
        sys.exit(f"the judge is wrong about: {', '.join(wrong)}")
    print(f"the judge is right about {len(expected)} series")


# The provider

class Provider(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        data = []
        for position, text in enumerate(body["input"]):
            seed = hashlib.sha256(text.encode()).digest() * (DIMENSIONS // 32)
            data.append({"object": "embedding", "index": position, "embedding": [byte / 127.5 - 1 for byte in seed]})
        answer = json.dumps({
            "object": "list", "model": body["model"], "data": data,
            "usage": {"prompt_tokens": len(data), "total_tokens": len(data)}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


class ProviderServer(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


# The load

class Failed(Exception):
    pass


class Soak:
    def __init__(self, minutes, warm_up):
        self.minutes, self.warm_up = minutes, warm_up
        self.data = WORK / "data"
        self.inbox = WORK / "inbox"
        shutil.rmtree(WORK, ignore_errors=True)
        for folder in (self.data, self.inbox):
            folder.mkdir(parents=True)
        self.provider = ProviderServer(("127.0.0.1", 0), Provider)
        threading.Thread(target=self.provider.serve_forever, daemon=True).start()
        (self.data / "ingestd.yaml").write_text(f"""
default-embedder: fake
embedders:
  fake: {{model: fake, dimensions: {DIMENSIONS}, base-url: "http://127.0.0.1:{self.provider.server_port}/v1"}}
worker: {{lease: 10s, heartbeat: 3s}}
retention: {{completed: 30s, cancelled: 30s, dead: 1m, journal: 1m, interval: 10s}}
blobs: {{gc-grace: 1m}}
idempotency: {{ttl: 1m}}
""")
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("INGESTD_")}
        self.environment["INGESTD_DATA"] = str(self.data)
        self.random = random.Random(1)
        self.workers = []
        self.stop = threading.Event()
        self.problems = queue.Queue()
        # name -> [(second, value)]
        self.figures = {}
        self.lock = threading.Lock()
        self.begin = time.monotonic()
        self.counts = {}

    def note(self, name, value):
        with self.lock:
            self.figures.setdefault(name, []).append((time.monotonic() - self.begin, value))

    def count(self, name, number=1):
        with self.lock:
            self.counts[name] = self.counts.get(name, 0) + number

    def run(self, *words, accept=(0,), timed=None):
        begin = time.monotonic()
        done = subprocess.run(
            [INGESTD, *words], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=120)
        if done.returncode not in accept:
            raise Failed(f"ingestd {' '.join(words)} ended with {done.returncode}: {(done.stdout + done.stderr)[-400:]}")
        if timed:
            self.note(timed + " ms", (time.monotonic() - begin) * 1000)
        self.count(words[0] if words[0] != "index" else f"index {words[1]}")
        return done

    # Documents

    def write(self, number, version):
        """Writes a document. Every tenth is one of the sample PDFs, made unique by a comment at its end."""
        samples = sorted((REPOSITORY / "samples").glob("*.pdf"))
        if number % 10 == 0 and samples:
            path = self.inbox / f"paper-{number}.pdf"
            path.write_bytes(samples[(number // 10 + version) % len(samples)].read_bytes() + f"\n% {number}\n".encode())
            return path
        path = self.inbox / f"paper-{number}.md"
        # Every twenty-fifth is too large to be stored in a row.
        sections = 80 if number % 25 == 1 else 4
        words = random.Random(number * VERSIONS + version)
        lines = [f"# Paper {number}", "", f"Version {version}: mark{number}x{version}."]
        for section in range(sections):
            lines += ["", f"## Section {section}", ""]
            lines.append(" ".join(f"word{words.randrange(4000)}" for _ in range(120)) + ".")
        path.write_text("\n".join(lines) + "\n")
        return path

    def submit(self, paths):
        self.run("submit", *map(str, paths), "--root", str(self.inbox), "--json", timed="submit")

    def change(self):
        numbers = self.random.sample(range(DOCUMENTS), 3)
        if self.random.random() < 0.2:
            paths = [self.write(number, 0) for number in numbers[:1]]
            # The document may be unknown, because it was deleted already or never submitted.
            self.run("delete", *(path.name for path in paths), "--json", accept=(0, 1, 3), timed="delete")
            return
        self.submit([self.write(number, self.random.randrange(VERSIONS)) for number in numbers])

    def search(self):
        number = self.random.randrange(DOCUMENTS)
        mode = self.random.choice(["keyword", "hybrid"])
        self.run(
            "search", f"mark{number}x{self.random.randrange(VERSIONS)} word{number}", "--mode", mode, "--json",
            timed="search")

    def control(self):
        """Measures a program that only starts and ends."""
        begin = time.monotonic()
        subprocess.run([INGESTD, "--version"], env=self.environment, stdout=subprocess.DEVNULL, check=True)
        self.note("control ms", (time.monotonic() - begin) * 1000)

    def looping(self, name, pause, body):
        def loop():
            while not self.stop.wait(pause * self.random.uniform(0.5, 1.5)):
                try:
                    body()
                except Exception as error:
                    self.problems.put(f"{name}: {error}")
                    return
        thread = threading.Thread(target=loop, name=name)
        thread.start()
        return thread

    def turn(self):
        """Builds a generation, swaps it in, rolls back, swaps again, and collects the retired one."""
        self.run("index", "build", "docs", "--force", "--json")
        deadline = time.monotonic() + 240
        while not self.stop.wait(2):
            generations = json.loads(self.run("index", "show", "docs", "--json").stdout)["generations"]
            if any(one["state"] == "ready" for one in generations):
                break
            if time.monotonic() > deadline:
                raise Failed(f"no generation was ready within 240 s: {generations}")
        if self.stop.is_set():
            return
        for words in (["swap", "docs", "--wait", "60s"], ["rollback", "docs", "--force"], ["swap", "docs"]):
            if words[0] == "swap" and len(words) == 2:
                # The generation that was rolled back is retired now, so its number is given.
                retired = [one["generation"] for one in generations if one["state"] in ("ready", "building")]
                words += ["--to", str(max(retired)), "--wait", "60s"]
            self.run("index", *words, "--json", accept=(0, 4))
            if self.stop.wait(3):
                return
        self.run("index", "gc", "docs", "--json", accept=(0, 4, 75))

    # Figures

    def sample(self):
        for number, process in enumerate(self.workers, 1):
            proc = pathlib.Path("/proc") / str(process.pid)
            try:
                status = dict(line.split(":", 1) for line in (proc / "status").read_text().splitlines() if ":" in line)
                self.note(f"worker {number} rss", int(status["VmRSS"].split()[0]) * 1024)
                self.note(f"worker {number} threads", int(status["Threads"]))
                self.note(f"worker {number} fds", len(os.listdir(proc / "fd")))
                parsers = []
                for task in (proc / "task").iterdir():
                    for child in (task / "children").read_text().split():
                        text = (pathlib.Path("/proc") / child / "status").read_text()
                        parsers.append(int(text.split("VmRSS:")[1].split()[0]) * 1024)
                # The number of warm parsers follows the load, up to the concurrency. The size of each must stay flat.
                self.note(f"worker {number} parsers", len(parsers))
                if parsers:
                    self.note(f"worker {number} largest parser rss", max(parsers))
            except (FileNotFoundError, ProcessLookupError, KeyError, IndexError):
                if process.poll() is not None:
                    self.problems.put(f"worker {number} ended with {process.returncode}")
        sizes = {"database": 0, "wal": 0, "indexes": 0, "blobs": 0}
        files = 0
        for folder, _, names in os.walk(self.data):
            for name in names:
                try:
                    size = os.stat(os.path.join(folder, name)).st_size
                except FileNotFoundError:
                    continue
                files += 1
                if name == "ingestd.db":
                    sizes["database"] += size
                elif name == "ingestd.db-wal":
                    sizes["wal"] += size
                elif folder.endswith("indexes"):
                    sizes["indexes"] += size
                elif "/blobs" in folder:
                    sizes["blobs"] += size
        for name, size in sizes.items():
            self.note(name, size)
        self.note("folder files", files)
        # The journal always keeps an hour, so it grows during the whole run of an hour.
        database = sqlite3.connect(f"file:{self.data}/ingestd.db?mode=ro", uri=True, timeout=30)
        try:
            pages = database.execute("PRAGMA page_count").fetchone()[0]
            free = database.execute("PRAGMA freelist_count").fetchone()[0]
            journal = database.execute("SELECT count(*) FROM dbstat WHERE name = 'journal'").fetchone()[0]
            self.note("journal", journal * 4096)
            self.note("rest of the database", (pages - free - journal) * 4096)
        finally:
            database.close()

    def load(self):
        for number in range(DOCUMENTS):
            self.write(number, 0)
        self.submit(sorted(self.inbox.iterdir()))
        log = open(WORK / "workers.log", "w")
        for _ in range(WORKERS):
            self.workers.append(subprocess.Popen(
                [INGESTD, "worker", "--concurrency", "4"], env=self.environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=log))
        self.begin = time.monotonic()
        loops = [
            self.looping("changes", 1.5, self.change), self.looping("searches", 0.7, self.search),
            self.looping("control", 3, self.control), self.looping("status", 5, lambda: self.run("status", "--json", timed="status")),
            self.looping("generations", min(90, self.minutes * 60 / 8), self.turn),
        ]
        try:
            while time.monotonic() - self.begin < self.minutes * 60 and self.problems.empty():
                time.sleep(INTERVAL)
                self.sample()
        finally:
            self.stop.set()
            for loop in loops:
                loop.join()
            for worker in self.workers:
                if worker.poll() is None:
                    worker.send_signal(signal.SIGTERM)
            for worker in self.workers:
                try:
                    worker.wait(60)
                except subprocess.TimeoutExpired:
                    self.problems.put("a worker did not stop in 60 s")
                    worker.kill()
        self.run("worker", "--drain")
        self.run("index", "verify", "docs")

    # The table

    def stretches(self, series):
        length = min(5.0, (self.minutes - self.warm_up) / 3) * 60
        first = self.warm_up * 60
        start = [value for second, value in series if first <= second < first + length]
        end = [value for second, value in series if second >= self.minutes * 60 - length]
        return start, end

    def report(self):
        rows, grown = [], []

        def pick(values, percentile):
            return [sorted(values)[min(len(values) - 1, len(values) * percentile // 100)]]

        start, end = self.stretches(self.figures.get("control ms", []))
        slower = {p: pick(end, p)[0] / pick(start, p)[0] if start and end else 1.0 for p in (50, 99)}
        for name, series in self.figures.items():
            start, end = self.stretches(series)
            if not start or not end:
                continue
            if name.endswith(" ms"):
                for percentile in (50, 99):
                    label = f"{name[:-3]} p{percentile}"
                    figures = judge(label, pick(start, percentile), pick(end, percentile), slower[percentile])
                    rows.append((label, *figures, "ms"))
            else:
                unit = "" if name.endswith(("fds", "threads", "files", "parsers")) else "MB"
                rows.append((name, *judge(name, start, end), unit))
        print(f"\n{'':<24}{'start':>12}{'end':>12}")
        for name, before, after, flat, unit in rows:
            scale = 1e6 if unit == "MB" else 1
            judged = name not in UNJUDGED
            mark = "" if not judged else "" if flat else " GREW"
            print(f"{name:<24}{before / scale:>12.1f}{after / scale:>12.1f} {unit:<3}{mark}")
            if judged and not flat:
                grown.append(name)
        print(", ".join(f"{count} {name}" for name, count in sorted(self.counts.items())))
        return grown


def main():
    arguments = argparse.ArgumentParser(description="Loads ingestd for a while and checks whether its use of resources stays flat.")
    arguments.add_argument("--minutes", type=float, default=float(os.environ.get("SOAK_MINUTES") or 60))
    arguments.add_argument("--judge", action="store_true", help="only test the judge on made-up figures")
    arguments = arguments.parse_args()
    if arguments.judge:
        return check_judge()
    check_judge()
    soak = Soak(arguments.minutes, min(5.0, arguments.minutes / 4))
    failure = None
    try:
        soak.load()
    except Exception as error:
        failure = error
    finally:
        for worker in soak.workers:
            if worker.poll() is None:
                worker.kill()
    grown = soak.report()
    problems = []
    while not soak.problems.empty():
        problems.append(soak.problems.get())
    if failure:
        problems.append(str(failure))
    for problem in problems:
        print(f"failed: {problem}")
    if grown:
        print(f"not flat: {', '.join(grown)}")
    if problems or grown:
        sys.exit(f"soak failed; the data folder is {soak.data}")
    shutil.rmtree(WORK, ignore_errors=True)
    print("flat")


if __name__ == "__main__":
    main()
