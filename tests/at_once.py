import threading

from django.db import connections


def at_once(*works):
    """All begin together, each in a thread and on connections of its own; what was raised."""
    ready, failures = threading.Barrier(len(works)), []

    def safely(work):
        try:
            ready.wait()
            work()
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=safely, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures
