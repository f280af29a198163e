"""Spark as it is installed by pip: a master and two workers on loopback, and a session of theirs.

Where Java, PySpark or /proc is missing, the tests that need a cluster are skipped and say why; where CI is set, they
fail. Everything that was started is ended by its own process id, also when a test fails.
"""

from __future__ import annotations

import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from casescreen.columnar.frames import CaseFrames
from casescreen.columnar.writer import write_parquet
from casescreen.model.rulebook import Rulebook

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_PATIENCE = 120.0
_LOOPBACK = "127.0.0.1"
_QUICK = (
    "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # Java is here for seconds: what makes it faster later comes too late
)


class Daemon:
    """A master or a worker, in a session of its own, which all that it starts belongs to."""

    def __init__(self, home: Path, kind: str, *options: str) -> None:
        """Start it; it takes free ports, and says in its log which."""
        small = {"SPARK_DAEMON_MEMORY": "256m", "SPARK_DAEMON_JAVA_OPTS": _QUICK, "SPARK_LOCAL_IP": _LOOPBACK}
        command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{kind}", "--host", _LOOPBACK]
        self._process = subprocess.Popen(
            [*command, "--port", "0", "--webui-port", "0", *options],
            env={**os.environ, **small, "SPARK_HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._said: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as log:
            for line in log:
                self._said.put(line)

    def wait_for(self, pattern: str) -> str:
        """What the pattern finds in the next line of the log that it is found in."""
        until, seen = time.monotonic() + _PATIENCE, []
        while (left := until - time.monotonic()) > 0:
            try:
                seen.append(self._said.get(timeout=left))
            except queue.Empty:
                break
            if found := re.search(pattern, seen[-1]):
                return found[0]
        pytest.fail(f"Spark did not say {pattern!r} in {_PATIENCE:.0f} seconds, but:\n{''.join(seen)}")

    def processes(self) -> list[int]:
        """The process and all that it has started, and they, as far as they live."""
        return [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit() and self._has(one)]

    def _has(self, process: Path) -> bool:
        try:
            state, _, _, session = (process / "stat").read_text("utf-8").rpartition(")")[2].split()[:4]
        except (FileNotFoundError, ProcessLookupError):
            return False
        return int(session) == self._process.pid and state != "Z"

    def kill(self) -> None:
        """End them all, as if the machine had lost power; also what starts meanwhile."""
        until = time.monotonic() + _PATIENCE
        while (living := self.processes()) and time.monotonic() < until:
            for process in living:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        self._process.wait()
        self._listener.join()


class Cluster:
    """A master and its workers."""

    def __init__(self, home: Path, scratch: Path) -> None:
        """Start none yet."""
        self._home, self._scratch = home, scratch
        self._daemons: list[Daemon] = []
        self.url = ""

    def start(self) -> None:
        """Start a master and two workers, and wait until they know one another."""
        master = self._started("master.Master")
        self.url = master.wait_for(rf"spark://{_LOOPBACK}:\d+")
        room = (
            "--cores",
            "3",
            "--memory",
            "3g",
        )  # for a session, for what it lost with the other worker, and for another
        for number in range(2):
            self._started("worker.Worker", *room, "--work-dir", str(self._scratch / f"worker-{number}"), self.url)
        for worker in self.workers:
            worker.wait_for("Successfully registered with master")

    def _started(self, kind: str, *options: str) -> Daemon:
        self._daemons.append(Daemon(self._home, kind, *options))
        return self._daemons[-1]

    @property
    def workers(self) -> list[Daemon]:
        """The two workers."""
        return self._daemons[1:]

    def stop(self) -> None:
        """End everything."""
        for daemon in reversed(self._daemons):
            daemon.kill()


def _missing(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def spark_home() -> Path:
    """Where pip has put Spark, once all that it needs is known to be there."""
    found = find_spec("pyspark")
    if found is None or found.origin is None:
        _missing("PySpark is not installed (pip install --group dev)")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        _missing("no Java is installed (apt install openjdk-17-jre-headless)")
    if not Path("/proc/self").exists():
        _missing("there is no /proc to find by what a worker has started")
    return Path(found.origin).parent


@pytest.fixture(scope="session")
def cluster(spark_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(spark_home, tmp_path_factory.mktemp("spark"))
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="session")
def session(cluster: Cluster, spark_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A session with one core of each worker."""
    from pyspark import SparkContext  # noqa: PLC0415 - only once it is known to be installed
    from pyspark.sql import SparkSession  # noqa: PLC0415 - the same

    settings: dict[str, bool | float | int | str | None] = {
        "spark.cores.max": "2",
        "spark.driver.bindAddress": _LOOPBACK,
        "spark.driver.extraJavaOptions": _QUICK,
        "spark.driver.host": _LOOPBACK,
        "spark.driver.memory": "512m",
        "spark.executor.cores": "1",
        "spark.executor.extraJavaOptions": _QUICK,
        "spark.executor.memory": "512m",
        "spark.executorEnv.POLARS_MAX_THREADS": "1",
        "spark.local.dir": str(tmp_path_factory.mktemp("local")),
        "spark.log.level": "ERROR",
        "spark.scheduler.minRegisteredResourcesRatio": "1.0",  # no work before both workers are there
        "spark.scheduler.maxRegisteredResourcesWaitingTime": "60s",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_HOME", str(spark_home))
        patch.setenv("SPARK_LOCAL_IP", _LOOPBACK)
        patch.setenv("PYSPARK_PYTHON", sys.executable)  # the setting of that name counts for spark-submit alone
        made = SparkSession.builder.master(cluster.url).config(map=settings).getOrCreate()
    try:
        yield made
    finally:
        made.stop()
        gateway = SparkContext._gateway  # noqa: SLF001 - stopping a session leaves its Java process
        assert gateway is not None
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait()


@pytest.fixture
def caseload(frames: CaseFrames, bikes: Rulebook, tmp_path: Path) -> Path:
    """The repairs in eight or so parts."""
    folder = tmp_path / "caseload"
    write_parquet([frames], bikes.dictionary, folder, size=25)
    assert len(list(folder.iterdir())) > 5
    return folder
