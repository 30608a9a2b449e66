"""Clients that write under trouble and keep account of it."""

import threading

from tests.support.harness import until

WRITERS = 8


class Writers:
    """Threads that write documents of their own until they are told to end. Each keeps what was
    acknowledged; a write that was refused or whose outcome is unknown is sent again, with its
    Idempotency-Key."""

    def __init__(self, service):
        self.service = service
        self.kept = {}
        self.faults = []
        self.refused = [0] * WRITERS
        self.written = [0] * WRITERS
        self.ending = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(i,)) for i in range(WRITERS)]
        for each in self.threads:
            each.start()

    def run(self, writer):
        while not self.ending.is_set() and not self.faults:
            key = f"{writer}-{self.written[writer]}"
            answer = self.service.put("cities", key, {"n": key}, **{"Idempotency-Key": f'"{key}"'})
            if answer.status in (503, 504):
                self.refused[writer] += 1
                if answer.status == 503 and "Retry-After" not in answer.headers:
                    self.faults.append(f"no Retry-After: {answer}")
                self.ending.wait(0.05)
            elif answer.status == 201:
                self.kept[key] = {"n": key}
                self.written[writer] += 1
            else:
                self.faults.append(answer)

    def until_written(self, count):
        """Each of them, from now on."""
        before = list(self.written)
        until(lambda: self.faults or all(now >= then + count for now, then
                                         in zip(self.written, before)), 60, "writes of every writer")

    def until_refused(self):
        before = list(self.refused)
        until(lambda: self.faults or all(now > then for now, then in zip(self.refused, before)),
              60, "a refusal of every writer")

    def end(self):
        self.ending.set()
        for each in self.threads:
            each.join()
        return self.kept
