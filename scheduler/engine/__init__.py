"""runapscheduler: claims what is due, runs it, records how it ended.

One turn: read the pulse, claim in one transaction, commit, hand over to the executors; a writer records the outcomes;
sleep at most a second. Only `management` imports this package.
"""
